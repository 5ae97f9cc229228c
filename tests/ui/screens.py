"""Screens made of every component, served to the browser tests only (`@pytest.mark.urls("tests.ui.screens")`)."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template import RequestContext, Template
from django.urls import include, path

from portal.ui.dates import DateTroisChamps
from portal.ui.tables import Column

CHOICES = [("a", "Renoncement aux soins"), ("b", "Rupture de droits")]
NAVIGATION = [("Accueil", "/", True, None), ("Demandes de ma structure", "/liste/", False, 3)]


@dataclass
class Seen:
    """What the browser sent, and what the next answers are; emptied before each test."""

    posts: list[dict[str, Any]] = field(default_factory=list)
    autosave: list[int] = field(default_factory=list)
    saved: list[str] = field(default_factory=list)
    uploads: list[str] = field(default_factory=list)
    upload_answers: list[int] = field(default_factory=list)
    states: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    removed: int = 0
    extended: int = 0
    extend_status: int = 200


seen = Seen()


class Reader:
    """Stands for the signed-in user of these screens."""

    is_authenticated = True

    def __str__(self) -> str:
        return "Camille Fournier"


class Personne(forms.Form):
    """One field of every kind."""

    civilite = forms.ChoiceField(
        label="Civilité", choices=[("MME", "Madame"), ("M", "Monsieur")], widget=forms.RadioSelect
    )
    nom = forms.CharField(label="Nom de naissance", widget=forms.TextInput(attrs={"autocomplete": "off"}))
    usage = forms.CharField(label="Nom d’usage", required=False)
    naissance = DateTroisChamps(label="Date de naissance", unknown_allowed=True)
    departement = forms.ChoiceField(
        label="Département de résidence",
        choices=[("", "Choisissez un département"), ("25", "25 – Doubs")],
        help_text="Celui où la personne vit le plus souvent.",
    )
    causes = forms.MultipleChoiceField(
        label="Causes", choices=CHOICES, widget=forms.CheckboxSelectMultiple, required=False
    )
    commentaire = forms.CharField(label="Commentaire", max_length=50, widget=forms.Textarea, required=False)
    informee = forms.BooleanField(label="La personne est informée.")


class MotDePasse(forms.Form):
    """A password, its rules and its confirmation."""

    nouveau = forms.CharField(
        label="Nouveau mot de passe", widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    confirmation = forms.CharField(
        label="Le même mot de passe", widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )


def page(
    request: HttpRequest, body: str, title: str = "Essai", status: int = 200, **context: Any
) -> HttpResponse:
    """A whole page around `body`, for a signed-in reader."""
    request.user = Reader()  # type: ignore[assignment]
    source = (
        '{% extends "base.html" %}{% block page_title %}' + title + "{% endblock %}"
        '{% block scripts %}{% ui_script "autosave" %}{% ui_script "upload" %}{% ui_script "password" %}'
        "{% endblock %}{% block content %}" + body + "{% endblock %}"
    )
    defaults = {
        "navigation": NAVIGATION,
        "account_menu": {"name": "Camille Fournier", "detail": "CCAS", "links": [("Mon profil", "/profil/")]},
    }
    return HttpResponse(Template(source).render(RequestContext(request, defaults | context)), status=status)


COMPONENTS = """
{% ui_breadcrumb crumbs %}
<div class="ep-page-head"><h1>Demande EP-251-7K3M4-2Q</h1>{% ui_copy "EP-251-7K3M4-2Q" hidden="la référence" %}</div>
<p class="ep-meta">{% ui_statut "A_COMPLETER" "À compléter" %}{% ui_statut "TRAITEE" "Traitée – Accord" "ACCORD" %}
{% ui_statut "TRAITEE" "Traitée – Refus" "REFUS" %}
{% ui_badge "Actif" "info" "info" %}{% ui_badge "Nouveau" "accent" %}</p>
<p>{% ui_echeance "Échéance le 24/12" %} {% ui_echeance "Échéance proche" "warning" %}
{% ui_echeance "Dans 2 jours" "danger" %}
{% ui_echeance "En retard de 4 jours" "late" %} {% ui_echeance "Délai suspendu" "paused" %}
{% ui_echeance "Traitée" "done" %}</p>
<div class="ep-grid ep-grid--tiles">{% ui_tile "En retard" 2 "/a/" "danger" "attention" %}
{% ui_tile "Comptes" 12 %}</div>
{% ui_alert tone="success" close=True %}Le technicien a été ajouté.{% endui_alert %}
{% ui_alert tone="danger" title="Refusé" %}<p>Le fichier est <a href="/a/">trop lourd</a>.</p>{% endui_alert %}
{% ui_alert tone="warning" %}Il manque une pièce.{% endui_alert %}
{% ui_alert %}Une demande est en cours.{% endui_alert %}
<div class="ep-split"><div class="ep-stack">
{% ui_card title="Chronologie" id="chronologie" icon_name="historique" %}{% ui_timeline %}
{% ui_timeline_item "Demande envoyée" when=now author="Camille" icon_name="enveloppe" tone="info" %}
{% endui_timeline_item %}
{% ui_timeline_item "Votre message" when=now icon_name="message" tone="sent" %}<p>Bonjour.</p>{% endui_timeline_item %}
{% ui_timeline_item "Message" when=now icon_name="message" tone="received" %}<p>Merci.</p>{% endui_timeline_item %}
{% ui_timeline_item "Note interne" when=now icon_name="note" tone="note" %}<p>x</p>{% endui_timeline_item %}
{% endui_timeline %}{% endui_card %}
{% ui_tabs tabs %}
{% ui_empty "Aucune demande." %}<p>{% ui_link "Effacer les filtres" "/a/" %}</p>{% endui_empty %}
</div><div class="ep-stack">
{% ui_card title="La personne" %}{% ui_definitions facts "ep-dl--stacked" %}{% endui_card %}
{% ui_summary_list facts "La situation" "/a/" %}
<p>{% ui_tag "Tutelle" %} {% ui_tag "Urgent" "/a/" %}</p>
<details class="ep-details"><summary>Autres demandes</summary><p>Aucune.</p></details>
<div class="ep-actions">{% ui_button "Envoyer" type="button" %}{% ui_button "Plus tard" "secondary" type="button" %}
{% ui_button "Annuler la demande" "danger" type="button" %}{% ui_button "Ignorer" "quiet" type="button" %}
<button type="button" class="btn ep-btn ep-btn--secondary" data-ep-dialog="essai">Ouvrir la fenêtre</button></div>
{% ui_dialog id="essai" title="Raccourcis" %}<p>Contenu.</p>{% endui_dialog %}
</div></div>
{% ui_pagination "?avant=x" "?apres=x" "Page 3" %}
<p class="ep-print-reference">EP-251-7K3M4-2Q</p>
"""


def components(request: HttpRequest) -> HttpResponse:
    """Every component that is not a form."""
    return page(
        request,
        COMPONENTS,
        crumbs=[("Accueil", "/"), ("Demandes", "/liste/"), ("EP-251-7K3M4-2Q", "")],
        tabs=[("À faire", "/a/", True, 3), ("Traitées", "/t/", False, 1200)],
        facts=[("Nom de naissance", "Martin"), ("Nom d’usage", "")],
        now=dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC),
        annonces=[{"niveau": "warning", "titre": "Maintenance ce soir.", "texte": "Rien ne sera perdu."}],
    )


FORM = """
{% ui_error_summary form titre="La demande" %}{% ui_stepper titles 1 %}<h1>La personne</h1>{% ui_mention %}
<form method="post" novalidate data-autosave-url="/autosave/">{% csrf_token %}{{ form }}
<div class="ep-actions">{% ui_button "Continuer" name="action" value="continuer" %}
<p class="ep-saved" data-autosave-status></p></div></form>
"""


def form(request: HttpRequest) -> HttpResponse:
    """A step of the wizard, with autosave."""
    bound = Personne(request.POST or None)
    if request.method == "POST":
        seen.posts.append(request.POST.dict())
        if bound.is_valid():
            return HttpResponseRedirect("/")
    return page(
        request,
        FORM,
        "La personne",
        422 if bound.errors else 200,
        form=bound,
        titles=["La personne", "Les pièces"],
    )


def autosave(request: HttpRequest) -> HttpResponse:
    """Answers what the test prepared, otherwise saves."""
    status = seen.autosave.pop(0) if seen.autosave else 200
    if status == 200:
        seen.saved.append(request.POST.get("nom", ""))
        return JsonResponse({"enregistre_a": "14 h 02"})
    return JsonResponse({}, status=status)


UPLOAD = """
<h1>Les pièces</h1><form method="post" action="/pieces/sans-script/" enctype="multipart/form-data">{% csrf_token %}
{% ui_upload url="/pieces/" label="Avis d’imposition" hint="PDF, 10 Mo par fichier." max_files=3 %}
{% ui_file "ancien.pdf" 1000 "SAINE" url="/a/" remove_url="/pieces/retirer/" in_form=True %}{% endui_upload %}
{% ui_button "Continuer" %}</form>
"""


def pieces(request: HttpRequest) -> HttpResponse:
    """The upload step, and where each file is sent."""
    if request.method == "GET":
        return page(request, UPLOAD, "Les pièces")
    status = seen.upload_answers.pop(0) if seen.upload_answers else 201
    seen.keys.append(request.POST["cle"])
    name = request.FILES["fichier"].name
    if status == 422:
        return JsonResponse({"erreur": "Ce fichier est protégé par un mot de passe."}, status=422)
    if status != 201:
        return HttpResponse(status=status)
    seen.uploads.append(name)
    return JsonResponse(
        {
            "nom": name,
            "taille": "1 Ko",
            "etat": "EN_ANALYSE",
            "etat_texte": "Analyse en cours",
            "url": "",
            "etat_url": "/pieces/etat/",
            "retirer_url": "/pieces/retirer/",
        },
        status=201,
    )


def piece_state(request: HttpRequest) -> HttpResponse:
    """What the analysis found, as the test prepared it; still running otherwise."""
    found = seen.states.pop(0) if seen.states else "EN_ANALYSE"
    return JsonResponse(
        {
            "etat": found,
            "etat_texte": {"SAINE": "Fichier vérifié", "REFUSEE": "Fichier refusé"}.get(
                found, "Analyse en cours"
            ),
            "message": "Le fichier contient un virus." if found == "REFUSEE" else "",
            "url": "/a/" if found == "SAINE" else "",
        }
    )


def pieces_without_script(request: HttpRequest) -> HttpResponse:
    """The same files as an ordinary form sends them."""
    seen.uploads += [file.name for file in request.FILES.getlist("fichiers")]
    return HttpResponseRedirect("/pieces/")


def remove_piece(request: HttpRequest) -> HttpResponse:
    """Takes a file away."""
    seen.removed += 1
    return JsonResponse({})


def extend(request: HttpRequest) -> HttpResponse:
    """Extends the session, or says that it is over."""
    seen.extended += 1
    if seen.extend_status != 200:
        return HttpResponse(status=seen.extend_status)
    return JsonResponse({"reste": 1800})


PASSWORD = """
<h1>Mot de passe</h1><form method="post" novalidate>{% csrf_token %}{{ form.nouveau.as_field_group }}
<ul class="ep-rules" data-ep-password-rules="id_nouveau">
<li data-rule="longueur" data-min="12">12 caractères au moins</li>
<li data-rule="identifiant" data-words="tech.valbrume Fournier">Sans votre nom ni votre identifiant</li>
<li data-rule="identique" data-other="id_confirmation">Identique dans les deux champs</li></ul>
{{ form.confirmation.as_field_group }}{% ui_button "Enregistrer mon mot de passe" %}</form>
"""


def password(request: HttpRequest) -> HttpResponse:
    """Choosing a password."""
    if request.method == "POST":
        seen.posts.append(request.POST.dict())
        return HttpResponseRedirect("/")
    return page(request, PASSWORD, "Mot de passe", form=MotDePasse())


ROWS = """
<p class="ep-muted" data-ep-announce="25 demandes, {{ position }}">25 demandes</p>
{% ui_table caption columns id="demandes" %}{% for row in rows %}
<tr><th scope="row"><a class="ep-reference" href="/a/">{{ row }}</a></th>
<td data-label="Statut">{% ui_statut "EN_COURS" "En cours" %}</td>
<td data-label="Échéance">{% ui_echeance "Dans 2 jours" "danger" %}</td></tr>{% endfor %}{% endui_table %}
{% ui_pagination "" "/liste/?p=2" position target="#resultats" %}
"""
LIST = """
<h1>Demandes</h1><div id="resultats">%s</div>
<form method="post" action="/liste/ajout/" hx-post="/liste/ajout/" hx-target="#ajout" hx-disabled-elt="find button">
{%% csrf_token %%}<div id="ajout"></div>{%% ui_button "Ajouter" %%}</form>
<button type="button" hx-get="/liste/panne/" hx-target="#ajout">Panne</button>
"""


def listing(request: HttpRequest) -> HttpResponse:
    """A list whose pages are swapped by htmx."""
    context = {
        "caption": "Demandes en cours, 25 résultats, triées par référence",
        "columns": [
            Column("Référence", "?tri=-ref", "ascending"),
            "Statut",
            Column("Échéance", "?tri=echeance"),
        ],
        "rows": [f"EP-251-7K3M{number}-2Q" for number in range(25)],
        "position": f"Page {request.GET.get('p', '1')}",
    }
    if request.headers.get("HX-Request"):
        return HttpResponse(Template(ROWS).render(RequestContext(request, context)))
    return page(request, LIST % ROWS, "Demandes", **context)


def listing_add(request: HttpRequest) -> HttpResponse:
    """A form in a fragment, refused."""
    seen.posts.append(request.POST.dict())
    source = '{% ui_error_summary "Cochez au moins une demande." %}'
    return HttpResponse(Template(source).render(RequestContext(request)), status=422)


def listing_broken(request: HttpRequest) -> HttpResponse:
    """A fragment that fails."""
    return HttpResponse(status=503)


def signed_out(request: HttpRequest) -> HttpResponse:
    """Where the browser goes once the session has ended."""
    return page(request, "<h1>Connexion</h1>", "Connexion")


urlpatterns = [
    path("", components),
    path("formulaire/", form),
    path("autosave/", autosave),
    path("pieces/", pieces),
    path("pieces/sans-script/", pieces_without_script),
    path("pieces/retirer/", remove_piece),
    path("pieces/etat/", piece_state),
    path("mot-de-passe/", password),
    path("liste/", listing),
    path("liste/ajout/", listing_add),
    path("liste/panne/", listing_broken),
    path("session/prolonger/", extend),
    path("connexion/", signed_out),
    path("", include("portal.pages_urls")),
]
