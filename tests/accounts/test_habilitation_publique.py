"""The public form: the same answer for all, a link before anything reaches the caisse."""

import re
from datetime import timedelta
from typing import Any

import pytest

from accounts.enums import MotifRefus, Profil, StatutHabilitation
from accounts.links import habilitation_link
from accounts.models import DemandeHabilitation
from accounts.operations import decisions
from partners.models import Partenaire
from portal import clock, sweeps
from portal.audit.models import Evenement
from portal.courriels.models import Courriel
from portal.tenancy import scope
from tests import factories as f
from tests.conftest import StrangerClient

pytestmark = pytest.mark.django_db
URL = "/habilitation/"
S = StatutHabilitation
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')


@pytest.fixture
def convention() -> Any:
    caisse = f.caisse("251")
    return f.convention(f.partenaire(caisse), caisse)


def typed(conv: Any, **fields: Any) -> dict[str, Any]:
    values = {
        "siret": conv.partenaire.siret,
        "convention": conv.reference.lower(),
        "civilite": "MME",
        "nom": "Fictive",
        "prenom": "Zoé",
        "fonction": "Directrice",
        "telephone": "03 81 00 00 00",
        "courriel": "Zoe@ccas.example",
    }
    return {**values, **fields}


def ask(client: Any, conv: Any, **fields: Any) -> Any:
    return client.post(URL, typed(conv, **fields))


def last_link(kind: str = "habilitation_a_confirmer") -> str:
    """The link the last mail of this kind would carry."""
    return habilitation_link(Courriel.objects.filter(evenement=kind).latest("pk"))


def open_link(client: Any, url: str) -> Any:
    response = client.get(url)
    return client.get(response["Location"]) if response.status_code == 302 else response


def confirm(client: Any, url: str) -> Any:
    return client.post(client.get(url)["Location"], follow=True)


def test_the_answer_never_says_whether_the_structure_is_known(client, convention):
    other = "25900010700013"
    answers = set()
    for fields in (
        {},
        {"siret": other},
        {"convention": "U-INCONNUE"},
        {"courriel": "zoe@ailleurs.example"},
    ):
        response = ask(client, convention, **fields)
        answers.add((response.status_code, TOKEN.sub("", response.content.decode())))
    Partenaire.objects.update(suspendu_le=clock.now())
    response = ask(client, convention, courriel="autre@ccas.example")
    answers.add((response.status_code, TOKEN.sub("", response.content.decode())))
    assert len(answers) == 1
    assert [(d.statut, d.courriel) for d in DemandeHabilitation.objects.all()] == [
        (S.A_CONFIRMER, "zoe@ccas.example")
    ]
    assert [m.adresse for m in Courriel.objects.all()] == ["zoe@ccas.example"]
    assert Evenement.objects.filter(details__acte="formulaire_inconnu").count() == 4


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("courriel", "zoe@gmail.com", "semble personnelle"),
        ("courriel", "zoe", "Saisissez une adresse"),
        ("siret", "123", "14 chiffres"),
        ("telephone", "12", "numéro de téléphone"),
        ("convention", "", "Remplissez"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(
    client, convention, field, value, words
):
    response = ask(client, convention, **{field: value})
    assert response.status_code == 422
    text = response.content.decode()
    assert words in text
    assert 'value="Directrice"' in text
    assert not DemandeHabilitation.objects.exists()


def test_the_request_reaches_the_caisse_once_its_link_is_confirmed(client, convention):
    admin = f.utilisateur(Profil.ADMIN_CAISSE, convention.caisse)
    ask(client, convention)
    url = last_link()
    holder = StrangerClient()
    page = open_link(holder, url)
    assert "Zoé" in page.content.decode()
    assert url.split("/")[-2] not in page.content.decode()
    demande = DemandeHabilitation.objects.get()
    assert (demande.statut, demande.recue_le) == (S.A_CONFIRMER, None)
    with scope("caisse", convention.caisse_id):
        assert not DemandeHabilitation.objects.visible_to(f_membership(admin)).exists()
    done = confirm(holder, url)
    assert "La caisse étudie votre demande" in done.content.decode()
    demande.refresh_from_db()
    assert demande.statut == S.DEMANDEE
    assert demande.recue_le is not None
    kinds = set(Courriel.objects.values_list("evenement", "destinataire_id", "adresse"))
    assert ("habilitation_recue", admin.pk, "") in kinds
    assert ("habilitation_enregistree", None, "zoe@ccas.example") in kinds
    assert open_link(StrangerClient(), url).status_code == 410


def f_membership(user: Any) -> Any:
    from accounts.memberships import membership_of

    return membership_of(user)


def test_a_link_lasts_three_days_and_what_nobody_confirmed_is_deleted(client, convention):
    ask(client, convention)
    url = last_link()
    with clock.at(clock.now() + timedelta(hours=73)):
        assert open_link(client, url).status_code == 410
        assert sweeps.run("demandes_habilitation_oubliees") == 1
        assert sweeps.run("demandes_habilitation_oubliees") == 0
    assert not DemandeHabilitation.objects.exists()


def test_asking_again_at_once_sends_nothing_more_and_later_replaces_the_link(client, convention):
    for _ in range(3):
        ask(client, convention)
    assert Courriel.objects.count() == 1
    former = last_link()
    with clock.at(clock.now() + timedelta(minutes=6)):
        ask(client, convention, nom="Corrigée")
        assert Courriel.objects.count() == 2
        assert open_link(client, former).status_code == 410
        confirm(client, last_link())
        assert DemandeHabilitation.objects.get().nom == "Corrigée"
        ask(client, convention)
    assert DemandeHabilitation.objects.count() == 1


def test_too_many_tries_from_one_address_are_told_to_wait(client, convention):
    answers = [ask(client, convention, siret="25900010700013").status_code for _ in range(21)]
    assert answers == [200] * 20 + [429]


@pytest.mark.parametrize("token", ["faux", "suite", "0" * 64])
def test_a_forged_link_is_a_dead_link(client, convention, token):
    ask(client, convention)
    reference = DemandeHabilitation.objects.get().reference
    assert client.get(f"/habilitation/{reference}/{token}/").status_code == 410
    assert client.get(f"/habilitation/HAB-000-00000-00/{token}/").status_code == 410


def test_the_asker_completes_from_the_link_and_reads_the_refusal_there(client, convention):
    admin = f.membership(Profil.ADMIN_CAISSE, convention.caisse)
    ask(client, convention)
    confirm(client, last_link())
    demande = DemandeHabilitation.objects.get()
    with scope("caisse", convention.caisse_id):
        decisions.ask_to_complete(actor=admin, demande=demande, message="Précisez la fonction.")
    mail = Courriel.objects.get(evenement="habilitation_a_completer")
    assert (mail.adresse, mail.lien) == ("zoe@ccas.example", "")
    holder = StrangerClient()
    page = open_link(holder, habilitation_link(mail))
    assert "Précisez la fonction." in page.content.decode()
    version = re.search(r'name="version" value="(\d+)"', page.content.decode()).group(1)
    address = page.request["PATH_INFO"]
    data = typed(convention, fonction="", version=version)
    assert holder.post(address, data).status_code == 422
    data["fonction"] = "Cheffe de service"
    assert holder.post(address, {**data, "version": "1"}).status_code == 422
    assert holder.post(address, {**data, "courriel": "x@ccas.example"}).status_code == 302
    demande.refresh_from_db()
    assert (demande.statut, demande.fonction) == (S.DEMANDEE, "Cheffe de service")
    assert demande.courriel == "zoe@ccas.example"
    with scope("caisse", convention.caisse_id):
        decisions.refuse_request(
            actor=admin, demande=demande, motif=MotifRefus.NON_RATTACHEE, message="Inconnue ici."
        )
    refused = holder.get(address).content.decode()
    assert "n’est pas rattachée à la structure" in refused
    assert "Inconnue ici." in refused
