"""The outcome of a demande: giving it, and reopening what was decided."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.memberships import Membership
from caisses.models import Motif
from portal import clock
from portal.errors import DomainError
from signalements import courriels
from signalements.enums import Issue, Statut
from signalements.kinds.registry import kind_of
from signalements.models import Demande
from signalements.notifications import tell_structure
from signalements.operations.door import change_status, lock_demande


@dataclass(frozen=True)
class Decision:
    """An outcome, its motif when the outcome needs one, and a comment the structure reads.

    `suite` is what its kind still has to keep of it, in the same transaction; it may refuse with a DomainError.
    """

    issue: str
    motif: Motif | None = None
    commentaire: str = ""
    suite: Callable[[Demande], None] | None = None


def decide(
    *,
    actor: Membership,
    demande_id: int,
    decision: Decision,
    version: int,
    le: datetime | None = None,
) -> Demande:
    """Give the outcome of a demande (decisions.md §2). The structure reads the outcome, the motif, the comment.

    Never while a complément is open: it is withdrawn first. Of two people who decide at once the second is
    refused; the same decision sent twice by the same person changes nothing. `le` is when it was decided, when that
    is not now: the delay ended then.
    Order of effects: lock, outcome checked, status and clock, Passage, journal, what the kind does of it, mail.

    Raises:
        StaleObject: the demande changed since the page was opened.
        DomainError: the outcome is not one of this kind, its motif is missing, a complément is open, its kind asks for
            something more.
        ForbiddenTransition: the demande is closed.
    """
    with transaction.atomic():
        demande = lock_demande(actor, demande_id)
        if _is_replay(demande, actor, decision, version):
            return demande
        demande = lock_demande(actor, demande_id, version=version)
        if demande.statut == Statut.A_COMPLETER:
            raise DomainError(
                "Un complément est en attente\u00a0: retirez-le avant de rendre la décision.",
                code="complement_ouvert",
            )
        _check_outcome(demande, decision)
        change_status(
            demande,
            Statut.TRAITEE,
            actor=actor,
            commentaire=_comment(decision),
            changes={
                "issue": decision.issue,
                "motif_issue": decision.motif,
                "traitee_le": le or clock.now(),
                "assignee_a": demande.assignee_a or actor.user,
            },
            le=le,
        )
        kind_of(demande).apres_decision(demande, Issue(decision.issue))
        if decision.suite is not None:
            decision.suite(demande)
        tell_structure(demande, courriels.DEMANDE_TRAITEE, cle=f"decision:{demande.version}")
    return demande


def _is_replay(demande: Demande, actor: Membership, decision: Decision, version: int) -> bool:
    """Whether this very decision was just given by this person: a double click, a page sent again."""
    if demande.statut != Statut.TRAITEE or demande.version != version + 1 or demande.issue != decision.issue:
        return False
    last = demande.passages.order_by("-le", "-id").first()
    return last is not None and last.acteur_id == actor.acteur_id and last.commentaire == _comment(decision)


def _comment(decision: Decision) -> str:
    """What the structure reads: the words of the motif, then the comment."""
    parts = [decision.motif.libelle.rstrip(".") + "."] if decision.motif else []
    return " ".join([*parts, decision.commentaire.strip()]).strip()


def _check_outcome(demande: Demande, decision: Decision) -> None:
    kind = kind_of(demande)
    if decision.issue not in {issue.value for issue in kind.offered(demande)}:
        raise DomainError("Choisissez une issue de la liste.", field="issue", code="issue_inconnue")
    kind.controle(demande, Issue(decision.issue), decision.commentaire)
    liste = kind.motifs.get(Issue(decision.issue))
    if liste is None:
        if decision.motif is not None:
            raise DomainError("Cette issue n’a pas de motif.", field="motif", code="motif_inutile")
        return
    if decision.motif is None or decision.motif.liste != liste:
        raise DomainError("Choisissez un motif dans la liste.", field="motif", code="motif_requis")


def reopen(*, actor: Membership, demande_id: int, raison: str, version: int | None = None) -> Demande:
    """Reopen a decided demande, with a reason the structure reads; a new delay starts.

    Order of effects: lock, status and clock, outcome taken away, Passage with the reason, journal, mail.

    Raises:
        StaleObject: the demande changed since the page was opened.
        DomainError: there is no reason, or it is not decided.
    """
    with transaction.atomic():
        demande = lock_demande(actor, demande_id, version=version)
        if demande.statut != Statut.TRAITEE:
            raise DomainError("Seule une demande traitée peut être rouverte.", code="pas_traitee")
        change_status(
            demande,
            Statut.EN_COURS,
            actor=actor,
            commentaire=raison,
            changes={"issue": "", "motif_issue": None, "traitee_le": None, "assignee_a": actor.user},
        )
        tell_structure(demande, courriels.DEMANDE_ROUVERTE, cle=f"rouverte:{demande.version}")
    return demande
