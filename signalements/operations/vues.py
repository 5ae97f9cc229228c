"""The views of the queue people keep: somebody's own, and those a superviseur makes for the caisse or a team."""

import uuid
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.memberships import Membership
from accounts.permissions import Act, can
from caisses.models import Caisse, Equipe
from portal import clock
from portal.audit.journal import record
from portal.audit.models import Verbe
from portal.errors import DomainError
from portal.refusals import said_by, when
from signalements.models import VueEnregistree
from signalements.queries.agents import staff_caisse
from signalements.queries.vues import views_of

MOST_VIEWS = 30


@dataclass(frozen=True)
class VueVoulue:
    """What to keep: a name, the tab and its filters as the address says them, and for whom.

    `partagee` makes it everybody's at the caisse, or that of `equipe_id` alone.
    """

    nom: str
    onglet: str
    filtres: dict[str, str]
    partagee: bool = False
    equipe_id: int | None = None


def keep_view(*, actor: Membership, voulue: VueVoulue, cle: uuid.UUID) -> VueEnregistree:
    """Keep a view. A replay of the same form gives back the one it made.

    Raises:
        PermissionDenied: only a superviseur makes a view for others.
        DomainError: the name is taken, too many are kept, or the team is not the caisse's.
    """
    caisse = staff_caisse(actor)
    if voulue.partagee and not can(actor, Act.SUPERVISER):
        raise PermissionDenied
    with transaction.atomic():
        made = VueEnregistree.objects.filter(caisse=caisse, cle=cle, cree_par=actor.user).first()
        if made is not None:
            return made
        owner = None if voulue.partagee else actor.user
        rows = VueEnregistree.objects.filter(caisse=caisse, proprietaire=owner)
        if rows.count() >= MOST_VIEWS:
            raise DomainError(
                f"Vous avez déjà {MOST_VIEWS} vues\u00a0: supprimez-en une d’abord.", code="trop_de_vues"
            )
        view = VueEnregistree(
            caisse=caisse,
            proprietaire=owner,
            equipe=_team(caisse, voulue),
            cle=cle,
            nom=voulue.nom,
            onglet=voulue.onglet,
            filtres=voulue.filtres,
            cree_par=actor.user,
            cree_le=clock.now(),
        )
        _save(view)
        details = {"acte": "creation", "partagee": voulue.partagee}
        record(Verbe.CREATION, actor=actor, objet="vue", objet_id=view.pk, details=details)
    return view


def rename_view(*, actor: Membership, view_id: int, nom: str) -> VueEnregistree:
    """Rename a view.

    Raises:
        VueEnregistree.DoesNotExist: not one this person keeps.
        PermissionDenied: a view of the team, and no superviseur.
        DomainError: the name is taken.
    """
    with transaction.atomic():
        view = _locked(actor, view_id)
        view.nom = nom
        _save(view)
        record(
            Verbe.MODIFICATION, actor=actor, objet="vue", objet_id=view.pk, details={"acte": "modification"}
        )
    return view


def drop_view(*, actor: Membership, view_id: int) -> None:
    """Delete a view. The demandes it showed are untouched.

    Raises:
        VueEnregistree.DoesNotExist: not one this person keeps.
        PermissionDenied: a view of the team, and no superviseur.
    """
    with transaction.atomic():
        view = _locked(actor, view_id)
        view.delete()
        record(
            Verbe.MODIFICATION, actor=actor, objet="vue", objet_id=view_id, details={"acte": "suppression"}
        )


def _team(caisse: Caisse, voulue: VueVoulue) -> Equipe | None:
    if not voulue.partagee or voulue.equipe_id is None:
        return None
    team = Equipe.objects.filter(pk=voulue.equipe_id, caisse=caisse).first()
    if team is None:
        raise DomainError("Choisissez une équipe de la caisse.", field="pour", code="equipe_inconnue")
    return team


def _locked(actor: Membership, view_id: int) -> VueEnregistree:
    """A view this person keeps; that of others and an unknown one are the same."""
    view = views_of(actor).select_for_update(of=("self",)).get(pk=view_id)
    if view.proprietaire_id is None and not can(actor, Act.SUPERVISER):
        raise PermissionDenied
    return view


def _save(view: VueEnregistree) -> None:
    taken = DomainError("Une de vos vues porte déjà ce nom.", field="nom", code="nom_pris")
    with said_by(when("vue_unique", "vue_cle_unique", refusal=taken)):
        view.save()
