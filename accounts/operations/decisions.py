"""What the caisse answers to the requests about gestionnaires (art. 2.2.1 to 2.2.3)."""

from django.db import transaction

from accounts.courriels import (
    HABILITATION_A_COMPLETER,
    HABILITATION_ACCEPTEE,
    HABILITATION_REFUSEE,
)
from accounts.enums import CanalDemande, MotifInactivation, MotifRefus, NatureHabilitation, StatutHabilitation
from accounts.memberships import Membership
from accounts.models import DemandeHabilitation, Utilisateur
from accounts.models.habilitation import DEPART_EN_ATTENTE
from accounts.operations import gestionnaires
from accounts.operations.comptes import MODIFIABLES, Identite
from accounts.operations.habilitations import IDENTITE, already_asked, change_status, is_last_to_stay
from accounts.permissions import Act, can
from accounts.transitions import HABILITATIONS
from partners.models import Convention, Partenaire
from portal import clock
from portal.courriels.outbox import queue
from portal.courriels.types import TypeCourriel
from portal.errors import DomainError
from portal.workflow import lock

N, S = NatureHabilitation, StatutHabilitation


def accept_request(
    *,
    actor: Membership,
    demande: DemandeHabilitation,
    version: int | None = None,
    immediat: bool = False,
) -> DemandeHabilitation:
    """Accept a request: the gestionnaire is habilitated within the quota, changed, or will lose the access.

    The structure is locked first, so that the last place goes to one request (art. 2.2.1-l). `immediat`: a departure
    takes effect now rather than on the wanted date (art. 2.2.3-f). Order of effects: structure and request locked,
    the act on the account with its journal and mails, status, word to whoever asked.

    Raises:
        DomainError: not within reach, already decided, no convention in force, quota reached, the last gestionnaire.
        StaleObject: it changed meanwhile.
    """
    _require(actor, demande)
    with transaction.atomic():
        structure = gestionnaires.lock_structure(actor, demande.partenaire)
        locked = _lock(actor, demande, version)
        HABILITATIONS.find(locked.statut, S.ACCEPTEE, actor.role)
        changes: dict[str, object] = {"decidee_le": clock.now(), "decidee_par": actor.user}
        if locked.nature == N.CREATION:
            changes["compte"] = _habilitate(actor, locked, structure)
        elif locked.nature == N.MODIFICATION:
            _modify(actor, locked)
        else:
            changes |= _let_go(actor, locked, structure, immediat)
        with already_asked():
            change_status(locked, S.ACCEPTEE, role=actor.role, actor=actor, changes=changes)
        if locked.nature != N.CREATION or locked.demandeur_id is not None:
            # Somebody without an account gets the invitation, which says as much.
            tell_asker(locked, HABILITATION_ACCEPTEE)
    return locked


def ask_to_complete(
    *, actor: Membership, demande: DemandeHabilitation, message: str, version: int | None = None
) -> DemandeHabilitation:
    """Say what is missing; the clock of the caisse stands still until the structure answers.

    Raises:
        DomainError: not within reach, not to be decided, or no message.
        StaleObject: it changed meanwhile.
    """
    with transaction.atomic():
        locked = _lock(actor, demande, version)
        change_status(
            locked,
            S.A_COMPLETER,
            role=actor.role,
            actor=actor,
            comment=message,
            changes={"message": message.strip()},
        )
        tell_asker(locked, HABILITATION_A_COMPLETER)
    return locked


def refuse_request(
    *,
    actor: Membership,
    demande: DemandeHabilitation,
    motif: MotifRefus,
    message: str = "",
    version: int | None = None,
) -> DemandeHabilitation:
    """Refuse a request, with its motif; whoever asked reads it in the portal, never in a mail.

    Raises:
        DomainError: not within reach, or already decided.
        StaleObject: it changed meanwhile.
    """
    with transaction.atomic():
        locked = _lock(actor, demande, version)
        changes = {
            "motif_refus": motif,
            "message": message.strip(),
            "decidee_le": clock.now(),
            "decidee_par": actor.user,
        }
        change_status(locked, S.REFUSEE, role=actor.role, actor=actor, changes=changes)
        tell_asker(locked, HABILITATION_REFUSEE)
    return locked


def tell_asker(demande: DemandeHabilitation, kind: TypeCourriel) -> None:
    """Write to whoever asked: the gestionnaire's account, or the address of the public form."""
    queue(
        kind,
        cle=f"{demande.pk}:{demande.version}",
        destinataires=[demande.demandeur_id] if demande.demandeur_id else [],
        equipe="" if demande.demandeur_id else demande.courriel,
        reference=demande.reference,
        donnees={"demande": demande.pk},
        caisse_id=demande.caisse_id,
        partenaire_id=demande.partenaire_id,
    )


def _require(actor: Membership, demande: DemandeHabilitation) -> None:
    if not can(actor, Act.GERER_GESTIONNAIRES, demande):
        raise DomainError("Votre rôle ne permet pas cet acte.", code="role")


def _lock(actor: Membership, demande: DemandeHabilitation, version: int | None) -> DemandeHabilitation:
    _require(actor, demande)
    rows = DemandeHabilitation.objects.visible_to(actor).select_related("caisse", "partenaire")
    return lock(rows, demande.pk, version=version)


def _habilitate(actor: Membership, demande: DemandeHabilitation, structure: Partenaire) -> Utilisateur:
    conventions = Convention.objects.utilisations().filter(partenaire=structure, caisse=demande.caisse_id)
    if not any(row.opens_on(row.caisse.today()) for row in conventions):
        raise DomainError(
            "Aucune convention d’utilisation en vigueur ne lie votre caisse à cette structure.",
            code="convention",
        )
    identite = Identite(**{name: getattr(demande, name) for name in IDENTITE})
    return gestionnaires.create_gestionnaire(actor=actor, partenaire=structure, identite=identite)


def _modify(actor: Membership, demande: DemandeHabilitation) -> None:
    compte = _locked_account(demande)
    wanted = {name: getattr(demande, name) for name in MODIFIABLES}
    changes = {name: value for name, value in wanted.items() if value}
    asked = gestionnaires.DemandeRecue(
        clock.local_date(demande.cree_le), CanalDemande.PORTAIL, demande.reference
    )
    gestionnaires.update_compte(actor=actor, compte=compte, changes=changes, demande=asked)


def _let_go(
    actor: Membership, demande: DemandeHabilitation, structure: Partenaire, immediat: bool
) -> dict[str, object]:
    """What a departure changes in its request: nothing yet, unless it takes effect now."""
    compte = _locked_account(demande)
    if not compte.is_active:
        raise DomainError("Ce compte est déjà inactif.", code="inactif")
    successeur = demande.successeur
    accepted = DemandeHabilitation.objects.filter(DEPART_EN_ATTENTE)
    if is_last_to_stay(structure, compte, accepted):
        if successeur is not None and successeur.ouverte:
            raise DomainError(
                f"Habilitez d’abord le remplaçant\u00a0: demande {successeur.reference}.",
                code="dernier_gestionnaire",
            )
        raise DomainError(
            "Impossible\u00a0: c’est le seul gestionnaire actif. Habilitez d’abord un remplaçant.",
            code="dernier_gestionnaire",
        )
    due = demande.date_souhaitee is not None and demande.date_souhaitee <= demande.caisse.today()
    if not (immediat or due):
        return {}
    motif = MotifInactivation(demande.motif)
    gestionnaires.inactivate_gestionnaire(actor=actor, gestionnaire=compte, motif=motif)
    return {"effectuee_le": clock.now()}


def _locked_account(demande: DemandeHabilitation) -> Utilisateur:
    return Utilisateur.objects.select_for_update().get(pk=demande.compte_id)
