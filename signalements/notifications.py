"""Who is told of what happens to a demande. The mails themselves are declared in `signalements.courriels`."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from accounts.enums import Profil
from accounts.models import RoleCaisse, RolePartenaire, Utilisateur
from partners.enums import Partie
from partners.models import Referent
from portal.compiled import CompiledQuery, Slot
from portal.courriels.outbox import queue
from portal.courriels.types import TypeCourriel
from portal.tenancy import scope
from signalements import courriels
from signalements.models import Demande, Suiveur
from signalements.queries.equipes import team_address, urgency_referent

PARTNER_PATH = "/espace-partenaire/demandes/"
CAISSE_PATH = "/espace-caisse/demandes/"
QUEUE_PATH = "/espace-caisse/file/"


def partner_link(demande: Demande) -> str:
    """The page of the demande on the structure's side."""
    return f"{PARTNER_PATH}{demande.reference}/"


def caisse_link(demande: Demande) -> str:
    """The page of the demande on the caisse's side."""
    return f"{CAISSE_PATH}{demande.reference}/"


def deadline_for_mail(demande: Demande) -> str:
    """The last good day, as the outbox keeps it (the mail says it in words); nothing before the sending."""
    return demande.echeance.isoformat() if demande.echeance else ""


_ACTIVE: CompiledQuery[Utilisateur] = CompiledQuery(
    lambda: Utilisateur.objects.filter(pk=Slot("compte"), is_active=True).order_by()
)
_FOLLOWERS: CompiledQuery[Suiveur] = CompiledQuery(
    lambda: Suiveur.objects.filter(demande=Slot("demande"), compte__is_active=True).select_related("compte")
)


def _active(account_id: int | None) -> Utilisateur | None:
    """The account, unless it is closed."""
    return _ACTIVE.first(compte=account_id) if account_id else None


def _structure_recipients(demande: Demande) -> list[Utilisateur]:
    """The technicien in charge and those who follow; every active one of the structure once that account is closed."""
    author = _active(demande.auteur_id)
    if author is not None:
        following = (row.compte for row in _FOLLOWERS.all(demande=demande.pk))
        return [author, *(account for account in following if account != author)]
    roles = RolePartenaire.objects.filter(
        content_object_id=demande.partenaire_id,
        permission__codename=Profil.TECHNICIEN.permission,
        user__is_active=True,
    )
    return [role.user for role in roles.select_related("user").order_by("user_id")]


def _not_before(demande: Demande) -> datetime | None:
    """The mails about a demande whose sending can still be undone leave with it."""
    return demande.envoyee_le if demande.est_retenue else None


def tell_structure(
    demande: Demande,
    kind: TypeCourriel,
    *,
    cle: object,
    donnees: Mapping[str, Any] | None = None,
) -> None:
    """Tell the technicien in charge and the followers, or the whole structure once that account is closed.

    `cle` names the event within the demande.
    """
    queue(
        kind,
        cle=f"{demande.pk}:{cle}",
        destinataires=_structure_recipients(demande),
        reference=demande.reference,
        lien=partner_link(demande),
        donnees=donnees,
        caisse_id=demande.caisse_id,
        partenaire_id=demande.partenaire_id,
        pas_avant=_not_before(demande),
    )


def tell_follower(demande: Demande, compte_id: int, kind: TypeCourriel, *, cle: object) -> None:
    """Tell one technicien of the structure."""
    queue(
        kind,
        cle=f"{demande.pk}:{cle}",
        destinataires=[compte_id],
        reference=demande.reference,
        lien=partner_link(demande),
        caisse_id=demande.caisse_id,
        partenaire_id=demande.partenaire_id,
    )


def tell_caisse(
    demande: Demande,
    kind: TypeCourriel,
    *,
    cle: object,
    donnees: Mapping[str, Any] | None = None,
    equipe: str | None = None,
) -> None:
    """Tell the agent who follows the demande, or the caisse's team when nobody active does.

    `equipe` names an address instead of the two.
    """
    follower = _active(demande.assignee_a_id) if equipe is None else None
    if equipe is None:
        equipe = "" if follower else team_address(demande)
    _tell_caisse(demande, kind, cle, donnees, [follower], equipe)


def _tell_caisse(
    demande: Demande,
    kind: TypeCourriel,
    cle: object,
    donnees: Mapping[str, Any] | None,
    people: list[Utilisateur | None],
    equipe: str,
) -> None:
    queue(
        kind,
        cle=f"{demande.pk}:{cle}",
        destinataires=people,
        equipe=equipe,
        reference=demande.reference,
        lien=caisse_link(demande),
        donnees=donnees,
        caisse_id=demande.caisse_id,
        partenaire_id=demande.partenaire_id,
        pas_avant=_not_before(demande),
    )


def tell_relance(demande: Demande, *, cle: object) -> None:
    """The structure asks where a late demande stands: its agent or team, and the superviseurs of the caisse."""
    donnees = {"echeance": deadline_for_mail(demande)}
    tell_caisse(demande, courriels.RELANCE, cle=f"relance:{cle}", donnees=donnees)
    # The structure's role reads no role of a caisse; nothing of these accounts leaves this function.
    with scope("systeme"):
        supervisors = list(
            RoleCaisse.objects.filter(
                content_object_id=demande.caisse_id,
                permission__codename=Profil.SUPERVISEUR.permission,
                user__is_active=True,
            )
            .exclude(user_id=demande.assignee_a_id)
            .values_list("user_id", flat=True)
        )
        queue(
            courriels.RELANCE,
            cle=f"{demande.pk}:relance:{cle}",
            destinataires=supervisors,
            reference=demande.reference,
            lien=caisse_link(demande),
            donnees=donnees,
            caisse_id=demande.caisse_id,
            partenaire_id=demande.partenaire_id,
        )


def tell_sent(demande: Demande) -> None:
    """A demande was sent: tell its technicien and the caisse's team.

    An urgent one goes to the caisse's referent of urgencies (the team where there is none) and to those the
    convention names.
    """
    echeance = deadline_for_mail(demande)
    tell_structure(
        demande,
        courriels.DEMANDE_ENVOYEE,
        cle="envoi",
        donnees={"echeance": echeance, "caisse": demande.caisse.nom},
    )
    referent = urgency_referent(demande) if demande.urgente else None
    kind = courriels.DEMANDE_URGENTE if demande.urgente else courriels.DEMANDE_RECUE
    addresses = set() if referent else {team_address(demande)}
    if referent:
        _tell_caisse(demande, kind, "envoi", {"echeance": echeance}, [referent], "")
    if demande.urgente:
        addresses |= set(
            Referent.objects.filter(
                convention_id=demande.convention_id, partie=Partie.CAISSE, cas_urgents=True
            ).values_list("courriel", flat=True)
        )
    for address in sorted(filter(None, addresses)):
        tell_caisse(
            demande,
            kind,
            cle="envoi",
            donnees={"echeance": echeance},
            equipe=address,
        )
