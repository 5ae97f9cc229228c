"""Following a demande beside the technicien in charge: the same news, each in their own rhythm (domaine.md §4.8)."""

from django.db import transaction

from accounts.enums import Profil
from accounts.memberships import Membership
from accounts.models import RolePartenaire, Utilisateur
from portal import clock
from portal.audit.journal import record
from portal.audit.models import Verbe
from portal.errors import DomainError
from signalements import courriels
from signalements.enums import Statut
from signalements.models import Demande, Suiveur
from signalements.notifications import tell_follower
from signalements.operations.door import lock_demande

MOST = 10
"""Followers of one demande: beyond, nobody feels in charge."""


def follow(*, membership: Membership, reference: str, compte_id: int | None = None) -> Suiveur:
    """Follow a demande, or add a colleague (`compte_id`) who is told of it. Following twice changes nothing.

    Order of effects: demande locked, colleague checked, row, journal, mail to a colleague who was added.

    Raises:
        Demande.DoesNotExist: none for this structure.
        DomainError: this account is no active technicien of the structure, or the demande has enough followers.
    """
    wanted = compte_id or membership.user.pk
    with transaction.atomic():
        demande = _lock(membership, reference)
        existing = Suiveur.objects.filter(demande=demande, compte_id=wanted).first()
        if existing is not None:
            return existing
        if wanted not in {colleague.pk for colleague in colleagues(membership)}:
            raise DomainError("Choisissez un technicien de votre structure.", field="compte", code="compte")
        if Suiveur.objects.filter(demande=demande).count() >= MOST:
            raise DomainError(f"{MOST} personnes suivent déjà cette demande.", code="nombre")
        row = Suiveur.objects.create(
            demande=demande,
            caisse_id=demande.caisse_id,
            partenaire_id=demande.partenaire_id,
            compte_id=wanted,
            ajoute_par=membership.user,
            depuis=clock.now(),
        )
        _journal(membership, demande, "suivre", wanted)
        if wanted != membership.user.pk:
            tell_follower(demande, wanted, courriels.SUIVI_AJOUTE, cle=f"suivi:{row.pk}")
    return row


def unfollow(*, membership: Membership, reference: str, compte_id: int | None = None) -> None:
    """Stop following; the technicien in charge may also take a colleague (`compte_id`) off.

    Raises:
        Demande.DoesNotExist: none for this structure.
        DomainError: a colleague, by somebody who is not in charge.
    """
    wanted = compte_id or membership.user.pk
    with transaction.atomic():
        demande = _lock(membership, reference)
        if wanted != membership.user.pk and demande.auteur_id != membership.user.pk:
            raise DomainError(
                "Seule la personne en charge de la demande peut retirer un collègue.", code="role"
            )
        gone, _ = Suiveur.objects.filter(demande=demande, compte_id=wanted).delete()
        if gone:
            _journal(membership, demande, "ne_plus_suivre", wanted)


def colleagues(membership: Membership) -> list[Utilisateur]:
    """The active techniciens of the structure, by name."""
    roles = RolePartenaire.objects.filter(
        content_object=membership.structure,
        permission__codename=Profil.TECHNICIEN.permission,
        user__is_active=True,
    )
    return [
        role.user for role in roles.select_related("user").order_by("user__nom", "user__prenom", "user_id")
    ]


def _lock(membership: Membership, reference: str) -> Demande:
    rows = Demande.objects.visible_to(membership).exclude(statut=Statut.BROUILLON)
    return lock_demande(membership, rows.values_list("pk", flat=True).get(reference=reference))


def _journal(membership: Membership, demande: Demande, acte: str, compte_id: int) -> None:
    record(
        Verbe.MODIFICATION,
        actor=membership,
        caisse_id=demande.caisse_id,
        objet="demande",
        objet_id=demande.reference,
        details={"acte": acte, "compte": compte_id},
    )
