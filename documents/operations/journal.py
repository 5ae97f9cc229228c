"""What the journal says of a pièce."""

from accounts.memberships import Membership
from documents.models import Piece
from portal.audit.journal import record
from portal.audit.models import Verbe


def journal_piece(
    piece: Piece, *, actor: Membership | None = None, verbe: Verbe = Verbe.PIECE, **details: object
) -> None:
    """An event about a pièce, by somebody or by the portal itself; `details` never holds its name."""
    record(
        verbe,
        actor=actor,
        role="" if actor else "systeme",
        caisse_id=piece.caisse_id,
        partenaire_id=piece.partenaire_id,
        objet="piece",
        objet_id=piece.pk,
        details=details,
    )
