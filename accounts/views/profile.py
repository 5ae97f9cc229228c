"""« Mon profil »: one's details, preferences, secrets and sessions."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import passwords, queries
from accounts.appareils import UNKNOWN
from accounts.forms.profile import PreferencesForm
from accounts.memberships import Membership
from accounts.models import IdentiteProConnect, Utilisateur
from accounts.operations.adresses import pending_address
from accounts.operations.preferences import save_preferences
from accounts.permissions import current
from accounts.sessions import mark_of, open_sessions
from accounts.views.key_ceremonies import site_of
from accounts.views.signed_in import sign_in_required
from portal.ui.display import DENSITY_COOKIE, remember_display
from portal.validators import readable_phone


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_required
def profil(request: HttpRequest) -> HttpResponse:
    """Read one's details, choose mails and display."""
    membership = current(request)
    user = membership.user
    initial = {
        "frequence_courriels": user.frequence_courriels,
        "theme": user.theme,
        "densite": request.COOKIES.get(DENSITY_COOKIE, "aeree"),
        "raccourcis": user.raccourcis,
    }
    handles = membership.handles_demandes
    form = PreferencesForm(request.POST or None, initial=initial, handles_demandes=handles)
    if request.method == "POST" and form.is_valid():
        save_preferences(
            membership,
            frequence_courriels=form.cleaned_data["frequence_courriels"],
            theme=form.cleaned_data["theme"],
            raccourcis=form.cleaned_data.get("raccourcis", False),
        )
        messages.success(request, "Vos préférences sont enregistrées.")
        return remember_display(request, redirect("accounts:profil"))
    recovery = queries.recovery_codes_of(user)
    context = {
        "form": form,
        "handles_demandes": handles,
        "account": user,
        "details": _details(membership),
        "details_managed_by": _manager(membership),
        "interlocuteurs": queries.interlocuteurs_of(membership),
        "password_since": user.mot_de_passe_le,
        "password_until": passwords.password_expires_at(user),
        "second_factor": bool(request.session.appareils),
        "keys": queries.passkeys_of(user) if request.session.cles else [],
        "can_have_keys": site_of(request).can_have_keys,
        "codes_left": len(recovery.empreintes) if recovery else 0,
        "acceptances": queries.acceptances_of(user),
        "proconnect": settings.PROCONNECT,
        "bound": IdentiteProConnect.objects.filter(utilisateur=user).first() if settings.PROCONNECT else None,
        **_sessions(request),
    }
    return render(request, "accounts/profil.html", context, status=422 if form.errors else 200)


def _sessions(request: HttpRequest) -> dict[str, object]:
    """The open sessions, the one that is looking first."""
    rows = [
        {
            "appareil": row.appareil or UNKNOWN,
            "ouverte_le": row.ouverte_le,
            "vue_le": row.vue_le,
            "ici": row.session_key == request.session.session_key,
            "repere": mark_of(row.session_key),
        }
        for row in open_sessions(request.user.pk).order_by("-vue_le").defer("session_data")
    ]
    rows.sort(key=lambda row: not row["ici"])
    return {"sessions": rows, "other_sessions": sum(not row["ici"] for row in rows)}


def _details(membership: Membership) -> list[tuple[str, str]]:
    user: Utilisateur = membership.user
    rows = [
        ("Nom", f"{user.get_civilite_display()} {user.get_full_name()}"),
        ("Identifiant", user.identifiant),
        ("Profil", user.get_profil_display()),
    ]
    if membership.partenaire:
        rows.append(("Structure", membership.partenaire.raison_sociale))
    if membership.caisse:
        rows.append(("Caisse", membership.caisse.nom))
    rows += [
        ("Fonction", user.fonction or "Non renseignée"),
        ("Téléphone", readable_phone(user.telephone) or "Non renseigné"),
        ("Adresse électronique", user.courriel),
    ]
    if waiting := pending_address(user):
        rows.append(("Nouvelle adresse, à confirmer", waiting))
    return rows


def _manager(membership: Membership) -> str:
    """Who changes these details (art. 2.2.2)."""
    if membership.is_technicien:
        return "Le gestionnaire de votre structure peut les modifier."
    if membership.is_gestionnaire:
        return "Votre caisse peut les modifier, à la demande de votre structure."
    return "L’administrateur de votre caisse peut les modifier."
