"""The caisse fixes: on a published slot, held once; and the day of a permanence for all that is grouped."""

from datetime import time

import pytest

from portal.courriels.models import Courriel
from portal.errors import DomainError
from portal.workflow import StaleObject
from signalements.enums import Statut
from signalements.kinds.rendez_vous.models import Creneau, Horaire
from signalements.kinds.rendez_vous.operations.agenda import SlotTaken, fix_slot
from signalements.kinds.rendez_vous.operations.fixing import fix_date, propose_dates
from signalements.kinds.rendez_vous.operations.permanences import group_files
from signalements.kinds.rendez_vous.operations.seances import fix_for_seance
from tests import factories as f
from tests.rendez_vous.conftest import again, at, fixe, jour_ouvre, motif_rdv, quand, signed_in, url
from tests.rendez_vous.test_booking import cle, plage
from tests.rendez_vous.test_permanences import CAISSE, validated

pytestmark = pytest.mark.django_db


def fix(monde, demande, creneau):
    return fix_slot(
        actor=monde.agent, demande_id=demande.pk, cle=cle(creneau), version=again(demande).version
    )


def test_the_agent_fixes_on_a_published_slot_which_nobody_else_can_hold(monde):
    plage(monde)
    first = Creneau.objects.order_by("debut").first()
    demande, other = monde.rdv(), monde.rdv()
    propose_dates(actor=monde.agent, demande_id=demande.pk, dates=[quand(monde.caisse, 7)], version=1)
    fix(monde, demande, first)
    horaire = fixe(demande)
    assert (horaire.creneau, horaire.debut, again(demande).statut) == (first, first.debut, Statut.EN_COURS)
    assert set(Horaire.objects.filter(demande=demande).values_list("etat", flat=True)) == {"FIXE", "RETIRE"}
    with pytest.raises(SlotTaken):
        fix(monde, other, first)
    assert again(other).rendez_vous.statut == "DEMANDE"
    with pytest.raises(StaleObject):
        fix_slot(actor=monde.agent, demande_id=demande.pk, cle=cle(first), version=1)


def test_another_slot_of_the_agent_gives_the_first_one_back(monde):
    plage(monde)
    first, second = Creneau.objects.order_by("debut")[:2]
    demande = monde.rdv()
    fix(monde, demande, first)
    fix(monde, demande, second)
    first.refresh_from_db()
    assert not first.pris
    assert fixe(demande).creneau == second


def test_the_page_takes_a_slot_or_another_hour_and_says_what_is_missing(monde):
    plage(monde)
    demande, client = monde.rdv(), signed_in(monde.agent)
    assert "Une autre heure, à saisir ci-dessous" in client.get(url("fixer", demande)).content.decode()
    neither = client.post(url("fixer", demande), {"type": "TELEPHONE", "duree": "30", "version": "1"})
    assert "jour_1" in neither.context["form"].errors
    chosen = Creneau.objects.order_by("debut").last()
    done = client.post(url("fixer", demande), {"creneau": cle(chosen), "version": "1"})
    assert done.status_code == 302
    assert fixe(demande).creneau == chosen
    taken = client.post(url("fixer", monde.rdv()), {"creneau": cle(chosen), "version": "1"})
    assert "vient d’être pris" in taken.content.decode()


def grouped(monde, demandes, **fields):
    """A permanence of a morning for four people, with these demandes."""
    row = validated(monde, heure_debut=time(9), heure_fin=time(11), capacite=4, **fields)
    seance = row.seances.get()
    group_files(
        membership=monde.technicien,
        seance_id=seance.pk,
        references=[demande.reference for demande in demandes],
    )
    return seance


def test_the_day_of_a_permanence_is_fixed_for_all_that_is_grouped_each_at_its_hour(monde):
    first, second = monde.rdv(), monde.rdv(statut=Statut.EN_COURS)
    seance = grouped(monde, [second, first])
    client = signed_in(monde.agent)
    page = client.get(f"{CAISSE}{seance.permanence_id}/").content.decode()
    assert "Fixer ces rendez-vous" in page
    done = client.post(f"{CAISSE}seances/{seance.pk}/fixer/", follow=True)
    assert "2 rendez-vous sont fixés au" in done.content.decode()
    day = seance.jour
    assert [(fixe(row).debut, fixe(row).type) for row in (second, first)] == [
        (at(monde.caisse, day, 9), "PERMANENCE"),
        (at(monde.caisse, day, 9, 30), "PERMANENCE"),
    ]
    assert again(first).statut == Statut.EN_COURS
    assert Courriel.objects.filter(evenement="rendez_vous_fixe").count() == 2
    assert fix_for_seance(actor=monde.agent, seance_id=seance.pk).nombre == 0


def test_what_cannot_be_received_that_day_is_named_and_the_rest_goes_through(monde):
    good, elsewhere = monde.rdv(), monde.rdv()
    fix_date(actor=monde.agent, demande_id=elsewhere.pk, quand=quand(monde.caisse, 8), version=1)
    saisine = f.demande(monde.convention, monde.technicien.user, statut=Statut.EN_COURS)
    phone = monde.rdv(rdv={"motif": motif_rdv("TEL", types=["TELEPHONE"])})
    seance = grouped(monde, [elsewhere, saisine, phone, good])
    done = fix_for_seance(actor=monde.agent, seance_id=seance.pk)
    assert done.nombre == 1
    assert set(done.refus) == {elsewhere.reference, saisine.reference, phone.reference}
    assert fixe(good).debut == at(monde.caisse, seance.jour, 10, 30)
    assert fixe(elsewhere).debut == quand(monde.caisse, 8).debut
    assert not Horaire.objects.filter(demande=phone).exists()


def test_a_day_without_anything_grouped_or_of_another_caisse_fixes_nothing(monde):
    seance = validated(monde, du=jour_ouvre(monde.caisse, 6), au=jour_ouvre(monde.caisse, 6)).seances.get()
    with pytest.raises(DomainError):
        fix_for_seance(actor=monde.agent, seance_id=seance.pk)
    assert signed_in(monde.etranger).post(f"{CAISSE}seances/{seance.pk}/fixer/").status_code == 404
