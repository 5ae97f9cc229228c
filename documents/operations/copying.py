"""A pièce for another caisse: its content is sealed again for it, a chunk at a time, never whole nor in clear."""

import uuid
from datetime import datetime

from caisses.models import Caisse
from documents import vault
from documents.models import Piece
from documents.operations.analysis import context_of, key_of
from documents.operations.journal import journal_piece
from portal import clock
from portal.identifiers import uuid7

KEPT = (
    "partenaire_id",
    "fonction",
    "nom",
    "type_mime",
    "pages",
    "etat",
    "moteur",
    "analysee_le",
    "nette",
    "deposee_par_id",
    "deposee_le",
    "origine",
)
"""What a copy says as its original does."""


def copy_piece(piece: Piece, *, caisse: Caisse, transmise_le: datetime) -> Piece:
    """The same file, for another caisse: a row, a content and a key of its own. Call it as the system.

    What a rollback leaves in the vault, the sweep `fichiers_orphelins` removes.

    Raises:
        vault.VaultError: the content is not in the vault, or not what was stored.
    """
    identity = uuid7()
    content = vault.open_stored(piece.chemin, context_of(piece), key_of(piece))
    stored = vault.store_chunks(content, vault.Context(identity, piece.partenaire_id, caisse.pk))
    copy = Piece.objects.create(
        **{name: getattr(piece, name) for name in KEPT},
        id=identity,
        caisse=caisse,
        taille=stored.sealed.size,
        empreinte=stored.sealed.sha256,
        chemin=stored.path,
        cle_fichier=stored.sealed.key.data,
        cle_id=stored.sealed.key.key_id,
        prochain_essai_le=clock.now(),
        transmise_le=transmise_le,
        cle=uuid.uuid4(),
    )
    journal_piece(copy, acte="transfert", type=copy.type_mime, octets=copy.taille)
    return copy
