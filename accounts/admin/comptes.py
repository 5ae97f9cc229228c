"""What both lists of accounts share: forms that call operations, and acts with a page of their own."""

from abc import abstractmethod
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime

from accounts.enums import MOTIFS_ORDINAIRES, MOTIFS_SECURITE, EtatCompte, MotifInactivation, Profil
from accounts.forms.recuperation import IDENTITE
from accounts.models import Utilisateur
from accounts.operations import coupures, gestionnaires, recuperation
from accounts.operations.adresses import pending_address
from accounts.operations.comptes import INVITATION_HEURES, Identite, cut_by_caisse
from accounts.operations.fins_prevues import set_expected_end
from accounts.operations.gestionnaires import DemandeRecue
from accounts.operations.habilitations import IDENTITE as IDENTITE_DEMANDEE
from accounts.permissions import Act
from accounts.queries import second_factor_in_words
from accounts.rules import PARIS, deletion_date
from accounts.views.reprise import reprise_page
from portal.admin_acts import ActForm, ActsMixin, AdminAct
from portal.admin_models import PortalAdminForm, can
from portal.free_text_forms import ConfirmableTextMixin, TexteLibreField
from portal.ui.badges import badge
from portal.validators import normalise_person_name, normalise_phone, readable_phone

COORDONNEES = ("nom", "fonction", "telephone", "courriel")
IDENTITE_COMPTE = (*IDENTITE_DEMANDEE, "identifiant", "fin_prevue")
"""The fields of an account that its page shows, in their order."""
ETATS = {
    EtatCompte.ACTIF: ("success", "coche"),
    EtatCompte.INVITE: ("warning", "enveloppe"),
    EtatCompte.INACTIF: ("neutral", "croix-cercle"),
    EtatCompte.SUPPRIME: ("neutral", "croix-cercle"),
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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and self.instance.telephone:
            self.initial["telephone"] = readable_phone(self.instance.telephone)

    def identite(self) -> Identite:
        """The identity to hand to the operation."""
        return Identite(**{name: self.cleaned_data[name] for name in IDENTITE_DEMANDEE})

    def demande(self) -> DemandeRecue | None:
        """The request of a structure behind a change, when there is one."""
        return None

    def changes(self) -> dict[str, str]:
        """The changes to hand to the operation."""
        return {name: self.cleaned_data[name] for name in COORDONNEES if name in self.changed_data}


class MotifForm(ActForm):
    """Why an account is inactivated."""

    motif = forms.ChoiceField(
        label="Motif", widget=forms.RadioSelect, error_messages={"required": "Choisissez un motif."}
    )
    motifs: tuple[MotifInactivation, ...] = MOTIFS_ORDINAIRES

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["motif"]
        field.choices = [(motif.value, motif.label) for motif in self.motifs]

    def clean_motif(self) -> MotifInactivation:
        """The motif chosen."""
        return MotifInactivation(self.cleaned_data["motif"])


class RepriseActForm(ActForm):
    """That the person who asks is the holder of the account."""

    identite_verifiee = forms.BooleanField(**IDENTITE)


class MotifSecuriteForm(ConfirmableTextMixin, MotifForm):
    """Why an access is cut, and what the notice says of it."""

    motifs = MOTIFS_SECURITE
    faits = TexteLibreField(
        label="Faits",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Repris dans l’avis remis à la structure. Rien sur une personne accompagnée.",
    )


def _inactivate(actor: Any, user: Utilisateur, said: dict[str, Any]) -> Utilisateur:
    if user.profil == Profil.GESTIONNAIRE:
        return gestionnaires.inactivate_gestionnaire(actor=actor, gestionnaire=user, motif=said["motif"])
    return gestionnaires.inactivate_compte(actor=actor, compte=user, motif=said["motif"])


def show_reprise(request: HttpRequest, user: Utilisateur, code: str) -> HttpResponse:
    """The code of a reprise, in this answer only."""
    name = f"admin:{user._meta.app_label}_{user._meta.model_name}_change"
    return reprise_page(request, user, code, reverse(name, args=[user.pk]))


ACTES: dict[str, AdminAct] = {
    "inviter": AdminAct(
        titre="Renvoyer le lien",
        bouton="Renvoyer le lien",
        consequences=lambda user: (
            f"Un nouveau lien part à {pending_address(user) or user.courriel}, valable "
            f"{INVITATION_HEURES}\u00a0heures.",
            "Il confirme la nouvelle adresse." if user.active_le else "Il active le compte.",
            "Le lien précédent ne fonctionne plus.",
        ),
        fait="Le lien part.",
        possible=lambda user: user.is_active and (user.active_le is None or bool(pending_address(user))),
        run=lambda actor, user, said: gestionnaires.resend_invitation_of(actor=actor, compte=user),
        form=ActForm,
        act=Act.ADMINISTRER_CAISSE,
    ),
    "inactiver": AdminAct(
        titre="Inactiver le compte",
        bouton="Inactiver le compte",
        consequences=lambda user: (
            "La personne ne peut plus se connecter et ses sessions sont fermées, tout de suite.",
            "Les techniciens de la structure restent actifs.",
            "Le compte peut être réactivé pendant six mois, puis il est supprimé.",
            "Le dernier gestionnaire actif d’une structure ne peut pas être inactivé ainsi.",
        ),
        fait="Le compte est inactif. Ses sessions sont fermées.",
        possible=lambda user: user.is_active,
        run=_inactivate,
        form=MotifForm,
        act=Act.ADMINISTRER_CAISSE,
        danger=True,
    ),
    "reactiver": AdminAct(
        titre="Réactiver le compte",
        bouton="Réactiver le compte",
        consequences=lambda user: (
            "La personne reçoit une invitation et choisit un nouveau mot de passe.",
            "Le nombre de gestionnaires reste limité par le nombre de membres de la structure.",
        ),
        fait="Le compte est réactivé, l’invitation part.",
        possible=lambda user: not user.is_active and user.supprime_le is None,
        run=lambda actor, user, said: gestionnaires.reactivate_compte(actor=actor, compte=user),
        form=ActForm,
        act=Act.ADMINISTRER_CAISSE,
    ),
    "reprise": AdminAct(
        titre="Retirer un second facteur perdu",
        bouton="Retirer le second facteur",
        consequences=lambda user: (
            "L’application, les clés d’accès et les codes de secours du compte sont supprimés, ses sessions fermées.",
            f"Un code de reprise s’affiche une seule fois\u00a0: vous le remettez à la personne, de vive voix. Il est "
            f"valable {recuperation.REPRISE_HEURES}\u00a0heures.",
            "Avec son mot de passe et ce code, elle se connecte puis installe un nouveau second facteur.",
            "Elle en est prévenue par courriel.",
        ),
        fait="Le second facteur est retiré.",
        possible=lambda user: user.is_active and user.active_le is not None,
        run=lambda actor, user, said: recuperation.reset_second_factor(
            actor=actor, compte=user, identite_verifiee=said["identite_verifiee"]
        ),
        form=RepriseActForm,
        act=Act.ADMINISTRER_CAISSE,
        danger=True,
        answer=show_reprise,
    ),
    "couper": AdminAct(
        titre="Couper l’accès pour raison de sécurité",
        bouton="Couper l’accès",
        consequences=lambda user: (
            "L’accès est coupé sans délai ni formalité (art. 4.1), même s’il s’agit du seul gestionnaire.",
            "Les sessions sont fermées, le second facteur et les codes de secours sont supprimés.",
            "Un avis daté (PDF) est remis à la structure et conservé.",
            "Les gestionnaires et les référents de la structure sont prévenus.",
        ),
        fait="L’accès est coupé. L’avis remis à la structure est dans «\u00a0Avis de sécurité\u00a0».",
        possible=lambda user: user.is_active,
        run=lambda actor, user, said: coupures.cut_access(
            actor=actor, compte=user, motif=said["motif"], faits=said["faits"]
        ),
        form=MotifSecuriteForm,
        act=Act.COUPER_ACCES,
        danger=True,
    ),
}


class CompteAdmin(ActsMixin):
    """Accounts: created, changed and closed by the operations, which journal and write the mails."""

    form = CompteForm
    section = "Comptes"
    acts = ACTES
    search_fields = ("nom", "prenom", "identifiant", "courriel")
    search_help_text = "Nom, prénom, identifiant ou adresse."
    ordering = ("nom", "prenom", "id")
    identity = IDENTITE_COMPTE
    state = ("adresse_en_attente", "etat_affiche", "last_login", "second_facteur_affiche", "motif_affiche")
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

    def manages(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether this administrator is the one who runs such an account."""
        return super().has_change_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """An inactive account is reactivated before anything of it changes."""
        return self.manages(request, obj) and (obj is None or obj.is_active)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Everything but the four things that may change."""
        if obj is None:
            return ()
        fixed = ("civilite", "prenom", "identifiant", self.organisation_field, "profil")
        return (*fixed, *self.state, "telephone_lisible")

    def account_fieldsets(self, request: HttpRequest, obj: Any, *more: str) -> list[Any]:
        """An account that exists: who it is for, and its state."""
        names = list(self.identity)
        if not self.has_change_permission(request, obj):
            names[names.index("telephone")] = "telephone_lisible"
        return [
            ("Le compte", {"fields": (self.organisation_field, "profil", *names, *more)}),
            ("Son état", {"fields": self.state}),
        ]

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
                demande=form.demande(),
                derogation=bool(form.cleaned_data.get("derogation")),
            )
            self._set_end(request, stored, form)
            return
        created = self.create(request, form)
        self._set_end(request, created, form)
        obj.pk, obj.identifiant, obj._state.adding = created.pk, created.identifiant, False

    def _set_end(self, request: HttpRequest, user: Utilisateur, form: Any) -> None:
        if "fin_prevue" in form.changed_data:
            set_expected_end(
                actor=request.membership,  # type: ignore[attr-defined]
                compte=user,
                fin=form.cleaned_data["fin_prevue"],
            )

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Say the identifiant, and that the invitation leaves."""
        messages.success(
            request,
            f"Le compte est créé, son identifiant est {obj.identifiant}. L’invitation part, elle est valable "
            f"{INVITATION_HEURES}\u00a0heures.",
        )
        return redirect(self._page("change", obj.pk))

    def possible_acts(self, request: HttpRequest, obj: Any) -> list[str]:
        """Beyond the accounts one changes: a cut, its end, techniciens nobody manages; nothing to one's own."""
        names = super().possible_acts(request, obj)
        if not self.manages(request, obj):
            beyond = {"couper"}
            if can(request, Act.COUPER_ACCES) and cut_by_caisse(obj):
                beyond.add("reactiver")
            if can(request, Act.GERER_GESTIONNAIRES) and gestionnaires.left_alone(obj):
                beyond |= {"inviter", "inactiver", "reprise"}
            names = [name for name in names if name in beyond]
        if obj.pk == request.user.pk:
            names = [name for name in names if name == "inviter"]
        return names

    # Columns ------------------------------------------------------------------------------------------

    def etat_affiche(self, obj: Any) -> str:
        """Invited, active or inactive, with the date of its deletion."""
        etat = obj.etat
        label = str(etat.label)
        if etat == EtatCompte.INACTIF and (day := deletion_date(obj, obj.fuseau_affiche or PARIS)):
            label = f"Inactif – suppression le {day:%d/%m/%Y}"
        return badge(label, *ETATS[etat])

    etat_affiche.short_description = "état"  # type: ignore[attr-defined]

    def second_facteur_affiche(self, obj: Utilisateur) -> str:
        """What protects the account beside its password."""
        return second_factor_in_words(obj)

    second_facteur_affiche.short_description = "second facteur"  # type: ignore[attr-defined]

    def telephone_lisible(self, obj: Utilisateur) -> str:
        """The telephone as people write it."""
        return readable_phone(obj.telephone)

    telephone_lisible.short_description = "téléphone"  # type: ignore[attr-defined]

    def adresse_en_attente(self, obj: Utilisateur) -> str:
        """The address that takes effect once its holder confirms it."""
        return pending_address(obj) or "–"

    adresse_en_attente.short_description = "nouvelle adresse, à confirmer"  # type: ignore[attr-defined]

    def motif_affiche(self, obj: Utilisateur) -> str:
        """Why and when it was inactivated."""
        if obj.inactive_le is None:
            return "–"
        return (
            f"{obj.get_motif_inactivation_display()}, le {date_format(localtime(obj.inactive_le), 'd/m/Y')}"
        )

    motif_affiche.short_description = "motif de l’inactivation"  # type: ignore[attr-defined]
