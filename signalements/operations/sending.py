"""Sending a demande to the caisse, and undoing it before the caisse has received it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models, transaction

from accounts.memberships import Membership
from caisses.models import Motif
from documents.enums import EtatPiece
from documents.models import Piece
from portal import clock
from portal.audit.journal import record
from portal.audit.models import Verbe
from portal.compiled import CompiledQuery, Slot
from portal.courriels.outbox import take_back
from portal.errors import DomainError
from portal.tenancy import scope
from portal.text import search_key
from signalements.enums import RaisonDoublon, Statut
from signalements.kinds.registry import kind_of
from signalements.models import Brouillon, Demande, Doublon, Personne
from signalements.notifications import tell_sent
from signalements.operations.door import change_status, unsend
from signalements.operations.drafts import open_convention
from signalements.operations.locks import lock_brouillon, lock_own
from signalements.queries.doublons import Doublons, Identite, open_duplicates
from signalements.queries.equipes import team_for


@dataclass(frozen=True)
class Enveloppe:
    """What a complete draft says on the demande itself."""

    accord_le: date | None
    accord_mode: str
    information_donnee: bool
    accord_recueilli: bool
    urgente: bool = False
    motif_urgence: Motif | None = None
    date_limite: date | None = None


@dataclass
class DemandeComplete:
    """A draft whose every step was read and found right.

    `situation` is the row of the kind and `lignes` are rows that hang on it, none of them saved yet; `apres` is what
    the kind still has to do once they are, in the same transaction, and may refuse with a DomainError. A demande
    about nobody has no `personne`. `objet` tells its duplicates (`Steps.objet`).
    """

    enveloppe: Enveloppe
    situation: models.Model
    lignes: Sequence[models.Model] = ()
    personne: dict[str, Any] | None = None
    raison_doublon: str = ""
    objet: Mapping[str, Any] = field(default_factory=dict)
    apres: Callable[[Demande], None] | None = None


ReadDraft = Callable[[Demande, Brouillon], DemandeComplete]
"""Reads a locked draft; DomainError when a step is missing or wrong."""


def submit_demande(
    *, membership: Membership, reference: str, read: ReadDraft, version: int | None = None
) -> Demande:
    """Send a draft to the caisse (convention d'utilisation, art. 1.2). Sent once: a replay gives it back.

    The caisse receives it ANNULATION_ENVOI_SECONDES later (`envoyee_le`), by the clock alone; the delay counts from
    there, the mails leave then, and `undo_sending` gives the draft back until then. `version` is that of the page
    which sends: a page from before an undo sends nothing.

    Order of effects: demande locked, convention and function checked again, draft read again, duplicates
    looked for again, pièces checked, Personne and the kind's rows, status through the door (delay, Passage,
    journal), what the kind still has to do, pièces handed over, draft erased (later, while the sending can be
    undone), mails queued.

    Raises:
        Demande.DoesNotExist: the structure has no such demande.
        ClosedService: convention ended or function switched off; the draft is kept.
        DomainError: a step is wrong, a duplicate needs a reason (code « doublon »), a file was refused, or the page
            is out of date (code « envoi_annule »).
    """
    with transaction.atomic():
        demande = lock_own(membership, reference)
        if demande.statut != Statut.BROUILLON:
            return demande
        if version is not None and version != demande.version:
            raise DomainError(
                "Cette page n’est plus à jour\u00a0: l’envoi a été annulé depuis. Relisez la demande, puis envoyez-la.",
                code="envoi_annule",
            )
        convention = open_convention(membership, demande.caisse_id, demande.fonction)
        brouillon = lock_brouillon(demande)
        complete = read(demande, brouillon)
        doublons = _require_reason_for_duplicate(membership, demande, complete)
        _require_clean_pieces(demande)
        _insert_rows(demande, complete)
        enveloppe = complete.enveloppe
        envoyee_le = clock.now() + timedelta(seconds=settings.ANNULATION_ENVOI_SECONDES)
        change_status(
            demande,
            Statut.ENVOYEE,
            actor=membership,
            changes={
                "convention": convention,
                "equipe": team_for(demande.caisse, demande.fonction),
                "auteur": membership.user,
                "a_reprendre_le": None,
                "envoyee_le": envoyee_le,
                "urgente": enveloppe.urgente,
                "motif_urgence": enveloppe.motif_urgence,
                "date_limite": enveloppe.date_limite,
                "sans_personne": complete.personne is None,
                "information_donnee": enveloppe.information_donnee,
                "accord_recueilli": enveloppe.accord_recueilli,
                "accord_le": enveloppe.accord_le,
                "accord_mode": enveloppe.accord_mode,
            },
            le=envoyee_le,
        )
        if complete.apres is not None:
            complete.apres(demande)
        _keep_reason(membership, demande, complete.raison_doublon, doublons)
        hand_over_pieces(demande, envoyee_le)
        _erase_draft(brouillon, demande)
        tell_sent(demande)
    return demande


def _require_reason_for_duplicate(
    membership: Membership, demande: Demande, complete: DemandeComplete
) -> Doublons:
    """The demandes it looks like, with a reason for it."""
    personne = complete.personne
    if personne is None:
        return Doublons()
    identite = Identite.read(
        personne["nom_naissance"], personne["nom_usage"], personne["prenom"], personne["naissance"]
    )
    found = open_duplicates(
        membership, demande.caisse, demande.fonction, identite, objet=complete.objet, sauf=demande.pk
    )
    if found and complete.raison_doublon not in RaisonDoublon.values:
        raise DomainError(
            "Une demande est peut-être déjà en cours pour cette personne. Indiquez pourquoi vous en faites "
            "une nouvelle.",
            field="raison_doublon",
            code="doublon",
        )
    return found


_REFUSED: CompiledQuery[Piece] = CompiledQuery(
    lambda: (
        Piece.objects.filter(jointe__demande=Slot("demande"), etat=EtatPiece.REFUSEE)
        .only("id")
        .order_by()[:1]
    )
)


def _require_clean_pieces(demande: Demande) -> None:
    if _REFUSED.first(demande=demande.pk) is not None:
        raise DomainError("Retirez les fichiers refusés avant d’envoyer la demande.", code="piece_refusee")


def _insert_rows(demande: Demande, complete: DemandeComplete) -> None:
    personne = complete.personne
    tenant = {"caisse_id": demande.caisse_id, "partenaire_id": demande.partenaire_id}
    if personne is not None:
        Personne.objects.create(
            demande=demande,
            **tenant,
            **personne,
            nom_recherche=search_key(personne["nom_naissance"]),
            nom_usage_recherche=search_key(personne["nom_usage"]),
            prenom_recherche=search_key(personne["prenom"]),
        )
    for row in (complete.situation, *complete.lignes):
        for name, value in {"demande_id": demande.pk, **tenant}.items():
            setattr(row, name, value)
        row.save(force_insert=True)


def _keep_reason(membership: Membership, demande: Demande, raison: str, doublons: Doublons) -> None:
    """The caisse reads why, and of which demande; without a duplicate there is nothing to explain."""
    if not raison or not doublons:
        return
    Doublon.objects.create(
        demande=demande,
        caisse_id=demande.caisse_id,
        partenaire_id=demande.partenaire_id,
        raison=raison,
        autre=next(iter(doublons.propres), None),
    )
    record(
        Verbe.CREATION,
        actor=membership,
        caisse_id=demande.caisse_id,
        objet="demande",
        objet_id=demande.reference,
        details={"raison_doublon": raison},
    )


def hand_over_pieces(demande: Demande, moment: datetime | None = None) -> None:
    """Let the caisse see the pièces joined so far, from `moment` on (now)."""
    pieces = Piece.objects.filter(jointe__demande=demande, transmise_le__isnull=True)
    pieces.exclude(etat=EtatPiece.REFUSEE).update(transmise_le=moment or clock.now())


def _erase_draft(brouillon: Brouillon, demande: Demande) -> None:
    """What was typed is in its own rows now; it is kept for as long as the sending can be undone."""
    if demande.est_retenue:
        brouillon.a_effacer_le = demande.envoyee_le
        brouillon.save(update_fields=["a_effacer_le"])
    else:
        brouillon.delete()


class TooLate(DomainError):
    """The caisse has received the demande: its sending can no longer be undone."""


UNSENT = {
    "envoyee_le": None,
    "equipe": None,
    "sans_personne": False,
    "urgente": False,
    "motif_urgence": None,
    "date_limite": None,
    "information_donnee": False,
    "accord_recueilli": False,
    "accord_le": None,
    "accord_mode": "",
}


def undo_sending(*, membership: Membership, reference: str) -> Demande:
    """Take back a demande the caisse has not received: the draft is as it was before the sending.

    Undone twice, it changes nothing. Order of effects: demande locked, what the kind holds elsewhere given back,
    the kind's row and the person erased, pièces no longer handed over, mails dropped, draft kept, status through
    the door.

    Raises:
        Demande.DoesNotExist: the structure has no such demande.
        TooLate: the caisse has received it.
    """
    with transaction.atomic():
        demande = lock_own(membership, reference)
        if demande.statut == Statut.BROUILLON:
            return demande
        moment = demande.envoyee_le
        if moment is None or not demande.est_retenue:
            raise TooLate(
                "La caisse a reçu la demande\u00a0: l’envoi ne peut plus être annulé. Vous pouvez annuler la demande.",
                code="trop_tard",
            )
        _take_rows_back(demande)
        Piece.objects.filter(jointe__demande=demande, transmise_le=moment).update(transmise_le=None)
        take_back(demande.reference, moment)
        Brouillon.objects.filter(demande=demande).update(a_effacer_le=None)
        unsend(demande, actor=membership, changes=UNSENT)
    return demande


def _take_rows_back(demande: Demande) -> None:
    kind = kind_of(demande)
    if kind.unsend is not None:
        kind.unsend(demande)
    # As the system: a kind may keep rows that no tenant deletes.
    with scope("systeme"):
        kind.rows_of(demande).delete()
        Personne.objects.filter(demande=demande).delete()
        Doublon.objects.filter(demande=demande).delete()


def refuse_while_held(demande: Demande) -> None:
    """What is added to a demande waits until the caisse has received it.

    Raises:
        DomainError: its sending can still be undone.
    """
    if demande.est_retenue:
        raise DomainError(
            "La demande n’est pas encore partie. Annulez l’envoi pour la modifier, ou revenez dans deux minutes.",
            code="envoi_en_attente",
        )
