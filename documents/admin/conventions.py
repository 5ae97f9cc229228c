"""The documents of a convention on its page of the admin: those laid out, those signed and put there."""

from typing import Any

from django import forms
from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html

from documents.enums import NatureDocument
from documents.models import DocumentConvention
from documents.operations.conventions import deposit_document, remove_document
from documents.papiers import papers_of
from partners.admin.actes import ACTES
from partners.admin.complements import INLINES, PAPIERS
from partners.admin.fields import ADMINISTRER_CAISSE
from partners.enums import EtatConvention
from partners.models import Convention
from portal import clock
from portal.admin_acts import ActForm, AdminAct
from portal.admin_models import PortalTabularInline
from portal.ui.text import file_size


class DocumentInline(PortalTabularInline):
    """The signed documents, read only: they come and go by their acts."""

    model = DocumentConvention
    fields = readonly_fields = ("nature", "avenant", "fichier", "etat", "depose_le")
    view_act = ADMINISTRER_CAISSE

    def get_queryset(self, request: Any) -> Any:
        """With their files."""
        return super().get_queryset(request).select_related("piece", "avenant")

    @admin.display(description="fichier")
    def fichier(self, obj: DocumentConvention) -> str:
        """Its link, once it was found sound."""
        if not obj.piece.est_saine:
            return obj.piece.nom
        address = reverse("documents:fichier_convention", args=[obj.piece_id])
        return format_html('<a href="{}">{} ({})</a>', address, obj.piece.nom, file_size(obj.piece.taille))

    @admin.display(description="analyse")
    def etat(self, obj: DocumentConvention) -> str:
        """What the antivirus said."""
        return obj.piece.get_motif_refus_display() or obj.piece.get_etat_display()

    @admin.display(description="déposé le")
    def depose_le(self, obj: DocumentConvention) -> str:
        """The day it was put there."""
        return f"{clock.local_date(obj.piece.deposee_le):%d/%m/%Y}"


class DepotForm(ActForm):
    """A signed document, and what it is."""

    nature = forms.ChoiceField(label="Document", choices=NatureDocument.choices, widget=forms.RadioSelect)
    avenant = forms.ModelChoiceField(
        label="Avenant", queryset=None, required=False, help_text="Pour un avenant signé."
    )
    fichier = forms.FileField(label="Fichier", help_text="PDF, JPEG, PNG ou HEIC, 10\u00a0Mo au plus.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["avenant"]
        field.queryset, field.empty_label = self.objet.avenants.all(), "–"


class RetraitForm(ActForm):
    """Which document was put there by mistake."""

    document = forms.ModelChoiceField(label="Document", queryset=None, widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["document"]
        field.queryset, field.empty_label = self.objet.documents.select_related("piece"), None
        field.label_from_instance = lambda row: f"{row}\u00a0: {row.piece.nom}"


def _papers(convention: Convention) -> list[tuple[str, str]]:
    return [
        (reverse("documents:papier_convention", args=[convention.pk, name]), f"{words} (PDF)")
        for name, words in papers_of(convention)
    ]


INLINES.append(DocumentInline)
PAPIERS.append(_papers)
ACTES["deposer-document"] = AdminAct(
    titre="Déposer un document signé",
    bouton="Déposer un document signé",
    fait="Le document est déposé. Il se lit dès que son analyse est finie.",
    consequences=lambda convention: (
        "Le fichier est vérifié, puis gardé chiffré.",
        "Les gestionnaires de la structure et les administrateurs de la caisse peuvent le lire, personne d’autre.",
    ),
    possible=lambda convention: convention.etat != EtatConvention.BROUILLON,
    run=lambda actor, convention, said: deposit_document(
        actor=actor,
        convention=convention,
        nature=said["nature"],
        fichier=said["fichier"],
        avenant=said["avenant"],
        version=said["version"],
    ),
    form=DepotForm,
    act=ADMINISTRER_CAISSE,
)
ACTES["retirer-document"] = AdminAct(
    titre="Retirer un document déposé par erreur",
    bouton="Retirer un document",
    fait="Le document est retiré.",
    consequences=lambda convention: ("Le fichier est effacé\u00a0: c’est définitif.",),
    possible=lambda convention: convention.documents.exists(),
    run=lambda actor, convention, said: remove_document(
        actor=actor, convention=convention, document=said["document"], version=said["version"]
    ),
    form=RetraitForm,
    act=ADMINISTRER_CAISSE,
    danger=True,
)
