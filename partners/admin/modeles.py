"""The models of conventions in the admin."""

from typing import Any

from django import forms
from django.contrib import admin

from caisses.admin.referentiels import DatedForm, ReferenceAdmin
from partners.models import ModeleConvention
from partners.texts import TABLES, VARIABLES

TEXTE_AIDE = (
    "Une ligne «\u00a0# …\u00a0» est le titre d’un article, «\u00a0## …\u00a0» un titre à l’intérieur, "
    "«\u00a0- …\u00a0» un élément de liste. Variables\u00a0: "
    + ", ".join(f"{{{name}}} ({words})" for name, words in VARIABLES.items())
    + ". Tableaux\u00a0: "
    + ", ".join(f"[{name}] ({words})" for name, words in TABLES.items())
    + "."
)
GRAND = forms.Textarea(attrs={"rows": 20, "cols": 90})


class ModeleForm(DatedForm):
    """A model of convention."""

    class Meta:
        model = ModeleConvention
        fields = "__all__"
        widgets = {"texte": GRAND, "annexes": GRAND}
        help_texts = {"texte": TEXTE_AIDE, "annexes": "Écrites comme les articles."}


@admin.register(ModeleConvention)
class ModeleConventionAdmin(ReferenceAdmin):
    """What a new convention starts from: national, or a caisse's own."""

    section, rank = "Conventions et structures", 30
    form = ModeleForm
    list_display = ("libelle", "nature", "code", "portee", "valide_du", "valide_au")
    list_filter = ("nature",)
    fieldsets: Any = (
        (
            "Le modèle",
            {"fields": ("libelle", "code", "nature", "aide", "ordre", "valide_du", "valide_au", "caisse")},
        ),
        (
            "Ses règles",
            {
                "fields": (
                    "duree_mois",
                    "reconduction",
                    "regime_preavis",
                    "preavis_mois",
                    "mise_en_demeure_jours",
                    "mise_en_demeure_depart",
                    "evaluation_requise",
                    "comite",
                    "comite_mois",
                )
            },
        ),
        ("Son texte", {"fields": ("intitule", "exemplaires", "texte", "annexes")}),
    )

    def get_fieldsets(self, request: Any, obj: Any = None) -> Any:
        """Without what the administrator of a caisse does not choose."""
        left_out = self.get_exclude(request, obj)
        return [
            (title, {**options, "fields": tuple(f for f in options["fields"] if f not in left_out)})
            for title, options in self.fieldsets
        ]
