"""The departure of a technicien leaves nothing orphaned (ecrans.md §D 14): their demandes and drafts pass on."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q

from accounts.departures import Activite, Charge, Portefeuille
from accounts.enums import Profil
from accounts.memberships import Membership
from accounts.models import RolePartenaire, Utilisateur
from caisses.enums import Fonction
from portal import clock
from portal.audit.journal import Actor, record
from portal.audit.models import Verbe
from portal.courriels.outbox import queue
from portal.errors import DomainError
from portal.tenancy import scope
from signalements import courriels
from signalements.enums import STATUTS_OUVERTS, Statut
from signalements.models import Demande, Suiveur
from signalements.operations.door import lock_demande
from signalements.querysets import DemandeQuerySet

HOME = "/"


def held_by(user: Utilisateur) -> DemandeQuerySet:
    """The open demandes and the drafts an account is in charge of."""
    wanted = sorted(STATUTS_OUVERTS | {Statut.BROUILLON})
    return Demande.objects.filter(partenaire=_structure_of(user), auteur=user, statut__in=wanted)


def count_held(user: Utilisateur) -> Charge:
    """How much an account holds; numbers and nothing else leave the system scope."""
    with scope("systeme"):
        statuts = list(held_by(user).values_list("statut", flat=True))
        followed = Suiveur.objects.filter(compte=user, demande__statut__in=sorted(STATUTS_OUVERTS)).count()
    drafts = sum(statut == Statut.BROUILLON for statut in statuts)
    return Charge(len(statuts) - drafts, drafts, followed)


def holders(accounts: Collection[int]) -> set[int]:
    """Those of these accounts that are in charge of an open demande or a draft, or follow one."""
    wanted = sorted(STATUTS_OUVERTS | {Statut.BROUILLON})
    with scope("systeme"):
        held = Demande.objects.filter(auteur__in=accounts, statut__in=wanted).order_by()
        followed = Suiveur.objects.filter(compte__in=accounts).order_by()
        return {*held.values_list("auteur_id", flat=True), *followed.values_list("compte_id", flat=True)}


def hand_over(actor: Actor, user: Utilisateur, successeur: Utilisateur | None) -> Charge:
    """Pass the demandes and drafts of a closed account on, or leave them to the structure, « à reprendre ».

    In the transaction of the closing. Order of effects: rows locked, new technicien in charge or mark, followers
    replaced, one event of the journal for each, one mail to the colleague, or to each technicien of the structure.
    """
    if user.profil != Profil.TECHNICIEN:
        return Charge()
    # Whoever closes the account (a gestionnaire, a caisse) may see no demande: the portal passes them on itself.
    with scope("systeme"), transaction.atomic():
        rows = list(held_by(user).select_for_update().values_list("pk", "reference", "caisse_id", "statut"))
        keys = [pk for pk, *_ in rows]
        if successeur is not None:
            Demande.objects.filter(pk__in=keys).update(auteur=successeur, a_reprendre_le=None)
            Suiveur.objects.filter(demande__in=keys, compte=successeur).delete()
        else:
            Demande.objects.filter(pk__in=keys).update(a_reprendre_le=clock.now())
        followed = _replace_followers(actor, user, successeur)
        for _, reference, caisse_id, _ in rows:
            record(
                Verbe.MODIFICATION,
                actor=actor,
                caisse_id=caisse_id,
                partenaire_id=_structure_of(user),
                objet="demande",
                objet_id=reference,
                details={
                    "acte": "depart",
                    "de": user.pk,
                    "a": successeur.pk if successeur else None,
                },
            )
        drafts = sum(statut == Statut.BROUILLON for *_, statut in rows)
        charge = Charge(len(rows) - drafts, drafts, followed)
        _tell(user, successeur, charge)
    return charge


def _replace_followers(actor: Actor, user: Utilisateur, successeur: Utilisateur | None) -> int:
    """The colleague follows what the account followed and is not in charge of; how many open ones it followed."""
    gone = Suiveur.objects.filter(compte=user)
    followed = list(gone.filter(demande__statut__in=sorted(STATUTS_OUVERTS)).select_related("demande"))
    if successeur is not None:
        Suiveur.objects.bulk_create(
            [
                Suiveur(
                    demande_id=row.demande_id,
                    caisse_id=row.caisse_id,
                    partenaire_id=row.partenaire_id,
                    compte=successeur,
                    ajoute_par_id=actor.acteur_id,
                    depuis=clock.now(),
                )
                for row in followed
                if row.demande.auteur_id != successeur.pk
            ],
            ignore_conflicts=True,
        )
    gone.delete()
    return len(followed)


def _tell(user: Utilisateur, successeur: Utilisateur | None, charge: Charge) -> None:
    number = charge.demandes + charge.brouillons
    if not number:
        return
    kind = courriels.DEMANDES_CONFIEES if successeur else courriels.DEMANDES_A_REPRENDRE
    structure = _structure_of(user)
    queue(
        kind,
        cle=f"{user.pk}:{user.invitation}",
        destinataires=[successeur] if successeur else _techniciens(structure),
        lien=HOME,
        donnees={"nombre": number},
        partenaire_id=structure,
    )


def _techniciens(structure: int | None) -> list[int]:
    roles = RolePartenaire.objects.filter(
        content_object_id=structure,
        permission__codename=Profil.TECHNICIEN.permission,
        user__is_active=True,
    )
    return list(roles.order_by("user_id").values_list("user_id", flat=True))


def _structure_of(user: Utilisateur) -> int | None:
    roles = RolePartenaire.objects.filter(user=user).order_by()
    found: int | None = roles.values_list("content_object_id", flat=True).first()
    return found


def give_back(user: Utilisateur) -> None:
    """The account is open again: what nobody took over meanwhile is its own."""
    with scope("systeme"):
        held_by(user).filter(a_reprendre_le__isnull=False).update(a_reprendre_le=None)


def take_over(*, membership: Membership, reference: str) -> Demande:
    """« Reprendre la demande »: be in charge of what somebody who left was in charge of. Twice changes nothing.

    Raises:
        Demande.DoesNotExist: none for this structure.
        DomainError: a colleague has taken it over, or it was never left.
    """
    with transaction.atomic():
        rows = Demande.objects.visible_to(membership)
        demande = lock_demande(membership, rows.values_list("pk", flat=True).get(reference=reference))
        if demande.a_reprendre_le is None:
            if demande.auteur_id == membership.user.pk:
                return demande
            raise DomainError("Une autre personne est déjà en charge de cette demande.", code="deja_reprise")
        mark_taken_over(membership, demande)
    return demande


def mark_taken_over(membership: Membership, demande: Demande) -> None:
    """Put this technicien in charge of a locked demande that was left; nothing for one that was not."""
    if demande.a_reprendre_le is None:
        return
    record(
        Verbe.MODIFICATION,
        actor=membership,
        caisse_id=demande.caisse_id,
        objet="demande",
        objet_id=demande.reference,
        details={"acte": "reprise", "de": demande.auteur_id, "a": membership.user.pk},
    )
    demande.auteur, demande.a_reprendre_le = membership.user, None
    demande.save(update_fields=["auteur", "a_reprendre_le"])
    Suiveur.objects.filter(demande=demande, compte=membership.user).delete()


def count_each(partenaire_id: int, ids: Collection[int]) -> dict[int, Charge]:
    """What each of these accounts holds, in two queries; numbers and nothing else leave the system scope."""
    wanted = sorted(STATUTS_OUVERTS | {Statut.BROUILLON})
    draft = Q(statut=Statut.BROUILLON)
    with scope("systeme"):
        held = (
            Demande.objects.filter(partenaire=partenaire_id, auteur__in=ids, statut__in=wanted)
            .order_by()
            .values("auteur_id")
            .annotate(brouillons=Count("pk", filter=draft), demandes=Count("pk", filter=~draft))
        )
        counts = {row["auteur_id"]: (row["demandes"], row["brouillons"]) for row in held}
        followed = dict(
            Suiveur.objects.filter(
                partenaire=partenaire_id, compte__in=ids, demande__statut__in=sorted(STATUTS_OUVERTS)
            )
            .order_by()
            .values_list("compte_id")
            .annotate(Count("pk"))
        )
    return {pk: Charge(*counts.get(pk, (0, 0)), followed.get(pk, 0)) for pk in ids}


def activity(partenaire_id: int, since: datetime) -> Activite:
    """How many demandes each account of a structure sent since then, by service."""
    with scope("systeme"):
        rows = (
            # What was sent since then was changed since then: the index of the recent ones is read, and no more.
            Demande.objects.filter(
                partenaire=partenaire_id,
                modifiee_le__gte=since,
                envoyee_le__gte=since,
                envoyee_le__lte=clock.now(),
            )
            .order_by()
            .values_list("auteur_id", "fonction")
            .annotate(Count("pk"))
        )
        found: Activite = {}
        for auteur, fonction, number in rows:
            found.setdefault(auteur, {})[str(Fonction(fonction).label)] = number
    return found


PORTEFEUILLE = Portefeuille(count_held, hand_over, give_back, holders, count_each, activity)
