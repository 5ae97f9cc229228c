"""Adding files from a phone: a QR code opens a one-time page for one place of one demande.

Whoever holds the code may add files there for ten minutes, from the first phone that says so, and read nothing. The
tenancy: the token alone is looked up in the system scope; all the rest runs in the scope of the structure that made
it, with the rights of the account that made it, read again each time, and through `attach_piece` as any other upload.
"""

import hashlib
import secrets
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db import transaction

from accounts.memberships import Membership, membership_of
from caisses.models import TypePiece
from portal import clock
from portal.audit.journal import record
from portal.audit.models import Verbe
from portal.errors import DomainError
from portal.tenancy import scope
from signalements.enums import Statut
from signalements.kinds.registry import steps_of
from signalements.models import Demande, DepotTelephone, ElementComplement, PieceJointe
from signalements.operations.pieces import attach_piece

DUREE = timedelta(minutes=10)
MOST = 20
"""Files one code lets in."""
ELEMENT, TYPE = "element-", "type-"


class LienPerime(DomainError):
    """The code opens nothing: unknown, expired, closed, used up, of another phone, or its demande moved on."""

    def __init__(self) -> None:
        super().__init__("Ce code n’est plus valable.", code="perime")


def hashed(secret: str) -> str:
    """What the database keeps of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def open_depot(*, membership: Membership, reference: str, place: str) -> tuple[DepotTelephone, str]:
    """Open a page for a phone; returns it with its token, which is kept nowhere. The former one of the place closes.

    Raises:
        Demande.DoesNotExist: none for this structure.
        LienPerime: the demande takes no file at this place.
    """
    with transaction.atomic():
        rows = Demande.objects.filter(partenaire=membership.structure).select_related("caisse", "brouillon")
        demande = rows.get(reference=reference)
        place_of(membership, demande, place)
        now, token = clock.now(), secrets.token_urlsafe(24)
        mine = DepotTelephone.objects.filter(demande=demande, place=place, cree_par=membership.user)
        mine.filter(clos_le__isnull=True).update(clos_le=now)
        depot = DepotTelephone.objects.create(
            demande=demande,
            caisse_id=demande.caisse_id,
            partenaire_id=demande.partenaire_id,
            place=place,
            jeton=hashed(token),
            cree_par=membership.user,
            cree_le=now,
            expire_le=now + DUREE,
        )
        _journal(membership, demande, "telephone_ouvert")
    return depot, token


def place_of(membership: Membership, demande: Demande, place: str) -> tuple[TypePiece | None, int | None]:
    """The kind of pièce and the asked item a place names, while the demande takes files there.

    Raises:
        LienPerime: it takes none.
    """
    convention = membership.convention_with(demande.caisse_id)
    if convention is None or demande.fonction not in convention.fonctions_ouvertes:
        raise LienPerime
    if place.startswith(TYPE) and demande.statut == Statut.BROUILLON:
        kind = next((kind for kind in steps_of(demande).pieces() if place == f"{TYPE}{kind.code}"), None)
        if kind is not None:
            return kind, None
    number = place.removeprefix(ELEMENT)
    if place.startswith(ELEMENT) and number.isascii() and number.isdigit() and len(number) < 19:
        asked = ElementComplement.objects.filter(
            pk=int(number), demande=demande, complement__repondu_le__isnull=True
        )
        if demande.statut == Statut.A_COMPLETER and asked.exists():
            return None, int(number)
    raise LienPerime


@contextmanager
def alive(token: str) -> Iterator[tuple[DepotTelephone, Membership]]:
    """The page a token opens, locked, with the rights of who made it, in the scope of its structure.

    Raises:
        LienPerime: it opens nothing any more; never said why.
    """
    with scope("systeme"), transaction.atomic():
        found = DepotTelephone.objects.filter(jeton=hashed(token)).values_list("pk", "partenaire_id").first()
    if found is None:
        raise LienPerime
    key, structure = found
    with scope("partenaire", structure), transaction.atomic():
        rows = DepotTelephone.objects.select_for_update(of=("self",)).select_related("cree_par")
        depot = rows.get(pk=key)
        membership = membership_of(depot.cree_par)
        over = depot.clos_le is not None or depot.expire_le <= clock.now() or depot.recus >= MOST
        if (
            over
            or membership is None
            or not membership.is_technicien
            or membership.partenaire_id != structure
        ):
            raise LienPerime
        yield depot, membership


def check(token: str, appareil: str) -> bool:
    """Whether this phone has begun; a code nobody has begun with waits for one. Changes nothing.

    Raises:
        LienPerime: as `alive`, or another phone has begun.
    """
    with alive(token) as (depot, membership):
        place_of(membership, _demande(depot), depot.place)
        if depot.appareil and not _is_its_phone(depot, appareil):
            raise LienPerime
        return bool(depot.appareil)


def begin(token: str, appareil: str = "") -> str:
    """This phone begins: from now on the code serves no other. Returns the phone's secret.

    Raises:
        LienPerime: as `check`.
    """
    with alive(token) as (depot, membership):
        demande = _demande(depot)
        place_of(membership, demande, depot.place)
        if depot.appareil:
            if not _is_its_phone(depot, appareil):
                raise LienPerime
            return appareil
        secret = secrets.token_urlsafe(24)
        depot.appareil = hashed(secret)
        depot.save(update_fields=["appareil"])
        _journal(membership, demande, "telephone_commence")
    return secret


def receive(token: str, appareil: str, *, fichier: Any, cle: uuid.UUID) -> PieceJointe:
    """Take in a file from the phone, as any other upload: nature, size, antivirus, photo to PDF.

    Raises:
        LienPerime: as `check`, or this phone has not begun.
        DomainError: the file is refused, or the demande is full.
    """
    with alive(token) as (depot, membership):
        if not _is_its_phone(depot, appareil):
            raise LienPerime
        demande = _demande(depot)
        kind, element = place_of(membership, demande, depot.place)
        jointe = attach_piece(
            membership=membership,
            reference=demande.reference,
            fichier=fichier,
            cle=cle,
            type_piece=kind,
            element_id=element,
        )
        depot.recus += 1
        depot.save(update_fields=["recus"])
    return jointe


def forget_depots(limit: int) -> int:
    """Delete the pages that ended a day ago, at most `limit`; how many were."""
    old = DepotTelephone.objects.filter(expire_le__lt=clock.now() - timedelta(days=1))
    gone, _ = DepotTelephone.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:limit])).delete()
    return gone


def close_depot(*, membership: Membership, reference: str, depot_id: int) -> None:
    """« J’ai terminé »: the code serves no more."""
    rows = DepotTelephone.objects.filter(
        pk=depot_id, partenaire=membership.structure, demande__reference=reference, clos_le__isnull=True
    )
    rows.update(clos_le=clock.now())


def _is_its_phone(depot: DepotTelephone, appareil: str) -> bool:
    return bool(depot.appareil) and secrets.compare_digest(depot.appareil, hashed(appareil))


def _demande(depot: DepotTelephone) -> Demande:
    rows = Demande.objects.filter(partenaire_id=depot.partenaire_id).select_related("caisse", "brouillon")
    return rows.get(pk=depot.demande_id)


def _journal(membership: Membership, demande: Demande, acte: str) -> None:
    record(
        Verbe.PIECE,
        actor=membership,
        caisse_id=demande.caisse_id,
        objet="demande",
        objet_id=demande.reference,
        details={"acte": acte},
    )
