"""The menu of each role, and who is signed in, for the header of every page."""

from functools import partial
from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest

from accounts.memberships import Membership
from accounts.permissions import Act, can
from portal.routes import address_of
from signalements.enums import Cote
from signalements.kinds.registry import kinds
from signalements.queries.partner_counts import to_do_count
from signalements.views.partner.addresses import list_of

Entree = tuple[str, str, bool, int | None]


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context of `base.html`: the menu, and the name on the account menu; nothing for a stranger."""
    membership: Membership | None = getattr(request, "membership", None)
    if membership is None:
        return {}
    return {"navigation": _Menu(request, membership), "account_menu": account_menu(membership)}


def account_menu(membership: Membership) -> dict[str, Any]:
    """Who is signed in, and for which organisation."""
    organisation = membership.partenaire or membership.caisse
    return {
        "name": membership.user.get_full_name(),
        "detail": str(organisation) if organisation else membership.profil.label,
        "links": [("Mon profil", address_of("accounts:profil"))],
        # Read by « Mon profil » alone: called when it is drawn.
        "own_pages": partial(_of_kinds, membership),
    }


def _of_kinds(membership: Membership) -> list[tuple[str, str]]:
    """What the kinds open to somebody add to « Mon profil »."""
    return [
        (kind.compte[0], address_of(kind.compte[1]))
        for kind in kinds().values()
        if kind.compte and _opens(membership, kind.fonction)
    ]


def _opens(membership: Membership, fonction: str) -> bool:
    if membership.is_technicien:
        return bool(membership.caisses_avec(fonction))
    return can(membership, Act.TRAITER_DEMANDE, fonction=fonction)


class _Menu:
    """The entries, made when the page draws them: an answer without a page costs no query."""

    def __init__(self, request: HttpRequest, membership: Membership) -> None:
        self.request, self.membership = request, membership
        self._entries: list[Entree] | None = None

    def __iter__(self) -> Any:
        if self._entries is None:
            try:
                known = getattr(self.request, "a_faire", None)
                self._entries = entries_of(self.membership, self.request.path, known)
            except DatabaseError:
                # The page that says the database is away has a header too.
                self._entries = []
        return iter(self._entries)

    def __len__(self) -> int:
        return len(list(iter(self)))


def entries_of(membership: Membership, path: str, a_faire: int | None = None) -> list[Entree]:
    """The menu of a role: (label, address, current page or not, count or None).

    `a_faire` is the number of demandes that wait for the structure, when the page has counted it already.
    """
    if membership.is_technicien:
        return _technicien(membership, path, a_faire)
    if membership.is_gestionnaire:
        names = [
            ("Accueil", "accounts:gestion_accueil"),
            ("Techniciens", "accounts:techniciens"),
            ("Gestionnaires", "accounts:gestionnaires"),
            ("Revues d’habilitations", "accounts:revues"),
            ("Activité", "accounts:activite"),
            ("Conventions", "conventions:liste"),
        ]
        return _plain(names, path)
    if membership.handles_demandes:
        return _plain(_caisse(membership), path)
    return [("Administration", "/admin/", False, None)]


def _caisse(membership: Membership) -> list[tuple[str, str]]:
    names = [("Ma journée", "accueil"), ("Demandes", "signalements:file")]
    handled = membership.fonctions_traitees
    names += [
        kind.menu[Cote.CAISSE]
        for kind in kinds().values()
        if Cote.CAISSE in kind.menu and (handled is None or kind.fonction in handled)
    ]
    if can(membership, Act.SUPERVISER):
        names += [("Pilotage", "signalements:pilotage"), ("Statistiques", "signalements:statistiques")]
        names.append(("Modèles de réponse", "signalements:modeles"))
    return names


# Pages that stand elsewhere than below the address of their entry: the page of a demande and its pièces.
_DEMANDES = ("/espace-caisse/demandes/", "/espace-partenaire/demandes/", "/pieces/")
_OF_THE_QUEUE = tuple(f"/espace-caisse/{page}/" for page in ("vues", "lots", "etiquettes", "raccourcis"))
_ELSEWHERE = {"signalements:file": (*_DEMANDES, *_OF_THE_QUEUE), "accueil": ("/espace-caisse/",)}


def _plain(names: list[tuple[str, str]], path: str) -> list[Entree]:
    """Entries without a count; the current one is that of the longest address the path begins with."""
    entries = [(label, address_of(name), _reach(name, path)) for label, name in names]
    best = max(reach for _, _, reach in entries)
    return [(label, url, reach == best > 0, None) for label, url, reach in entries]


def _reach(name: str, path: str) -> int:
    """How much of the path belongs to this entry; the home owns its own address only."""
    url = address_of(name)
    if path == url:
        return len(path)
    below = [*_ELSEWHERE.get(name, ()), *([url] if url != "/" else [])]
    return max((len(place) for place in below if path.startswith(place)), default=0)


def _technicien(membership: Membership, path: str, a_faire: int | None) -> list[Entree]:
    home, (label, demandes) = address_of("accueil"), list_of(membership)
    count = to_do_count(membership) if a_faire is None else a_faire
    entries: list[Entree] = [
        ("Accueil", home, path == home, None),
        (label, demandes, path.startswith(_DEMANDES), count),
    ]
    for kind in kinds().values():
        if Cote.PARTENAIRE in kind.menu and membership.caisses_avec(kind.fonction):
            own, route = kind.menu[Cote.PARTENAIRE]
            url = address_of(route)
            entries.append((own, url, path.startswith(url), None))
    return entries
