"""What every account shares: opening it, changing what may change, closing it, opening it again.

The acts of the trade (a gestionnaire's, a caisse's) are in the modules beside this one; they check who acts on
whom, these functions do not.
"""

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts import departures
from accounts.courriels import ACTIVATION, COMPTE_MODIFIE
from accounts.enums import MOTIFS_SECURITE, PROFILS_CAISSE, EtatCompte, MotifInactivation, Profil
from accounts.memberships import Membership
from accounts.models import IdentiteProConnect, RoleCaisse, RolePartenaire, Utilisateur
from accounts.operations.adresses import announce_change, ask_to_confirm, forget_address, pending_address
from accounts.operations.identifiants import propose_identifiant
from accounts.operations.roles import give_role, quota_errors
from accounts.rules import deletion_date, zone_of
from accounts.sessions import close_sessions
from accounts.transitions import TABLE
from caisses.models import Caisse
from partners.models import Partenaire
from portal import clock
from portal.audit.journal import record
from portal.audit.models import Verbe
from portal.courriels.outbox import queue
from portal.errors import DomainError
from portal.refusals import constraint_of
from portal.ui.text import day_in_words
from portal.validators import check_professional_email
from portal.workflow import apply_transition

MODIFIABLES = ("nom", "fonction", "telephone", "courriel")
"""What may change on an account (art. 2.2.2); the identity itself does not."""
INVITATION_HEURES = 72
ESSAIS_IDENTIFIANT = 20


@dataclass(frozen=True, kw_only=True)
class Identite:
    """Who an account is opened for (art. 2.2.1)."""

    civilite: str
    nom: str
    prenom: str
    fonction: str
    telephone: str
    courriel: str


def organisation_of(user: Utilisateur) -> Partenaire | Caisse | None:
    """The structure or the caisse the account's role is on."""
    on_structure = RolePartenaire.objects.filter(user=user).select_related("content_object").first()
    if on_structure is not None:
        return on_structure.content_object
    in_caisse = RoleCaisse.objects.filter(user=user).select_related("content_object").first()
    return in_caisse.content_object if in_caisse else None


def journal(
    actor: Membership,
    user: Utilisateur,
    acte: str,
    organisation: Partenaire | Caisse | None,
    **details: object,
) -> None:
    """One event of the journal about an account; a structure's is read by the caisse that declared it."""
    partenaire = organisation if isinstance(organisation, Partenaire) else None
    caisse_id = organisation.pk if isinstance(organisation, Caisse) else actor.caisse_id
    if caisse_id is None and partenaire is not None:
        caisse_id = partenaire.caisse_referente_id
    record(
        Verbe.COMPTE,
        actor=actor,
        caisse_id=caisse_id,
        partenaire_id=partenaire.pk if partenaire else None,
        objet="compte",
        objet_id=user.pk,
        details={"acte": acte, "profil": user.profil, **details},
    )


def professional_address(partenaire: Partenaire, courriel: str, *, derogation: bool = False) -> str:
    """The address as stored, if it is one of the structure's (art. 2.2.1).

    Raises:
        DomainError: on the field `courriel`.
    """
    try:
        return check_professional_email(courriel, partenaire.domaines_autorises, derogation=derogation)
    except ValidationError as error:
        raise DomainError(error.messages[0], field="courriel", code=error.code or "courriel") from error


def ensure_within(actor: Membership, user: Utilisateur, *profils: Profil) -> None:
    """Refuse an account that is not of the actor's own organisations, or not of these profiles.

    Raises:
        DomainError: hors_perimetre.
    """
    if user.profil not in profils or not Utilisateur.objects.visible_to(actor).filter(pk=user.pk).exists():
        raise DomainError("Ce compte n’est pas de ceux que vous gérez.", code="hors_perimetre")


def invite(*, actor: Membership, user: Utilisateur, organisation: Partenaire | Caisse | None) -> None:
    """Send the link by which the holder chooses a password (72 hours); the links sent before stop working.

    Raises:
        DomainError: the account is inactive or already activated.
    """
    if not user.is_active:
        raise DomainError("Ce compte est inactif\u00a0: réactivez-le d’abord.", code="inactif")
    if user.active_le is not None:
        raise DomainError("Ce compte est déjà activé.", code="deja_active")
    user.invitation += 1
    user.invite_le = clock.now()
    user.save(update_fields=["invitation", "invite_le"])
    journal(actor, user, "invitation", organisation, numero=user.invitation)
    queue(
        ACTIVATION,
        cle=f"{user.pk}:{user.invitation}",
        destinataires=[user],
        donnees={"heures": INVITATION_HEURES},
        **tenant_of(organisation),
    )


def resend_link(*, actor: Membership, user: Utilisateur, organisation: Partenaire | Caisse | None) -> None:
    """Send again the link a locked account waits for: its invitation, or the confirmation of a new address.

    Raises:
        DomainError: it waits for neither.
    """
    waiting = pending_address(user)
    if not (user.is_active and user.active_le and waiting):
        invite(actor=actor, user=user, organisation=organisation)
        return
    ask_to_confirm(user, waiting)
    journal(actor, user, "confirmation_adresse", organisation)


def tenant_of(organisation: Partenaire | Caisse | None) -> dict[str, Any]:
    """The tenant columns of what is written about an account."""
    return {
        "partenaire_id": organisation.pk if isinstance(organisation, Partenaire) else None,
        "caisse_id": organisation.pk if isinstance(organisation, Caisse) else None,
    }


def after_change(
    actor: Membership,
    user: Utilisateur,
    changed: list[str],
    organisation: Partenaire | Caisse | None,
) -> None:
    """Tell the holder that the account changed; a new address has its link by now (domaine.md §3.3).

    Somebody who has not answered the invitation yet gets it at the new address instead.
    """
    if user.active_le is None:
        if "courriel" in changed:
            invite(actor=actor, user=user, organisation=organisation)
        return
    if set(changed) - {"courriel"}:
        key = f"{user.pk}:{clock.now().isoformat()}"
        queue(COMPTE_MODIFIE, cle=key, destinataires=[user], **tenant_of(organisation))


def change_state(
    user: Utilisateur,
    target: EtatCompte,
    *,
    role: str,
    changes: dict[str, Any],
    organisation: Partenaire | Caisse | None,
) -> None:
    """Bring a locked account to `target` by its table; the journal is the caller's, which knows why.

    Raises:
        ForbiddenTransition: the table holds no such change for `role`.
        DomainError: quota of gestionnaires reached, or the last active one.
    """
    guard = quota_errors(organisation) if isinstance(organisation, Partenaire) else nullcontext()
    with guard:
        apply_transition(
            user, target, table=TABLE, role=role, changes=changes, log=lambda instance, transition: None
        )


def open_account(
    *,
    actor: Membership,
    profil: Profil,
    organisation: Partenaire | Caisse,
    identite: Identite,
    identifiant: str = "",
) -> Utilisateur:
    """Add an account without password, give it its role, journal it. The invitation is another act.

    An identifiant left empty is made from the name. One that is taken is refused without saying whose it is.

    Raises:
        DomainError: identifiant taken, quota of gestionnaires reached.
    """
    chosen = bool(identifiant)
    with transaction.atomic():
        for _ in range(ESSAIS_IDENTIFIANT):
            wanted = identifiant if chosen else propose_identifiant(identite.prenom, identite.nom)
            user = Utilisateur(
                profil=profil,
                identifiant=wanted,
                cree_par=actor.user,
                cree_le=clock.now(),
                **asdict(identite),
            )
            user.set_unusable_password()
            try:
                with transaction.atomic():
                    user.save(force_insert=True)
                break
            except IntegrityError as error:
                if constraint_of(error).endswith("minuscule"):
                    raise
                if chosen:
                    proposal = propose_identifiant(identite.prenom, identite.nom)
                    raise DomainError(
                        f"Cet identifiant n’est pas disponible. Vous pouvez choisir «\u00a0{proposal}\u00a0».",
                        field="identifiant",
                        code="identifiant_pris",
                    ) from error
        else:
            raise DomainError(
                "Aucun identifiant n’a pu être proposé\u00a0: saisissez-en un.",
                field="identifiant",
                code="identifiant_pris",
            )
        give_role(user, organisation)
        journal(actor, user, "creation", organisation)
    return user


def change_details(
    *,
    actor: Membership,
    user: Utilisateur,
    changes: Mapping[str, str],
    organisation: Partenaire | Caisse | None,
    demande: str = "",
) -> list[str]:
    """Store new values of the fields that may change; give the names of those that did.

    `demande`: the request behind it, in words for the journal.

    The address of an account in use waits for its confirmation (`operations.adresses`); the address it has, given
    again, gives up the one that waits.

    Raises:
        DomainError: a field that never changes, or an inactive account.
    """
    forbidden = set(changes) - set(MODIFIABLES)
    if forbidden:
        raise DomainError(
            "Seuls le nom, la fonction, le téléphone et l’adresse peuvent changer.", code="champ"
        )
    if not user.is_active:
        raise DomainError("Ce compte est inactif\u00a0: réactivez-le d’abord.", code="inactif")
    at_once = MODIFIABLES if user.active_le is None else MODIFIABLES[:-1]
    changed = [name for name in at_once if name in changes and changes[name] != getattr(user, name)]
    if changed:
        for name in changed:
            setattr(user, name, changes[name])
        user.save(update_fields=changed)
    if user.active_le is not None and _change_address(user, changes.get("courriel", "")):
        changed.append("courriel")
    if changed:
        asked = {"demande": demande} if demande else {}
        journal(actor, user, "modification", organisation, champs=changed, **asked)
    return changed


def _change_address(user: Utilisateur, address: str) -> bool:
    waiting = pending_address(user)
    if not address or address == (waiting or user.courriel):
        return False
    if address == user.courriel:
        forget_address(user)
        return True
    ask_to_confirm(user, address)
    announce_change(user)
    return True


def close_account(
    *,
    actor: Membership,
    user: Utilisateur,
    motif: MotifInactivation,
    organisation: Partenaire | Caisse | None,
    successeur: Utilisateur | None = None,
) -> Utilisateur:
    """Inactivate: effective at the next request, for good for the sessions that are open.

    What the account was in charge of passes to `successeur`, or stays with the structure.

    The password is dropped with the access, so that no session and no link of before works again should the
    account be reactivated: its holder then chooses a new one.

    Raises:
        DomainError: already inactive, one's own account, or the last active gestionnaire.
    """
    if user.pk == actor.user.pk:
        raise DomainError("Vous ne pouvez pas inactiver votre propre compte.", code="soi_meme")
    with transaction.atomic():
        locked = Utilisateur.objects.select_for_update().get(pk=user.pk)
        if not locked.is_active:
            raise DomainError("Ce compte est déjà inactif.", code="inactif")
        changes = {
            "is_active": False,
            "inactive_le": clock.now(),
            "inactive_par": actor.user,
            "motif_inactivation": motif,
            "invitation": locked.invitation + 1,
            "password": make_password(None),
        }
        change_state(locked, EtatCompte.INACTIF, role=actor.role, changes=changes, organisation=organisation)
        closed = close_sessions(locked.pk)
        IdentiteProConnect.objects.filter(utilisateur=locked).delete()
        passed = departures.hand_over(actor, locked, successeur)
        journal(
            actor,
            locked,
            "inactivation",
            organisation,
            motif=motif.value,
            sessions=closed,
            demandes=passed.demandes,
            brouillons=passed.brouillons,
            successeur=successeur.pk if successeur else None,
        )
    return locked


def cut_by_caisse(user: Utilisateur) -> bool:
    """Whether a caisse cut this access for security: the structure does not give it back (art. 4.1-e)."""
    if user.is_active or user.motif_inactivation not in MOTIFS_SECURITE:
        return False
    return user.inactive_par is not None and user.inactive_par.profil in PROFILS_CAISSE


def reopen_account(
    *, actor: Membership, user: Utilisateur, organisation: Partenaire | Caisse | None
) -> Utilisateur:
    """Reactivate before the six months are over: the holder chooses a new password by a new invitation.

    Raises:
        DomainError: not inactive, too late, or quota of gestionnaires reached.
    """
    with transaction.atomic():
        locked = Utilisateur.objects.select_for_update().get(pk=user.pk)
        if locked.is_active or locked.supprime_le is not None:
            raise DomainError("Ce compte n’est pas inactif.", code="actif")
        fuseau = zone_of(organisation)
        limit = deletion_date(locked, fuseau)
        if limit is not None and clock.today(fuseau) >= limit:
            raise DomainError(
                f"Ce compte ne peut plus être réactivé depuis le {day_in_words(limit)}. Créez un nouveau compte.",
                code="trop_tard",
            )
        changes = {
            "is_active": True,
            "inactive_le": None,
            "inactive_par": None,
            "active_le": None,
            "motif_inactivation": "",
            "fin_prevue": None,
            "fin_annoncee": None,
            "suppression_annoncee_le": None,
            "maintien_signale_le": None,
        }
        change_state(locked, EtatCompte.INVITE, role=actor.role, changes=changes, organisation=organisation)
        departures.give_back(locked)
        journal(actor, locked, "reactivation", organisation)
    return locked
