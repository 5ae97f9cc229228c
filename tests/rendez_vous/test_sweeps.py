"""Reminders, and appointments whose demande was closed by the portal."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from portal import clock, sweeps
from portal.courriels.models import Courriel
from signalements.enums import Issue, Statut
from signalements.kinds.rendez_vous.enums import EtatHoraire, EtatRendezVous
from signalements.kinds.rendez_vous.models import Horaire
from signalements.kinds.rendez_vous.operations.fixing import fix_date
from signalements.models import Demande
from tests.rendez_vous.conftest import again, build, fixe, jour_ouvre, quand

pytestmark = pytest.mark.django_db


def reminded(demande) -> list[Courriel]:
    return list(Courriel.objects.filter(reference=demande.reference, evenement="rendez_vous_rappel"))


def at_noon(day, fuseau="Europe/Paris"):
    return datetime.combine(day, time(12), tzinfo=ZoneInfo(fuseau))


def test_a_reminder_leaves_two_days_before_once_and_says_the_day_only(monde):
    demande = monde.rdv()
    fix_date(actor=monde.agent, demande_id=demande.pk, quand=quand(monde.caisse, 10), version=1)
    day = clock.local_date(fixe(demande).debut)
    with clock.at(at_noon(day - timedelta(days=8))):
        sweeps.run("rappel_rendez_vous")
    assert reminded(demande) == []
    sent_from = day - timedelta(days=2)
    while sent_from.weekday() > 4:
        sent_from -= timedelta(days=1)
    with clock.at(at_noon(sent_from)):
        assert (sweeps.run("rappel_rendez_vous"), sweeps.run("rappel_rendez_vous")) == (1, 0)
    (mail,) = reminded(demande)
    assert (mail.donnees, mail.destinataire_id) == ({"echeance": day.isoformat()}, monde.technicien.user.pk)


def test_a_reminder_is_that_of_the_caisse_s_own_day():
    # A Monday far from any holiday: eleven jours ouvrés later is a Tuesday, and the day before it is open.
    with clock.at(at_noon(date(2027, 2, 1), "Indian/Reunion")):
        monde = build("974", zone_feries="LA_REUNION", fuseau="Indian/Reunion")
        demande = monde.rdv()
        # 1 in the morning in Saint-Denis is still the day before in Paris.
        fix_date(
            actor=monde.agent, demande_id=demande.pk, quand=quand(monde.caisse, 11, heure=time(1)), version=1
        )
        day = jour_ouvre(monde.caisse, 11)
    assert day == date(2027, 2, 16)
    with clock.at(at_noon(day - timedelta(days=1), "Indian/Reunion")):
        assert sweeps.run("rappel_rendez_vous") == 1
    assert reminded(demande)[0].donnees == {"echeance": day.isoformat()}


def test_a_freed_date_is_not_recalled(monde):
    demande = monde.rdv()
    fix_date(actor=monde.agent, demande_id=demande.pk, quand=quand(monde.caisse, 1), version=1)
    Horaire.objects.filter(demande=demande).update(etat=EtatHoraire.LIBERE)
    sweeps.run("rappel_rendez_vous")
    assert reminded(demande) == []


def test_an_appointment_whose_demande_was_closed_frees_its_date(monde):
    demande = monde.rdv()
    fix_date(actor=monde.agent, demande_id=demande.pk, quand=quand(monde.caisse), version=1)
    Demande.objects.filter(pk=demande.pk).update(
        statut=Statut.TRAITEE, issue=Issue.SANS_SUITE, traitee_le=clock.now()
    )
    assert (sweeps.run("rendez_vous_clos"), sweeps.run("rendez_vous_clos")) == (1, 0)
    assert again(demande).rendez_vous.statut == EtatRendezVous.ANNULE_CAISSE
    assert Horaire.objects.get(demande=demande).etat == EtatHoraire.LIBERE
