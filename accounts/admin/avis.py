"""The notices of security, read-only, with their PDF."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.timezone import localtime

from accounts.enums import NatureAvis, Profil
from accounts.models import AvisSecurite
from accounts.operations.avis import document_of
from accounts.permissions import Act
from partners.models import Partenaire
from portal import clock
from portal.admin_index import ToDo
from portal.admin_models import PortalModelAdmin, can
from portal.pdf import PdfUnavailable

LONGEST_TO_DO = 10
REPORTED = timedelta(days=30)
"""How long a report stands on the index when the caisse leaves the account open."""


@admin.register(AvisSecurite)
class AvisSecuriteAdmin(PortalModelAdmin):
    """Who told whom, of what and at which hour: nobody adds, changes or deletes one."""

    section, rank = "Comptes", 40
    view_act = Act.ADMINISTRER_CAISSE
    list_display = ("le", "nature", "partenaire", "motif", "role")
    list_filter = ("nature", "motif")
    list_select_related = ("partenaire", "caisse")
    search_fields = ("partenaire__raison_sociale", "identifiant")
    search_help_text = "Structure ou identifiant du compte."
    ordering = ("-le", "-id")
    fields = readonly_fields = (
        "numero_affiche",
        "nature",
        "le",
        "partenaire",
        "caisse",
        "compte_affiche",
        "motif",
        "faits",
        "role",
        "document",
        "empreinte",
    )

    def visible(self, rows: QuerySet[Any], membership: Any) -> QuerySet[Any]:
        """Those of the structures the caisse follows."""
        rows = rows.defer("pdf")
        if membership.caisse is None:
            return rows
        followed = Partenaire.objects.of_caisse(membership.caisse).order_by().values("pk")
        return rows.filter(partenaire__in=followed)

    def to_do(self, request: HttpRequest) -> list[ToDo]:
        """The gestionnaires their structure reported, whose account is still open (art. 4.1-c)."""
        if not can(request, Act.COUPER_ACCES):
            return []
        rows = self.get_queryset(request).filter(
            nature=NatureAvis.SIGNALEMENT,
            profil=Profil.GESTIONNAIRE,
            compte__is_active=True,
            le__gte=clock.now() - REPORTED,
        )
        return [
            ToDo(
                f"Accès d’un gestionnaire signalé par {avis.partenaire}\u00a0: à couper",
                reverse("admin:accounts_comptepartenaire_change", args=[avis.compte_id]),
                localtime(avis.le).date(),
            )
            for avis in rows.order_by("le")[:LONGEST_TO_DO]
        ]

    def get_urls(self) -> list[Any]:
        """Django's, and the document of a notice."""
        view = self.admin_site.admin_view(self.document_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_document"
        return [path("<path:object_id>/document/", view, name=name), *super().get_urls()]

    def document_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The PDF, journaled."""
        avis = self.get_object(request, object_id)
        if avis is None:
            raise Http404
        if not self.has_view_permission(request, avis):
            raise PermissionDenied
        try:
            content = document_of(actor=request.membership, avis=avis)  # type: ignore[attr-defined]
        except PdfUnavailable as error:
            return HttpResponse(error.message, status=503, content_type="text/plain; charset=utf-8")
        response = HttpResponse(content, content_type="application/pdf")
        response.headers["Content-Disposition"] = f'attachment; filename="avis-{avis.numero}.pdf"'
        return response

    @admin.display(description="numéro")
    def numero_affiche(self, obj: AvisSecurite) -> str:
        """How the notice is called."""
        return obj.numero

    @admin.display(description="compte")
    def compte_affiche(self, obj: AvisSecurite) -> str:
        """The account, while it is not deleted."""
        return obj.identifiant or ("Toute la structure" if obj.compte_id is None else "Compte supprimé")

    @admin.display(description="document")
    def document(self, obj: AvisSecurite) -> str:
        """The way to the PDF."""
        address = reverse("admin:accounts_avissecurite_document", args=[obj.pk])
        return format_html('<a href="{}">Télécharger l’avis {} (PDF)</a>', address, obj.numero)
