"""What both lists of accounts share: forms that call operations, and acts with a page of their own."""

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime

from accounts.enums import EtatCompte, MotifInactivation
from accounts.forms.comptes import InactivationForm
from accounts.models import Utilisateur
from accounts.operations import coupures, gestionnaires
from accounts.operations.comptes import INVITATION_HEURES, Identite, deletion_date
from accounts.permissions import Act, can
from portal.admin_models import PortalAdminForm, PortalModelAdmin
from portal.errors import DomainError
from portal.ui.badges import badge
from portal.validators import normalise_person_name, normalise_phone, readable_phone

COORDONNEES = ("nom", "fonction", "telephone", "courriel")
MOTIFS_CAISSE = tuple(MotifInactivation)
ETATS = {
    EtatCompte.ACTIF: ("success", "coche"),
    EtatCompte.INVITE: ("warning", "enveloppe"),
    EtatCompte.INACTIF: ("neutral", "croix-cercle"),
}


class CompteForm(PortalAdminForm):
    """The identity and contact of an account; what may not change is not among the fields then."""

    identifiant = forms.CharField(
        label="Identifiant",
        max_length=60,
        required=False,
        help_text="Laissez vide\u00a0: il sera formé du prénom et du nom.",
    )
    fonction = forms.CharField(label="Fonction", max_length=120)
    telephone = forms.CharField(label="Téléphone", max_length=40, help_text="Exemple\u00a0: 03 81 00 00 00.")

    def clean_nom(self) -> str:
        """The name in its stored form."""
        return normalise_person_name(self.cleaned_data["nom"])

    def clean_prenom(self) -> str:
        """The first name in its stored form."""
        return normalise_person_name(self.cleaned_data["prenom"])

    def clean_telephone(self) -> str:
        """The telephone as E.164."""
        return normalise_phone(self.cleaned_data["telephone"])

    def clean_identifiant(self) -> str:
        """The identifiant in lower case."""
        return str(self.cleaned_data["identifiant"]).strip().lower()

    def identite(self) -> Identite:
        """The identity to hand to the operation."""
        names = ("civilite", "nom", "prenom", "fonction", "telephone", "courriel")
        return Identite(**{name: self.cleaned_data[name] for name in names})

    def changes(self) -> dict[str, str]:
        """The changes to hand to the operation."""
        return {name: self.cleaned_data[name] for name in COORDONNEES if name in self.changed_data}


@dataclass(frozen=True)
class Acte:
    """An act on one account, with its page: what it does, the reasons to choose from, the operation."""

    titre: str
    bouton: str
    consequences: tuple[str, ...]
    fait: str
    run: Callable[[Any, Utilisateur, MotifInactivation], object]
    motifs: tuple[MotifInactivation, ...] = ()
    danger: bool = True


ACTES: dict[str, Acte] = {
    "inactiver": Acte(
        titre="Inactiver le compte",
        bouton="Inactiver le compte",
        consequences=(
            "La personne ne peut plus se connecter et ses sessions sont fermées, tout de suite.",
            "Les techniciens de la structure restent actifs.",
            "Le compte peut être réactivé pendant six mois, puis il est supprimé.",
            "Le dernier gestionnaire actif d’une structure ne peut pas être inactivé ainsi.",
        ),
        fait="Le compte est inactif. Ses sessions sont fermées.",
        run=lambda actor, user, motif: (
            gestionnaires.inactivate_gestionnaire(actor=actor, gestionnaire=user, motif=motif)
            if user.profil == "gestionnaire"
            else gestionnaires.inactivate_compte_caisse(actor=actor, compte=user, motif=motif)
        ),
        motifs=MOTIFS_CAISSE,
    ),
    "couper": Acte(
        titre="Couper l’accès pour raison de sécurité",
        bouton="Couper l’accès",
        consequences=(
            "L’accès est coupé sans délai ni formalité (art. 4.1), même s’il s’agit du seul gestionnaire.",
            "Les sessions sont fermées, le second facteur et les codes de secours sont supprimés.",
            "Les gestionnaires de la structure sont prévenus.",
        ),
        fait="L’accès est coupé.",
        run=lambda actor, user, motif: coupures.cut_access(actor=actor, compte=user, motif=motif),
        motifs=coupures.MOTIFS_SECURITE,
    ),
    "reactiver": Acte(
        titre="Réactiver le compte",
        bouton="Réactiver le compte",
        consequences=(
            "La personne reçoit une invitation et choisit un nouveau mot de passe.",
            "Le nombre de gestionnaires reste limité par le nombre de membres de la structure.",
        ),
        fait="Le compte est réactivé, l’invitation part.",
        run=lambda actor, user, motif: gestionnaires.reactivate_compte(actor=actor, compte=user),
        danger=False,
    ),
    "inviter": Acte(
        titre="Renvoyer l’invitation",
        bouton="Renvoyer l’invitation",
        consequences=(
            f"Un nouveau lien part à l’adresse du compte, valable {INVITATION_HEURES}\u00a0heures.",
            "Le lien précédent ne fonctionne plus.",
        ),
        fait="L’invitation part.",
        run=lambda actor, user, motif: gestionnaires.resend_invitation_of(actor=actor, compte=user),
        danger=False,
    ),
}


class CompteAdmin(PortalModelAdmin):
    """Accounts: created, changed and closed by the operations, which journal and write the mails."""

    form = CompteForm
    section = "Comptes"
    change_form_template = "admin/compte_change_form.html"
    search_fields = ("nom", "prenom", "identifiant", "courriel")
    search_help_text = "Nom, prénom, identifiant ou adresse."
    ordering = ("nom", "prenom", "id")
    identity = ("civilite", "nom", "prenom", "fonction", "telephone", "courriel", "identifiant")
    organisation_field: str

    @property
    def journal_name(self) -> str:
        """The operations journal under this name."""
        return "compte"

    def visible(self, rows: QuerySet[Any], membership: Any) -> QuerySet[Any]:
        """By role rows: the table itself has no row-level security."""
        return rows.visible_to(membership)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:
        """Already journaled by the operation."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None:
        """Already journaled by the operation."""

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Everything but the four things that may change."""
        if obj is None:
            return ()
        fixed = ("civilite", "prenom", "identifiant", self.organisation_field, "profil")
        return (*fixed, "etat_affiche", "last_login", "motif_affiche")

    @abstractmethod
    def create(self, request: HttpRequest, form: Any) -> Utilisateur:
        """Open the account by the operation of its kind."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Hand the form to the operation; `obj` then is what it made."""
        if change:
            stored = Utilisateur.objects.get(pk=obj.pk)
            gestionnaires.update_compte(
                actor=request.membership,  # type: ignore[attr-defined]
                compte=stored,
                changes=form.changes(),
                derogation=bool(form.cleaned_data.get("derogation")),
            )
            return
        created = self.create(request, form)
        obj.pk, obj.identifiant, obj._state.adding = created.pk, created.identifiant, False

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Say the identifiant, and that the invitation leaves."""
        messages.success(
            request,
            f"Le compte est créé, son identifiant est {obj.identifiant}. L’invitation part, elle est valable "
            f"{INVITATION_HEURES}\u00a0heures.",
        )
        return redirect(self._url("change", obj.pk))

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Django's, and one page for each act."""
        return [
            path(
                f"<path:object_id>/{name}/",
                self.admin_site.admin_view(self.act_view),
                {"name": name},
                name=f"{self.opts.app_label}_{self.opts.model_name}_{name}",
            )
            for name in ACTES
        ] + super().get_urls()

    def possible_acts(self, request: HttpRequest, user: Utilisateur) -> list[str]:
        """The acts this administrator may do on this account, as it stands."""
        membership = request.membership  # type: ignore[attr-defined]
        managed = self.has_change_permission(request, user)
        names = []
        if managed and user.is_active and user.active_le is None:
            names.append("inviter")
        if managed and user.is_active and user.pk != membership.user.pk:
            names.append("inactiver")
        if managed and not user.is_active:
            names.append("reactiver")
        if user.is_active and can(membership, Act.COUPER_ACCES) and user.pk != membership.user.pk:
            names.append("couper")
        return names

    def act_view(self, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
        """The page of an act: what it does, why it is done, then the operation."""
        user = self.get_object(request, object_id)
        if user is None:
            raise Http404
        if name not in self.possible_acts(request, user):
            raise PermissionDenied
        act = ACTES[name]
        form = InactivationForm(request.POST or None, motifs=act.motifs) if act.motifs else None
        refusal = ""
        if request.method == "POST" and (form is None or form.is_valid()):
            motif = form.chosen() if form is not None else MotifInactivation.DEMANDE
            try:
                act.run(request.membership, Utilisateur.objects.get(pk=user.pk), motif)  # type: ignore[attr-defined]
            except DomainError as error:
                refusal = error.message
            else:
                messages.success(request, act.fait)
                return redirect(self._url("change", user.pk))
        context = {
            **self.admin_site.each_context(request),
            "title": act.titre,
            "subtitle": f"{user} ({user.identifiant})",
            "opts": self.opts,
            "objet": user,
            "acte": act,
            "form": form,
            "refus": refusal,
            "retour": self._url("change", user.pk),
        }
        status = 422 if request.method == "POST" else 200
        return TemplateResponse(request, "admin/acte.html", context, status=status)

    def render_change_form(
        self, request: HttpRequest, context: Any, add: bool = False, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """With the acts that are possible."""
        user = kwargs.get("obj")
        if user is not None:
            context["actes"] = [
                (self._url(name, user.pk), ACTES[name].bouton, ACTES[name].danger)
                for name in self.possible_acts(request, user)
            ]
        return super().render_change_form(request, context, add, *args, **kwargs)

    def _url(self, view: str, pk: object) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{view}", args=[pk])

    # Columns ------------------------------------------------------------------------------------------

    def etat_affiche(self, obj: Utilisateur) -> str:
        """Invited, active or inactive, with the date of its deletion."""
        etat = obj.etat
        label = str(etat.label)
        if etat == EtatCompte.INACTIF and (day := deletion_date(obj)):
            label = f"Inactif – suppression le {day:%d/%m/%Y}"
        return badge(label, *ETATS[etat])

    etat_affiche.short_description = "état"  # type: ignore[attr-defined]

    def telephone_lisible(self, obj: Utilisateur) -> str:
        """The telephone as people write it."""
        return readable_phone(obj.telephone)

    telephone_lisible.short_description = "téléphone"  # type: ignore[attr-defined]

    def motif_affiche(self, obj: Utilisateur) -> str:
        """Why and when it was inactivated."""
        if obj.inactive_le is None:
            return "–"
        return (
            f"{obj.get_motif_inactivation_display()}, le {date_format(localtime(obj.inactive_le), 'd/m/Y')}"
        )

    motif_affiche.short_description = "motif de l’inactivation"  # type: ignore[attr-defined]
