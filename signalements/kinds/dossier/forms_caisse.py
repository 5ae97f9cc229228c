"""Forms of the caisse on a dossier: what is found of each pièce, and the decision."""

from functools import partial
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString

from caisses.models import Motif
from portal.free_text_forms import ConfirmableTextMixin, TexteLibreField
from portal.ui.dates import DatePartielle, DateTroisChamps
from portal.ui.light_select import LightSelect
from signalements.enums import Issue
from signalements.forms.caisse import DecisionForm
from signalements.kinds.dossier.enums import Controle, EtatPieceDossier, TypeDossier
from signalements.kinds.dossier.models import PieceDossier
from signalements.kinds.dossier.operations.controle import Constat
from signalements.kinds.dossier.operations.decision import DecisionDossier, keep_decision
from signalements.operations.decisions import Decision

RECOURS = {
    TypeDossier.CSS: (
        "Cette décision peut être contestée dans les deux mois, devant la commission de recours amiable de la caisse, "
        "par courrier. La notification reçue par la personne donne l’adresse."
    ),
}
RECOURS_COMMUN = (
    "Cette décision peut être contestée dans les deux mois, par un recours écrit à la caisse. La notification reçue "
    "par la personne dit comment faire."
)


class ControleForm(ConfirmableTextMixin, forms.Form):
    """What is found of each pièce of a dossier."""

    mark_optional = False

    def __init__(self, *args: Any, pieces: list[PieceDossier], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pieces = pieces
        for piece in pieces:
            self.fields[f"controle_{piece.pk}"] = forms.ChoiceField(
                label=_of_piece("Contrôle", piece),
                choices=[("", "À contrôler"), *Controle.choices],
                required=False,
                initial=piece.controle,
                widget=LightSelect({"class": "form-select"}),
            )
            self.fields[f"observation_{piece.pk}"] = TexteLibreField(
                label=_of_piece("Observation", piece),
                max_length=200,
                required=False,
                initial=piece.observation,
                widget=forms.TextInput,
            )

    def fields_of(self, piece: PieceDossier) -> list[forms.BoundField]:
        """The controls of a pièce, and the confirmation a doubtful text calls for."""
        names = (f"controle_{piece.pk}", f"observation_{piece.pk}", f"observation_{piece.pk}_confirme")
        return [self[name] for name in names if name in self.fields]

    def clean(self) -> dict[str, Any]:
        """« Autre » is said."""
        data = super().clean() or self.cleaned_data
        for piece in self.pieces:
            name = f"observation_{piece.pk}"
            if (
                data.get(f"controle_{piece.pk}") == Controle.AUTRE
                and not data.get(name)
                and name not in self.errors
            ):
                self.add_error(name, f"Dites ce qui ne va pas pour «\u00a0{piece.type_piece.libelle}\u00a0».")
        return data

    def constats(self) -> dict[int, Constat]:
        """What was found, by pièce."""
        data = self.cleaned_data
        return {
            piece.pk: Constat(data[f"controle_{piece.pk}"], data[f"observation_{piece.pk}"])
            for piece in self.pieces
        }


def _of_piece(word: str, piece: PieceDossier) -> SafeString:
    """A label whose pièce is only heard: it stands above, for the eyes."""
    return format_html('{}<span class="visually-hidden">\u00a0: {}</span>', word, piece.type_piece.libelle)


def _day(label: str, objet: str, example: str) -> DateTroisChamps:
    return DateTroisChamps(
        label=label,
        objet=objet,
        required=False,
        year_min=2020,
        latest=None,
        exemple=example,
    )


PARTICIPATIONS = {"sans": "Sans participation", "avec": "Avec participation"}


class DossierDecisionForm(DecisionForm):
    """The outcome of a dossier: its dates, and the remedy the person has."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dossier, caisse = self.demande.dossier, self.demande.caisse
        accord = f"issue={Issue.ACCORD.value}"
        commentaire = self.fields.pop("commentaire")
        decidee_le = _day("Date de la décision", " de la décision", "14 3 2027")
        decidee_le.required, decidee_le.initial, decidee_le.latest = True, caisse.today(), caisse.today
        self.fields["decidee_le"] = decidee_le
        self.fields["effet_le"] = _day(
            "Date d’effet, si l’issue est «\u00a0Accord\u00a0»", " d’effet", "1 4 2027"
        )
        self.fields["fin_le"] = _day(
            "Date de fin, si l’issue est «\u00a0Accord\u00a0»", " de fin", "31 3 2028"
        )
        for name in ("effet_le", "fin_le"):
            self.fields[name].mark_optional = False  # type: ignore[attr-defined]
            self.depends[name] = accord
        if dossier.type == TypeDossier.CSS:
            self.fields["participation"] = forms.ChoiceField(
                label="Participation, si l’issue est «\u00a0Accord\u00a0»",
                choices=list(PARTICIPATIONS.items()),
                widget=forms.RadioSelect,
                required=False,
            )
            self.fields["participation"].mark_optional = False  # type: ignore[attr-defined]
            self.depends["participation"] = accord
        self.fields["recours"] = TexteLibreField(
            label="Voies de recours",
            help_text="La structure lit ce texte et l’explique à la personne.",
            max_length=1000,
            required=False,
            initial=RECOURS.get(TypeDossier(dossier.type), RECOURS_COMMUN),
        )
        self.depends["recours"] = f"issue={Issue.REFUS.value}"
        self.fields["commentaire"] = commentaire

    def clean(self) -> dict[str, Any]:
        """An agreement has its dates, in order."""
        data = super().clean()
        if data.get("issue") != Issue.ACCORD:
            return data
        for name, message in (
            ("effet_le", "Indiquez la date d’effet. Exemple\u00a0: 1 4 2027."),
            ("fin_le", "Indiquez la date de fin. Exemple\u00a0: 31 3 2028."),
            ("participation", "Dites si la personne paie une participation."),
        ):
            if name in self.fields and not data.get(name) and name not in self.errors:
                self.add_error(name, message)
        return data

    def decision(self) -> Decision:
        """See DecisionForm."""
        data = self.cleaned_data
        base = super().decision()
        granted, refused = data["issue"] == Issue.ACCORD, data["issue"] == Issue.REFUS
        paid = data.get("participation")
        given = DecisionDossier(
            decidee_le=data["decidee_le"].date,
            effet_le=_date(data["effet_le"]) if granted else None,
            fin_le=_date(data["fin_le"]) if granted else None,
            participation=paid == "avec" if granted and paid else None,
            # Filled in from the start for a refusal: of no meaning with another outcome.
            recours=data["recours"] if refused else "",
        )
        return Decision(base.issue, base.motif, base.commentaire, partial(keep_decision, given=given))

    def apercu(self) -> list[tuple[str, object]]:
        """See DecisionForm; with the dates, and the remedy of a refusal."""
        data = self.cleaned_data
        rows = super().apercu()
        rows.insert(1, ("Date de la décision", str(data["decidee_le"])))
        if data["issue"] == Issue.ACCORD:
            rows += [("Date d’effet", str(data["effet_le"])), ("Date de fin", str(data["fin_le"]))]
            if paid := data.get("participation"):
                rows.append(("Participation", PARTICIPATIONS[paid]))
        elif data["issue"] == Issue.REFUS and data["recours"]:
            rows.append(("Voies de recours", data["recours"]))
        return rows


def _date(value: DatePartielle | None) -> Any:
    return value.date if value else None


def ticked_at_first(pieces: list[PieceDossier], raisons: list[Motif]) -> dict[str, Any]:
    """What a return asks at first: the pièces found unreadable or missing, or never joined, each with its likely
    reason."""
    by_code = {raison.code: str(raison.pk) for raison in raisons}
    ticked: dict[str, Any] = {}
    for piece in pieces:
        never_joined = not piece.controle and piece.etat == EtatPieceDossier.ATTENDUE
        if piece.controle in {"", Controle.CONFORME} and not never_joined:
            continue
        code = {Controle.ILLISIBLE.value: "PIECE_ILLISIBLE", Controle.AUTRE.value: "AUTRE"}.get(
            piece.controle, piece.raison_retour
        )
        kind = piece.type_piece_id
        ticked[f"piece_{kind}"] = True
        ticked[f"raison_{kind}"] = by_code.get(code, "")
        ticked[f"precision_{kind}"] = piece.observation
    return ticked
