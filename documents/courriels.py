"""The mails about pièces."""

from portal.courriels.types import declare

PIECE_REFUSEE = declare(
    "piece_refusee",
    evenement="Fichier refusé",
    sujet="un fichier n’a pas été accepté",
    destinataires="le technicien qui l’a déposé",
)
