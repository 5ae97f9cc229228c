"""« Relancer la caisse »: only once its deadline is passed, then every seven days."""

import uuid
from datetime import timedelta

import pytest

from accounts.enums import Profil
from portal import clock
from portal.courriels.models import Courriel
from portal.errors import DomainError
from signalements.enums import Statut
from signalements.models import Message
from signalements.operations.relances import relancer_caisse
from tests import factories as f
from tests.fixtures.signing_in import sign_in
from tests.signalements.partner.conftest import url

pytestmark = pytest.mark.django_db
LABEL = "Relancer la caisse"


@pytest.fixture
def agent(monde):
    """An agent of the caisse."""
    return f.utilisateur(Profil.AGENT, monde.doubs)


@pytest.fixture
def en_retard(monde, agent):
    """A demande in charge, three days late."""
    late = clock.today() - timedelta(days=3)
    return f.demande(
        monde.convention, monde.technicien, statut=Statut.EN_COURS, echeance=late, assignee_a=agent
    )


def relancer(monde, demande, **kwargs):
    kwargs.setdefault("cle", uuid.uuid4())
    return relancer_caisse(membership=monde.membership, reference=demande.reference, **kwargs)


def test_the_agent_and_the_superviseurs_are_told_once_each(monde, en_retard, agent):
    superviseur = f.utilisateur(Profil.SUPERVISEUR, monde.doubs)
    elsewhere = f.utilisateur(Profil.SUPERVISEUR, f.caisse("422"))
    cle = uuid.uuid4()
    message, new = relancer(monde, en_retard, cle=cle)
    again, second = relancer(monde, en_retard, cle=cle)
    assert (new, second, again.pk) == (True, False, message.pk)
    mails = Courriel.objects.filter(evenement="relance")
    assert sorted(mails.values_list("destinataire_id", flat=True)) == sorted([agent.pk, superviseur.pk])
    assert elsewhere.pk not in mails.values_list("destinataire_id", flat=True)


def test_the_team_is_told_when_nobody_follows(monde, en_retard):
    en_retard.assignee_a = None
    en_retard.save()
    relancer(monde, en_retard)
    assert Courriel.objects.get(evenement="relance").adresse == monde.doubs.equipe_mas_courriel


@pytest.mark.parametrize(
    "changes",
    [
        {"echeance": clock.today()},
        {"promesse_tenue_le": clock.now()},
        {"statut": Statut.A_COMPLETER, "suspendue_le": clock.today(), "reste_jours": 1},
    ],
    ids=["last good day", "promise kept", "suspended"],
)
def test_it_is_refused_while_the_caisse_is_not_late(tech, monde, en_retard, changes):
    for name, value in changes.items():
        setattr(en_retard, name, value)
    en_retard.save()
    assert LABEL not in tech.get(url("demande", en_retard)).text
    with pytest.raises(DomainError) as refused:
        relancer(monde, en_retard)
    assert refused.value.code == "pas_en_retard"
    assert tech.get(url("relancer", en_retard)).status_code == 302
    tech.post(url("relancer", en_retard), {"cle": uuid.uuid4()})
    assert not Message.objects.exists()


def test_one_a_week_and_no_more(tech, monde, en_retard):
    relancer(monde, en_retard)
    page = tech.get(url("demande", en_retard)).text
    assert LABEL not in page
    assert "Une nouvelle relance sera possible le" in page
    with pytest.raises(DomainError) as refused:
        relancer(monde, en_retard)
    assert refused.value.code == "trop_tot"
    with clock.at(clock.now() + timedelta(days=7)):
        message, _ = relancer(monde, en_retard)
    assert "Nous vous avions déjà écrit" in message.texte


def test_the_page_says_the_last_action_and_both_sides_read_the_relance(client, monde, en_retard, agent):
    sign_in(client, monde.technicien)
    assert LABEL in client.get(url("demande", en_retard)).text
    page = client.get(url("relancer", en_retard)).text
    assert "Réponse attendue au plus tard le" in page
    assert "Aucune" in page
    posted = {"cle": uuid.uuid4(), "precision": "La personne s’inquiète."}
    assert client.post(url("relancer", en_retard), posted).status_code == 302
    assert "Relance de la caisse" in client.get(url("demande", en_retard)).text
    sign_in(client, agent)
    page = client.get(url("traitement", en_retard)).text
    assert "Relance de la structure" in page
    assert "La personne s’inquiète." in page


def test_a_nir_in_the_precision_is_refused_and_the_text_kept(tech, en_retard):
    posted = {"cle": uuid.uuid4(), "precision": "Son numéro\u00a0: 1 84 12 76 451 089 46"}
    answer = tech.post(url("relancer", en_retard), posted)
    assert answer.status_code == 422
    assert "Son numéro" in answer.text
    assert not Message.objects.exists()
