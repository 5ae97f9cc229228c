"""What the screens of both sides count of the free text guard."""

from accounts.memberships import Membership
from portal.audit.journal import record
from portal.audit.models import Verbe
from portal.free_text_forms import CountFinding
from signalements.models import Demande


def guard_counter(membership: Membership, demande: Demande) -> CountFinding:
    """Counts in the journal what the free text guard saw in a form of this demande, never the text."""

    def count(nature: str, suite: str) -> None:
        record(
            Verbe.GARDE_FOU,
            actor=membership,
            caisse_id=demande.caisse_id,
            partenaire_id=demande.partenaire_id,
            objet="demande",
            objet_id=demande.reference,
            details={"nature": nature, "suite": suite},
        )

    return count
