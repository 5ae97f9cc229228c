"""Who is told of what happens to a convention: the référents of both parties, the structure’s gestionnaires."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from partners.courriels import REFERENT_CHANGE, REFERENT_PROPOSE, REFERENT_REFUSE
from partners.enums import Partie
from partners.models import ChangementReferent, Convention, Partenaire
from portal.courriels.outbox import Envoi, queue, queue_all
from portal.courriels.types import TypeCourriel


def tell_referents(convention: Convention, kind: TypeCourriel) -> None:
    """Queue a mail to each référent and gestionnaire, once for each last day of the convention."""
    tell_all_referents([convention], kind)


def tell_all_referents(
    conventions: Iterable[Convention], kind: TypeCourriel, *, days: int | None = None
) -> None:
    """The same for many conventions, read with their référents, in a few statements; `days` before their term."""
    found = list(conventions)
    accounts = _gestionnaires({row.partenaire_id for row in found})
    queue_all(kind, (envoi for row in found for envoi in _envois(row, accounts, days)))


def _envois(convention: Convention, accounts: Mapping[int, list[Any]], days: int | None) -> Iterator[Envoi]:
    term = convention.date_fin or convention.echeance
    said = {"jours": days, "echeance": f"{term:%d/%m/%Y}"} if days is not None and term else {}
    common: dict[str, Any] = {
        "donnees": said,
        "caisse_id": convention.caisse_id,
        "partenaire_id": convention.partenaire_id,
        "reference": convention.reference,
    }
    key = f"{convention.pk}:{term}:{days or 0}"
    addresses = {referent.courriel.lower(): referent.courriel for referent in convention.referents.all()}
    for address in addresses.values():
        yield Envoi(key, address, **common)
    for account in accounts.get(convention.partenaire_id, ()):
        if account.courriel.lower() not in addresses:
            yield Envoi(key, account, lien=f"/espace-partenaire/conventions/{convention.pk}/", **common)


def _gestionnaires(structures: set[int]) -> dict[int, list[Any]]:
    """The active gestionnaires of each structure; the accounts live in a room above, its rows are read by relation."""
    held: Any = Partenaire._meta.get_field("roles").related_model
    rows = held.objects.filter(
        content_object_id__in=structures, permission__codename="role_gestionnaire", user__is_active=True
    )
    found: dict[int, list[Any]] = defaultdict(list)
    for role in rows.select_related("user").order_by("pk"):
        found[role.content_object_id].append(role.user)
    return found


def tell_change(change: ChangementReferent, kind: TypeCourriel) -> None:
    """Queue what a change of référent has to say: to the caisse when it is proposed, to the structure when it is
    refused, to every party once it is made, the one who leaves included.
    """
    convention = change.convention
    rows = convention.referents.all()
    if kind == REFERENT_PROPOSE:
        rows = rows.filter(partie=Partie.CAISSE)
    elif kind == REFERENT_REFUSE:
        rows = rows.filter(partie=Partie.PARTENAIRE)
    addresses = {referent.courriel for referent in rows}
    if kind == REFERENT_CHANGE and change.ancien_courriel:
        addresses.add(change.ancien_courriel)

    def tell(**to: Any) -> None:
        queue(
            kind,
            cle=f"{convention.pk}:{change.pk}",
            reference=convention.reference,
            caisse_id=convention.caisse_id,
            partenaire_id=convention.partenaire_id,
            **to,
        )

    for address in sorted(addresses):
        tell(equipe=address)
    if kind != REFERENT_PROPOSE and change.propose_par_id not in {None, change.decide_par_id}:
        tell(
            destinataires=[change.propose_par_id],
            lien=f"/espace-partenaire/conventions/{convention.pk}/",
        )
