"""Permanences: proposed, validated, filled, told of."""

from datetime import time, timedelta

import pytest

from caisses.models import FermetureLocale
from portal import clock
from portal.courriels.models import Courriel
from portal.errors import DomainError
from portal.workflow import StaleObject
from signalements.kinds.rendez_vous.enums import EtatPermanence, NaturePermanence
from signalements.kinds.rendez_vous.models import DossierSeance, Permanence, Seance
from signalements.kinds.rendez_vous.operations.permanences import (
    answer_permanence,
    cancel_permanence,
    group_files,
    propose_permanence,
    record_bilan,
)
from tests import factories as f
from tests.rendez_vous.conftest import jour_ouvre, signed_in

pytestmark = pytest.mark.django_db
SPACE = "/espace-partenaire/rendez-vous/permanences/"
CAISSE = "/espace-caisse/rendez-vous/permanences/"


def permanence(monde, **fields) -> Permanence:
    day = jour_ouvre(monde.caisse, 4)
    values = {
        "nature": NaturePermanence.PONCTUELLE,
        "lieu": "Salle du rez-de-chaussée",
        "du": day,
        "au": day,
        "heure_debut": time(9),
        "heure_fin": time(12),
        "capacite": 2,
        "intervenants": "Deux agents",
        **fields,
    }
    row = Permanence(caisse=monde.caisse, partenaire=monde.structure, **values)
    return propose_permanence(actor=monde.agent, permanence=row)


def validated(monde, **fields) -> Permanence:
    return answer_permanence(
        membership=monde.technicien, permanence_id=permanence(monde, **fields).pk, accepte=True, version=1
    )


def test_the_structure_validates_once_and_its_days_exist(monde):
    row = permanence(monde)
    assert Courriel.objects.filter(evenement="permanence_proposee").count() == 1
    for _ in range(2):
        answer_permanence(membership=monde.technicien, permanence_id=row.pk, accepte=True, version=1)
    assert [seance.jour for seance in Seance.objects.all()] == [row.du]


def test_a_regular_permanence_leaves_closed_days_out(monde):
    du = jour_ouvre(monde.caisse, 3)
    closed = du + timedelta(days=14)
    FermetureLocale.objects.create(caisse=monde.caisse, jour=closed, libelle="Pont")
    row = validated(
        monde,
        nature=NaturePermanence.RECURRENTE,
        du=du,
        au=du + timedelta(days=42),
        jours=[du.isoweekday()],
        semaines=2,
    )
    found = set(Seance.objects.filter(permanence=row).values_list("jour", flat=True))
    assert found <= {du, du + timedelta(days=28), du + timedelta(days=42)}
    assert du in found


@pytest.mark.parametrize("answer", [{"accepte": False, "raison": ""}, {"accepte": True, "version": 9}])
def test_a_refusal_has_a_reason_and_a_stale_page_is_refused(monde, answer):
    row = permanence(monde)
    with pytest.raises((DomainError, StaleObject)):
        answer_permanence(membership=monde.technicien, permanence_id=row.pk, **{"version": 1, **answer})
    assert Permanence.objects.get(pk=row.pk).etat == EtatPermanence.PROPOSEE


def test_neither_a_past_day_nor_a_stranger_nor_hours_the_wrong_way_round(monde):
    with pytest.raises(DomainError):
        permanence(monde, du=monde.caisse.today() - timedelta(days=7))
    with pytest.raises(DomainError):
        permanence(monde, heure_fin=time(8))
    stranger = f.partenaire(monde.caisse)
    with pytest.raises(DomainError) as refused:
        propose_permanence(
            actor=monde.agent,
            permanence=Permanence(
                caisse=monde.caisse,
                partenaire=stranger,
                nature="PONCTUELLE",
                du=jour_ouvre(monde.caisse),
                au=jour_ouvre(monde.caisse),
                heure_debut=time(9),
                heure_fin=time(10),
                capacite=1,
                lieu="x",
                intervenants="x",
            ),
        )
    assert refused.value.code == "convention"


def test_files_are_grouped_up_to_the_capacity_in_order(monde):
    seance = Seance.objects.get(permanence=validated(monde))
    demandes = [monde.rdv() for _ in range(3)]
    refs = [demande.reference for demande in demandes]
    with pytest.raises(DomainError) as refused:
        group_files(membership=monde.technicien, seance_id=seance.pk, references=refs)
    assert refused.value.code == "capacite"
    group_files(membership=monde.technicien, seance_id=seance.pk, references=refs[:2])
    group_files(membership=monde.technicien, seance_id=seance.pk, references=[refs[2], refs[0]])
    rows = DossierSeance.objects.order_by("numero").values_list("demande__reference", flat=True)
    assert list(rows) == [refs[2], refs[0]]
    with pytest.raises(DomainError):
        group_files(membership=monde.technicien, seance_id=seance.pk, references=["EP-251-00000-00"])


def test_a_regular_permanence_identifies_nobody_beforehand(monde):
    du = jour_ouvre(monde.caisse, 3)
    row = validated(
        monde, nature=NaturePermanence.RECURRENTE, au=du + timedelta(days=20), jours=[1, 2, 3, 4, 5]
    )
    seance = row.seances.first()
    with pytest.raises(DomainError) as refused:
        group_files(membership=monde.technicien, seance_id=seance.pk, references=[])
    assert refused.value.code == "recurrente"


def test_the_bilan_comes_after_the_day(monde):
    seance = Seance.objects.get(permanence=validated(monde))
    with pytest.raises(DomainError):
        record_bilan(actor=monde.agent, seance_id=seance.pk, recus=3, dossiers=2)
    Seance.objects.filter(pk=seance.pk).update(jour=clock.today() - timedelta(days=1))
    record_bilan(actor=monde.agent, seance_id=seance.pk, recus=3, dossiers=2)
    page = signed_in(monde.technicien).get(f"{SPACE}{seance.permanence_id}/").content.decode()
    assert "3 personnes reçues, 2 dossiers" in page


@pytest.mark.parametrize("side", ["technicien", "agent"])
def test_either_side_cancels_with_a_reason_and_nothing_is_deleted(monde, side):
    row = validated(monde)
    actor = getattr(monde, side)
    with pytest.raises(DomainError):
        cancel_permanence(actor=actor, permanence_id=row.pk, raison=" ", version=row.version)
    cancel_permanence(actor=actor, permanence_id=row.pk, raison="Salle prise", version=row.version)
    assert Permanence.objects.get(pk=row.pk).etat == EtatPermanence.ANNULEE
    assert Seance.objects.filter(permanence=row).exists()


def test_from_the_proposal_to_the_list_of_the_day_on_the_screens(monde):
    agent, tech = signed_in(monde.agent), signed_in(monde.technicien)
    form = {
        "partenaire": monde.structure.pk,
        "nature": "PONCTUELLE",
        "du": jour_ouvre(monde.caisse, 4).isoformat(),
        "semaines": "1",
        "heure_debut": "09:00",
        "heure_fin": "12:00",
        "lieu": "Salle bleue",
        "capacite": "5",
        "intervenants": "Deux agents",
        "public": "Six familles hébergées",
    }
    assert agent.post(f"{CAISSE}nouvelle/", {**form, "heure_fin": "08:00"}).status_code == 422
    for name in ("lieu", "intervenants", "interprete", "public"):
        refused = agent.post(f"{CAISSE}nouvelle/", {**form, name: "Pour 1 85 05 78 006 048 30"})
        assert (refused.status_code, list(refused.context["form"].errors)) == (422, [name])
    assert agent.post(f"{CAISSE}nouvelle/", {**form, "nature": "RECURRENTE"}).status_code == 422
    assert agent.post(f"{CAISSE}nouvelle/", form).status_code == 302
    row = Permanence.objects.get()
    assert "Salle bleue" in tech.get(SPACE).content.decode()
    page = f"{SPACE}{row.pk}/"
    assert tech.post(page, {"acte": "refuser", "raison": "", "version": 1}).status_code == 422
    answer = {"acte": "valider", "raison": "", "accompagnants": "Deux éducatrices", "version": 1}
    assert tech.post(page, answer).status_code == 302
    shown = agent.get(f"{CAISSE}{row.pk}/").content.decode()
    assert "Deux éducatrices" in shown
    assert "Six familles hébergées" in shown
    demande, seance = monde.rdv(), Seance.objects.get()
    files = f"{SPACE}seances/{seance.pk}/dossiers/"
    assert demande.reference in tech.get(files).content.decode()
    assert tech.post(files, {"demandes": [demande.reference]}).status_code == 302
    for client, base in ((tech, SPACE), (agent, CAISSE)):
        day = client.get(f"{base}seances/{seance.pk}/liste/").content.decode()
        assert demande.reference in day
        assert "Jeanne FICTIVE" in day
        assert "+336" not in day
        assert "1984" not in day
    assert signed_in(monde.etranger).get(f"{CAISSE}seances/{seance.pk}/liste/").status_code == 404
