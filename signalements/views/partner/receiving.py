"""Files that come with an ordinary form, without JavaScript."""

import uuid

from django.http import HttpRequest

from accounts.memberships import Membership
from caisses.models import TypePiece
from portal.errors import DomainError
from portal.ui.fields import ErrorLine
from signalements.models import Demande
from signalements.operations.pieces import attach_piece

FIELDS = "fichiers"
MOST_AT_ONCE = 20


def input_name(place: str) -> str:
    """The name of the file input of a place."""
    return f"{FIELDS}_{place}"


def element_of(place: str) -> int | None:
    """The id of the asked item a place names, if it names one."""
    kind, _, number = place.partition("-")
    return int(number) if kind == "element" and number.isascii() and number.isdigit() else None


def receive_files(
    request: HttpRequest, membership: Membership, demande: Demande, place: str, kind: TypePiece | None = None
) -> list[ErrorLine]:
    """Join the files posted for a place, each on its own: the good ones stay, the others are explained."""
    errors = []
    for fichier in request.FILES.getlist(input_name(place))[:MOST_AT_ONCE]:
        try:
            attach_piece(
                membership=membership,
                reference=demande.reference,
                fichier=fichier,
                cle=uuid.uuid4(),
                type_piece=kind,
                element_id=element_of(place),
            )
        except DomainError as error:
            errors.append(ErrorLine(f"{str(fichier.name)[:60]}\u00a0: {error.message}", place))
    return errors
