"""The periodic work of the accounts."""

from datetime import timedelta

from axes.models import AccessAttempt

from accounts.models import ImportTechniciens, SessionOuverte
from accounts.operations.absences import close_absent, warn_absent
from accounts.operations.departs import close_due_departures, forget_identities
from accounts.operations.echeances_revues import open_periodic_reviews, remind_of_reviews
from accounts.operations.effacement import announce_deletions, erase_inactive_accounts
from accounts.operations.fins_de_convention import inactivate_without_convention
from accounts.operations.fins_prevues import announce_expected_ends, apply_expected_ends
from accounts.operations.habilitations_publiques import drop_unconfirmed
from accounts.operations.passwords import remind_of_expiry
from portal import clock
from portal.sweeps import sweep

ATTEMPTS_KEPT = timedelta(days=1)
A_BATCH = 5000
IMPORTS_KEPT = timedelta(days=7)


@sweep("rappels_mot_de_passe", label="Rappels de changement de mot de passe", every=timedelta(hours=1))
def password_reminders(limit: int) -> int:
    """Tell accounts whose password expires in 30, then in 7 days."""
    return remind_of_expiry(limit)


@sweep(
    "comptes_supprimes", label="Suppression des comptes inactifs depuis six mois", every=timedelta(hours=1)
)
def erased_accounts(limit: int) -> int:
    """Erase the accounts inactivated six calendar months ago."""
    return erase_inactive_accounts(limit)


@sweep(
    "comptes_sans_convention",
    label="Inactivation des comptes sans convention",
    every=timedelta(hours=1),
    batch=A_BATCH,
)
def accounts_without_convention(limit: int) -> int:
    """Inactivate the accounts of the structures whose conventions have all ended."""
    return inactivate_without_convention(limit)


@sweep(
    "departs_gestionnaires",
    label="Départ des gestionnaires à la date souhaitée",
    every=timedelta(hours=1),
    batch=500,
)
def departures_of_gestionnaires(limit: int) -> int:
    """Close the accounts of the gestionnaires whose wanted date has come."""
    return close_due_departures(limit)


@sweep(
    "demandes_habilitation_oubliees",
    label="Effacement des demandes d’habilitation non confirmées ou anciennes",
    every=timedelta(hours=1),
)
def forgotten_requests(limit: int) -> int:
    """Delete the requests nobody confirmed, and the identities of the old ones."""
    return drop_unconfirmed(limit) + forget_identities(limit)


@sweep(
    "comptes_suppression_annoncee",
    label="Annonce des comptes bientôt supprimés",
    every=timedelta(hours=1),
)
def deletions_announced(limit: int) -> int:
    """Tell of the accounts that will be deleted within 30 days."""
    return announce_deletions(limit)


@sweep("comptes_fin_annoncee", label="Annonce des fins de compte prévues", every=timedelta(hours=1))
def expected_ends_announced(limit: int) -> int:
    """Tell of the accounts whose last day comes within 15 days."""
    return announce_expected_ends(limit)


@sweep("comptes_fin_prevue", label="Fin prévue des comptes", every=timedelta(hours=1), batch=A_BATCH)
def expected_ends(limit: int) -> int:
    """Inactivate the accounts whose last day is over."""
    return apply_expected_ends(limit)


@sweep("comptes_absents_rappels", label="Rappels aux comptes sans connexion", every=timedelta(hours=1))
def absences_announced(limit: int) -> int:
    """Tell of the accounts nobody signs in to."""
    return warn_absent(limit)


@sweep(
    "comptes_absents",
    label="Inactivation des comptes sans connexion",
    every=timedelta(hours=1),
    batch=A_BATCH,
)
def absences(limit: int) -> int:
    """Inactivate the accounts nobody signed in to since they were told."""
    return close_absent(limit)


@sweep("revues_periodiques", label="Revues d’habilitations à ouvrir", every=timedelta(hours=1), batch=A_BATCH)
def periodic_reviews(limit: int) -> int:
    """Open the reviews that the period of each caisse asks for."""
    return open_periodic_reviews(limit)


@sweep("revues_rappels", label="Rappels des revues d’habilitations", every=timedelta(hours=1), batch=A_BATCH)
def reminders_of_reviews(limit: int) -> int:
    """Announce the reviews, remind before the day, say what is late."""
    return remind_of_reviews(limit)


@sweep("imports_techniciens", label="Imports de techniciens abandonnés", every=timedelta(hours=1))
def forgotten_imports(limit: int) -> int:
    """Delete the files of techniciens nobody went on with for seven days."""
    old = ImportTechniciens.objects.filter(le__lt=clock.now() - IMPORTS_KEPT).order_by("pk")[:limit]
    return ImportTechniciens.objects.filter(pk__in=old.values("pk")).delete()[0]


@sweep("sessions", label="Sessions et essais de connexion périmés", every=timedelta(hours=1))
def expired_sessions(limit: int) -> int:
    """Delete the sessions that are over, and the failed sign-ins that no longer count."""
    now = clock.now()
    over = SessionOuverte.objects.filter(expire_date__lt=now).values("pk")[:limit]
    deleted, _ = SessionOuverte.objects.filter(pk__in=over).delete()
    AccessAttempt.objects.filter(attempt_time__lt=now - ATTEMPTS_KEPT).delete()
    return deleted
