"""Writing the page that is shown while the portal is away, and its data: see `portal.secours`."""

import json
import os
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string

from caisses.enums import Fonction
from caisses.models import Annonce, Caisse
from portal import clock
from portal.nudge import nudge
from portal.secours import DATA, PAGE, folder
from portal.validators import readable_phone

SWEEP = "page_de_secours"


def page_data() -> dict[str, Any]:
    """The interventions that are not over, and the other channels of the open caisses, by code of the caisse."""
    planned = Annonce.objects.filter(intervention_fin__gt=clock.now()).select_related("caisse")
    caisses = Caisse.objects.filter(active=True).order_by("code")
    return {
        "interventions": [row.intervention for row in planned.order_by("intervention_debut", "pk")],
        "caisses": [_channels(caisse) for caisse in caisses],
    }


def _channels(caisse: Caisse) -> dict[str, Any]:
    offered = [Fonction(code) for code in Fonction.values if code in caisse.fonctions_offertes]
    said = [(str(fonction.label), caisse.canaux_secours.get(fonction.value, "")) for fonction in offered]
    return {
        "code": caisse.code,
        "nom": caisse.nom,
        "telephone": readable_phone(caisse.support_telephone) if caisse.support_telephone else "",
        "canal": caisse.canal_secours,
        "fonctions": [[label, text] for label, text in said if text],
    }


def write_pages() -> bool:
    """Write the page and its data if they changed, each at once as a whole; whether anything was written."""
    place = folder()
    if place is None:
        return False
    place.mkdir(parents=True, exist_ok=True)
    data = page_data()
    page = render_to_string("pages/indisponible.html", {"secours": data})
    changed = [
        _replace(place / DATA, json.dumps(data, ensure_ascii=False)),
        _replace(place / PAGE, page),
    ]
    return any(changed)


def _replace(path: Path, text: str) -> bool:
    content = text.encode()
    if path.exists() and path.read_bytes() == content:
        return False
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_bytes(content)
    draft.chmod(0o644)
    draft.replace(path)
    return True


def refresh_pages() -> None:
    """Have the worker write the page again, once the transaction in hand is committed."""
    nudge("portal.sweep", SWEEP)
