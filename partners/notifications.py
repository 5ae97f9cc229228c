"""Who is told of what happens to a convention: the référents of both parties."""

from partners.models import Convention
from portal.courriels.outbox import queue
from portal.courriels.types import TypeCourriel


def tell_referents(convention: Convention, kind: TypeCourriel, *, days: int | None = None) -> None:
    """Queue a mail to each référent, once for each term of the convention and number of days before it."""
    term = convention.date_fin or convention.echeance
    said = {"jours": days, "echeance": f"{term:%d/%m/%Y}"} if days is not None and term else {}
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
