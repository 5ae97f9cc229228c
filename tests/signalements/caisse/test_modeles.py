"""Reply templates: written by superviseurs, guarded, inserted, counted when a text made from one is sent."""

import uuid

import pytest
from django.urls import reverse

from caisses.enums import MomentModele
from caisses.models import ModeleReponse, TypePiece, UsageModele
from caisses.reference_data import load_modeles
from caisses.variables import check_template, fill
from portal.errors import DomainError
from signalements.enums import Statut
from signalements.models import Complement, Message
from signalements.operations.modeles import count_use
from tests.signalements.caisse.conftest import signed_in

pytestmark = pytest.mark.django_db
WRITTEN = {"nom": "Accusé", "moment": "MESSAGE", "texte": "Demande {reference}, {equipe}.", "actif": "on"}


def template(world, **fields):
    values = {"caisse": world.caisse, "nom": "Accusé", "moment": "MESSAGE", "texte": "Demande {reference}."}
    return ModeleReponse.objects.create(**{**values, **fields})


def address(demande, page: str = "") -> str:
    return f"/espace-caisse/demandes/{demande.reference}/{page}"


@pytest.mark.parametrize(
    ("texte", "code"),
    [
        ("Bonjour {nom}", "variable"),
        ("Bonjour {Reference}", "variable"),
        ("Bonjour {", "accolade"),
        ("Dossier 2 84 03 25 056 123 45", "nir"),
        ("Dossier 284032505612399", "nir"),
    ],
)
def test_what_a_template_may_not_hold(texte, code):
    with pytest.raises(DomainError) as refused:
        check_template(texte)
    assert refused.value.code == code


def test_a_variable_without_a_value_is_left_to_the_agent():
    assert fill("{reference}\u00a0: {echeance}", {"reference": "EP-1"}) == "EP-1\u00a0: …"


def test_the_national_ones_are_right_and_loaded_once():
    assert load_modeles() == ModeleReponse.objects.count() > 0
    assert load_modeles() == 0
    for row in ModeleReponse.objects.all():
        check_template(row.texte)
        assert "'" not in row.texte


def test_a_superviseur_writes_changes_and_withdraws_a_template(world):
    client = signed_in(world.superviseur)
    create = reverse("signalements:modele_creer")
    assert client.post(create, WRITTEN).status_code == 302
    row = ModeleReponse.objects.get()
    assert (row.caisse, row.modifie_le is not None) == (world.caisse, True)
    again = client.post(create, WRITTEN)
    assert again.status_code == 422
    assert "porte déjà ce nom" in again.content.decode()
    wrong = client.post(create, {**WRITTEN, "nom": "Autre", "texte": "Bonjour {prenom}"})
    assert wrong.status_code == 422
    assert "{prenom} n’existe pas" in wrong.content.decode()
    page = reverse("signalements:modele", args=[row.pk])
    assert (
        client.post(page, {key: value for key, value in WRITTEN.items() if key != "actif"}).status_code == 302
    )
    row.refresh_from_db()
    assert not row.actif
    assert "0 fois" in client.get(reverse("signalements:modeles")).content.decode()


def test_the_templates_of_others_are_not_reached(world):
    other = template(world, caisse=world.autre_caisse)
    national = template(world, caisse=None)
    client = signed_in(world.superviseur)
    for row in (other, national):
        assert client.get(reverse("signalements:modele", args=[row.pk])).status_code == 404
    copy = client.get(reverse("signalements:modele_creer"), {"depuis": national.pk}).content.decode()
    assert "Demande {reference}." in copy
    count_use(actor=world.agent, modele=str(other.pk))
    assert not UsageModele.objects.exists()


def test_a_template_is_inserted_after_what_was_typed_and_counted_once_sent(world):
    row, demande = template(world), world.demande(Statut.EN_COURS)
    client = signed_in(world.agent)
    typed = {"message-texte": "Bonjour,", "message-cle": str(uuid.uuid4())}
    page = client.post(address(demande, "message/"), {**typed, "action": "modele", "modele_choisi": row.pk})
    assert page.status_code == 200
    assert f"Bonjour,\n\nDemande {demande.reference}." in page.content.decode()
    assert not Message.objects.exists()
    assert not UsageModele.objects.exists()
    client.post(address(demande, "message/"), {**typed, "modele": row.pk})
    client.post(address(demande, "message/"), {**typed, "message-cle": str(uuid.uuid4()), "modele": row.pk})
    assert UsageModele.objects.get().nombre == 2
    assert ModeleReponse.objects.filter(usages__caisse=world.caisse).count() == 1


def test_a_complement_names_what_is_ticked(world):
    row = template(world, moment=MomentModele.COMPLEMENT, texte="Il manque\u00a0: {pieces_manquantes}.")
    demande = world.demande(Statut.EN_COURS)
    kind = TypePiece.objects.get(code="identite")
    page = signed_in(world.agent).post(
        address(demande, "complement/"),
        {f"piece_{kind.pk}": "on", "action": "modele", "modele_choisi": row.pk, "cle": str(uuid.uuid4())},
    )
    assert "Il manque\u00a0: Pièce d&#x27;identité." in page.content.decode()
    assert not Complement.objects.exists()


def test_a_template_stands_in_the_decision_and_a_forged_one_changes_nothing(world):
    row = template(world, moment=MomentModele.DECISION, fonctions=["SAISINE"])
    demande = world.demande(Statut.EN_COURS)
    client = signed_in(world.agent)
    posted = {"issue": "DROITS_OUVERTS", "commentaire": "", "version": demande.version, "action": "modele"}
    page = client.post(address(demande, "decision/"), {**posted, "modele_choisi": row.pk}).content.decode()
    assert f"Demande {demande.reference}." in page
    assert 'value="DROITS_OUVERTS" checked' in page or "checked" in page
    forged = client.post(address(demande, "decision/"), {**posted, "modele_choisi": "99999"})
    assert forged.status_code == 200
    demande.refresh_from_db()
    assert demande.statut == Statut.EN_COURS
