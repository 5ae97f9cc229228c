"""A caisse is opened and closed on the portal by the national administrator."""

from typing import Any

from django.db import transaction

from caisses.models import Caisse
from caisses.secours import refresh_pages
from portal.audit.journal import record
from portal.audit.models import Verbe
from portal.errors import DomainError


def open_caisse(*, actor: Any, caisse: Caisse) -> Caisse:
    """Open a caisse: its conventions in force open the portal to its structures.

    Raises:
        DomainError: it is open, offers no function, or names no département.
    """
    with transaction.atomic():
        locked = Caisse.objects.select_for_update().get(pk=caisse.pk)
        if locked.active:
            raise DomainError("Cette caisse est déjà ouverte.", code="deja_ouverte")
        if not locked.fonctions_offertes or not locked.departements:
            raise DomainError(
                "Choisissez d’abord les fonctions offertes et les départements de la caisse.",
                code="incomplete",
            )
        return _set(actor, locked, True)


def close_caisse(*, actor: Any, caisse: Caisse, motif: str) -> Caisse:
    """Close a caisse: its conventions open nothing until it is open again.

    Raises:
        DomainError: it is closed already.
    """
    with transaction.atomic():
        locked = Caisse.objects.select_for_update().get(pk=caisse.pk)
        if not locked.active:
            raise DomainError("Cette caisse est déjà fermée.", code="deja_fermee")
        return _set(actor, locked, False, motif=motif)


def _set(actor: Any, caisse: Caisse, active: bool, **details: str) -> Caisse:
    caisse.active = active
    caisse.save(update_fields=["active"])
    record(
        Verbe.MODIFICATION,
        actor=actor,
        caisse_id=caisse.pk,
        objet="caisse",
        objet_id=caisse.pk,
        details={"acte": "ouverture" if active else "fermeture", **details},
    )
    refresh_pages()
    return caisse
