"""The reply templates: their screens, for the superviseurs, and their insertion into what an agent writes."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.memberships import Membership
from accounts.permissions import Act, current
from caisses.enums import MomentModele
from caisses.models import ModeleReponse
from caisses.variables import fill
from portal.errors import DomainError
from portal.ui.tables import Column
from signalements.forms.modeles import ModeleForm, with_text_added
from signalements.kinds.registry import kinds
from signalements.models import Demande
from signalements.operations.modeles import count_use, write_template
from signalements.queries.modeles import (
    ModelePropose,
    all_templates,
    forget_templates,
    templates_of,
    values_of,
)
from signalements.views.caisse.access import UNPROCESSABLE, add_domain_error, caisse_of, staff_view

INSERER = "modele"
COLUMNS = [
    Column("Nom"),
    Column("Moment"),
    Column("Services"),
    Column("Utilisé"),
    Column("Dernière modification"),
    Column("État"),
]


@staff_view(Act.SUPERVISER)
@require_safe
def modeles(request: HttpRequest) -> HttpResponse:
    """The templates of the caisse, and the national ones it may copy."""
    context = {
        "crumbs": [("Accueil", reverse("accueil")), ("Modèles de réponse", "")],
        "columns": COLUMNS,
        "lignes": [(row, _services(row)) for row in all_templates(caisse_of(current(request)))],
    }
    return render(request, "signalements/caisse/modeles.html", context)


def _services(row: ModeleReponse) -> str:
    known = kinds()
    return ", ".join(known[code].nom for code in row.fonctions if code in known) or "Tous"


@staff_view(Act.SUPERVISER)
@require_http_methods(["GET", "HEAD", "POST"])
def modele_creer(request: HttpRequest) -> HttpResponse:
    """Write a template, from nothing or from another one (`?depuis=`)."""
    depuis = request.GET.get("depuis", "")
    source = _readable(current(request), int(depuis)) if depuis.isdecimal() and len(depuis) < 19 else None
    return _write(request, None, source)


@staff_view(Act.SUPERVISER)
@require_http_methods(["GET", "HEAD", "POST"])
def modele(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a template of the caisse, or no longer offer it."""
    row = _readable(current(request), pk)
    if row is None or row.caisse_id is None:
        raise Http404
    return _write(request, row, row)


def _readable(membership: Membership, pk: int) -> ModeleReponse | None:
    return ModeleReponse.objects.for_caisse(caisse_of(membership).pk).filter(pk=pk).first()


def _write(request: HttpRequest, row: ModeleReponse | None, source: ModeleReponse | None) -> HttpResponse:
    membership = current(request)
    form = ModeleForm(request.POST) if request.method == "POST" else ModeleForm(modele=source)
    if request.method == "POST" and form.is_valid():
        try:
            write_template(actor=membership, modele=form.modele(), pk=row.pk if row else None)
        except DomainError as error:
            add_domain_error(form, error)
        else:
            forget_templates(caisse_of(membership).pk)
            messages.success(request, "Le modèle est enregistré.")
            return redirect("signalements:modeles")
    title = "Modifier un modèle de réponse" if row else "Ajouter un modèle de réponse"
    context = {
        "crumbs": [
            ("Accueil", reverse("accueil")),
            ("Modèles de réponse", reverse("signalements:modeles")),
            (title, ""),
        ],
        "title": title,
        "form": form,
    }
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "signalements/caisse/modele.html", context, status=status)


# --- Inserting one into what is being written


def template_context(
    request: HttpRequest, demande: Demande, moment: MomentModele
) -> dict[str, list[ModelePropose] | str]:
    """The templates a form offers, and the one its text was made from."""
    return {"modeles": templates_of(demande, moment), "modele_insere": request.POST.get("modele", "")}


def inserted(
    request: HttpRequest,
    demande: Demande,
    form: forms.Form,
    champ: str,
    moment: MomentModele,
    manquantes: Sequence[str] | None = None,
) -> bool:
    """Whether « Insérer » was pressed: the chosen template then stands in the form, to be changed and sent."""
    if request.POST.get("action") != INSERER:
        return False
    wanted = request.POST.get("modele_choisi", "")
    chosen = next((one for one in templates_of(demande, moment) if str(one.pk) == wanted), None)
    if chosen is None:
        form.show_as_typed()  # type: ignore[attr-defined]
        return True
    with_text_added(form, champ, fill(chosen.texte, values_of(demande, manquantes)))
    posted: Any = request.POST.copy()
    posted["modele"] = wanted
    request.POST = posted
    return True


def count_template(request: HttpRequest) -> None:
    """What was sent was made from a template: it counts one use more."""
    if modele := request.POST.get("modele", ""):
        count_use(actor=current(request), modele=modele)
