"""What the situation of every kind of demande ends with: urgency, information and agreement (domaine.md §4.3, §5.3)."""

from collections.abc import Iterator
from typing import Any, ClassVar

from django import forms

from caisses.enums import ListeMotifs
from caisses.models import Caisse, Motif
from portal.free_text_forms import TexteLibreField
from portal.ui.dates import DatePartielle, DateTroisChamps
from portal.validators import normalise_phone
from signalements.enums import ModeAccord
from signalements.forms.drafts import DraftForm
from signalements.operations.sending import Enveloppe

Sections = tuple[tuple[str, tuple[str, ...]], ...]
URGENCE = ("L’urgence", ("urgente", "motif_urgence", "date_limite"))
ACCORD = ("L’information et l’accord", ("information_donnee", "accord_recueilli", "accord_le", "accord_mode"))


class CasesField(forms.MultipleChoiceField):
    """Several answers among a list, as checkboxes."""

    widget = forms.CheckboxSelectMultiple


def columns() -> forms.CheckboxSelectMultiple:
    """Checkboxes in columns, for a long list."""
    return forms.CheckboxSelectMultiple(attrs={"class": "ep-choices--columns"})


def short_text(label: str, limit: int, **kwargs: Any) -> TexteLibreField:
    """A line of free text, at most `limit` characters, optional unless told."""
    kwargs.setdefault("required", False)
    return TexteLibreField(
        label=label,
        max_length=limit,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        **kwargs,
    )


def limit_day() -> DateTroisChamps:
    """The day an urgency cannot wait beyond, if it is known."""
    return DateTroisChamps(
        label="Date limite connue",
        objet=" limite",
        required=False,
        year_min=2020,
        latest=None,
        exemple="14 3 2027",
    )


class TelephoneField(forms.CharField):
    """The telephone of the person helped, as E.164, or nothing."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", "Téléphone de la personne")
        kwargs.setdefault("help_text", "Exemple\u00a0: 06 39 98 12 34.")
        widget = forms.TextInput(attrs={"type": "tel", "autocomplete": "off", "class": "ep-w-m"})
        super().__init__(max_length=40, widget=widget, **kwargs)

    def clean(self, value: Any) -> str:
        """The number in its stored form."""
        text: str = super().clean(value).strip()
        return normalise_phone(text, allow_foreign=True) if text else ""


class EnveloppeForm(DraftForm):
    """The base of the situation of a kind: it adds its fields, its `SECTIONS`, and what depends on what."""

    SECTIONS: ClassVar[Sections] = ()
    DEPENDS: ClassVar[dict[str, str]] = {"motif_urgence": "urgente", "date_limite": "urgente"}
    OF_PERSONNE: ClassVar[tuple[str, ...]] = ("telephone", "courriel", "commune")

    urgente = forms.BooleanField(label="La situation est urgente", required=False)
    motif_urgence = forms.ChoiceField(
        label="Pourquoi est-ce urgent\u00a0?",
        required=False,
        help_text="Demandé si la situation est urgente.",
    )
    motif_urgence.mark_optional = False  # type: ignore[attr-defined]  # it is asked of every urgency
    date_limite = limit_day()
    information_donnee = forms.BooleanField(
        label=(
            "La personne est informée que ses données sont transmises à la caisse, de leur usage et de ses droits"
        )
    )
    accord_recueilli = forms.BooleanField(label="La personne est d’accord avec cette demande")
    accord_le = DateTroisChamps(
        label="Date de l’accord", objet=" de l’accord", year_min=2020, exemple="14 3 2026"
    )
    accord_mode = forms.ChoiceField(
        label="Comment l’accord a été donné", choices=ModeAccord.choices, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, caisse: Caisse, motifs: dict[str, list[Motif]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.caisse = caisse
        self.urgences = {motif.code: motif for motif in motifs[ListeMotifs.URGENCE.value]}
        choices = [("", "Choisissez un motif"), *((code, m.libelle) for code, m in self.urgences.items())]
        self.choice("motif_urgence").choices = choices
        accord = self.fields["accord_le"]
        assert isinstance(accord, DateTroisChamps)  # noqa: S101 declared above
        accord.latest = caisse.today
        accord.initial = caisse.today()

    def __iter__(self) -> Iterator[forms.BoundField]:
        """The fields as the page draws them, block by block: the summary of errors follows the page."""
        drawn = [field.name for _, fields, _ in self.sections() for field, _ in fields]
        yield from (self[name] for name in (*drawn, *(name for name in self.fields if name not in drawn)))

    def choice(self, name: str) -> forms.ChoiceField:
        """A field that is a choice."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 the caller names one
        return field

    def offer(self, name: str, motifs: list[Motif]) -> None:
        """Offer the entries of a reference list, with their hints."""
        field = self.choice(name)
        field.choices = [(motif.code, motif.libelle) for motif in motifs]
        field.widget.hints = {motif.code: motif.aide for motif in motifs if motif.aide}  # type: ignore[attr-defined]

    def sections(self) -> list[tuple[str, list[tuple[forms.BoundField, str]], str]]:
        """The blocks to draw, each field with what it depends on, and what the whole block depends on.

        A confirmation stands after its text.
        """
        blocks = []
        depending, wholes = self.depends(), self.depends_whole()
        for title, names in self.SECTIONS:
            order = {name: place for place, name in enumerate(names)}
            bound = [self[name] for name in self.fields if name.removesuffix("_confirme") in order]
            bound.sort(key=lambda field: (order[field.name.removesuffix("_confirme")], field.name))
            if bound:
                depends = [depending.get(field.name, "") for field in bound]
                whole = depends[0] if len(set(depends)) == 1 else wholes.get(title, "")
                blocks.append((title, list(zip(bound, depends, strict=True)), whole))
        return blocks

    def depends(self) -> dict[str, str]:
        """What each field depends on, in this form: the name of an answer, « name=value », « a=X&b=Y » for both."""
        return self.DEPENDS

    def depends_whole(self) -> dict[str, str]:
        """What a whole block depends on, by its title, where its fields depend on different answers."""
        return {}

    def relevant(self, names: list[str]) -> list[str]:
        """Those fields that were asked, or answered all the same; the form has been cleaned."""
        depending = self.depends()

        def asked(name: str) -> bool:
            answers = (answer.partition("=") for answer in depending.get(name, "").split("&"))
            return all(not value or value in self._given(other) for other, _, value in answers)

        return [name for name in names if asked(name) or self.cleaned_data.get(name) or name in self.errors]

    def _given(self, name: str) -> list[Any]:
        given = self.cleaned_data.get(name)
        return given if isinstance(given, list) else [given]

    def clean_date_limite(self) -> DatePartielle | None:
        """A date that is not over yet."""
        value: DatePartielle | None = self.cleaned_data["date_limite"]
        if value and value.date < self.caisse.today():
            raise forms.ValidationError("La date limite est déjà passée. Vérifiez-la.", code="annee")
        return value

    def clean(self) -> dict[str, Any]:
        """An urgency has a motif, and a known date makes one."""
        data = super().clean() or self.cleaned_data
        if data.get("urgente") and not data.get("motif_urgence") and "motif_urgence" not in self.errors:
            self.add_error("motif_urgence", "Choisissez le motif de l’urgence.")
        if data.get("date_limite") and not data.get("urgente"):
            self.add_error(
                "date_limite",
                "Une date limite rend la situation urgente\u00a0: cochez-le, ou effacez la date.",
            )
        return data

    def enveloppe(self) -> Enveloppe:
        """What the form says on the demande itself; the form has been cleaned."""
        data = self.cleaned_data
        urgente, limite = data["urgente"], data["date_limite"]
        accord = data["accord_le"]
        return Enveloppe(
            accord_le=accord.date if accord else None,
            accord_mode=data["accord_mode"],
            information_donnee=data["information_donnee"],
            accord_recueilli=data["accord_recueilli"],
            urgente=urgente,
            motif_urgence=self.urgences[data["motif_urgence"]] if urgente else None,
            date_limite=limite.date if limite and urgente else None,
        )

    def fields_of_personne(self) -> dict[str, Any]:
        """How to reach the person: fields of `Personne`."""
        return {name: self.cleaned_data[name] for name in self.OF_PERSONNE if name in self.fields}
