"""What a kind adds to the page of a demande, on one side."""

from typing import Any

from signalements.enums import Cote
from signalements.kinds.registry import kind_of
from signalements.models import Demande
from signalements.queries.motifs import motif_labels


def kind_context(demande: Demande, cote: Cote) -> dict[str, Any]:
    """The facts, the links and whatever the kind's own templates need."""
    kind = kind_of(demande)
    return {
        "kind": kind,
        "kind_actes": kind.actes(demande, cote),
        "detail": kind.detail(demande, motif_labels(demande.caisse)),
        "detail_template": kind.detail_template,
        **kind.contexte(demande, cote),
    }
