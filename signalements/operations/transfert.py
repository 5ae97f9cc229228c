"""Passing a demande on to another caisse of the structure: closed here, opened there on the structure's behalf."""

import uuid
from typing import Any

from django.db import IntegrityError, transaction

from accounts.memberships import Membership
from caisses.enums import ListeMotifs
from caisses.models import Motif
from documents.enums import EtatPiece
from documents.operations.copying import copy_piece
from documents.vault import VaultError
from partners.models import Convention
from portal import clock
from portal.audit.journal import record
from portal.audit.models import Verbe
from portal.errors import DomainError
from portal.reference import new_reference
from portal.tenancy import scope
from portal.workflow import SYSTEME
from signalements.enums import Issue, Statut
from signalements.kinds.mouvements import copy_of
from signalements.kinds.registry import kind_of
from signalements.models import Demande, Personne, PieceJointe, Transfert
from signalements.notifications import tell_sent
from signalements.operations.decisions import Decision, decide
from signalements.operations.door import change_status, lock_demande
from signalements.operations.reorientation import lock_to_change
from signalements.queries.equipes import team_for
from signalements.queries.referentiel import motifs_of
from signalements.queries.reorientation import convention_at, row_elsewhere

AUTRE_CAISSE = "AUTRE_CAISSE"
DRAWS = 5
SAID = (
    "sans_personne",
    "information_donnee",
    "accord_recueilli",
    "accord_le",
    "accord_mode",
    "auteur_id",
    "urgente",
    "date_limite",
)
"""What the structure said of the demande, and says as well to the other caisse."""


def transfer(*, actor: Membership, demande_id: int, caisse_id: int, raison: str, version: int) -> Demande:
    """Close a demande here as « réorientée » and open it at another caisse, with its own reference and delay.

    The person, what was asked and the structure's pièces go along, sealed again for the other caisse; messages,
    notes and contacts do not. What the kind holds here is given back with the outcome: a slot is freed, the period of
    a dossier ends, and the other caisse's begins as it receives it. Both are linked for the structure. Asked twice, it
    happens once.
    Order of effects: lock, convention checked, demande, person, kind's row and pièces there, its sending (log,
    journal, mails), the kind's further rows, the outcome here (log, journal, mail), link, journal.

    Raises:
        StaleObject, DomainError: as `lock_to_change`; the structure has no convention there for this service; the
            caisse does not take what is asked (code « hors_champ »); a file cannot be read.
    """
    with transaction.atomic():
        demande = lock_demande(actor, demande_id)
        if demande.statut == Statut.TRAITEE and Transfert.objects.filter(source=demande).exists():
            return demande
        demande = lock_to_change(actor, demande_id, version)
        convention = convention_at(demande, caisse_id)
        if convention is None:
            raise DomainError(
                "La structure n’a pas de convention active avec cette caisse pour ce service.",
                field="caisse",
                code="caisse_fermee",
            )
        with scope("systeme"):
            row = row_elsewhere(demande, convention)
            if row is None:
                raise DomainError(
                    "Cette caisse ne prend pas ce qui est demandé ici.", field="caisse", code="hors_champ"
                )
            cible = _open_there(demande, convention, row, raison.strip())
            Transfert.objects.create(
                partenaire_id=demande.partenaire_id,
                source=demande,
                caisse_source_id=demande.caisse_id,
                cible=cible,
                caisse_cible=convention.caisse,
                le=clock.now(),
                par=actor.user,
            )
        said = f"Demande transférée à la {convention.caisse.nom} sous la référence {cible.reference}. {raison.strip()}"
        decision = Decision(Issue.REORIENTEE, _motif(demande), said.strip())
        decided = decide(actor=actor, demande_id=demande.pk, decision=decision, version=version)
        record(
            Verbe.MODIFICATION,
            actor=actor,
            partenaire_id=demande.partenaire_id,
            objet="demande",
            objet_id=demande.reference,
            details={"acte": "transfert", "caisse": convention.caisse_id},
        )
    return decided


def _motif(demande: Demande) -> Motif:
    found = motifs_of(demande.caisse, ListeMotifs.REORIENTATION)[ListeMotifs.REORIENTATION.value]
    chosen = next((motif for motif in found if motif.code == AUTRE_CAISSE), None)
    if chosen is None:
        raise DomainError("Le motif «\u00a0Autre caisse\u00a0» n’est plus proposé.", code="motif_absent")
    return chosen


def _open_there(demande: Demande, convention: Convention, row: Any, raison: str) -> Demande:
    cible = _insert(demande, convention)
    if not demande.sans_personne:
        _save_there(copy_of(Personne.objects.get(demande=demande)), cible)
    _save_there(row, cible)
    _pass_pieces_on(demande, cible)
    change_status(
        cible,
        Statut.ENVOYEE,
        actor=SYSTEME,
        commentaire=f"Transférée par la {demande.caisse.nom} ({demande.reference}). {raison}".strip(),
        changes={"envoyee_le": cible.cree_le, "equipe": team_for(cible.caisse, cible.fonction)},
    )
    kind_of(demande).mouvement.emporte(demande, cible)
    tell_sent(cible)
    return cible


def _insert(demande: Demande, convention: Convention) -> Demande:
    now = clock.now()
    values = {name: getattr(demande, name) for name in SAID}
    for _ in range(DRAWS):
        try:
            with transaction.atomic():
                return Demande.objects.create(
                    **values,
                    reference=new_reference(convention.caisse.code),
                    fonction=demande.fonction,
                    caisse=convention.caisse,
                    partenaire=demande.partenaire,
                    convention=convention,
                    motif_urgence=_national(demande.motif_urgence),
                    cle_creation=uuid.uuid4(),
                    cree_le=now,
                    modifiee_le=now,
                )
        except IntegrityError as error:
            # The reference is drawn already.
            last = error
    raise last


def _national(motif: Motif | None) -> Motif | None:
    """The same motif as the other caisse knows it: the national one of its code, or the last resort of the list."""
    if motif is None or motif.caisse_id is None:
        return motif
    rows = Motif.objects.filter(liste=motif.liste, caisse=None)
    return rows.filter(code=motif.code).first() or rows.filter(code="AUTRE").first() or motif


def _save_there(row: Any, cible: Demande) -> None:
    """A row not saved yet (the demande is its key), as one of another demande."""
    row.demande_id, row.caisse_id, row.partenaire_id = cible.pk, cible.caisse_id, cible.partenaire_id
    row.save(force_insert=True)


def _pass_pieces_on(demande: Demande, cible: Demande) -> None:
    rows = (
        PieceJointe.objects.filter(
            demande=demande, piece__transmise_le__isnull=False, piece__origine="partenaire"
        )
        .exclude(piece__etat=EtatPiece.REFUSEE)
        .select_related("piece", "type_piece")
        .order_by("pk")
    )
    for jointe in rows:
        kind = jointe.type_piece if jointe.type_piece and jointe.type_piece.caisse_id is None else None
        try:
            piece = copy_piece(jointe.piece, caisse=cible.caisse, transmise_le=clock.now())
        except VaultError as error:
            raise DomainError(
                "Une pièce ne peut pas être lue\u00a0: la demande n’est pas transférée.",
                code="piece_illisible",
            ) from error
        PieceJointe.objects.create(
            demande=cible,
            caisse_id=cible.caisse_id,
            partenaire_id=cible.partenaire_id,
            piece=piece,
            type_piece=kind,
            precision=jointe.precision or (jointe.type_piece.libelle[:80] if jointe.type_piece else ""),
        )
