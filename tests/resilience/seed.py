"""Data for a portal of its own: complete drafts and a signed-in technicien. Prints where they are, as JSON."""

import json
import sys

import django


def fill(drafts: int) -> dict[str, object]:
    """Make the structure, its technicien and their drafts; gives the session, the references and a technicien."""
    from django.conf import settings
    from django.db import transaction

    from portal.tenancy import scope
    from tests.conftest import StrangerClient
    from tests.fixtures.signing_in import sign_in
    from tests.signalements.partner.conftest import build, draft

    with scope("systeme"), transaction.atomic():
        monde = build()
        demandes = []
        for number in range(drafts):
            from tests.signalements.partner.conftest import personne

            demandes.append(draft(monde, personne=personne(prenom=f"Jeanne{'abcdefghijklmnop'[number]}")))
        client = sign_in(StrangerClient(), monde.technicien)
    return {
        "session": client.cookies[settings.SESSION_COOKIE_NAME].value,
        "references": [demande.reference for demande in demandes],
    }


if __name__ == "__main__":
    django.setup()
    print(json.dumps(fill(int(sys.argv[1]))))
