"""The gestionnaires of a structure and the accounts of a caisse, in the hands of the caisse's administrators."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from accounts.courriels import COMPTE_CREE, COMPTE_FERME, COMPTE_INACTIVE
from accounts.enums import (
    MOTIFS_ORDINAIRES,
    PROFILS_CAISSE,
    CanalDemande,
    EtatCompte,
    MotifInactivation,
    Profil,
)
from accounts.memberships import Membership
from accounts.models import Utilisateur
from accounts.operations import comptes
from accounts.operations.comptes import Identite
from accounts.permissions import Act, can
from caisses.models import Caisse
from partners.models import Partenaire
from portal import clock
from portal.courriels.outbox import queue
from portal.errors import DomainError


@dataclass(frozen=True)
class DemandeRecue:
    """What a structure asked of its caisse: when it came, how, and its reference when it has one."""

    recue_le: date
    canal: CanalDemande
    reference: str = ""

    def __str__(self) -> str:
        said = f"{self.canal.label}, le {self.recue_le:%d/%m/%Y}"
        return f"{said} ({self.reference})" if self.reference else said


def create_gestionnaire(
    *,
    actor: Membership,
    partenaire: Partenaire,
    identite: Identite,
    identifiant: str = "",
    derogation: bool = False,
) -> Utilisateur:
    """Habilitate a gestionnaire (art. 2.2.1): account, role within the quota, journal, invitation.

    `derogation`: the caisse accepts an address outside the structure's domains; the journal keeps it.

    Raises:
        DomainError: structure out of reach, quota reached, address refused, identifiant taken.
    """
    _require(actor, Act.GERER_GESTIONNAIRES)
    with transaction.atomic():
        locked = lock_structure(actor, partenaire)
        courriel = comptes.professional_address(locked, identite.courriel, derogation=derogation)
        user = comptes.open_account(
            actor=actor,
            profil=Profil.GESTIONNAIRE,
            organisation=locked,
            identite=Identite(**{**vars(identite), "courriel": courriel}),
            identifiant=identifiant,
        )
        if derogation:
            comptes.journal(actor, user, "derogation_adresse", locked)
        comptes.invite(actor=actor, user=user, organisation=locked)
        others = Utilisateur.objects.of_partenaire(locked).gestionnaires().exclude(pk=user.pk)
        queue(COMPTE_CREE, cle=f"{user.pk}", destinataires=others, partenaire_id=locked.pk)
    return user


def create_compte_caisse(
    *, actor: Membership, caisse: Caisse, profil: Profil, identite: Identite, identifiant: str = ""
) -> Utilisateur:
    """Open an account of the caisse itself (agent, conseiller, superviseur, administrateur) and invite.

    Raises:
        DomainError: a caisse or a profile that is not the actor's to give, identifiant taken.
    """
    _require(actor, Act.ADMINISTRER_CAISSE)
    if profil not in PROFILS_CAISSE or actor.caisse_id not in (None, caisse.pk):
        raise DomainError("Ce compte n’est pas de ceux que vous gérez.", code="hors_perimetre")
    with transaction.atomic():
        user = comptes.open_account(
            actor=actor, profil=profil, organisation=caisse, identite=identite, identifiant=identifiant
        )
        comptes.invite(actor=actor, user=user, organisation=caisse)
    return user


def update_compte(
    *,
    actor: Membership,
    compte: Utilisateur,
    changes: Mapping[str, str],
    demande: DemandeRecue | None = None,
    derogation: bool = False,
) -> list[str]:
    """Change the four fields of art. 2.2.2 of a gestionnaire or of a caisse account; give those that changed.

    A gestionnaire changes at the request of the structure only: `demande`, which the journal keeps.

    Raises:
        DomainError: not within reach, inactive, an address refused, or no request of the structure.
    """
    organisation = _reach(actor, compte)
    if demande is not None and demande.recue_le > clock.today():
        raise DomainError("Cette demande ne peut pas être à venir.", field="demande_le", code="a_venir")
    former = compte.courriel
    values = dict(changes)
    with transaction.atomic():
        if isinstance(organisation, Partenaire) and values.get("courriel", former) != former:
            values["courriel"] = comptes.professional_address(
                organisation, values["courriel"], derogation=derogation
            )
            if derogation:
                comptes.journal(actor, compte, "derogation_adresse", organisation)
        changed = comptes.change_details(
            actor=actor,
            user=compte,
            changes=values,
            organisation=organisation,
            demande=str(demande) if demande else "",
        )
        if changed and demande is None and compte.profil == Profil.GESTIONNAIRE:
            raise DomainError(
                "Un gestionnaire change à la demande de sa structure (art. 2.2.2)\u00a0: indiquez le jour où vous "
                "l’avez reçue, et comment.",
                field="demande_le",
                code="sans_demande",
            )
        if changed:
            comptes.after_change(actor, compte, changed, organisation)
    return changed


def resend_invitation_of(*, actor: Membership, compte: Utilisateur) -> None:
    """Send a new invitation to a gestionnaire or a caisse account; the one before stops working.

    Raises:
        DomainError: not within reach, inactive, or already activated.
    """
    organisation = _reach(actor, compte)
    with transaction.atomic():
        locked = Utilisateur.objects.select_for_update().get(pk=compte.pk)
        comptes.resend_link(actor=actor, user=locked, organisation=organisation)


def inactivate_gestionnaire(
    *, actor: Membership, gestionnaire: Utilisateur, motif: MotifInactivation
) -> Utilisateur:
    """Inactivate a gestionnaire the ordinary way (art. 2.2.3); the techniciens stay active.

    Raises:
        DomainError: not within reach, already inactive, or the only active gestionnaire (art. 2.2.3-e).
    """
    _require(actor, Act.GERER_GESTIONNAIRES)
    if gestionnaire.profil != Profil.GESTIONNAIRE:
        raise DomainError("Ce compte n’est pas celui d’un gestionnaire.", code="hors_perimetre")
    return _inactivate(actor, gestionnaire, motif)


def inactivate_compte(*, actor: Membership, compte: Utilisateur, motif: MotifInactivation) -> Utilisateur:
    """Inactivate an account of the caisse, or a technicien nobody else manages, at once.

    Raises:
        DomainError: not within reach, already inactive, or one's own account.
    """
    if compte.profil == Profil.GESTIONNAIRE:
        raise DomainError("Ce compte est celui d’un gestionnaire.", code="hors_perimetre")
    return _inactivate(actor, compte, motif)


def reactivate_compte(*, actor: Membership, compte: Utilisateur) -> Utilisateur:
    """Reactivate a gestionnaire (within the quota) or a caisse account, within six months, by a new invitation.

    A technicien too, when it is the caisse that cut the access.

    Raises:
        DomainError: not within reach, not inactive, too late, or quota reached.
    """
    cut = comptes.cut_by_caisse(compte)
    if compte.profil == Profil.TECHNICIEN and not cut:
        raise DomainError("Ce compte n’est pas de ceux que vous gérez.", code="hors_perimetre")
    organisation = _reach_cut(actor, compte) if cut else _reach(actor, compte)
    with transaction.atomic():
        if isinstance(organisation, Partenaire):
            lock_structure(actor, organisation)
        opened = comptes.reopen_account(actor=actor, user=compte, organisation=organisation)
        comptes.invite(actor=actor, user=opened, organisation=organisation)
    return opened


def left_alone(compte: Utilisateur) -> bool:
    """Whether a technicien's structure has no gestionnaire who could sign in: the caisse manages it meanwhile."""
    if compte.profil != Profil.TECHNICIEN:
        return False
    structure = comptes.organisation_of(compte)
    rows = Utilisateur.objects.of_partenaire(structure).gestionnaires() if structure else None
    return rows is not None and not rows.in_state(EtatCompte.ACTIF).exists()


def lock_structure(actor: Membership, partenaire: Partenaire) -> Partenaire:
    """Lock a structure, always before its accounts: two concurrent changes wait for each other.

    Raises:
        DomainError: the structure is not within the actor's reach.
    """
    followed = Partenaire.objects.all()
    if actor.caisse is not None:
        followed = followed.of_caisse(actor.caisse)
    locked = followed.select_for_update(no_key=True, of=("self",)).filter(pk=partenaire.pk).first()
    if locked is None:
        raise DomainError("Cette structure n’est pas de celles que vous suivez.", code="hors_perimetre")
    return locked


def _inactivate(actor: Membership, compte: Utilisateur, motif: MotifInactivation) -> Utilisateur:
    organisation = _reach(actor, compte)
    if motif not in MOTIFS_ORDINAIRES:
        raise DomainError("Choisissez un motif de la liste.", field="motif", code="motif")
    with transaction.atomic():
        if isinstance(organisation, Partenaire):
            lock_structure(actor, organisation)
        closed = comptes.close_account(actor=actor, user=compte, motif=motif, organisation=organisation)
        event = f"{closed.pk}:{closed.invitation}"
        queue(COMPTE_FERME, cle=event, equipe=closed.courriel, **comptes.tenant_of(organisation))
        if isinstance(organisation, Partenaire):
            others = Utilisateur.objects.of_partenaire(organisation).gestionnaires()
            queue(COMPTE_INACTIVE, cle=event, destinataires=others, partenaire_id=organisation.pk)
    return closed


def _require(actor: Membership, act: Act) -> None:
    if not can(actor, act):
        raise DomainError("Votre rôle ne permet pas cet acte.", code="role")


def _reach_cut(actor: Membership, compte: Utilisateur) -> Partenaire | Caisse | None:
    """The organisation of an account that a caisse cut: whoever may cut may restore."""
    if compte.profil != Profil.TECHNICIEN:
        return _reach(actor, compte)
    _require(actor, Act.COUPER_ACCES)
    comptes.ensure_within(actor, compte, Profil.TECHNICIEN)
    return comptes.organisation_of(compte)


def _reach(actor: Membership, compte: Utilisateur) -> Partenaire | Caisse | None:
    """The organisation of an account the actor administers: a gestionnaire's, a caisse's, a technicien left alone."""
    act = Act.ADMINISTRER_CAISSE if compte.profil in PROFILS_CAISSE else Act.GERER_GESTIONNAIRES
    _require(actor, act)
    alone = (Profil.TECHNICIEN,) if left_alone(compte) else ()
    comptes.ensure_within(actor, compte, Profil.GESTIONNAIRE, *PROFILS_CAISSE, *alone)
    return comptes.organisation_of(compte)
