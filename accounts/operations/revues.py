"""Revues d’habilitations (convention d’utilisation, art. 4.2): the caisse opens them, the structure answers.

Nobody loses an access because a review is late: only an answer confirmed by a gestionnaire inactivates an account.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from accounts.enums import ReponseRevue
from accounts.memberships import Membership
from accounts.models import LigneRevue, RevueHabilitation, RolePartenaire, Utilisateur
from accounts.permissions import Act, can
from caisses.models import Caisse
from partners.enums import NatureConvention
from partners.models import Convention, Partenaire
from portal import clock
from portal.audit.journal import record, record_all
from portal.audit.models import Verbe
from portal.errors import DomainError
from portal.nudge import nudge

LONGEST_DELAY = timedelta(days=366)
OBJET = "revuehabilitation"


class Ouverture(NamedTuple):
    """What opening did: how many reviews it opened, and how many structures have one open already."""

    ouvertes: int
    deja: int


class Reponse(NamedTuple):
    """What is said of one account: a ReponseRevue, and the new fonction if it changed."""

    reponse: str
    fonction: str = ""


def journal(revue: RevueHabilitation, acte: str, actor: Membership | None, **details: object) -> None:
    """One event about a review, for its caisse and its structure."""
    record(
        Verbe.COMPTE,
        actor=actor,
        role="" if actor else "systeme",
        caisse_id=revue.caisse_id,
        partenaire_id=revue.partenaire_id,
        objet=OBJET,
        objet_id=revue.pk,
        details={"acte": acte, **details},
    )


def partner_link(revue: RevueHabilitation) -> str:
    """The page of a review in the space of the structure."""
    return reverse("accounts:revue", args=[revue.pk])


def caisse_link(revue: RevueHabilitation) -> str:
    """The page of a review in the administration."""
    return reverse("admin:accounts_revuehabilitation_change", args=[revue.pk])


def lock_openings(caisse: Caisse) -> None:
    """Make the openings of one caisse wait for each other until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('accounts.revues'), %s)", [caisse.pk])


def reviewable(caisse: Caisse) -> QuerySet[Partenaire]:
    """The structures whose convention d’utilisation with this caisse lives, and that have an active account."""
    living = Convention.objects.living().filter(
        caisse=caisse, nature=NatureConvention.UTILISATION, partenaire=OuterRef("pk")
    )
    accounts = RolePartenaire.objects.filter(content_object=OuterRef("pk"), user__is_active=True)
    return Partenaire.objects.filter(Exists(living), Exists(accounts)).order_by("pk")


def open_reviews(*, actor: Membership, echeance: date, structure: Partenaire | None = None) -> Ouverture:
    """Ask a structure, or all those the caisse works with, to review their accounts by `echeance`.

    A structure that has a review open with this caisse keeps that one. Order of effects: reviews, journal; the sweep
    then tells the gestionnaires.

    Raises:
        DomainError: role, a day that is past or more than a year away, a structure that is not to be reviewed.
    """
    if not can(actor, Act.GERER_GESTIONNAIRES) or actor.caisse is None:
        raise DomainError("Votre rôle ne permet pas cet acte.", code="role")
    caisse = actor.caisse
    today = caisse.today()
    if not today < echeance <= today + LONGEST_DELAY:
        raise DomainError("Choisissez un jour à venir, dans l’année.", field="echeance", code="echeance")
    with transaction.atomic():
        lock_openings(caisse)
        rows = reviewable(caisse)
        if structure is not None:
            rows = rows.filter(pk=structure.pk)
        wanted = list(rows)
        if not wanted:
            raise DomainError(
                "Aucun compte actif à revoir, ou aucune convention d’utilisation en cours.",
                field="structure",
                code="rien_a_revoir",
            )
        opened = create_reviews(caisse, wanted, echeance, actor=actor)
        if structure is not None and not opened:
            raise DomainError(
                "Une revue est déjà ouverte pour cette structure.", field="structure", code="deja_ouverte"
            )
    return Ouverture(len(opened), len(wanted) - len(opened))


def create_reviews(
    caisse: Caisse, structures: Sequence[Partenaire], echeance: date, *, actor: Membership | None
) -> list[RevueHabilitation]:
    """Open a review for those of these structures that have none open, under the caisse's lock; journal each.

    Without actor the period of the caisse opens them.
    """
    busy = set(
        RevueHabilitation.objects.a_faire()
        .filter(caisse=caisse, partenaire__in=structures)
        .values_list("partenaire_id", flat=True)
    )
    opened = RevueHabilitation.objects.bulk_create(
        RevueHabilitation(
            caisse=caisse,
            partenaire=structure,
            periodique=actor is None,
            ouverte_le=clock.now(),
            ouverte_par=actor.user if actor else None,
            echeance=echeance,
        )
        for structure in structures
        if structure.pk not in busy
    )
    record_all(
        Verbe.COMPTE,
        (
            {
                "acteur_id": actor.acteur_id if actor else None,
                "role": actor.role if actor else "systeme",
                "caisse_id": revue.caisse_id,
                "partenaire_id": revue.partenaire_id,
                "objet": OBJET,
                "objet_id": revue.pk,
                "details": {
                    "acte": "ouverture",
                    "echeance": echeance.isoformat(),
                    "periodique": actor is None,
                },
            }
            for revue in opened
        ),
    )
    nudge("portal.sweep", "revues_rappels")
    return opened


def close_review(*, actor: Membership, revue: RevueHabilitation, version: int) -> RevueHabilitation:
    """Drop a review the caisse no longer needs; the answers given stay, and change nothing.

    Raises:
        DomainError: role, the review is over, or no longer at `version`.
    """
    if not can(actor, Act.GERER_GESTIONNAIRES, revue):
        raise DomainError("Votre rôle ne permet pas cet acte.", code="role")
    with transaction.atomic():
        locked = lock_review(actor, revue.pk, version=version)
        locked.close_le = clock.now()
        locked.version += 1
        locked.save(update_fields=["close_le", "version"])
        journal(locked, "cloture", actor)
    return locked


def lock_review(actor: Membership, pk: int, *, version: int | None = None) -> RevueHabilitation:
    """An open review within the actor's reach, locked until the end of the transaction.

    Raises:
        RevueHabilitation.DoesNotExist: none for this actor.
        DomainError: it is over, or no longer at `version`.
    """
    rows = RevueHabilitation.objects.visible_to(actor).select_related("caisse", "partenaire")
    revue: RevueHabilitation = rows.select_for_update(of=("self",)).get(pk=pk)
    if not revue.is_open:
        said = "confirmée" if revue.confirmee_le else "close par la caisse"
        raise DomainError(f"Cette revue est déjà {said}.", code="terminee")
    if version is not None and revue.version != version:
        raise DomainError(
            "Quelqu’un vient de répondre à cette revue. Rien n’est perdu\u00a0: relisez la liste, puis recommencez.",
            code="perimee",
        )
    return revue


def accounts_of(partenaire: Partenaire | int) -> QuerySet[Utilisateur]:
    """The accounts a review of this structure is about: those active now, invited ones included, by name."""
    rows = Utilisateur.objects.of_partenaire(partenaire).filter(is_active=True)
    return rows.order_by("nom", "prenom", "pk")


def answer(
    *, actor: Membership, revue_id: int, version: int, reponses: Mapping[int, Reponse]
) -> RevueHabilitation:
    """Keep what is said of some accounts; nothing happens to them before the review is confirmed.

    An account without answer keeps the one it has. The same answers again change nothing.

    Raises:
        RevueHabilitation.DoesNotExist: none for this structure.
        DomainError: the review is over or stale, an account is no longer active, or it is one's own departure.
    """
    require_gestionnaire(actor)
    with transaction.atomic():
        revue = lock_review(actor, revue_id, version=version)
        given = {pk: said for pk, said in reponses.items() if said.reponse}
        _refuse_gone(revue, set(given))
        own = given.get(actor.user.pk)
        if own is not None and own.reponse == ReponseRevue.PARTI:
            raise DomainError(
                "Vous ne pouvez pas déclarer votre propre départ\u00a0: écrivez à la caisse.",
                field=f"reponse_{actor.user.pk}",
                code="soi_meme",
            )
        known = {row.compte_id: Reponse(row.reponse, row.fonction) for row in revue.lignes.all()}
        changed = {pk: said for pk, said in given.items() if known.get(pk) != said}
        if changed:
            _store(actor, revue, changed)
    return revue


def require_gestionnaire(actor: Membership) -> None:
    """Refuse anybody who does not run the accounts of a structure.

    Raises:
        DomainError: role.
    """
    if not can(actor, Act.GERER_TECHNICIENS):
        raise DomainError("Seul un gestionnaire de la structure répond à la revue.", code="role")


def _refuse_gone(revue: RevueHabilitation, ids: set[int]) -> None:
    active = set(accounts_of(revue.partenaire_id).filter(pk__in=ids).values_list("pk", flat=True))
    gone = ids - active
    if gone:
        mine = Utilisateur.objects.of_partenaire(revue.partenaire_id).filter(pk__in=gone)
        names = ", ".join(user.get_full_name() for user in mine.order_by("nom", "prenom", "pk"))
        raise DomainError(
            f"La liste a changé\u00a0: compte désormais inactif, {names or 'sans nom'}. Rien n’est enregistré. Vos "
            "autres réponses sont conservées ci-dessous\u00a0: enregistrez de nouveau.",
            code="comptes_changes",
        )


def _store(actor: Membership, revue: RevueHabilitation, changed: Mapping[int, Reponse]) -> None:
    LigneRevue.objects.bulk_create(
        [
            LigneRevue(
                revue=revue,
                caisse_id=revue.caisse_id,
                partenaire_id=revue.partenaire_id,
                compte_id=pk,
                reponse=said.reponse,
                fonction=said.fonction,
                par=actor.user,
                le=clock.now(),
            )
            for pk, said in changed.items()
        ],
        update_conflicts=True,
        unique_fields=["revue", "compte"],
        update_fields=["reponse", "fonction", "par", "le"],
    )
    revue.version += 1
    revue.save(update_fields=["version"])
