"""Who is told of what happens to a convention: the référents of both parties."""

from collections.abc import Iterable
from typing import Any

from partners.courriels import REFERENT_CHANGE, REFERENT_PROPOSE, REFERENT_REFUSE
from partners.enums import Partie
from partners.models import ChangementReferent, Convention
from portal.courriels.outbox import Envoi, queue, queue_all
from portal.courriels.types import TypeCourriel


def tell_referents(convention: Convention, kind: TypeCourriel, *, days: int | None = None) -> None:
    """Queue a mail to each référent, once for each term of the convention and number of days before it."""
    term = convention.date_fin or convention.echeance
    said = {"jours": days, "echeance": term.isoformat()} if days is not None and term else {}
    for referent in convention.referents.all():
        queue(
            kind,
            cle=f"{convention.pk}:{term}:{days or 0}",
            equipe=referent.courriel,
            reference=convention.reference,
            donnees=said,
            caisse_id=convention.caisse_id,
            partenaire_id=convention.partenaire_id,
        )


def tell_all_referents(conventions: Iterable[Convention], kind: TypeCourriel, *, days: int) -> None:
    """The same for many conventions, read with their référents, in a few statements."""
    queue_all(
        kind,
        (
            Envoi(
                f"{convention.pk}:{term}:{days}",
                referent.courriel,
                donnees={"jours": days, "echeance": f"{term:%d/%m/%Y}"} if term else {},
                caisse_id=convention.caisse_id,
                partenaire_id=convention.partenaire_id,
                reference=convention.reference,
            )
            for convention in conventions
            for term in (convention.date_fin or convention.echeance,)
            for referent in convention.referents.all()
        ),
    )


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
