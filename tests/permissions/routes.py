"""Every route of the site, walked from the resolver, and what each needs to be asked: an address, a form."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.urls import URLPattern, get_resolver, reverse
from django.utils.http import urlsafe_base64_encode

from accounts.enums import MotifInactivation
from caisses.models import TypePiece
from portal import clock
from tests.permissions.world import DEPOT, World
from tests.rendez_vous.world import JETON, free_day, hours, one_date, proposal, slot

Kwargs = Callable[[World], dict[str, Any]]


@dataclass(frozen=True)
class Route:
    """A route: its name (with the step, where several share one), its address where it has no name."""

    name: str
    view_name: str
    defaults: tuple[tuple[str, Any], ...]

    @property
    def is_admin(self) -> bool:
        """Whether it is one of the Django admin, which the matrix groups."""
        return self.name.startswith(("admin:", "/admin/"))


def all_routes() -> list[Route]:
    """Every route of the resolver."""
    return list(_walk(get_resolver().url_patterns, (), ""))


def _walk(patterns: list[Any], namespaces: tuple[str, ...], prefix: str) -> Iterator[Route]:
    for pattern in patterns:
        place = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            view_name = ":".join([*namespaces, pattern.name]) if pattern.name else ""
            defaults = dict(pattern.default_args)
            suffix = f"/{defaults['etape']}" if "etape" in defaults else ""
            yield Route(f"{view_name}{suffix}" or f"/{place}", view_name, tuple(defaults.items()))
        else:
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from _walk(pattern.url_patterns, inner, place)


def _reference(key: str) -> Kwargs:
    return lambda world: {"reference": world.objects[key].reference}


def _account(key: str) -> Kwargs:
    return lambda world: {"pk": world.users[key].pk}


def _row(key: str) -> Kwargs:
    return lambda world: {"pk": world.objects[key].pk}


def _piece(**more: Any) -> Kwargs:
    return lambda world: {"piece_id": world.objects["piece"].pk, **more}


def _link(world: World) -> dict[str, Any]:
    uid = urlsafe_base64_encode(str(world.users["technicien_a"].pk).encode())
    return {"uid": uid, "jeton": "perime"}


# The objects named in the addresses are all of structure A and caisse X.
ADDRESSES: dict[str, Kwargs] = {
    "demo-courriel": lambda world: {"pk": world.objects["courriel"].pk},
    "accounts:technicien": _account("technicien_a"),
    "accounts:technicien_modifier": _account("technicien_a"),
    "accounts:technicien_second_facteur": _account("technicien_a"),
    "accounts:cle": lambda world: {"pk": world.objects["cle"].pk},
    "accounts:technicien_inactiver": _account("technicien_a"),
    "accounts:technicien_signaler": _account("technicien_a"),
    "accounts:avis_document": _row("avis"),
    "accounts:technicien_renvoyer": _account("invite"),
    "accounts:technicien_reactiver": _account("parti"),
    "accounts:gestionnaire_modifier": _account("gestionnaire_a"),
    "accounts:gestionnaire_depart": _account("gestionnaire_a"),
    "accounts:gestionnaire_demande": _reference("habilitation"),
    "accounts:gestionnaire_retirer": _reference("habilitation"),
    "accounts:gestionnaire_signaler": _account("gestionnaire_a"),
    "accounts:adresse": _link,
    "accounts:habilitation": lambda world: {
        "reference": world.objects["habilitation"].reference,
        "jeton": "perime",
    },
    "accounts:techniciens_import": _row("import"),
    "accounts:revue": _row("revue"),
    "accounts:revue_confirmer": _row("revue"),
    "accounts:revue_preuve": _row("revue_confirmee"),
    "accounts:activation": _link,
    "accounts:reinitialisation": _link,
    "accounts:conditions_version": lambda world: {"numero": world.objects["cgu"].numero},
    "accounts:conditions_pdf": lambda world: {"numero": world.objects["cgu"].numero},
    "accounts:fermer_session": lambda world: {"repere": "inconnu"},
    "documents:piece": _piece(),
    "documents:fichier_convention": lambda world: {"piece_id": world.objects["fichier_convention"].piece_id},
    "documents:papier_convention": lambda world: {
        "pk": world.objects["convention_a"].pk,
        "papier": "convention",
    },
    "conventions:fiche": _row("convention_a"),
    "conventions:proposer": _row("convention_a"),
    "conventions:retirer": lambda world: {
        "pk": world.objects["convention_a"].pk,
        "changement": world.objects["changement_referent"].pk,
    },
    "documents:apercu": _piece(),
    "documents:page": _piece(numero=1),
    "documents:etat": _piece(),
    "document:preparer": _reference("document"),
    "document:ajouter": _reference("document"),
    "document:produire": _reference("document"),
    "document:retirer": lambda world: {
        **_reference("document")(world),
        "piece": world.objects["document_remis"].piece_id,
    },
    "signalements:nouvelle": lambda world: {"service": "saisine", "code": world.objects["caisse_x"].code},
    "signalements:demande": _reference("envoyee"),
    "signalements:reprendre": _reference("brouillon"),
    "signalements:etape/pieces": _reference("brouillon"),
    "signalements:etape/verification": _reference("brouillon"),
    "signalements:etape": lambda world: {**_reference("brouillon")(world), "etape": "personne"},
    "signalements:etape_enregistrer": lambda world: {**_reference("brouillon")(world), "etape": "personne"},
    "signalements:doublons": _reference("brouillon"),
    "signalements:brouillon_supprimer": _reference("brouillon"),
    "signalements:annuler_envoi": _reference("envoyee"),
    "signalements:confirmation": _reference("envoyee"),
    "signalements:bordereau": _reference("envoyee"),
    "signalements:fiche": _reference("envoyee"),
    "signalements:completer": _reference("a_completer"),
    "signalements:ecrire": _reference("en_cours"),
    "signalements:annuler": _reference("envoyee"),
    "signalements:relancer": _reference("en_retard"),
    "signalements:telephone_code": lambda world: {**_reference("brouillon")(world), "place": "type-identite"},
    "signalements:telephone_recus": lambda world: {
        **_reference("brouillon")(world),
        "depot": world.objects["depot"].pk,
    },
    "signalements:telephone_terminer": lambda world: {
        **_reference("brouillon")(world),
        "depot": world.objects["depot"].pk,
    },
    "signalements:telephone": lambda world: {"jeton": DEPOT},
    "signalements:telephone_fichier": lambda world: {"jeton": "inconnu"},
    "signalements:ajouter": _reference("en_cours"),
    "signalements:prendre_la_suite": _reference("a_reprendre"),
    "signalements:meme_personne": _reference("envoyee"),
    "signalements:suivre": _reference("envoyee"),
    "signalements:suiveurs": _reference("envoyee"),
    "signalements:piece_ajouter": lambda world: {**_reference("brouillon")(world), "place": "type-identite"},
    "signalements:piece_retirer": lambda world: {
        **_reference("brouillon")(world),
        "piece": world.objects["piece_brouillon"].pk,
    },
    "signalements:traitement": _reference("envoyee"),
    "signalements:assistance_demande": _reference("envoyee"),
    "signalements:suivante_apres": _reference("envoyee"),
    "signalements:precedente": _reference("envoyee"),
    "signalements:lot": _row("lot"),
    "signalements:vue": _row("vue"),
    "signalements:vue_renommer": _row("vue"),
    "signalements:vue_supprimer": _row("vue"),
    "signalements:etiquette": _row("etiquette"),
    "signalements:etiquette_retirer": _row("etiquette"),
    "signalements:etiquette_poser": _reference("envoyee"),
    "signalements:etiquette_oter": lambda world: {
        **_reference("envoyee")(world),
        "pk": world.objects["etiquette"].pk,
    },
    "signalements:prendre_en_charge": _reference("envoyee"),
    "signalements:rendre": _reference("en_cours"),
    "signalements:note": _reference("en_cours"),
    "signalements:contact": _reference("en_cours"),
    "signalements:message_caisse": _reference("en_cours"),
    "signalements:complement": _reference("en_cours"),
    "signalements:retirer_complement": _reference("a_completer"),
    "signalements:decision": _reference("en_cours"),
    "signalements:annuler_decision": _reference("en_cours"),
    "signalements:oublier_decision": _reference("en_cours"),
    "signalements:modele": lambda world: {"pk": world.objects["modele"].pk},
    "signalements:presence": _reference("envoyee"),
    "signalements:pieces_zip": _reference("envoyee"),
    "signalements:reorienter": _reference("en_cours"),
    "signalements:rouvrir": _reference("traitee"),
    "signalements:statistiques_csv": lambda world: {"tableau": "volumes"},
    "signalements:statistiques_xlsx": lambda world: {"tableau": "volumes"},
    "rendez_vous:accepter": _reference("rdv_propose"),
    "rendez_vous:refuser": _reference("rdv_propose"),
    "rendez_vous:reporter": _reference("rdv_confirme"),
    "rendez_vous:fichier_partenaire": _reference("rdv_confirme"),
    "rendez_vous:proposer": _reference("rdv_demande"),
    "rendez_vous:fixer": _reference("rdv_demande"),
    "rendez_vous:reporter_caisse": _reference("rdv_confirme"),
    "rendez_vous:presence": _reference("rdv_passe"),
    "rendez_vous:fichier_caisse": _reference("rdv_confirme"),
    "rendez_vous:reserver": _reference("rdv_demande"),
    "rendez_vous:permanence": lambda world: {"pk": world.objects["permanence"].pk},
    "rendez_vous:permanence_caisse": lambda world: {"pk": world.objects["permanence_x"].pk},
    "rendez_vous:dossiers": lambda world: {"pk": world.objects["seance"].pk},
    "rendez_vous:liste_seance": lambda world: {"pk": world.objects["seance"].pk},
    "rendez_vous:liste_caisse": lambda world: {"pk": world.objects["seance"].pk},
    "rendez_vous:bilan": lambda world: {"pk": world.objects["seance"].pk},
    "rendez_vous:fixer_seance": lambda world: {"pk": world.objects["seance"].pk},
    "rendez_vous:flux": lambda world: {"jeton": JETON},
    "rendez_vous:plage": lambda world: {"pk": world.objects["plage_x"].pk},
    "dossier:preparation": _reference("dossier_brouillon"),
    "dossier:controler": _reference("dossier"),
    "dossier:renouveler": _reference("dossier"),
}

COORDONNEES = {
    "civilite": "MME",
    "nom": "Fictif",
    "prenom": "Dominique",
    "fonction": "Référente",
    "telephone": "03 53 01 00 00",
    "courriel": "dominique.fictif@ccas.example",
}
VERSION = {"version": "1"}
AUTRE = {**COORDONNEES, "nom": "Autre", "courriel": "autre.fictif@ccas.example"}


def _key() -> str:
    return str(uuid.uuid4())


def _complete(world: World) -> dict[str, Any]:
    element = world.objects["element"]
    return {"complement": element.complement_id, f"absence_{element.pk}": "PERDUE"}


def _ask(world: World) -> dict[str, Any]:
    kind = TypePiece.objects.get(code="identite")
    return {f"piece_{kind.pk}": "on", "message": "Bonjour", "action": "envoyer", "cle": _key(), **VERSION}


def _assign(world: World) -> dict[str, Any]:
    return {"demandes": [world.objects["envoyee"].reference], "agent": world.users["agent_x"].pk}


# A form that whoever may use the route would see accepted; the routes that are not here are posted an empty one.
FORMS: dict[str, Kwargs] = {
    "accounts:technicien_creer": lambda world: {
        **COORDONNEES,
        "attestation_lien": "on",
        "attestation_poste": "on",
        "attestation_adresse": "on",
    },
    "accounts:technicien_modifier": lambda world: COORDONNEES,
    "accounts:technicien_inactiver": lambda world: {"motif": MotifInactivation.DEPART},
    "accounts:gestionnaire_habiliter": lambda world: {**AUTRE, "cle": _key()},
    "accounts:gestionnaire_modifier": lambda world: {**AUTRE, "cle": _key()},
    "accounts:gestionnaire_depart": lambda world: {
        **AUTRE,
        "date_souhaitee": (clock.today() + timedelta(days=20)).isoformat(),
        "motif": MotifInactivation.DEPART,
        "cle": _key(),
    },
    "accounts:habilitation_demander": lambda world: {
        **AUTRE,
        "siret": world.objects["structure_a"].siret,
        "convention": world.objects["convention_a"].reference,
    },
    "accounts:technicien_signaler": lambda world: {"motif": MotifInactivation.VOL},
    "accounts:gestionnaire_signaler": lambda world: {"motif": MotifInactivation.VOL},
    "accounts:gestionnaire_retirer": lambda world: VERSION,
    "accounts:revue": lambda world: VERSION,
    "accounts:profil": lambda world: {
        "frequence_courriels": "QUOTIDIEN",
        "theme": "auto",
        "densite": "aeree",
    },
    "accounts:technicien_second_facteur": lambda world: {"identite_verifiee": "on"},
    "accounts:cle": lambda world: {"nom": "Clé du bureau"},
    "accounts:conditions": lambda world: {"version": world.objects["cgu"].pk},
    "document:produire": lambda world: {"production-texte": "Bonjour.", "production-cle": _key()},
    "signalements:nouvelle": lambda world: {"cle_creation": _key()},
    "conventions:proposer": lambda world: {
        "nature": "AJOUT",
        "nom": "Fictive",
        "courriel": "referent@ccas.example",
        "cle": _key(),
    },
    "signalements:demandes": lambda world: {"q": "Fictive"},
    "signalements:completer": _complete,
    "signalements:ajouter": lambda world: {"texte": "Une pièce de plus.", "cle": _key()},
    "signalements:ecrire": lambda world: {"texte": "Bonjour, une précision.", "cle": _key()},
    "signalements:meme_personne": lambda world: {
        "service": "saisine",
        "caisse": world.objects["caisse_x"].code,
        "cle_creation": _key(),
    },
    "signalements:telephone": lambda world: {"commencer": "1"},
    "signalements:relancer": lambda world: {"cle": _key()},
    "signalements:annuler": lambda world: {"motif": "ERREUR", **VERSION},
    "signalements:etape": lambda world: {"nom_naissance": "Fictive", "action": "brouillon"},
    "signalements:etape_enregistrer": lambda world: {"nom_naissance": "Fictive"},
    "signalements:recherche": lambda world: {"q": "Fictive"},
    "signalements:prendre_en_charge": lambda world: VERSION,
    "signalements:rendre": lambda world: VERSION,
    "signalements:note": lambda world: {"note-texte": "À rappeler", "note-cle": _key()},
    "signalements:contact": lambda world: {
        "contact-canal": "TELEPHONE",
        "contact-resultat": "JOINTE",
        "contact-cle": _key(),
    },
    "signalements:message_caisse": lambda world: {"message-texte": "Bonjour", "message-cle": _key()},
    "signalements:complement": _ask,
    "signalements:retirer_complement": lambda world: VERSION,
    "signalements:decision": lambda world: {"issue": "DROITS_OUVERTS", **VERSION},
    "signalements:rouvrir": lambda world: {"raison": "Élément nouveau", **VERSION},
    "signalements:attribuer": _assign,
    "rendez_vous:accepter": lambda world: {"date": world.objects["rdv_propose_date"].pk},
    "rendez_vous:refuser": free_day,
    "rendez_vous:reporter": free_day,
    "rendez_vous:proposer": one_date,
    "rendez_vous:fixer": one_date,
    "rendez_vous:reporter_caisse": lambda world: {"raison": "Empêchement", **VERSION},
    "rendez_vous:reserver": slot,
    "rendez_vous:permanence_nouvelle": proposal,
    "rendez_vous:permanence": lambda world: {"acte": "valider", **VERSION},
    "rendez_vous:permanence_caisse": lambda world: {"raison": "Salle prise", **VERSION},
    "rendez_vous:dossiers": lambda world: {"demandes": [world.objects["rdv_demande"].reference]},
    "rendez_vous:bilan": lambda world: {"recus": "3", "dossiers": "2"},
    "rendez_vous:mon_agenda": lambda world: {"acte": "creer", "portee": "MIENS"},
    "rendez_vous:plage": hours,
    "rendez_vous:plage_nouvelle": hours,
    "rendez_vous:presence": lambda world: {"presence": "HONORE", **VERSION},
    "signalements:vue_nouvelle": lambda world: {"nom": "Mes urgences", "pour": "moi", "cle": _key()},
    "signalements:vue_renommer": lambda world: {"nom": "Autre nom"},
    "signalements:etiquettes": lambda world: {"nom": "Nouvelle", "ton": "vert"},
    "signalements:etiquette": lambda world: {"nom": "Autre nom", "ton": "vert"},
    "signalements:etiquette_poser": lambda world: {"etiquette": world.objects["etiquette"].pk},
}


def address(route: Route, world: World) -> str:
    """The address of a route, with the objects of structure A and caisse X."""
    kwargs = ADDRESSES[route.name](world) if route.name in ADDRESSES else {}
    return reverse(route.view_name, kwargs={**dict(route.defaults), **kwargs})


def form(route: Route, world: World) -> dict[str, Any]:
    """What is posted to a route."""
    return FORMS[route.name](world) if route.name in FORMS else {}
