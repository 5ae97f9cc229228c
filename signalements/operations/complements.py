"""Asking the structure for a complément, and withdrawing what was asked."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from accounts.memberships import Membership
from caisses.models import Motif, TypePiece
from portal import clock
from portal.errors import DomainError
from signalements import courriels
from signalements.enums import Statut
from signalements.kinds.registry import kind_of
from signalements.models import Complement, Demande, ElementComplement
from signalements.notifications import tell_structure
from signalements.operations.door import change_status, lock_demande

MOST_ELEMENTS = 20


@dataclass(frozen=True)
class ElementDemande:
    """One thing asked: a kind of pièce, or a free item named by `libelle`; why, and a word of precision."""

    libelle: str
    type_piece: TypePiece | None = None
    raison: Motif | None = None
    precision: str = ""


def request_complement(
    *,
    actor: Membership,
    demande_id: int,
    elements: Sequence[ElementDemande],
    message: str,
    cle: uuid.UUID,
    version: int | None = None,
) -> Complement:
    """Ask the structure for what is missing; the delay is suspended until it answers (decisions.md §3).

    For a dossier this is the return for incompleteness: its period ends.

    The demande becomes this person's when it was nobody's. The same `cle` gives the same complément.
    Order of effects: lock, complément and its items, status and clock, Passage, journal, mail.

    Raises:
        StaleObject: the demande changed since the page was opened.
        DomainError: nothing is asked, or too much, or a reason is not of the list.
        ForbiddenTransition: a complément is open already, or the demande is closed.
    """
    _check(elements)
    with transaction.atomic():
        demande = lock_demande(actor, demande_id)
        _check_reasons(demande, elements)
        existing = Complement.objects.filter(demande=demande, cle=cle).first()
        if existing is not None:
            return existing
        demande = lock_demande(actor, demande_id, version=version)
        changes = {} if demande.assignee_a_id else {"assignee_a": actor.user}
        change_status(demande, Statut.A_COMPLETER, actor=actor, changes=changes)
        tenant = {"demande": demande, "caisse_id": demande.caisse_id, "partenaire_id": demande.partenaire_id}
        complement = Complement.objects.create(
            **tenant, cle=cle, message=message.strip(), demande_le=clock.now(), demande_par=actor.user
        )
        ElementComplement.objects.bulk_create(
            ElementComplement(
                **tenant,
                complement=complement,
                type_piece=element.type_piece,
                libelle=element.libelle.strip(),
                raison=element.raison,
                precision=element.precision.strip(),
            )
            for element in elements
        )
        tell_structure(
            demande,
            courriels.COMPLEMENT_DEMANDE,
            cle=f"complement:{complement.pk}",
            donnees={"nombre": len(elements)},
        )
    return complement


def _check(elements: Sequence[ElementDemande]) -> None:
    if not elements:
        raise DomainError(
            "Cochez au moins une pièce, ou décrivez une information à fournir.", code="rien_demande"
        )
    if len(elements) > MOST_ELEMENTS:
        raise DomainError(f"Demandez au plus {MOST_ELEMENTS} éléments à la fois.", code="trop_demande")
    for element in elements:
        if not element.libelle.strip():
            raise DomainError("Nommez chaque information demandée.", code="libelle_requis")


def _check_reasons(demande: Demande, elements: Sequence[ElementDemande]) -> None:
    liste = kind_of(demande).complement.liste
    if any(element.raison is not None and element.raison.liste != liste for element in elements):
        raise DomainError("Choisissez une raison de la liste.", code="raison_inconnue")


def withdraw_complement(*, actor: Membership, demande_id: int, version: int | None = None) -> Demande:
    """Withdraw the complément in progress: the work and the delay go on with what was left of it.

    Nobody answers it (`repondu_par` stays empty); pièces the structure had begun to add stay with the structure.
    Asked twice, it changes nothing. Order of effects: lock, complément closed, status and clock, Passage, journal.

    Raises:
        StaleObject: the demande changed since the page was opened.
        DomainError: no complément is open.
    """
    with transaction.atomic():
        demande = lock_demande(actor, demande_id)
        complement = demande.complements.filter(repondu_le__isnull=True).first()
        if complement is None or demande.statut != Statut.A_COMPLETER:
            if demande.statut == Statut.EN_COURS and _just_withdrawn(demande):
                return demande
            raise DomainError("Aucun complément n’est en attente sur cette demande.", code="rien_a_retirer")
        demande = lock_demande(actor, demande_id, version=version)
        complement.repondu_le = clock.now()
        complement.retire = True
        complement.save(update_fields=["repondu_le", "retire"])
        changes = {} if demande.assignee_a_id else {"assignee_a": actor.user}
        change_status(demande, Statut.EN_COURS, actor=actor, changes=changes)
    return demande


def _just_withdrawn(demande: Demande) -> bool:
    last = demande.complements.order_by("-demande_le", "-id").first()
    return last is not None and last.retire
