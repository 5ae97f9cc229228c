"""Sessions of national support: the national administrator opens them, the caisse sees them and may end them."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localtime

from accounts.models import SessionAssistance
from accounts.operations.assistance import DUREES, close_session, open_session
from accounts.permissions import Act
from caisses.models import Caisse
from portal.admin_acts import ActForm, ActsMixin, AdminAct
from portal.admin_index import ToDo
from portal.admin_models import PortalAdminForm
from portal.free_text_forms import TexteLibreField
from portal.ui.badges import badge
from portal.ui.text import hour_in_words, short_moment

CE_QUE_CELA_FAIT = (
    "Vous lirez les demandes de la caisse comme ses agents, sauf ses notes internes. Rien ne peut être modifié ni "
    "téléchargé. Les administrateurs de la caisse sont prévenus tout de suite\u00a0: ils voient votre nom, la raison "
    "et l’heure de fin, et peuvent y mettre fin. Chaque page consultée est dans leur journal."
)


def _duration(minutes: int) -> str:
    hours = minutes // 60
    return f"{minutes}\u00a0minutes" if not hours else f"{hours}\u00a0heure{'s' if hours > 1 else ''}"


class SessionForm(PortalAdminForm):
    """Which caisse, why, for how long."""

    caisse = forms.ModelChoiceField(label="Caisse", queryset=Caisse.objects.filter(active=True))
    motif = TexteLibreField(
        label="Raison",
        max_length=500,
        help_text="Par exemple le numéro du ticket et ce qu’il faut vérifier. Rien sur une personne accompagnée.",
    )
    duree = forms.TypedChoiceField(
        label="Durée",
        coerce=int,
        choices=[(minutes, _duration(minutes)) for minutes in DUREES],
        widget=forms.RadioSelect,
        initial=DUREES[0],
    )

    class Meta:
        model = SessionAssistance
        fields = ("caisse", "motif")

    def _post_clean(self) -> None:
        """The operation makes the row: there is no half of one to check here."""


@admin.register(SessionAssistance)
class SessionAssistanceAdmin(ActsMixin):
    """Who looks, or looked, into which caisse."""

    section, rank = "Traçabilité", 20
    form = SessionForm
    view_act = Act.ADMINISTRER_CAISSE
    add_act = Act.ASSISTER
    list_display = ("caisse", "auteur", "motif", "ouverte_le", "fin_prevue_le", "situation")
    list_select_related = ("caisse", "ouverte_par")
    search_fields = ("motif", "ouverte_par__identifiant", "caisse__nom")
    search_help_text = "Raison, identifiant ou caisse."
    readonly_fields = ("auteur", "situation", "close_par")
    acts = {
        "clore": AdminAct(
            titre="Terminer la session d’assistance",
            bouton="Terminer la session",
            fait="La session est terminée.",
            consequences=lambda session: (
                "Les données de la caisse ne peuvent plus être consultées, à la page suivante.",
            ),
            possible=lambda session: session.en_cours,
            run=lambda actor, session, said: close_session(actor=actor, session=session),
            form=ActForm,
            act=Act.ADMINISTRER_CAISSE,
        )
    }

    def visible(self, rows: QuerySet[Any], membership: Any) -> QuerySet[Any]:
        """Those into one's own caisse; all of them for the national administrator."""
        return rows if membership.caisse_id is None else rows.filter(caisse_id=membership.caisse_id)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """What opening does is said before it is done."""
        if obj is None:
            fields = {"fields": ("caisse", "motif", "duree"), "description": CE_QUE_CELA_FAIT}
            return [("La session à ouvrir", fields)]
        shown = ("caisse", "auteur", "motif", "ouverte_le", "fin_prevue_le", "situation", "close_par")
        return [("La session", {"fields": shown})]

    def to_do(self, request: HttpRequest) -> list[ToDo]:
        """A caisse sees first who is looking into it."""
        if request.membership.caisse_id is None:  # type: ignore[attr-defined]
            return []
        rows = self.get_queryset(request).under_way().select_related("ouverte_par")
        return [
            ToDo(
                f"Session d’assistance nationale en cours jusqu’à {hour_in_words(localtime(row.fin_prevue_le))}\u00a0: "
                f"{row.ouverte_par.get_full_name()}",
                reverse("admin:accounts_sessionassistance_change", args=[row.pk]),
                row.ouverte_le.date(),
            )
            for row in rows
        ]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Open the session by its operation; `obj` then is what it made."""
        opened = open_session(
            actor=request.membership,  # type: ignore[attr-defined]
            caisse=form.cleaned_data["caisse"],
            motif=form.cleaned_data["motif"],
            minutes=form.cleaned_data["duree"],
        )
        obj.__dict__.update(opened.__dict__)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:
        """Already journaled by the operation."""

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Go to what was opened."""
        messages.success(request, "La session d’assistance est ouverte.")
        return redirect("signalements:assistance")

    @admin.display(description="administrateur national", ordering="ouverte_par__nom")
    def auteur(self, obj: SessionAssistance) -> str:
        """Name and identifiant of who opened it."""
        return f"{obj.ouverte_par.get_full_name()} ({obj.ouverte_par.identifiant})"

    @admin.display(description="situation")
    def situation(self, obj: SessionAssistance) -> str:
        """Under way, ended by somebody, or over."""
        if obj.en_cours:
            return badge("En cours", "warning", "sablier")
        end = obj.close_le or obj.fin_prevue_le
        return f"Terminée le {short_moment(localtime(end))}"
