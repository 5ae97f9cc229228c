"""Caisses, their teams and agences in the admin."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest

from caisses.enums import Fonction, MotifFermeture
from caisses.models import Agence, Caisse, Equipe, FermetureLocale
from caisses.operations.ouverture import close_caisse, open_caisse
from caisses.secours import refresh_pages
from portal.admin_acts import ActForm, ActsMixin, AdminAct
from portal.admin_fields import LinesField, TickedField
from portal.admin_models import PortalAdminForm, PortalModelAdmin, PortalTabularInline, can
from portal.free_text_forms import TexteLibreField
from portal.validators import normalise_phone

ADMINISTRER_CAISSE = "administrer_caisse"
ADMINISTRER_PORTAIL = "administrer_portail"
DELAIS = (
    "delai_dossier",
    "delai_saisine",
    "delai_document",
    "delai_rendez_vous",
    "delai_contact",
    "delai_urgence",
    "delai_habilitation",
    "rappel_complement",
    "abandon_complement",
    "seuil_proche",
    "seuil_imminent",
    "abandon_brouillon",
)
IDENTITE = ("code", "nom", "type", "departements", "zone_feries", "fuseau")


CANAUX = {
    f"canal_{fonction.value.lower()}": fonction for fonction in Fonction if fonction != Fonction.HISTORIQUE
}


def _canal(fonction: Fonction) -> TexteLibreField:
    return TexteLibreField(
        label=str(fonction.label),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 60}),
    )


class CaisseForm(PortalAdminForm):
    """The settings of a caisse."""

    canal_contact = _canal(Fonction.CONTACT)
    canal_dossier = _canal(Fonction.DOSSIER)
    canal_saisine = _canal(Fonction.SAISINE)
    canal_rendez_vous = _canal(Fonction.RENDEZ_VOUS)
    canal_document = _canal(Fonction.DOCUMENT)

    departements = LinesField(label="Départements", help_text="Un numéro par ligne.")
    fonctions_offertes = TickedField(
        label="Fonctions offertes",
        choices=Fonction.choices,
        required=False,
        help_text="Une fonction retirée disparaît des écrans de toutes les structures, à la page suivante.",
    )

    class Meta:
        model = Caisse
        fields = "__all__"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial |= {name: self.instance.canaux_secours.get(code, "") for name, code in CANAUX.items()}
        people: Any = get_user_model()._default_manager
        referent: Any = self.fields.get("referent_urgences")
        if referent is not None:
            own = people.handling_demandes_of(self.instance.pk) if self.instance.pk else people.none()
            referent.queryset = own
            referent.empty_label = "Aucun, l’équipe reçoit les urgences"

    def clean_fuseau(self) -> str:
        """A time zone that exists."""
        value = str(self.cleaned_data["fuseau"])
        if value not in available_timezones():
            raise ValidationError("Ce fuseau n’existe pas. Exemple\u00a0: Indian/Reunion.")
        return value

    def clean_support_telephone(self) -> str:
        """The telephone in its stored form; short public numbers (36 46) stay as they are."""
        value = str(self.cleaned_data["support_telephone"]).strip()
        return value if not value or len(value.replace(" ", "")) == 4 else normalise_phone(value)

    def clean(self) -> dict[str, Any]:
        """Delays of at least a day, thresholds in order."""
        cleaned = super().clean()
        said = {code.value: cleaned.get(name, "") for name, code in CANAUX.items()}
        self.instance.canaux_secours = {code: text for code, text in said.items() if text}
        for name in (*DELAIS[:-3], "revue_habilitations_jours"):
            if cleaned.get(name) == 0:
                self.add_error(name, "Un délai compte au moins un jour.")
        near, imminent = cleaned.get("seuil_proche"), cleaned.get("seuil_imminent")
        if near is not None and imminent is not None and imminent > near:
            self.add_error("seuil_imminent", "L’échéance imminente vient après l’échéance proche.")
        reminder, end = cleaned.get("rappel_complement"), cleaned.get("abandon_complement")
        if reminder is not None and end is not None and reminder >= end:
            self.add_error("rappel_complement", "Le rappel précède le classement sans suite.")
        return cleaned


class FermerForm(ActForm):
    """Why a caisse is closed."""

    motif = forms.ChoiceField(label="Motif", choices=MotifFermeture.choices, widget=forms.RadioSelect)


ACTES: dict[str, AdminAct] = {
    "ouvrir": AdminAct(
        titre="Ouvrir la caisse sur le portail",
        bouton="Ouvrir la caisse",
        fait="La caisse est ouverte.",
        consequences=lambda caisse: (
            "Ses conventions d’utilisation en vigueur ouvrent le portail à ses structures, à la page suivante.",
            "Ses comptes peuvent être créés et ses réglages changés avant comme après.",
        ),
        possible=lambda caisse: not caisse.active,
        run=lambda actor, caisse, said: open_caisse(actor=actor, caisse=caisse),
        form=ActForm,
        act=ADMINISTRER_PORTAIL,
    ),
    "fermer": AdminAct(
        titre="Fermer la caisse sur le portail",
        bouton="Fermer la caisse",
        fait="La caisse est fermée.",
        consequences=lambda caisse: (
            f"Ses {caisse.conventions.count()} conventions n’ouvrent plus rien aux structures, à la page suivante.",
            "Les conventions de ces structures avec d’autres caisses ne changent pas.",
            "Ses agents gardent la lecture des demandes déjà reçues. La rouvrir rend tout.",
        ),
        possible=lambda caisse: caisse.active,
        run=lambda actor, caisse, said: close_caisse(actor=actor, caisse=caisse, motif=said["motif"]),
        form=FermerForm,
        act=ADMINISTRER_PORTAIL,
        danger=True,
    ),
}


class FermetureInline(PortalTabularInline):
    """The days a caisse is closed beyond the public holidays."""

    model = FermetureLocale
    fields = ("jour", "libelle")
    view_act = change_act = ADMINISTRER_CAISSE


@admin.register(Caisse)
class CaisseAdmin(ActsMixin):
    """A caisse: its own administrator sets what it offers, the national one also says what it is."""

    section, rank = "Services ouverts", 10
    form = CaisseForm
    view_act = change_act = ADMINISTRER_CAISSE
    add_act = ADMINISTRER_PORTAIL
    inlines = [FermetureInline]
    acts = ACTES
    list_display = ("nom", "code", "type", "active", "nombre_fonctions")
    list_filter = ("active", "type")
    search_fields = ("nom", "code")
    fieldsets = (
        ("La caisse", {"fields": (*IDENTITE, "active", "adresse")}),
        ("Services ouverts", {"fields": ("fonctions_offertes",)}),
        (
            "Interlocuteurs",
            {
                "fields": (
                    "support_nom",
                    "support_courriel",
                    "support_telephone",
                    "dpo_courriel",
                    "equipe_mas_nom",
                    "equipe_mas_courriel",
                    "referent_urgences",
                )
            },
        ),
        (
            "Autres canaux quand le portail est indisponible",
            {
                "fields": ("canal_secours", *CANAUX),
                "description": "Affichés sur la page de maintenance, même quand la base de données est arrêtée "
                "(art. 3.2).",
            },
        ),
        ("Délais", {"fields": DELAIS}),
        (
            "Règles",
            {
                "fields": (
                    "second_facteur_partenaires",
                    "nom_agent_visible",
                    "types_soins_visibles",
                    "ame_premiere_transmissible",
                    "revue_habilitations_mois",
                    "revue_habilitations_jours",
                )
            },
        ),
        (
            "Rendez-vous",
            {"fields": ("rendez_vous_sur_demande", "rendez_vous_reservation", "rendez_vous_visio")},
        ),
    )

    def visible(self, rows: QuerySet[Any], membership: Any) -> QuerySet[Any]:
        """One's own caisse; all of them for the national administrator."""
        return rows if membership.caisse_id is None else rows.filter(pk=membership.caisse_id)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """What a caisse is, only the national administrator says."""
        return ("active",) if can(request, ADMINISTRER_PORTAIL) else (*IDENTITE, "active")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """The page shown while the portal is away follows."""
        super().save_model(request, obj, form, change)
        refresh_pages()

    def tenant_of(self, obj: Any) -> dict[str, int | None]:
        """The caisse itself."""
        return {"caisse_id": obj.pk, "partenaire_id": None}

    @admin.display(description="fonctions offertes")
    def nombre_fonctions(self, obj: Caisse) -> str:
        """How many functions are on."""
        return f"{len(obj.fonctions_offertes)} sur {len(Fonction)}"


class EquipeForm(PortalAdminForm):
    """A team."""

    fonctions = TickedField(
        label="Fonctions traitées",
        choices=Fonction.choices,
        required=False,
        help_text="Une demande va à la première équipe active qui traite sa fonction.",
    )

    class Meta:
        model = Equipe
        fields = "__all__"


class OfCaisseAdmin(PortalModelAdmin):
    """What belongs to one caisse and is made inactive rather than deleted: demandes still name it."""

    section = "Services ouverts"
    view_act = add_act = change_act = ADMINISTRER_CAISSE
    list_filter = ("active",)
    list_select_related = ("caisse",)
    search_fields = ("nom",)

    def visible(self, rows: QuerySet[Any], membership: Any) -> QuerySet[Any]:
        """Those of one's own caisse; all of them for the national administrator."""
        return rows if membership.caisse_id is None else rows.filter(caisse_id=membership.caisse_id)

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """It stays in its caisse; an administrator of a caisse makes those of that caisse."""
        own = request.membership.caisse_id is not None  # type: ignore[attr-defined]
        return ("caisse",) if own else ()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The caisse is chosen once."""
        own = request.membership.caisse_id is not None  # type: ignore[attr-defined]
        return ("caisse",) if obj is not None and not own else ()

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Added by a caisse's administrator, it is that caisse's."""
        own = request.membership.caisse_id  # type: ignore[attr-defined]
        if own is not None and not change:
            obj.caisse_id = own
        super().save_model(request, obj, form, change)


@admin.register(Equipe)
class EquipeAdmin(OfCaisseAdmin):
    """The teams of a caisse."""

    rank = 20
    form = EquipeForm
    list_display = ("nom", "caisse", "courriel", "ordre", "active")


class AgenceForm(PortalAdminForm):
    """An agence."""

    class Meta:
        model = Agence
        fields = "__all__"
        widgets = {
            name: forms.Textarea(attrs={"rows": 3, "cols": 60})
            for name in ("adresse", "horaires", "accessibilite")
        }

    def clean_telephone(self) -> str:
        """The telephone in its stored form; short public numbers (36 46) stay as they are."""
        value = str(self.cleaned_data["telephone"]).strip()
        return value if not value or len(value.replace(" ", "")) == 4 else normalise_phone(value)


@admin.register(Agence)
class AgenceAdmin(OfCaisseAdmin):
    """The agences of a caisse, where people are received."""

    rank = 30
    form = AgenceForm
    list_display = ("nom", "caisse", "telephone", "active")
