"""The private address of one's appointments: made, revoked, read."""

import secrets
from datetime import timedelta

from django.db import transaction
from django.db.models import Q

from accounts.memberships import Membership, membership_of
from caisses.enums import Fonction
from portal import clock
from portal.audit.journal import record
from portal.audit.models import Verbe
from portal.errors import DomainError
from portal.tenancy import scope
from signalements.enums import Cote
from signalements.kinds.rendez_vous.calendars import Entry, calendar_of
from signalements.kinds.rendez_vous.enums import EtatHoraire, PorteeFlux
from signalements.kinds.rendez_vous.models import FluxAgenda, Horaire

MOST_READS = 60
"""Readings in an hour: calendars ask every quarter of an hour at most."""
PAST, FUTURE, MOST = timedelta(days=30), timedelta(days=366), 1000


class TooManyReads(DomainError):
    """The address is read too often."""


def create_feed(*, membership: Membership, portee: str) -> str:
    """Make a new address, which replaces the former one; returns its secret, kept nowhere.

    Raises:
        DomainError: an unknown choice.
    """
    if portee not in PorteeFlux.values:
        raise DomainError("Choisissez les rendez-vous à suivre.", field="portee", code="portee")
    jeton = secrets.token_urlsafe(32)
    with transaction.atomic():
        FluxAgenda.objects.update_or_create(
            utilisateur=membership.user,
            defaults={
                "empreinte": FluxAgenda.digest(jeton),
                "portee": portee,
                "cree_le": clock.now(),
                "lu_le": None,
                "heure": None,
                "lectures": 0,
            },
        )
        record(Verbe.COMPTE, actor=membership, objet="flux_agenda", details={"acte": "creation"})
    return jeton


def revoke_feed(*, membership: Membership) -> None:
    """Kill the address at once; done twice, it changes nothing."""
    with transaction.atomic():
        deleted, _ = FluxAgenda.objects.filter(utilisateur=membership.user).delete()
        if deleted:
            record(Verbe.COMPTE, actor=membership, objet="flux_agenda", details={"acte": "revocation"})


def read_feed(jeton: str) -> bytes | None:
    """The calendar at a private address; None when nothing answers there.

    The account, its role and its conventions are read at each call: closed or withdrawn, nothing answers any more.

    Raises:
        TooManyReads: more than MOST_READS in an hour.
    """
    with scope("systeme"), transaction.atomic():
        flux = (
            FluxAgenda.objects.select_related("utilisateur")
            .select_for_update(of=("self",))
            .filter(empreinte=FluxAgenda.digest(jeton))
            .first()
        )
        if flux is None:
            return None
        membership = membership_of(flux.utilisateur)
        if membership is None or not (membership.is_technicien or membership.handles_demandes):
            return None
        _count(flux)
        # Read as the account itself: the policies of the database hold for its calendar too.
        entries = _entries(membership, flux.portee)
    return calendar_of(entries, now=clock.now(), nom="Rendez-vous – Espace Partenaires")


def _count(flux: FluxAgenda) -> None:
    now = clock.now()
    if flux.heure is None or now - flux.heure >= timedelta(hours=1):
        flux.heure, flux.lectures = now, 0
    if flux.lectures >= MOST_READS:
        raise TooManyReads("Cette adresse est lue trop souvent. Réessayez dans une heure.", code="trop")
    flux.lectures += 1
    flux.lu_le = now
    flux.save(update_fields=["heure", "lectures", "lu_le"])


def _entries(membership: Membership, portee: str) -> list[Entry]:
    cote = Cote.PARTENAIRE if membership.is_technicien else Cote.CAISSE
    with scope(membership.realm, membership.tenant):
        now = clock.now()
        rows = Horaire.objects.filter(etat=EtatHoraire.FIXE, debut__gte=now - PAST, debut__lt=now + FUTURE)
        if membership.is_technicien:
            rows = rows.filter(
                partenaire=membership.structure, caisse_id__in=membership.caisses_avec(Fonction.RENDEZ_VOUS)
            )
            if portee == PorteeFlux.MIENS:
                own = Q(demande__auteur=membership.user)
                rows = rows.filter(own | Q(demande__suiveurs__compte=membership.user)).distinct()
        else:
            rows = rows.filter(caisse_id=membership.tenant or 0, demande__envoyee_le__lte=now)
            rows = rows.filter(Q(agent=membership.user) | Q(agent=None, demande__assignee_a=membership.user))
        found = rows.select_related("demande").order_by("debut", "pk")[:MOST]
        return [Entry.of(row, row.demande.reference, cote) for row in found]
