"""The techniciens of a structure, in the hands of its gestionnaires (convention d'utilisation, art. 2.2)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.db import transaction

from accounts.courriels import COMPTE_CREE, COMPTE_FERME, COMPTE_INACTIVE
from accounts.enums import MotifInactivation, NatureAttestation, Profil
from accounts.memberships import Membership
from accounts.models import Attestation, Utilisateur
from accounts.operations import comptes
from accounts.operations.adresses import lock_techniciens
from accounts.operations.comptes import Identite
from accounts.operations.fins_prevues import set_expected_end
from accounts.permissions import Act, can
from partners.models import Partenaire
from portal import clock
from portal.courriels.outbox import queue
from portal.courriels.types import TypeCourriel
from portal.errors import DomainError

MOTIFS_GESTIONNAIRE = (MotifInactivation.DEPART, MotifInactivation.CHANGEMENT)
"""What a gestionnaire may give as reason; the end of a convention is nobody's choice, a theft is reported."""


def create_technicien(
    *,
    actor: Membership,
    identite: Identite,
    attestations: Iterable[NatureAttestation],
    identifiant: str = "",
    fin_prevue: date | None = None,
    announce: bool = True,
) -> Utilisateur:
    """Open the account of a technicien, with the three attestations of art. 2.2.1, and send the invitation.

    Effects, in order: account, role, attestations dated and signed by the gestionnaire, journal, invitation,
    word to the other gestionnaires. The same address twice among the structure's techniciens is refused; that
    it exists elsewhere changes nothing and is not said. Without `announce` the caller tells the other gestionnaires.

    Raises:
        DomainError: attestation missing, address not of the structure or already used here, identifiant taken, an
            expected end that is over.
    """
    partenaire = require_structure(actor)
    missing = set(NatureAttestation) - set(attestations)
    if missing:
        raise DomainError(
            "Les trois attestations sont nécessaires.", field="attestations", code="attestations"
        )
    courriel = comptes.professional_address(partenaire, identite.courriel)
    with transaction.atomic():
        lock_techniciens(partenaire)
        _refuse_same_address(partenaire, courriel)
        user = comptes.open_account(
            actor=actor,
            profil=Profil.TECHNICIEN,
            organisation=partenaire,
            identite=Identite(**{**vars(identite), "courriel": courriel}),
            identifiant=identifiant,
        )
        Attestation.objects.bulk_create(
            Attestation(utilisateur=user, nature=nature, le=clock.now(), par=actor.user)
            for nature in NatureAttestation
        )
        if fin_prevue is not None:
            set_expected_end(actor=actor, compte=user, fin=fin_prevue)
        comptes.invite(actor=actor, user=user, organisation=partenaire)
        if announce:
            _tell_gestionnaires(actor, partenaire, COMPTE_CREE, f"{user.pk}")
    return user


def update_technicien(*, actor: Membership, technicien: Utilisateur, changes: Mapping[str, str]) -> list[str]:
    """Change the name, fonction, telephone or address of a technicien; give the fields that changed.

    A new address waits for its confirmation and is told to the old one; an invitation not yet used is sent again to
    the new one.

    Raises:
        DomainError: not of the structure, inactive, or an address refused.
    """
    partenaire = require_structure(actor)
    comptes.ensure_within(actor, technicien, Profil.TECHNICIEN)
    former = technicien.courriel
    values = dict(changes)
    with transaction.atomic():
        if values.get("courriel", former) != former:
            values["courriel"] = comptes.professional_address(partenaire, values["courriel"])
            lock_techniciens(partenaire)
            _refuse_same_address(partenaire, values["courriel"], but=technicien)
        changed = comptes.change_details(
            actor=actor, user=technicien, changes=values, organisation=partenaire
        )
        if changed:
            comptes.after_change(actor, technicien, changed, partenaire)
    return changed


def resend_invitation(*, actor: Membership, compte: Utilisateur) -> None:
    """Send a new invitation; the one before stops working.

    Raises:
        DomainError: not of the structure, inactive, or already activated.
    """
    partenaire = require_structure(actor)
    comptes.ensure_within(actor, compte, Profil.TECHNICIEN)
    with transaction.atomic():
        locked = Utilisateur.objects.select_for_update().get(pk=compte.pk)
        comptes.resend_link(actor=actor, user=locked, organisation=partenaire)


def inactivate_technicien(
    *,
    actor: Membership,
    technicien: Utilisateur,
    motif: MotifInactivation,
    successeur: Utilisateur | None = None,
) -> Utilisateur:
    """Inactivate a technicien, whoever created the account (art. 2.2.3-h): at once, sessions closed.

    What they were in charge of passes to `successeur`, another active technicien, or stays with the structure.

    Raises:
        DomainError: not of the structure, already inactive, a motif that is not a gestionnaire's to give, or
            nobody who could take over.
    """
    partenaire = require_structure(actor)
    comptes.ensure_within(actor, technicien, Profil.TECHNICIEN)
    if motif not in MOTIFS_GESTIONNAIRE:
        raise DomainError("Choisissez un motif de la liste.", field="motif", code="motif")
    with transaction.atomic():
        if successeur is not None:
            _ensure_successor(actor, technicien, successeur)
        closed = comptes.close_account(
            actor=actor, user=technicien, motif=motif, organisation=partenaire, successeur=successeur
        )
        event = f"{closed.pk}:{closed.invitation}"
        queue(COMPTE_FERME, cle=event, equipe=closed.courriel, partenaire_id=partenaire.pk)
        _tell_gestionnaires(actor, partenaire, COMPTE_INACTIVE, event)
    return closed


def inactivate_techniciens(
    *,
    actor: Membership,
    techniciens: Sequence[Utilisateur],
    motif: MotifInactivation,
    successeur: Utilisateur | None = None,
) -> int:
    """Inactivate several techniciens at once, or none of them; how many were. Those already inactive are left out.

    Raises:
        DomainError: as for one of them.
    """
    with transaction.atomic():
        active = sorted((user for user in techniciens if user.is_active), key=lambda user: user.pk)
        for user in active:
            inactivate_technicien(actor=actor, technicien=user, motif=motif, successeur=successeur)
    return len(active)


def _ensure_successor(actor: Membership, technicien: Utilisateur, successeur: Utilisateur) -> None:
    comptes.ensure_within(actor, successeur, Profil.TECHNICIEN)
    locked = Utilisateur.objects.select_for_update().get(pk=successeur.pk)
    if successeur.pk == technicien.pk or not locked.is_active:
        raise DomainError(
            "Choisissez un technicien dont le compte est actif.", field="successeur", code="successeur"
        )


def reactivate_technicien(*, actor: Membership, technicien: Utilisateur) -> Utilisateur:
    """Reactivate a technicien within six months; a new invitation lets the holder choose a password.

    Raises:
        DomainError: not of the structure, not inactive, too late, cut by the caisse (art. 4.1-e), or another account
            has the address now.
    """
    partenaire = require_structure(actor)
    comptes.ensure_within(actor, technicien, Profil.TECHNICIEN)
    if comptes.cut_by_caisse(technicien):
        raise DomainError(
            "La caisse a coupé cet accès pour une raison de sécurité\u00a0: elle seule peut le rétablir.",
            code="coupe_par_la_caisse",
        )
    with transaction.atomic():
        lock_techniciens(partenaire)
        _refuse_same_address(partenaire, technicien.courriel, but=technicien)
        opened = comptes.reopen_account(actor=actor, user=technicien, organisation=partenaire)
        comptes.invite(actor=actor, user=opened, organisation=partenaire)
    return opened


def require_structure(actor: Membership) -> Partenaire:
    """The structure whose techniciens the actor runs.

    Raises:
        DomainError: role.
    """
    if not can(actor, Act.GERER_TECHNICIENS) or actor.partenaire is None:
        raise DomainError("Seul un gestionnaire de la structure gère ses techniciens.", code="role")
    return actor.partenaire


def _refuse_same_address(partenaire: Partenaire, courriel: str, but: Utilisateur | None = None) -> None:
    same = Utilisateur.objects.of_partenaire(partenaire).techniciens().filter(courriel=courriel)
    if but is not None:
        same = same.exclude(pk=but.pk).filter(is_active=True)
    found = same.first()
    if found is not None:
        rest = "" if found.is_active else " Ce compte est inactif\u00a0: vous pouvez le réactiver."
        raise DomainError(
            f"Un compte de technicien de votre structure utilise déjà cette adresse.{rest}",
            field="courriel",
            code="adresse_prise",
        )


def _tell_gestionnaires(actor: Membership, partenaire: Partenaire, kind: TypeCourriel, event: str) -> None:
    others = Utilisateur.objects.of_partenaire(partenaire).gestionnaires().exclude(pk=actor.user.pk)
    queue(kind, cle=event, destinataires=others, partenaire_id=partenaire.pk)
