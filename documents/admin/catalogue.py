"""The catalogue of documents in the admin."""

from typing import Any

from django import forms
from django.contrib import admin

from caisses.admin import DatedForm, ReferenceAdmin
from documents.catalogue import LONGEST_LINE, MOST_MONTHS
from documents.enums import ModeRemise, TypeChamp
from documents.models import EntreeCatalogue
from partners.enums import TypePartenaire
from portal.admin_fields import TickedField

CHAMPS_AIDE = (
    "Liste JSON d’objets. Mots\u00a0: code, libelle, type "
    f"({', '.join(TypeChamp.values)}), requis (true, false), aide, choix ([[CODE, libellé], …] pour un CHOIX), "
    "si (code=VALEUR d’un champ placé avant), futur (true\u00a0: une DATE qui n’est pas passée), "
    "apres (code d’une DATE), "
    f"mois_max (PERIODE, au plus {MOST_MONTHS}), longueur (LIGNE, au plus {LONGEST_LINE})."
)
ALERTES_AIDE = (
    "Liste JSON d’objets. Mots\u00a0: texte, si, age_min, age_max, civilite (MME ou M), champ et jours (une DATE "
    "dans moins de jours). Une alerte prévient, elle ne refuse rien."
)


class EntreeCatalogueForm(DatedForm):
    """A document of the catalogue."""

    types_partenaires = TickedField(
        label="Types de structures autorisés",
        choices=TypePartenaire.choices,
        required=False,
        help_text="Aucun coché\u00a0: toutes les structures.",
    )
    modes = TickedField(
        label="Modes de remise",
        choices=ModeRemise.choices,
        help_text="Le portail ne sert qu’aux structures dont la convention autorise les documents sortants.",
    )

    class Meta:
        model = EntreeCatalogue
        fields = "__all__"
        widgets = {
            "champs": forms.Textarea(attrs={"rows": 12, "cols": 80}),
            "alertes": forms.Textarea(attrs={"rows": 8, "cols": 80}),
        }
        help_texts = {"champs": CHAMPS_AIDE, "alertes": ALERTES_AIDE}

    def clean_delai_jours(self) -> Any:
        """A delay of at least a day."""
        value = self.cleaned_data["delai_jours"]
        if value == 0:
            raise forms.ValidationError("Un délai compte au moins un jour.")
        return value


@admin.register(EntreeCatalogue)
class EntreeCatalogueAdmin(ReferenceAdmin):
    """Documents that can be asked for: national, or of one caisse."""

    rank = 40
    form = EntreeCatalogueForm
    list_display = ("libelle", "code", "portee", "valide_du", "valide_au")
