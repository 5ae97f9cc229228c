"""What a kind adds to the page of a demande, on one side."""

from typing import Any

from signalements.enums import Cote
from signalements.kinds.registry import kind_of, kinds
from signalements.models import Demande
from signalements.queries.motifs import motif_labels


def kind_context(demande: Demande, cote: Cote) -> dict[str, Any]:
    """The facts, the links and whatever the kind's own templates need."""
    kind = kind_of(demande)
    own = kind.contexte(demande, cote)
    return {
        "kind": kind,
        "kind_actes": kind.actes(demande, cote),
        "detail": kind.detail(demande, motif_labels(demande.caisse)),
        "detail_template": kind.detail_template,
        "anciens": former_services(demande),
        "kind_suivant": kind.suivant(demande, own) if kind.suivant and cote == Cote.CAISSE else None,
        "kind_pas": kind.pas(own) if kind.pas else [],
        **own,
    }


def former_services(demande: Demande) -> list[tuple[str, list[tuple[str, str]]]]:
    """What the demande said in the services it belonged to before: (service, facts)."""
    labels = motif_labels(demande.caisse)
    found = []
    for kind in kinds().values():
        if kind.fonction != demande.fonction and getattr(demande, kind.relation, None) is not None:
            more = kind.mouvement.ancien(demande) if kind.mouvement.ancien is not None else []
            facts = [
                (label, ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value))
                for label, value in [*kind.detail(demande, labels), *more]
                if value
            ]
            found.append((kind.nom, facts))
    return found
