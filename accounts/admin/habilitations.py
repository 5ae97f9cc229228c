"""The queue of the requests about gestionnaires, with their deadlines, and the answers of the caisse."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.timezone import localtime

from accounts.enums import (
    HABILITATIONS_OUVERTES,
    MotifRefus,
    NatureHabilitation,
    StatutHabilitation,
)
from accounts.models import DemandeHabilitation, Utilisateur
from accounts.operations import decisions
from accounts.operations.departs import blocked_departures
from accounts.permissions import Act
from accounts.rules import due_on, is_late, read_delay, state_in_words
from portal.admin_acts import ActForm, ActsMixin, AdminAct
from portal.admin_index import Figure, ToDo, once
from portal.admin_models import can
from portal.free_text_forms import ConfirmableTextMixin, TexteLibreField
from portal.ui.badges import badge
from portal.validators import readable_phone

N, S = NatureHabilitation, StatutHabilitation
TONS = {
    S.A_CONFIRMER: ("neutral", "sablier"),
    S.DEMANDEE: ("info", "enveloppe"),
    S.A_COMPLETER: ("warning", "pause"),
    S.ACCEPTEE: ("success", "coche"),
    S.REFUSEE: ("danger", "croix-cercle"),
    S.RETIREE: ("neutral", "croix-cercle"),
}
LONGEST_TO_DO = 10
MOST_COUNTED = 500


class AccepterForm(ActForm):
    """When a departure takes effect; nothing else is asked."""

    quand = forms.ChoiceField(
        label="Fin de l’accès",
        choices=[("DATE", "À la date souhaitée"), ("MAINTENANT", "Tout de suite")],
        initial="DATE",
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.objet.nature != N.INACTIVATION:
            del self.fields["quand"]


class CompleterForm(ConfirmableTextMixin, ActForm):
    """What is missing, read by whoever asked."""

    message = TexteLibreField(
        label="Ce qui manque",
        help_text="Lu par la personne qui demande. Rien sur une personne accompagnée.",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Écrivez ce qui manque."},
    )


class RefuserForm(ConfirmableTextMixin, ActForm):
    """Why a request is refused."""

    motif = forms.ChoiceField(
        label="Motif",
        choices=MotifRefus.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez un motif."},
    )
    message = TexteLibreField(
        label="Précision",
        required=False,
        help_text="Lue par la personne qui demande. Rien sur une personne accompagnée.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean_motif(self) -> MotifRefus:
        """The motif chosen."""
        return MotifRefus(self.cleaned_data["motif"])


def _what_acceptance_does(demande: DemandeHabilitation) -> Sequence[str]:
    """Whole sentences, for the page of the act."""
    structure = demande.partenaire
    if demande.nature == N.CREATION:
        active = Utilisateur.objects.of_partenaire(structure).gestionnaires().filter(is_active=True)
        used = active.count()
        said = [
            f"Le compte de {demande.prenom} {demande.nom} est créé, une invitation part à {demande.courriel}.",
            f"{structure} utilise {used} place{'s' if used > 1 else ''} de gestionnaire sur "
            f"{structure.quota_gestionnaires}.",
        ]
        if active.filter(courriel=demande.courriel).exists():
            said.append("Attention\u00a0: un gestionnaire actif de la structure a déjà cette adresse.")
        return said
    if demande.nature == N.MODIFICATION:
        said = ["Les champs demandés remplacent ceux du compte, la personne en est prévenue."]
        if demande.courriel:
            said.append(
                "La nouvelle adresse ne prend effet qu’une fois confirmée par le lien qui y est envoyé\u00a0; "
                "l’ancienne en est prévenue."
            )
        return said
    return (
        f"L’accès se ferme le {demande.date_souhaitee:%d/%m/%Y}, ou tout de suite si vous le choisissez.",
        "Les techniciens de la structure restent actifs.",
        "Le compte peut être réactivé pendant six mois, puis il est supprimé.",
        "Le dernier gestionnaire actif d’une structure ne part pas avant l’habilitation de son remplaçant.",
    )


ACTES: dict[str, AdminAct] = {
    "accepter": AdminAct(
        titre="Accepter la demande",
        bouton="Accepter",
        fait="La demande est acceptée.",
        possible=lambda demande: demande.statut == S.DEMANDEE,
        consequences=_what_acceptance_does,
        run=lambda actor, demande, said: decisions.accept_request(
            actor=actor,
            demande=demande,
            version=said["version"],
            immediat=said.get("quand") == "MAINTENANT",
        ),
        form=AccepterForm,
        act=Act.GERER_GESTIONNAIRES,
    ),
    "completer": AdminAct(
        titre="Demander à compléter",
        bouton="Demander à compléter",
        fait="La demande est à compléter par la structure. Le délai est suspendu.",
        possible=lambda demande: demande.statut == S.DEMANDEE,
        consequences=lambda demande: (
            "La personne qui demande est prévenue par un courriel qui ne dit pas pourquoi\u00a0; elle lit votre "
            "message dans le portail.",
            "Le délai de la caisse est suspendu jusqu’à sa réponse.",
        ),
        run=lambda actor, demande, said: decisions.ask_to_complete(
            actor=actor, demande=demande, message=said["message"], version=said["version"]
        ),
        form=CompleterForm,
        act=Act.GERER_GESTIONNAIRES,
    ),
    "refuser": AdminAct(
        titre="Refuser la demande",
        bouton="Refuser",
        fait="La demande est refusée.",
        possible=lambda demande: demande.statut in HABILITATIONS_OUVERTES,
        consequences=lambda demande: (
            "La demande est close\u00a0; une autre peut être faite.",
            "La personne qui demande est prévenue\u00a0; elle lit le motif dans le portail.",
        ),
        run=lambda actor, demande, said: decisions.refuse_request(
            actor=actor,
            demande=demande,
            motif=said["motif"],
            message=said["message"],
            version=said["version"],
        ),
        form=RefuserForm,
        act=Act.GERER_GESTIONNAIRES,
        danger=True,
    ),
}


class FileFilter(admin.SimpleListFilter):
    """What waits for the caisse, for the structure, for its day; the queue unless told otherwise."""

    title, parameter_name = "file", "file"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The lists of the queue."""
        return [
            ("a-traiter", "À traiter"),
            ("a-completer", "En attente de la structure"),
            ("departs", "Départs à venir"),
            ("closes", "Closes"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The requests of this list."""
        waiting = Q(nature=N.INACTIVATION, statut=S.ACCEPTEE, effectuee_le=None)
        return {
            "a-traiter": queryset.filter(statut=S.DEMANDEE),
            "a-completer": queryset.filter(statut=S.A_COMPLETER),
            "departs": queryset.filter(waiting),
            "closes": queryset.filter(statut__in=(S.ACCEPTEE, S.REFUSEE, S.RETIREE)).exclude(waiting),
        }.get(str(self.value()), queryset)


@admin.register(DemandeHabilitation)
class DemandeHabilitationAdmin(ActsMixin):
    """The requests sent to a caisse: read, then answered by an act."""

    section, rank = "Comptes", 5
    acts = ACTES
    view_act = Act.ADMINISTRER_CAISSE
    list_display = ("reference", "structure", "nature", "etat", "delai", "recue")
    list_filter = (FileFilter, "nature")
    ordering = (F("delai_depuis").asc(nulls_last=True), "-cree_le", "-id")
    search_fields = ("reference", "partenaire__raison_sociale")
    search_help_text = "Référence ou structure."
    fieldsets = (
        ("La demande", {"fields": ("structure", "nature", "etat", "delai", "recue", "auteur")}),
        ("Ce qui est demandé", {"fields": ("personne", "demande_detail")}),
        ("La réponse de la caisse", {"fields": ("message", "motif_refus", "decidee_le", "decidee_par")}),
    )

    def visible(self, rows: QuerySet[Any], membership: Any) -> QuerySet[Any]:
        """Those sent to the caisse, the oldest clock first; what is decided or waits comes after."""
        return rows.visible_to(membership).select_related("caisse", "partenaire", "compte", "demandeur")

    def figures(self, request: HttpRequest) -> list[Figure]:
        """How many wait for an answer, and how many are late."""
        waiting = self._waiting(request)
        late = sum(is_late(row) for row in waiting)
        said = f"dont {late} en retard" if late else ""
        return [
            Figure(
                "demandes d’habilitation à traiter",
                len(waiting),
                self._list("a-traiter"),
                precision=said,
                alerte=bool(late),
            )
        ]

    def to_do(self, request: HttpRequest) -> list[ToDo]:
        """The requests to answer with their day, the most urgent; the departures that wait for a successor."""
        if not can(request, Act.GERER_GESTIONNAIRES):
            return []
        found = []
        for row in self._waiting(request)[:LONGEST_TO_DO]:
            delay = read_delay(row)
            words = f"{row.get_nature_display()}\u00a0: {row.partenaire}. {delay.texte if delay else ''}"
            found.append(ToDo(words, self._page("change", row.pk), due_on(row)))
        found += [
            ToDo(
                f"Départ en attente d’un remplaçant\u00a0: {row.partenaire}",
                self._page("change", row.pk),
                row.date_souhaitee,
            )
            for row in self._on_index(request)
            if row.statut == S.ACCEPTEE
        ][:LONGEST_TO_DO]
        return found

    def _waiting(self, request: HttpRequest) -> list[DemandeHabilitation]:
        """What the caisse has to answer, the oldest clock first."""
        return [row for row in self._on_index(request) if row.statut == S.DEMANDEE]

    def _on_index(self, request: HttpRequest) -> list[DemandeHabilitation]:
        """What has to be answered, then the departures nobody can follow; read once a request."""

        def read() -> list[DemandeHabilitation]:
            asked = Q(statut=S.DEMANDEE) | Q(pk__in=blocked_departures().order_by().values("pk"))
            rows = self.get_queryset(request).filter(asked)
            # The clock of a departure that was accepted stands still: those come last.
            return list(rows.order_by("delai_depuis", "date_souhaitee", "pk")[:MOST_COUNTED])

        return once(request, "habilitations", read)

    def _list(self, which: str) -> str:
        return f"{reverse('admin:accounts_demandehabilitation_changelist')}?file={which}"

    # Columns ------------------------------------------------------------------------------------------

    @admin.display(description="structure", ordering="partenaire__raison_sociale")
    def structure(self, obj: DemandeHabilitation) -> str:
        """The structure."""
        return str(obj.partenaire)

    @admin.display(description="état", ordering="statut")
    def etat(self, obj: DemandeHabilitation) -> str:
        """Where it stands."""
        return badge(state_in_words(obj), *TONS[S(obj.statut)])

    @admin.display(description="délai", ordering="delai_depuis")
    def delai(self, obj: DemandeHabilitation) -> str:
        """What is left of the promised delay, computed when read."""
        found = read_delay(obj)
        return badge(found.texte, found.ton, found.icone) if found else "–"

    @admin.display(description="reçue complète le", ordering="recue_le")
    def recue(self, obj: DemandeHabilitation) -> str:
        """The day the clock started."""
        return f"{localtime(obj.recue_le):%d/%m/%Y}" if obj.recue_le else "–"

    @admin.display(description="demandée par")
    def auteur(self, obj: DemandeHabilitation) -> str:
        """A gestionnaire, or the public form."""
        return str(obj.demandeur) if obj.demandeur else "Formulaire public, adresse confirmée"

    @admin.display(description="compte")
    def personne(self, obj: DemandeHabilitation) -> str:
        """The account it is about."""
        return str(obj.compte) if obj.compte else "À créer"

    @admin.display(description="demandé")
    def demande_detail(self, obj: DemandeHabilitation) -> str:
        """The identity, what changes, or the day of the departure, in one line."""
        asked = [
            obj.get_civilite_display(),
            obj.prenom,
            obj.nom,
            obj.fonction,
            readable_phone(obj.telephone) if obj.telephone else "",
            obj.courriel,
        ]
        if obj.date_souhaitee is not None:
            asked.append(f"fin de l’accès le {obj.date_souhaitee:%d/%m/%Y}")
            asked.append(obj.get_motif_display().lower())
        if obj.successeur is not None:
            asked.append(f"remplaçant\u00a0: demande {obj.successeur.reference}")
        return ", ".join(value for value in asked if value) or "Effacé"
