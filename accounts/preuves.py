"""The proof of a revue d’habilitations, given to whoever may read it."""

from django.http import HttpResponse

from accounts.memberships import Membership
from accounts.models import PreuveRevue
from portal import clock
from portal.audit.journal import record
from portal.audit.models import Verbe


def proof_response(membership: Membership, found: PreuveRevue) -> HttpResponse:
    """Send a proof, and keep in the journal that it was taken."""
    record(
        Verbe.TELECHARGEMENT,
        actor=membership,
        caisse_id=found.caisse_id,
        partenaire_id=found.partenaire_id,
        objet="revuehabilitation",
        objet_id=found.revue_id,
        details={"document": "preuve"},
    )
    response = HttpResponse(bytes(found.contenu), content_type="application/pdf")
    name = f"revue-habilitations-{clock.local_date(found.le):%Y-%m-%d}.pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
