"""Putting a demande right without losing anything: its urgency, its team, its service. The structure is told."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from accounts.enums import Profil
from accounts.memberships import Membership
from caisses.enums import ListeMotifs
from caisses.models import Motif
from documents.models import Piece
from portal import clock
from portal.audit.journal import record
from portal.audit.models import Verbe
from portal.errors import DomainError
from signalements import courriels
from signalements.clocks import add_days, delay_of, is_calendar
from signalements.enums import STATUTS_CHEZ_LA_CAISSE
from signalements.kinds.registry import Kind, kind_of
from signalements.models import DecisionRetenue, Demande
from signalements.notifications import deadline_for_mail, tell_caisse
from signalements.operations.complements import ElementDemande, request_complement
from signalements.operations.door import lock_demande
from signalements.operations.suivi import post_message_caisse
from signalements.queries.agents import may_handle
from signalements.queries.equipes import team_address, team_for
from signalements.queries.reorientation import former_row, kinds_offered, teams_offered


@dataclass(frozen=True)
class Urgence:
    """Whether a demande is urgent, why by the closed list, and until when."""

    motif: Motif | None = None
    date_limite: date | None = None


def lock_to_change(actor: Membership, demande_id: int, version: int) -> Demande:
    """Lock a demande the caisse is working on.

    Raises:
        StaleObject: it changed since the page was opened.
        DomainError: it is closed, waits for the structure, or a decision is about to leave.
    """
    demande = lock_demande(actor, demande_id, version=version)
    if demande.statut not in STATUTS_CHEZ_LA_CAISSE:
        raise DomainError(
            "Cette demande est close ou attend la structure\u00a0: elle ne peut pas être réorientée maintenant.",
            code="pas_chez_la_caisse",
        )
    if DecisionRetenue.objects.filter(demande=demande, prend_effet_le__isnull=False).exists():
        raise DomainError("Une décision va partir\u00a0: annulez-la d’abord.", code="decision_en_attente")
    return demande


def change_urgency(
    *, actor: Membership, demande_id: int, urgence: Urgence, raison: str, version: int
) -> Demande:
    """Make a demande urgent, or no longer. Urgent, it is due within the urgent delay from today; no longer urgent,
    within its ordinary delay from the sending, and never sooner than it was.

    Order of effects: lock, urgency and deadline, journal, message to the structure.

    Raises:
        StaleObject, DomainError: as `lock_to_change`; nothing changes; the motif is not of the list.
    """
    with transaction.atomic():
        demande = lock_to_change(actor, demande_id, version)
        urgent = urgence.motif is not None
        if urgence.motif is not None and urgence.motif.liste != ListeMotifs.URGENCE:
            raise DomainError("Choisissez un motif de la liste.", field="motif", code="motif")
        if urgent == demande.urgente and urgence.motif == demande.motif_urgence:
            raise DomainError("L’urgence est déjà celle-ci.", field="motif", code="inchangee")
        became = urgent != demande.urgente
        demande.urgente, demande.motif_urgence = urgent, urgence.motif
        demande.date_limite = urgence.date_limite if urgent else None
        if became:
            _count_again(demande)
        _save(demande, ["urgente", "motif_urgence", "date_limite"])
        _journal(actor, demande, {"acte": "urgence", "urgente": urgent})
        words = (
            "traite maintenant cette demande en urgence"
            if urgent
            else "ne traite plus cette demande en urgence"
        )
        _tell(actor, demande, f"La caisse {words}. {raison.strip()}")
    return demande


def _count_again(demande: Demande) -> None:
    """The delay of what the demande is now."""
    caisse, today = demande.caisse, demande.caisse.today()
    days = delay_of(demande)
    calendar = is_calendar(demande.fonction, demande.urgente)
    before = demande.echeance or today
    if demande.urgente:
        due = min(before, add_days(caisse, today, days, calendar=calendar))
    else:
        sent = clock.local_date(demande.envoyee_le or clock.now(), caisse.fuseau)
        due = max(before, add_days(caisse, sent, days, calendar=calendar))
    demande.delai_jours, demande.echeance = days, due
    demande.rappel_proche_le = None


def move_to_team(*, actor: Membership, demande_id: int, equipe_id: int, version: int) -> Demande:
    """Give a demande to another team of the caisse; it is nobody's there. The structure keeps its delay.

    Order of effects: lock, team and assignment, journal, mail to the team.

    Raises:
        StaleObject, DomainError: as `lock_to_change`; the team is not one of those offered.
    """
    with transaction.atomic():
        demande = lock_to_change(actor, demande_id, version)
        team = next((one for one in teams_offered(demande) if one.pk == equipe_id), None)
        if team is None:
            raise DomainError("Choisissez une équipe de la caisse.", field="equipe", code="equipe_inconnue")
        demande.equipe, demande.assignee_a = team, None
        _save(demande, ["equipe"])
        _journal(actor, demande, {"acte": "equipe", "equipe": team.pk})
        _tell_team(demande)
    return demande


def change_motif(*, actor: Membership, demande_id: int, valeur: Any, raison: str, version: int) -> Demande:
    """Say that a demande is about something else within its service; the rest of what was asked stays. Its delay
    becomes that of what it now asks for when it has one of its own, and is never shorter than it was.

    Order of effects: lock, motif, deadline, journal, message to the structure, complément for what is still missing.

    Raises:
        StaleObject, DomainError: as `lock_to_change`; the motif is not offered, or is the one it has.
    """
    with transaction.atomic():
        demande = lock_to_change(actor, demande_id, version)
        kind = kind_of(demande)
        offered = kind.mouvement.motifs(demande)
        chosen = valeur if isinstance(valeur, list) else [valeur]
        words: dict[str, str] = dict(offered.champ.choices) if offered is not None else {}  # type: ignore[arg-type]
        if offered is None or not chosen or not set(chosen) <= set(words) - {""}:
            raise DomainError("Choisissez un motif de la liste.", field="motif", code="motif")
        if valeur == offered.champ.initial:
            raise DomainError("Le motif est déjà celui-ci.", field="motif", code="inchange")
        missing = kind.mouvement.motif(demande, valeur)
        if kind.delai_propre is not None and not demande.urgente:
            _count_again(demande)
        _save(demande, [])
        _journal(actor, demande, {"acte": "motif"})
        after = ", ".join(str(words[code]) for code in chosen)
        _tell(
            actor,
            demande,
            f"La caisse a changé le motif de cette demande\u00a0: «\u00a0{after}\u00a0», et non plus "
            f"«\u00a0{offered.actuel}\u00a0». {raison.strip()}",
        )
        if missing:
            _ask(actor, demande, missing)
    return demande


def change_kind(
    *,
    actor: Membership,
    demande_id: int,
    fonction: str,
    raison: str,
    version: int,
    choix: Mapping[str, Any] | None = None,
) -> Demande:
    """Treat a demande as one of another service. What was asked, and what the former service kept of it, stays
    readable on both sides; the delay becomes that of the new service, from the sending, and today at the earliest;
    an urgent one keeps its own. What the new service still needs of the structure is asked as a complément.

    Order of effects: lock, what the former kind holds given back, row of the new kind, service, team, assignment and
    deadline, pièces, what the new kind sets up, journal, message to the structure, mail to the team, complément.

    Args:
        choix: what the agent chose for the new service (`Mouvement.choix`).

    Raises:
        StaleObject, DomainError: as `lock_to_change`; the service is not one of those offered, or a choice is missing
            or wrong.
    """
    with transaction.atomic():
        demande = lock_to_change(actor, demande_id, version)
        before = kind_of(demande)
        offered = next((one for one in kinds_offered(demande) if one.kind.fonction == fonction), None)
        if offered is None or not set(offered.choix) <= set(choix or {}):
            raise DomainError(
                "Ce service n’est pas ouvert à la structure, ou la demande n’en dit pas assez.",
                field="fonction",
                code="service_ferme",
            )
        kind = offered.kind
        before.mouvement.quitte(demande, actor)
        _give_row(kind, demande, choix or {})
        demande.fonction = kind.fonction
        demande.equipe = team_for(demande.caisse, kind.fonction)
        if demande.assignee_a and not may_handle(Profil(demande.assignee_a.profil), kind.fonction):
            demande.assignee_a = None
        demande.promesse_tenue_le = demande.retard_annonce_le = None
        if not demande.urgente:
            # The last good day is never in the past by the change alone.
            demande.echeance = demande.caisse.today()
            _count_again(demande)
        _save(demande, ["fonction", "equipe", "promesse_tenue_le", "retard_annonce_le"])
        Piece.objects.filter(jointe__demande=demande).update(fonction=kind.fonction)
        missing = kind.mouvement.arrive(demande, actor)
        _journal(actor, demande, {"acte": "service", "de": before.fonction, "vers": kind.fonction})
        _tell(
            actor,
            demande,
            f"La caisse traite cette demande comme «\u00a0{kind.titre}\u00a0» et non plus "
            f"«\u00a0{before.titre}\u00a0». {raison.strip()}",
        )
        _tell_team(demande)
        if missing:
            _ask(actor, demande, missing)
        return Demande.objects.select_related("caisse", "partenaire", "equipe").get(pk=demande.pk)


def _give_row(kind: Kind, demande: Demande, choix: Mapping[str, Any]) -> None:
    """The row the demande had in this kind, or a new one."""
    if former_row(kind, demande) is not None or kind.mouvement.row is None:
        return
    row: Any = kind.mouvement.row(demande, choix)
    row.demande_id, row.caisse_id, row.partenaire_id = demande.pk, demande.caisse_id, demande.partenaire_id
    row.save(force_insert=True)


def _ask(actor: Membership, demande: Demande, missing: Sequence[ElementDemande]) -> None:
    request_complement(
        actor=actor,
        demande_id=demande.pk,
        elements=missing,
        message="La demande est maintenant traitée par un autre service, qui a besoin de ce qui suit.",
        cle=uuid.uuid4(),
    )
    if not may_handle(Profil(actor.user.profil), demande.fonction):
        # Who asked does not go on with it.
        Demande.objects.filter(pk=demande.pk, assignee_a=actor.user).update(assignee_a=None)


def _save(demande: Demande, fields: list[str]) -> None:
    demande.version += 1
    demande.modifiee_le = clock.now()
    clocks = ["delai_jours", "echeance", "rappel_proche_le"]
    demande.save(update_fields=[*fields, *clocks, "assignee_a", "version", "modifiee_le"])


def _tell(actor: Membership, demande: Demande, texte: str) -> None:
    post_message_caisse(actor=actor, demande_id=demande.pk, texte=texte.strip(), cle=uuid.uuid4())


def _tell_team(demande: Demande) -> None:
    tell_caisse(
        demande,
        courriels.DEMANDE_RECUE,
        cle=f"equipe:{demande.version}",
        donnees={"echeance": deadline_for_mail(demande)},
        equipe=team_address(demande),
    )


def _journal(actor: Membership, demande: Demande, details: dict[str, object]) -> None:
    record(
        Verbe.MODIFICATION,
        actor=actor,
        partenaire_id=demande.partenaire_id,
        objet="demande",
        objet_id=demande.reference,
        details={**details, "version": demande.version},
    )
