"""Sending: once, checked again, with its person, its situation, its delay and its mails."""

import threading
import uuid

import pytest
from django.db import connection, transaction

from caisses.enums import Fonction
from caisses.models import Motif
from partners.enums import Partie
from partners.models import Convention, Referent
from portal.audit.models import Evenement
from portal.courriels.models import Courriel
from portal.errors import DomainError
from portal.tenancy import scope
from signalements.enums import Statut
from signalements.kinds.registry import read_draft
from signalements.kinds.steps import IncompleteDraft
from signalements.models import Brouillon, Demande, Passage
from signalements.operations.drafts import ClosedService, create_draft
from signalements.operations.sending import submit_demande
from tests import factories as f
from tests.signalements.partner.conftest import draft, personne, situation

pytestmark = pytest.mark.django_db


def submit(monde, demande):
    with scope("partenaire", monde.valbrume.pk), transaction.atomic():
        return submit_demande(membership=monde.membership, reference=demande.reference, read=read_draft)


def test_a_draft_sent_becomes_a_demande_with_its_person_and_its_delay(monde, brouillon):
    submit(monde, brouillon)
    demande = Demande.objects.select_related("personne", "saisine").get(pk=brouillon.pk)
    assert demande.statut == Statut.ENVOYEE
    assert demande.delai_jours == 5
    assert demande.echeance is not None
    assert demande.auteur == monde.technicien
    assert (demande.personne.nom_naissance, demande.personne.nom_recherche) == ("Fictive", "fictive")
    assert demande.personne.telephone == "+33639981234"
    assert demande.saisine.difficultes == ["DROITS_BASE", "NUMERIQUE"]
    assert not Brouillon.objects.filter(pk=brouillon.pk).exists()
    assert [(row.de, row.vers) for row in Passage.objects.filter(demande=demande)] == [
        ("BROUILLON", "ENVOYEE")
    ]


def test_the_technicien_and_the_team_are_told_without_personal_data(monde, brouillon):
    submit(monde, brouillon)
    rows = Courriel.objects.order_by("evenement")
    assert [(row.evenement, row.destinataire_id, row.adresse) for row in rows] == [
        ("demande_envoyee", monde.technicien.pk, ""),
        ("demande_recue", None, monde.doubs.equipe_mas_courriel),
    ]
    for row in rows:
        text = f"{row.donnees} {row.lien} {row.reference}".lower()
        assert "fictive" not in text
        assert "jeanne" not in text
        assert row.reference == brouillon.reference


def test_sending_twice_sends_once(monde, brouillon):
    first, second = submit(monde, brouillon), submit(monde, brouillon)
    assert first.pk == second.pk
    assert Courriel.objects.count() == 2
    assert Passage.objects.count() == 1


def test_an_urgent_demande_is_due_the_next_working_day_and_told_at_once(monde):
    demande = draft(monde, situation=situation(urgente="on", motif_urgence="RUPTURE"))
    submit(monde, demande)
    demande.refresh_from_db()
    assert demande.urgente
    assert demande.motif_urgence == Motif.objects.get(code="RUPTURE")
    assert demande.delai_jours == 1
    assert Courriel.objects.filter(evenement="demande_urgente").count() == 1


def test_an_urgent_demande_goes_to_the_named_referent_too(monde):
    for name, urgent in (("urgences", True), ("partenariat", False)):
        Referent.objects.create(
            convention=monde.convention,
            partie=Partie.CAISSE,
            nom="Référent",
            courriel=f"{name}@cpam.example",
            cas_urgents=urgent,
        )
    submit(monde, draft(monde, situation=situation(urgente="on", motif_urgence="RUPTURE")))
    told = Courriel.objects.filter(evenement="demande_urgente").values_list("adresse", flat=True)
    assert set(told) == {monde.doubs.equipe_mas_courriel, "urgences@cpam.example"}


@pytest.mark.parametrize("step", ["personne", "situation"])
def test_an_incomplete_draft_is_not_sent(monde, step):
    demande = draft(monde, **{step: {}})
    with pytest.raises(IncompleteDraft) as refused:
        submit(monde, demande)
    assert refused.value.etape == step
    demande.refresh_from_db()
    assert demande.statut == Statut.BROUILLON


def test_a_function_switched_off_keeps_the_draft(monde, brouillon):
    Convention.objects.filter(pk=monde.convention.pk).update(fonctions=[Fonction.CONTACT])
    with pytest.raises(ClosedService) as refused:
        submit(monde, brouillon)
    assert refused.value.code == "fonction"
    assert Brouillon.objects.filter(pk=brouillon.pk).exists()


def test_an_ended_convention_keeps_the_draft(monde, brouillon):
    Convention.objects.filter(pk=monde.convention.pk).update(etat="RESILIEE")
    with pytest.raises(ClosedService) as refused:
        submit(monde, brouillon)
    assert refused.value.code == "convention"
    assert Brouillon.objects.filter(pk=brouillon.pk).exists()


def test_a_motif_withdrawn_from_the_list_must_be_chosen_again(monde, brouillon):
    Motif.objects.filter(code="NUMERIQUE").update(valide_au="2020-01-01")
    with pytest.raises(IncompleteDraft):
        submit(monde, brouillon)


def test_a_likely_duplicate_needs_a_reason(monde, brouillon):
    f.demande(monde.convention_roche, monde.technicien_roche, statut=Statut.EN_COURS)
    with pytest.raises(DomainError) as refused:
        submit(monde, brouillon)
    assert refused.value.code == "doublon"


def test_the_reason_given_for_a_duplicate_lets_it_through_and_is_journaled(monde):
    f.demande(monde.convention, monde.autre_technicien, statut=Statut.EN_COURS)
    demande = draft(monde, personne=personne(raison_doublon="AUTRE_DIFFICULTE"))
    assert submit(monde, demande).statut == Statut.ENVOYEE
    details = [row.details for row in Evenement.objects.filter(objet_id=demande.reference)]
    assert {"raison_doublon": "AUTRE_DIFFICULTE"} in details


def test_another_structure_cannot_send_it(monde, brouillon):
    from accounts.memberships import membership_of

    other = membership_of(monde.technicien_roche)
    with scope("partenaire", monde.roche.pk), pytest.raises(Demande.DoesNotExist):
        submit_demande(membership=other, reference=brouillon.reference, read=read_draft)


def test_one_key_makes_one_draft(monde):
    cle = uuid.uuid4()
    made = [
        create_draft(
            membership=monde.membership, caisse_id=monde.doubs.pk, fonction=Fonction.SAISINE, cle=cle
        ).pk
        for _ in range(2)
    ]
    assert made[0] == made[1]


@pytest.mark.django_db(transaction=True)
def test_two_sendings_at_the_same_moment_make_one(monde):
    with transaction.atomic():
        demande = draft(monde)
    results, errors = [], []

    def send():
        try:
            results.append(submit(monde, demande).pk)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert set(results) == {demande.pk}
    with transaction.atomic():
        assert Passage.objects.filter(demande=demande).count() == 1
        assert Courriel.objects.filter(reference=demande.reference).count() == 2
