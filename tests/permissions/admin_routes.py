"""The addresses of the Django admin, for the objects of structure A and caisse X."""

from typing import Any

from django.urls import reverse

from tests.permissions.routes import Route
from tests.permissions.world import World

OBJECTS = {
    "audit_evenement": "evenement",
    "caisses_agence": "agence_x",
    "caisses_caisse": "caisse_x",
    "caisses_equipe": "equipe_x",
    "caisses_ressource": "ressource_x",
    "caisses_modelereponse": "modele",
    "documents_entreecatalogue": "catalogue_x",
    "caisses_motif": "motif_x",
    "rendez_vous_motifrendezvous": "motif_rdv_x",
    "caisses_typepiece": "type_piece_x",
    "dossier_pieceattendue": "piece_attendue_x",
    "dossier_regledossier": "regle_dossier",
    "caisses_annonce": "annonce",
    "partners_partenaire": "structure_a",
    "partners_convention": "convention_a",
    "partners_modeleconvention": "modele_convention_x",
    "accounts_avissecurite": "avis",
    "accounts_versioncgu": "cgu",
    "accounts_sessionassistance": "assistance",
    "accounts_comptepartenaire": "gestionnaire_a",
    "accounts_comptecaisse": "agent_x",
    "accounts_demandehabilitation": "habilitation",
    "accounts_revuehabilitation": "revue_confirmee",
}
WITHOUT_OBJECT = frozenset({"changelist", "add"})


def address(route: Route, world: World) -> str:
    """The address of a route of the admin."""
    if not route.view_name.removeprefix("admin:"):
        return _unnamed(route.name, world)
    name = route.view_name.removeprefix("admin:")
    if name == "app_list":
        return reverse(route.view_name, kwargs={"app_label": "partners"})
    model, _, act = name.rpartition("_")
    if model not in OBJECTS or act in WITHOUT_OBJECT:
        return reverse(route.view_name)
    return reverse(route.view_name, args=[_object(model, world).pk])


def _object(model: str, world: World) -> Any:
    key = OBJECTS[model]
    return world.objects.get(key) or world.users[key]


def _unnamed(place: str, world: World) -> str:
    """The short address of an object, or one that nothing answers to."""
    if "<path:object_id>" not in place:
        return "/admin/inconnu/"
    app, model = place.removeprefix("/admin/").split("/")[:2]
    return place.replace("<path:object_id>", str(_object(f"{app}_{model}", world).pk))
