"""« Gestionnaires de la structure »: the list, and what a gestionnaire asks of the caisse (ecrans.md §B.5.6)."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_safe

from accounts.enums import MotifInactivation, MotifRefus, StatutHabilitation
from accounts.forms.habilitations import (
    Completion,
    DepartDuDernierForm,
    DepartForm,
    ModificationForm,
    NouveauGestionnaireForm,
    completion_of,
)
from accounts.memberships import Membership
from accounts.models import DemandeHabilitation, Utilisateur
from accounts.operations import habilitations as operations
from accounts.permissions import Act, current, membership_required
from accounts.rules import read_delay, state_in_words
from caisses.models import Caisse
from portal.errors import DomainError
from portal.validators import readable_phone

ACCUEIL = ("Comptes de la structure", reverse_lazy("accounts:gestion_accueil"))
LISTE = ("Gestionnaires", reverse_lazy("accounts:gestionnaires"))
COLONNES = ["Nom", "Fonction", "Adresse électronique", "État", "Dernière connexion", "Actions"]
SUIVI = ["Référence", "Demande", "État"]
RECENTES = 10


@membership_required(Act.DEMANDER_HABILITATION)
@require_safe
def gestionnaires(request: HttpRequest) -> HttpResponse:
    """The gestionnaires of the structure, whom only the caisse changes (art. 2.2.2), and the requests about them."""
    membership = current(request)
    rows = list(Utilisateur.objects.visible_to(membership).gestionnaires().filter(is_active=True))
    asked = DemandeHabilitation.objects.visible_to(membership).select_related("caisse")[:RECENTES]
    context = {
        "structure": membership.partenaire,
        "lignes": rows,
        "colonnes": COLONNES,
        "legende": f"Gestionnaires, {len(rows)} comptes, triés par nom",
        "crumbs": [ACCUEIL, ("Gestionnaires", "")],
        "ouverte": bool(membership.conventions),
        "demandes": [
            {"demande": row, "etat": state_in_words(row), "delai": read_delay(row)} for row in asked
        ],
        "suivi": SUIVI,
    }
    return render(request, "accounts/gestion/gestionnaires.html", context)


def with_convention(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let a request be made only where a convention in force names a caisse to make it to."""

    @wraps(view)
    def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if current(request).conventions:
            return view(request, **kwargs)
        messages.error(request, "Aucune convention en vigueur ne vous lie à une caisse.")
        return redirect("accounts:gestionnaires")

    return guarded


@membership_required(Act.DEMANDER_HABILITATION)
@require_http_methods(["GET", "HEAD", "POST"])
@with_convention
def habiliter(request: HttpRequest) -> HttpResponse:
    """Ask for one more gestionnaire."""
    membership = current(request)
    structure = membership.structure
    form = NouveauGestionnaireForm(
        request.POST or None, caisses=_caisses(membership), domaines=structure.domaines_autorises
    )

    def ask() -> DemandeHabilitation:
        return operations.request_habilitation(
            actor=membership,
            caisse=form.chosen_caisse(),
            identite=form.identite(),
            cle=form.cleaned_data["cle"],
        )

    active = Utilisateur.objects.visible_to(membership).gestionnaires().filter(is_active=True).count()
    full = active >= structure.quota_gestionnaires
    delai = max(caisse.delai_habilitation for caisse in form.caisses.values())
    titre = "Demander l’habilitation d’un gestionnaire"
    return _ask(request, form, ask, "habiliter", titre=titre, complet=full, delai=delai)


@membership_required(Act.DEMANDER_HABILITATION)
@require_http_methods(["GET", "HEAD", "POST"])
@with_convention
def modifier(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a change of the name, fonction, telephone or address of a gestionnaire."""
    membership, compte = current(request), own_gestionnaire(request, pk)
    form = ModificationForm(
        request.POST or None,
        caisses=_caisses(membership),
        initial=ModificationForm.initial_of(compte),
        domaines=membership.structure.domaines_autorises,
    )

    def ask() -> DemandeHabilitation:
        return operations.request_modification(
            actor=membership,
            compte=compte,
            caisse=form.chosen_caisse(),
            changes=form.changes(),
            cle=form.cleaned_data["cle"],
        )

    return _ask(
        request, form, ask, "modification", titre="Demander une modification à la caisse", compte=compte
    )


@membership_required(Act.DEMANDER_HABILITATION)
@require_http_methods(["GET", "HEAD", "POST"])
@with_convention
def depart(request: HttpRequest, pk: int) -> HttpResponse:
    """Announce the departure of a gestionnaire; the last one names a successor."""
    membership, compte = current(request), own_gestionnaire(request, pk)
    structure, caisses = membership.structure, _caisses(membership)
    last = operations.is_last_to_stay(structure, compte)
    kind = DepartDuDernierForm if last else DepartForm
    options: dict[str, Any] = {"domaines": structure.domaines_autorises} if last else {}
    form = kind(request.POST or None, caisses=caisses, today=caisses[0].today(), **options)

    def ask() -> DemandeHabilitation:
        return operations.request_departure(
            actor=membership,
            compte=compte,
            caisse=form.chosen_caisse(),
            le=form.cleaned_data["date_souhaitee"],
            motif=MotifInactivation(form.cleaned_data["motif"]),
            successeur=form.successeur(),
            cle=form.cleaned_data["cle"],
        )

    return _ask(request, form, ask, "depart", titre="Demander l’inactivation", compte=compte, dernier=last)


@membership_required(Act.DEMANDER_HABILITATION)
@require_http_methods(["GET", "HEAD", "POST"])
def demande(request: HttpRequest, reference: str) -> HttpResponse:
    """A request about a gestionnaire: where it stands, what the caisse says, what it waits for."""
    membership = current(request)
    row = _request(membership, reference)
    waiting = row.statut == StatutHabilitation.A_COMPLETER
    if request.method == "POST" and not waiting:
        messages.error(request, "Cette demande n’attend plus de complément.")
        return redirect("accounts:gestionnaire_demande", reference=row.reference)
    form = completion_of(row, request.POST or None) if waiting else None
    if request.method == "POST" and form.is_valid():
        try:
            operations.complete_request(
                actor=membership, demande=row, values=form.values(), version=form.cleaned_data["version"]
            )
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, "Votre complément est transmis à la caisse.")
            return redirect("accounts:gestionnaire_demande", reference=row.reference)
    context = {
        "demande": row,
        "etat": state_in_words(row),
        "delai": read_delay(row),
        "faits": facts(row),
        "motif_refus": MotifRefus(row.motif_refus).label if row.motif_refus else "",
        "form": form,
        "crumbs": [ACCUEIL, LISTE, (f"Demande {row.reference}", "")],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "accounts/gestion/demande.html", context, status=status)


@membership_required(Act.DEMANDER_HABILITATION)
@require_http_methods(["GET", "HEAD", "POST"])
def retirer(request: HttpRequest, reference: str) -> HttpResponse:
    """Give up a request that is not answered, or a departure that has not happened."""
    membership = current(request)
    row = _request(membership, reference)
    back = redirect("accounts:gestionnaire_demande", reference=row.reference)
    if not row.retirable:
        messages.error(request, "Cette demande ne peut plus être retirée\u00a0: la caisse y a répondu.")
        return back
    form = Completion(request.POST or None, initial={"version": row.version})
    if request.method == "POST" and form.is_valid():
        try:
            operations.withdraw_request(actor=membership, demande=row, version=form.cleaned_data["version"])
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, f"La demande {row.reference} est retirée.")
            return back
    here = ("Retirer", "")
    own = (f"Demande {row.reference}", reverse("accounts:gestionnaire_demande", args=[row.reference]))
    context = {"demande": row, "faits": facts(row), "form": form, "crumbs": [ACCUEIL, LISTE, own, here]}
    status = 422 if request.method == "POST" else 200
    return render(request, "accounts/gestion/retirer.html", context, status=status)


def _request(membership: Membership, reference: str) -> DemandeHabilitation:
    """A request of one's structure; any other is a 404 like an unknown reference."""
    rows = DemandeHabilitation.objects.visible_to(membership)
    return get_object_or_404(
        rows.select_related("caisse", "partenaire", "compte", "demandeur", "successeur"), reference=reference
    )


def facts(demande: DemandeHabilitation) -> list[tuple[str, str]]:
    """What a request asks, as its page says it; empty once it is erased."""
    rows: list[tuple[str, str]] = [("Caisse", demande.caisse.nom)]
    if demande.compte is not None:
        rows.append(("Gestionnaire", demande.compte.get_full_name()))
    asked = [
        ("Civilité", demande.get_civilite_display()),
        ("Nom", demande.nom),
        ("Prénom", demande.prenom),
        ("Fonction", demande.fonction),
        ("Téléphone", readable_phone(demande.telephone) if demande.telephone else ""),
        ("Adresse électronique", demande.courriel),
    ]
    rows += [(label, value) for label, value in asked if value]
    if demande.date_souhaitee is not None:
        rows.append(("Fin de l’accès souhaitée le", f"{demande.date_souhaitee:%d/%m/%Y}"))
        rows.append(("Motif", demande.get_motif_display()))
    if demande.successeur is not None:
        address = reverse("accounts:gestionnaire_demande", args=[demande.successeur.reference])
        link = format_html('<a href="{}">Demande {}</a>', address, demande.successeur.reference)
        rows.append(("Remplaçant", link))
    return rows


def own_gestionnaire(request: HttpRequest, pk: int) -> Utilisateur:
    """An active gestionnaire of the structure; anybody else is a 404 like an unknown number."""
    rows = Utilisateur.objects.visible_to(current(request)).gestionnaires().filter(is_active=True)
    return get_object_or_404(rows, pk=pk)


def _caisses(membership: Membership) -> list[Caisse]:
    """The caisses a request may go to, the one that declared the structure first."""
    found = [convention.caisse for convention in membership.conventions]
    return sorted(found, key=lambda caisse: caisse.pk != membership.structure.caisse_referente_id)


def _ask(
    request: HttpRequest, form: Any, ask: Callable[[], DemandeHabilitation], page: str, **context: Any
) -> HttpResponse:
    """Draw a request, or hand it to its operation."""
    if request.method == "POST" and form.is_valid():
        try:
            made = ask()
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, f"La demande {made.reference} est transmise à la {made.caisse.nom}.")
            return redirect("accounts:gestionnaire_demande", reference=made.reference)
    context = {"compte": None, **context, "form": form, "crumbs": [ACCUEIL, LISTE, (context["titre"], "")]}
    status = 422 if request.method == "POST" else 200
    return render(request, f"accounts/gestion/{page}.html", context, status=status)
