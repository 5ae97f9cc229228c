"""The home of whoever is signed in."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.enums import PROFILS_ADMIN
from accounts.memberships import Membership
from accounts.permissions import current
from caisses.enums import Fonction
from caisses.models import Caisse
from portal.ui.tables import Column
from signalements.clocks import promised_days
from signalements.queries.partner import AFaire, latest, to_do, to_do_count
from signalements.views.caisse.journee import journee
from signalements.views.partner.addresses import list_of
from signalements.views.partner.rows import lines_of

LATEST_COLUMNS = [
    Column("Référence"),
    Column("Personne"),
    Column("Caisse"),
    Column("Statut"),
    Column("Échéance"),
    Column("Technicien"),
]


@dataclass(frozen=True)
class Service:
    """A service open to the structure with one caisse."""

    titre: str
    pour: str
    pas_pour: str
    delai: str
    url: str


@dataclass(frozen=True)
class ServicesCaisse:
    """The services open with a caisse today."""

    caisse: Caisse
    services: list[Service]


@require_safe
def accueil(request: HttpRequest) -> HttpResponse:
    """`/`: each role's own home."""
    if not request.user.is_authenticated:
        return redirect("accounts:connexion")
    if request.membership is None:  # type: ignore[attr-defined]
        raise PermissionDenied
    membership = current(request)
    if membership.is_technicien:
        return _technicien(request, membership)
    if membership.is_gestionnaire:
        return redirect("accounts:gestion_accueil")
    if membership.profil in PROFILS_ADMIN:
        return redirect("/admin/")
    return journee(request)


def _technicien(request: HttpRequest, membership: Membership) -> HttpResponse:
    count = to_do_count(membership)
    request.a_faire = count  # type: ignore[attr-defined]  # the menu shows it too
    a_faire = to_do(membership) if count else AFaire()
    context = {
        "prenom": membership.user.prenom,
        "structure": membership.structure,
        "a_faire": a_faire,
        "a_completer": lines_of(a_faire.a_completer),
        "non_lus": lines_of(a_faire.non_lus),
        "vieux_brouillons": lines_of(a_faire.brouillons),
        "caisses": services_of(membership),
        "dernieres": lines_of(latest(membership)),
        "liste": list_of(membership),
        "columns": LATEST_COLUMNS,
        "suspendue": membership.structure.suspendu_le is not None,
    }
    return render(request, "signalements/partner/accueil.html", context)


def services_of(membership: Membership) -> list[ServicesCaisse]:
    """What the structure can do today, caisse by caisse; a service that is off is absent."""
    found = []
    for convention in membership.conventions:
        services = []
        if Fonction.SAISINE in convention.fonctions_ouvertes:
            services.append(_saisine(convention.caisse))
        found.append(ServicesCaisse(convention.caisse, services))
    return found


def _saisine(caisse: Caisse) -> Service:
    delay = promised_days(caisse, Fonction.SAISINE, urgente=False)
    unit = "jour ouvré" if delay == 1 else "jours ouvrés"
    return Service(
        titre=Fonction.SAISINE.label,
        pour=(
            "une personne sans droits ouverts, qui renonce à des soins, en difficulté avec le numérique ou "
            "dans une situation sociale complexe."
        ),
        pas_pour="une question générale, ni une urgence vitale (15 ou 112).",
        delai=f"Premier contact avec la personne sous {delay} {unit}",
        url=reverse("signalements:nouvelle", args=[caisse.code]),
    )
