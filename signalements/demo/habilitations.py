"""The requests about gestionnaires that the administrator of caisse 251 finds in the queue."""

from datetime import timedelta
from typing import Any

from accounts.enums import MotifInactivation, NatureHabilitation, StatutHabilitation
from accounts.models import DemandeHabilitation
from accounts.operations.habilitations import own_reference
from portal import clock
from signalements.demo.organisations import World

N, S = NatureHabilitation, StatutHabilitation
# Days ago, structure, nature, status, what is asked.
DEMANDES: tuple[tuple[int, str, NatureHabilitation, StatutHabilitation, dict[str, Any]], ...] = (
    (
        12,
        "rocheclaire",
        N.CREATION,
        S.DEMANDEE,
        {"civilite": "M", "prenom": "Léandre", "nom": "Sarbelin", "fonction": "Adjoint de direction"},
    ),
    (
        1,
        "udaf",
        N.CREATION,
        S.DEMANDEE,
        {"civilite": "MME", "prenom": "Ombeline", "nom": "Fauverge", "fonction": "Cheffe de service"},
    ),
    (
        3,
        "valbrume",
        N.CREATION,
        S.A_COMPLETER,
        {
            "civilite": "MME",
            "prenom": "Isaure",
            "nom": "Malbrancourt",
            "fonction": "Agente",
            "message": "Quelle est la fonction exacte de cette personne dans la structure\u00a0?",
        },
    ),
    (0, "rocheclaire", N.MODIFICATION, S.DEMANDEE, {"fonction": "Directrice adjointe"}),
    (2, "udaf", N.INACTIVATION, S.DEMANDEE, {}),
    (
        40,
        "udaf",
        N.CREATION,
        S.REFUSEE,
        {
            "civilite": "M",
            "prenom": "Amaury",
            "nom": "Delbressac",
            "fonction": "Stagiaire",
            "motif_refus": "NON_RATTACHEE",
        },
    ),
)


def ask(world: World) -> int:
    """Store them, clocks running since the day each was received; how many."""
    caisse = world.caisses["251"]
    successor: DemandeHabilitation | None = None
    for ago, name, nature, statut, asked in DEMANDES:
        since = clock.now() - timedelta(days=ago)
        gestionnaire = world.comptes[f"gest.{name}"]
        values: dict[str, Any] = {
            "reference": own_reference(caisse),
            "nature": nature,
            "statut": statut,
            "caisse": caisse,
            "partenaire": world.structures[name],
            "demandeur": None if name == "rocheclaire" and nature == N.CREATION else gestionnaire,
            "cree_le": since,
            "recue_le": since,
            "delai_depuis": since if statut == S.DEMANDEE else None,
            "decidee_le": since + timedelta(days=2) if statut == S.REFUSEE else None,
            **asked,
        }
        if nature == N.CREATION:
            values |= {
                "telephone": "+33199002000",
                "courriel": f"{asked['prenom']}.{asked['nom']}@{name}.example".lower().replace("é", "e"),
            }
        else:
            values["compte"] = gestionnaire
        if nature == N.INACTIVATION:
            values |= {
                "date_souhaitee": caisse.today() + timedelta(days=20),
                "motif": MotifInactivation.DEPART,
                "successeur": successor,
            }
        made = DemandeHabilitation.objects.create(**values)
        if name == "udaf" and statut == S.DEMANDEE:
            successor = made
    return len(DEMANDES)
