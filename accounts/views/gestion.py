"""Screens of the gestionnaire: the accounts of the structure, counts, and never a demande."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.departures import charge_of, charges_of
from accounts.enums import EtatCompte
from accounts.etats_revues import is_late, progress_of
from accounts.forms.comptes import (
    CoordonneesTechnicienForm,
    InactivationForm,
    RechercheTechniciensForm,
    TechnicienForm,
)
from accounts.memberships import Membership
from accounts.models import RevueHabilitation, Utilisateur
from accounts.operations import techniciens as operations
from accounts.operations.adresses import pending_address
from accounts.operations.comptes import INVITATION_HEURES, cut_by_caisse
from accounts.operations.fins_prevues import set_expected_end
from accounts.permissions import Act, current, membership_required
from accounts.queries import second_factor_in_words
from accounts.querysets import UtilisateurQuerySet
from accounts.rules import deletion_date, zone_of
from partners.enums import EtatConvention, NatureConvention
from partners.models import Convention
from partners.rules import displayed_state, end_of
from portal import clock
from portal.counts import capped_counts
from portal.errors import DomainError
from portal.ui.text import shown_count
from portal.validators import readable_phone

JOURS_SANS_CONNEXION = 90
PAR_PAGE = 25
NBSP = "\u00a0"
ACCUEIL = ("Comptes de la structure", reverse_lazy("accounts:gestion_accueil"))
LISTE = ("Techniciens", reverse_lazy("accounts:techniciens"))
COLONNES = ["Nom", "Fonction", "Adresse électronique", "État", "Dernière connexion"]


def _techniciens(membership: Membership) -> UtilisateurQuerySet:
    return Utilisateur.objects.visible_to(membership).techniciens()


def _domaines(membership: Membership) -> list[str]:
    return membership.partenaire.domaines_autorises if membership.partenaire else []


def own_technicien(request: HttpRequest, pk: int) -> Utilisateur:
    """A technicien of the structure; anybody else is a 404 like an unknown number."""
    return get_object_or_404(_techniciens(current(request)), pk=pk)


@membership_required(Act.GERER_TECHNICIENS)
@require_safe
def accueil(request: HttpRequest) -> HttpResponse:
    """Home of the gestionnaire: counts of accounts, conventions with their end, colleagues."""
    membership = current(request)
    mine = _techniciens(membership)
    counts = capped_counts(
        {
            "actifs": mine.in_state(EtatCompte.ACTIF),
            "invites": mine.in_state(EtatCompte.INVITE),
            "absents": mine.not_seen_since(clock.now() - timedelta(days=JOURS_SANS_CONNEXION)),
        }
    )
    conventions = (
        Convention.objects.filter(partenaire=membership.partenaire, nature=NatureConvention.UTILISATION)
        .exclude(etat=EtatConvention.BROUILLON)
        .select_related("caisse", "adossee_a")
        .order_by("caisse__nom", "-date_effet", "id")
    )
    waiting = RevueHabilitation.objects.visible_to(membership).a_faire().with_progress()
    revues = [_waiting_review(revue) for revue in waiting.select_related("caisse").order_by("echeance", "pk")]
    context = {
        "structure": membership.partenaire,
        "revues": revues,
        "en_retard": [revue for revue in revues if revue["en_retard"]],
        "compteurs": counts,
        "libelle_absents": f"Sans connexion depuis {JOURS_SANS_CONNEXION}\u00a0jours",
        "conventions": [
            {"pk": c.pk, "caisse": c.caisse, "fin": end_of(c), "etat": displayed_state(c, c.caisse.today())}
            for c in conventions
        ],
    }
    return render(request, "accounts/gestion/accueil.html", context)


def _waiting_review(revue: RevueHabilitation) -> dict[str, Any]:
    """A review to do, for its tile."""
    late = is_late(revue, revue.caisse.today())
    day = f"{revue.echeance:%d/%m/%Y}"
    return {
        "revue": revue,
        "en_retard": late,
        "libelle": f"Revue d’habilitation{NBSP}: {'à faire depuis le' if late else 'à faire avant le'} {day}, "
        f"{revue.caisse}",
        "avancement": progress_of(revue),
    }


@membership_required(Act.GERER_TECHNICIENS)
@require_safe
def techniciens(request: HttpRequest) -> HttpResponse:
    """The techniciens of the structure: search, state, last sign-in."""
    search = RechercheTechniciensForm(request.GET)
    search.is_valid()
    words, etat = search.cleaned_data.get("q", ""), search.cleaned_data.get("etat", "")
    rows = _techniciens(current(request)).matching(words)
    if etat:
        rows = rows.in_state(etat)
    absents = request.GET.get("vue") == "absents"
    if absents:
        rows = rows.not_seen_since(clock.now() - timedelta(days=JOURS_SANS_CONNEXION))
    page = Paginator(rows.order_by("nom", "prenom", "pk"), PAR_PAGE).get_page(request.GET.get("page"))
    fuseau = zone_of(current(request).structure)
    charges = charges_of(current(request).structure.pk, [user.pk for user in page])
    context = {
        "recherche": search,
        "filtre": bool(words or etat or absents),
        "absents": absents,
        "jours": JOURS_SANS_CONNEXION,
        "page": page,
        "inactivables": any(user.is_active for user in page),
        "position": f"Page {page.number} sur {page.paginator.num_pages}",
        "legende": f"Techniciens, {shown_count(page.paginator.count)} comptes, triés par nom",
        "crumbs": [ACCUEIL, ("Techniciens", "")],
        "lignes": [
            {
                "compte": user,
                "suppression": deletion_date(user, fuseau),
                "demandes": charges[user.pk].demandes,
            }
            for user in page
        ],
        "colonnes": ["Choisir", *COLONNES, "Demandes en cours"],
        "precedente": _page_url(request, page.previous_page_number()) if page.has_previous() else "",
        "suivante": _page_url(request, page.next_page_number()) if page.has_next() else "",
        "search_id": "id_q",
    }
    return render(request, "accounts/gestion/techniciens.html", context)


def _page_url(request: HttpRequest, number: int) -> str:
    kept = {key: value for key, value in request.GET.items() if key in {"q", "etat", "vue"} and value}
    return f"?{urlencode({**kept, 'page': number})}"


@membership_required(Act.GERER_TECHNICIENS)
@require_http_methods(["GET", "HEAD", "POST"])
def creer(request: HttpRequest) -> HttpResponse:
    """Create the account of a technicien, with the three attestations."""
    membership = current(request)
    form = TechnicienForm(request.POST or None, domaines=_domaines(membership))
    if request.method == "POST" and form.is_valid():
        try:
            user = operations.create_technicien(
                actor=membership,
                identite=form.identite(),
                attestations=form.attestations(),
                identifiant=form.cleaned_data["identifiant"],
                fin_prevue=form.cleaned_data["fin_prevue"],
            )
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(
                request,
                f"Le compte est créé, son identifiant est {user.identifiant}. Un lien d’activation part à son "
                f"adresse\u00a0: il reste valable {INVITATION_HEURES}\u00a0heures.",
            )
            return redirect("accounts:technicien", pk=user.pk)
    return _form_page(request, "accounts/gestion/creer.html", form, crumbs=[ACCUEIL, LISTE, ("Ajouter", "")])


@membership_required(Act.GERER_TECHNICIENS)
@require_safe
def fiche(request: HttpRequest, pk: int) -> HttpResponse:
    """The account of a technicien: contact, state, attestations, what can be done."""
    user = own_technicien(request, pk)
    fuseau = zone_of(current(request).structure)
    limit, waiting = deletion_date(user, fuseau), pending_address(user)
    context = {
        "compte": user,
        "suppression": limit,
        "reactivable": limit is not None and clock.today(fuseau) < limit,
        "coupe": cut_by_caisse(user),
        "coordonnees": [
            ("Identifiant", user.identifiant),
            ("Civilité", user.get_civilite_display()),
            ("Nom", user.nom),
            ("Prénom", user.prenom),
            ("Fonction", user.fonction),
            ("Téléphone", readable_phone(user.telephone)),
            ("Adresse électronique", user.courriel),
            *([("Nouvelle adresse, à confirmer", waiting)] if waiting else []),
            ("Créé le", _day(user.cree_le)),
            ("Dernière connexion", _day(user.last_login) if user.last_login else "Jamais"),
            ("Second facteur", second_factor_in_words(user)),
            ("Date de fin prévue", date_format(user.fin_prevue, "d/m/Y") if user.fin_prevue else "Aucune"),
        ],
        "crumbs": [ACCUEIL, LISTE, ("Compte d’un technicien", "")],
        "adresse_en_attente": waiting,
        "attestations": user.attestations.select_related("par"),
        "heures": INVITATION_HEURES,
    }
    return render(request, "accounts/gestion/fiche.html", context)


@membership_required(Act.GERER_TECHNICIENS)
@require_http_methods(["GET", "HEAD", "POST"])
def modifier(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the name, fonction, telephone or address of a technicien."""
    membership, user = current(request), own_technicien(request, pk)
    form = CoordonneesTechnicienForm(
        request.POST or None,
        initial={**CoordonneesTechnicienForm.initial_of(user), "fin_prevue": user.fin_prevue},
        domaines=_domaines(membership),
    )
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                changed = operations.update_technicien(
                    actor=membership, technicien=user, changes=form.changes()
                )
                if "fin_prevue" in request.POST:
                    fin = form.cleaned_data["fin_prevue"]
                    if set_expected_end(actor=membership, compte=user, fin=fin):
                        changed.append("fin_prevue")
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, _changed_in_words(user, changed))
            return redirect("accounts:technicien", pk=user.pk)
    return _form_page(
        request, "accounts/gestion/modifier.html", form, compte=user, crumbs=crumbs_of(user, "Modifier")
    )


@membership_required(Act.GERER_TECHNICIENS)
@require_POST
def renvoyer(request: HttpRequest, pk: int) -> HttpResponse:
    """Send again the link the account waits for: its invitation, or the confirmation of its new address."""
    user = own_technicien(request, pk)
    words = (
        f"Un nouveau lien de confirmation part à {user.courriel_attente}. Il reste valable "
        f"{INVITATION_HEURES}\u00a0heures et remplace le précédent."
        if user.active_le is not None
        else f"Une nouvelle invitation part à l’adresse du compte. Elle reste valable {INVITATION_HEURES}\u00a0heures "
        "et remplace la précédente."
    )
    return _act(
        request, user, lambda: operations.resend_invitation(actor=current(request), compte=user), words
    )


@membership_required(Act.GERER_TECHNICIENS)
@require_http_methods(["GET", "HEAD", "POST"])
def inactiver(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what inactivating does, ask why, do it at once."""
    membership, user = current(request), own_technicien(request, pk)
    if not user.is_active:
        messages.info(request, "Ce compte est déjà inactif.")
        return redirect("accounts:technicien", pk=user.pk)
    colleagues = _techniciens(membership).filter(is_active=True, active_le__isnull=False).exclude(pk=user.pk)
    form = InactivationForm(request.POST or None, collegues=colleagues.order_by("nom", "prenom", "pk"))
    if request.method == "POST" and form.is_valid():
        try:
            operations.inactivate_technicien(
                actor=membership, technicien=user, motif=form.chosen(), successeur=form.successor()
            )
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, "Le compte est inactif. Ses sessions sont fermées.")
            return redirect("accounts:technicien", pk=user.pk)
    return _form_page(
        request,
        "accounts/gestion/inactiver.html",
        form,
        compte=user,
        charge=charge_of(user),
        crumbs=crumbs_of(user, "Inactiver"),
    )


@membership_required(Act.GERER_TECHNICIENS)
@require_POST
def reactiver(request: HttpRequest, pk: int) -> HttpResponse:
    """Give an inactive technicien a new invitation."""
    user = own_technicien(request, pk)
    return _act(
        request,
        user,
        lambda: operations.reactivate_technicien(actor=current(request), technicien=user),
        "Le compte est réactivé. Une invitation part à son adresse pour choisir un nouveau mot de passe.",
    )


def _act(request: HttpRequest, user: Utilisateur, act: Callable[[], object], done: str) -> HttpResponse:
    try:
        act()
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, done)
    return redirect("accounts:technicien", pk=user.pk)


def _changed_in_words(user: Utilisateur, changed: list[str]) -> str:
    if not changed:
        return "Rien n’a changé."
    if "courriel" in changed and user.active_le is not None and pending_address(user):
        return (
            "Le compte est modifié. La nouvelle adresse prendra effet une fois confirmée par le lien qui y est envoyé, "
            f"valable {INVITATION_HEURES}\u00a0heures."
        )
    return "Le compte est modifié."


def _day(moment: datetime) -> str:
    return date_format(localtime(moment), "d/m/Y")


def crumbs_of(user: Utilisateur, here: str) -> list[tuple[str, object]]:
    """The way back from a page about one account."""
    fiche_url = reverse("accounts:technicien", args=[user.pk])
    return [ACCUEIL, LISTE, ("Compte d’un technicien", fiche_url), (here, "")]


def _form_page(request: HttpRequest, template: str, form: object, **context: object) -> HttpResponse:
    refused = request.method == "POST"
    return render(request, template, {"form": form, **context}, status=422 if refused else 200)
