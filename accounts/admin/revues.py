"""Revues d’habilitations in the admin: the caisse opens them, follows them, reads their proofs."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models import Count, F, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from accounts.enums import Profil, ReponseRevue
from accounts.etats_revues import progress_of, review_state
from accounts.models import LigneRevue, PreuveRevue, RevueHabilitation, RolePartenaire
from accounts.operations.revues import OBJET, Ouverture, close_review, open_reviews
from accounts.permissions import Act
from accounts.preuves import proof_response
from partners.models import Partenaire
from portal import clock
from portal.admin_acts import ActForm, ActsMixin, AdminAct
from portal.admin_index import Figure, once
from portal.admin_models import PortalAdminForm, can
from portal.ui.badges import badge

LONGEST_TO_DO = 10


class OuvertureForm(PortalAdminForm):
    """Which structures are asked, and by when."""

    structure = forms.ModelChoiceField(
        label="Structure",
        queryset=Partenaire.objects.none(),
        required=False,
        help_text="Laissez vide pour toutes les structures dont la convention d’utilisation est en cours.",
    )

    class Meta:
        model = RevueHabilitation
        fields = ("echeance",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["structure"]
        field.queryset = Partenaire.objects.visible_to(self.membership)
        role = RolePartenaire._meta.get_field("content_object")
        field.widget = AutocompleteSelect(
            role, admin.site, attrs={"data-width": "100%"}, choices=field.choices
        )


class EtatRevueFilter(admin.SimpleListFilter):
    """By how far they are."""

    title, parameter_name = "état", "etat"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """To do, late, confirmed, closed."""
        return [
            ("a_faire", "À faire"),
            ("retard", "En retard"),
            ("confirmee", "Confirmée"),
            ("close", "Close sans réponse"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those in this state."""
        match self.value():
            case "a_faire":
                return queryset.a_faire()  # type: ignore[attr-defined, no-any-return]
            case "retard":
                return late(queryset, request)
            case "confirmee":
                return queryset.filter(confirmee_le__isnull=False)
            case "close":
                return queryset.filter(close_le__isnull=False)
        return queryset


def late(rows: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
    """Those whose day is over, by the day of the administrator's own caisse."""
    return rows.a_faire().filter(echeance__lt=_today(request))  # type: ignore[attr-defined, no-any-return]


def _counts(request: HttpRequest) -> tuple[int, int]:
    """How many are due, and how many of them are late."""
    rows = RevueHabilitation.objects.visible_to(request.membership).a_faire().order_by()  # type: ignore[attr-defined]
    overdue = Q(echeance__lt=_today(request))
    counts = once(
        request, "revues", lambda: rows.aggregate(due=Count("pk"), late=Count("pk", filter=overdue))
    )
    return counts["due"], counts["late"]


def _today(request: HttpRequest) -> date:
    caisse = request.membership.caisse  # type: ignore[attr-defined]
    return caisse.today() if caisse else clock.today()


@admin.register(RevueHabilitation)
class RevueHabilitationAdmin(ActsMixin):
    """The reviews of a caisse: where each one stands, its answers and its proof."""

    section, rank = "Comptes", 30
    form = OuvertureForm
    view_act = Act.ADMINISTRER_CAISSE
    add_act = Act.GERER_GESTIONNAIRES
    list_display = ("structure_nom", "ouverte_le", "echeance", "etat_affiche", "reponses", "origine")
    list_filter = (EtatRevueFilter,)
    search_fields = ("partenaire__raison_sociale", "partenaire__commune")
    search_help_text = "Structure ou commune."
    list_select_related = ("caisse", "partenaire", "ouverte_par", "confirmee_par")
    ordering = ("-ouverte_le", "-id")
    acts = {
        "clore": AdminAct(
            titre="Clore la revue",
            bouton="Clore la revue",
            consequences=lambda revue: (
                "La structure n’a plus à y répondre. Les réponses déjà données restent lisibles.",
                "Aucun compte ne change.",
                "Vous pourrez ouvrir une autre revue.",
            ),
            fait="La revue est close.",
            possible=lambda revue: revue.is_open,
            run=lambda actor, revue, said: close_review(actor=actor, revue=revue, version=said["version"]),
            form=ActForm,
            act=Act.GERER_GESTIONNAIRES,
        )
    }

    @property
    def journal_name(self) -> str:
        """The operations journal under this name."""
        return OBJET

    def visible(self, rows: QuerySet[Any], membership: Any) -> QuerySet[Any]:
        """Those of the caisse, each with how far it is."""
        return rows.visible_to(membership).with_progress()  # type: ignore[attr-defined, no-any-return]

    def get_urls(self) -> list[Any]:
        """With the proof of a review."""
        view = self.admin_site.admin_view(self.proof_view)
        return [
            path("<path:object_id>/preuve/", view, name="accounts_revuehabilitation_preuve"),
            *super().get_urls(),
        ]

    @method_decorator(require_safe)
    def proof_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The PDF kept when the review was confirmed."""
        revue = self.get_object(request, object_id)
        proof = PreuveRevue.objects.filter(revue=revue).first() if revue else None
        if proof is None:
            raise Http404
        return proof_response(request.membership, proof)  # type: ignore[attr-defined]

    def figures(self, request: HttpRequest) -> list[Figure]:
        """How many are due, and how many of them are late."""
        due, overdue = _counts(request)
        words = "revues d’habilitations en cours" if due > 1 else "revue d’habilitations en cours"
        said = f"dont {overdue} en retard" if overdue else ""
        listed = reverse("admin:accounts_revuehabilitation_changelist")
        return [Figure(words, due, listed, precision=said, alerte=overdue > 0)]

    def to_do(self, request: HttpRequest) -> list[tuple[str, str]]:
        """What is late, and the gestionnaires who are said to have left."""
        if not can(request, Act.GERER_GESTIONNAIRES):
            return []
        waiting = []
        _, number = _counts(request)
        if number:
            said = "1 revue d’habilitations est" if number == 1 else f"{number} revues d’habilitations sont"
            url = reverse("admin:accounts_revuehabilitation_changelist")
            waiting.append((f"{said} en retard", f"{url}?etat=retard"))
        gone = LigneRevue.objects.filter(
            revue__in=RevueHabilitation.objects.visible_to(request.membership),  # type: ignore[attr-defined]
            revue__confirmee_le__isnull=False,
            reponse=ReponseRevue.PARTI,
            compte__is_active=True,
            compte__profil=Profil.GESTIONNAIRE,
            # An account opened again since is another matter.
            le__gte=F("compte__cree_le"),
        ).select_related("compte", "partenaire")
        waiting += [
            (
                f"Gestionnaire parti d’après sa structure, à inactiver\u00a0: {row.partenaire}",
                reverse("admin:accounts_comptepartenaire_change", args=[row.compte_id]),
            )
            for row in gone.order_by("pk")[:LONGEST_TO_DO]
        ]
        return waiting

    # The form that opens reviews ----------------------------------------------------------------------

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Two questions to open; everything that is known to read."""
        if obj is None:
            return [("Les structures à interroger", {"fields": ("structure", "echeance")})]
        return [
            (
                "La revue",
                {
                    "fields": (
                        "structure_nom",
                        "ouverte_le",
                        "origine",
                        "echeance",
                        "etat_affiche",
                        "reponses",
                        "confirmee_par",
                        "preuve_lien",
                    )
                },
            ),
            ("Les réponses", {"fields": ("lignes_affichees",)}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Nothing is changed by hand."""
        if obj is None:
            return ()
        computed = ("structure_nom", "origine", "etat_affiche", "reponses", "preuve_lien", "lignes_affichees")
        return (*computed, "ouverte_le", "echeance", "confirmee_par")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Open the reviews by the operation."""
        said = form.cleaned_data
        request.ouverture = open_reviews(  # type: ignore[attr-defined]
            actor=request.membership,  # type: ignore[attr-defined]
            echeance=said["echeance"],
            structure=said["structure"],
        )

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:
        """Already journaled by the operation."""

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Say how many were opened, and how many structures had one already."""
        opened: Ouverture = request.ouverture  # type: ignore[attr-defined]
        said = "1 revue est ouverte." if opened.ouvertes == 1 else f"{opened.ouvertes} revues sont ouvertes."
        if opened.deja:
            said += f" Structures qui en avaient déjà une\u00a0: {opened.deja}."
        messages.success(request, f"{said} Les gestionnaires sont prévenus.")
        return redirect("admin:accounts_revuehabilitation_changelist")

    # Columns ------------------------------------------------------------------------------------------

    @admin.display(description="structure", ordering="partenaire__raison_sociale")
    def structure_nom(self, obj: RevueHabilitation) -> str:
        """The structure."""
        return str(obj.partenaire)

    @admin.display(description="état")
    def etat_affiche(self, obj: RevueHabilitation) -> str:
        """To do, late, confirmed."""
        texte, ton, icone = review_state(obj, obj.caisse.today())
        return badge(texte, ton.removesuffix("-plein"), icone)

    @admin.display(description="réponses")
    def reponses(self, obj: RevueHabilitation) -> str:
        """« 12 sur 15 » while it is open."""
        return progress_of(obj) or "–"

    @admin.display(description="ouverte par")
    def origine(self, obj: RevueHabilitation) -> str:
        """By the period, or by whom."""
        return "La période de la caisse" if obj.periodique else str(obj.ouverte_par or "–")

    @admin.display(description="preuve")
    def preuve_lien(self, obj: RevueHabilitation) -> SafeString | str:
        """The PDF of the confirmation."""
        if not PreuveRevue.objects.filter(revue=obj).exists():
            return "–"
        url = reverse("admin:accounts_revuehabilitation_preuve", args=[obj.pk])
        return format_html('<a href="{}">Télécharger la preuve (PDF)</a>', url)

    @admin.display(description="réponses données")
    def lignes_affichees(self, obj: RevueHabilitation) -> SafeString | str:
        """Account by account."""
        rows = obj.lignes.select_related("compte").order_by("compte__nom", "compte__prenom", "compte_id")
        lines = [
            (
                f"{row.compte} ({row.compte.get_profil_display()})",
                f"{row.get_reponse_display()}{f', {row.fonction}' if row.fonction else ''}",
            )
            for row in rows
        ]
        items = format_html_join("", "<li>{}\u00a0: {}</li>", lines)
        return format_html("<ul>{}</ul>", items) if lines else "–"
