"""The checklist of a dossier: each expected pièce is joined, missing with a reason, or does not concern the person."""

from typing import Any

from django import forms

from caisses.enums import ListeMotifs
from caisses.models import Motif
from signalements.forms.checklist import ChecklistForm
from signalements.forms.enveloppe import short_text
from signalements.kinds.dossier.enums import EtatPieceDossier
from signalements.kinds.dossier.models import PieceAttendue, PieceDossier

ABSENTE, SANS_OBJET = "M", "N"
NON_CONCERNEE = f"{ABSENTE}:NON_CONCERNEE"
"""The general reason, said better by those of the dossiers."""
SEULE = f"{SANS_OBJET}:SEULE"
FOYER = "COMPOSITION_FOYER"
COMPLET = "formulaire_complet"


class PiecesForm(ChecklistForm):
    """One answer for each pièce; a file answers by itself.

    `present` holds the codes of the kinds of pièce that have a file. In a `preparation` none is required: the person
    brings them. `seule`: nobody else is in the household.
    """

    PREFIXES = ("etat", "langue", "traduction")

    def __init__(
        self,
        *args: Any,
        attendues: list[PieceAttendue],
        raisons: dict[str, list[Motif]],
        present: set[str],
        preparation: bool = False,
        seule: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.attendues = {row.type_piece.code: row for row in attendues}
        self.present = present
        self.preparation = preparation
        self.seule = seule
        self.raisons = {
            f"{mark}:{motif.code}": motif
            for mark, liste in ((ABSENTE, ListeMotifs.ABSENCE_PIECE), (SANS_OBJET, ListeMotifs.NON_CONCERNEE))
            for motif in raisons[liste.value]
        }
        for code, row in self.attendues.items():
            self._add(code, row)

    def _add(self, code: str, row: PieceAttendue) -> None:
        absences = [(key, m.libelle) for key, m in self.raisons.items() if key.startswith(ABSENTE)]
        useless = [(key, m.libelle) for key, m in self.raisons.items() if key.startswith(SANS_OBJET)]
        if not row.formulaire:
            absences = [(key, word) for key, word in absences if key != NON_CONCERNEE]
        if not (self.seule and code == FOYER):
            useless = [(key, word) for key, word in useless if key != SEULE]
        groups: list[Any] = [("", "Je joins cette pièce")]
        if row.absence_admise:
            groups.append(("Je n’ai pas cette pièce", absences))
        if not row.formulaire:
            groups.append(("La personne n’est pas concernée", useless))
        if len(groups) > 1:
            field = forms.ChoiceField(label="Si vous ne la joignez pas", choices=groups, required=False)
            field.mark_optional = False  # type: ignore[attr-defined]
            self.fields[f"etat_{code}"] = field
        if row.traduisible:
            self.fields[f"langue_{code}"] = short_text("Langue, si ce n’est pas le français", 40)
            self.fields[f"traduction_{code}"] = forms.BooleanField(
                label="La traduction est jointe", required=False
            )
        if row.formulaire:
            self.fields[COMPLET] = forms.BooleanField(
                label="Le formulaire est complet\u00a0: toutes les pages sont jointes, datées et signées",
                required=code in self.present and not self.preparation,
            )

    def fields_of(self, code: str) -> list[forms.BoundField]:
        """See ChecklistForm; the form to sign is also said to be whole."""
        row = self.attendues.get(code)
        whole = [self[COMPLET]] if row is not None and row.formulaire and COMPLET in self.fields else []
        return [*super().fields_of(code), *whole]

    def mention_of(self, code: str) -> str:
        """« obligatoire », « facultative »; « à apporter » in a preparation."""
        if self.preparation and self.attendues[code].obligatoire:
            return "à apporter"
        return "obligatoire" if self.attendues[code].obligatoire else "facultative"

    def aide_of(self, code: str) -> str:
        """The hint of the expected pièce."""
        return self.attendues[code].aide

    def clean(self) -> dict[str, Any]:
        """A required pièce is joined, or its absence has a reason where that is allowed."""
        data = super().clean() or self.cleaned_data
        if self.preparation:
            return data
        for code, row in self.attendues.items():
            name = f"etat_{code}"
            if (
                row.obligatoire
                and code not in self.present
                and not data.get(name)
                and name not in self.errors
            ):
                what = row.type_piece.libelle
                if name in self.fields:
                    self.add_error(name, f"Joignez « {what} », ou indiquez pourquoi cette pièce manque.")
                else:
                    # The form to sign has no such answer: its error stands at the tick that says it is whole.
                    self.add_error(
                        COMPLET, f"Joignez « {what} »\u00a0: le dossier ne part pas sans cette pièce."
                    )
        return data

    def etat_of(self, code: str) -> tuple[str, Motif | None]:
        """What is said of a pièce: its state (empty when nothing is said) and the reason."""
        if code in self.present:
            return EtatPieceDossier.PRESENTE, None
        key = self.cleaned_data.get(f"etat_{code}") or ""
        if not key:
            return "", None
        etat = EtatPieceDossier.MANQUANTE if key.startswith(ABSENTE) else EtatPieceDossier.NON_CONCERNEE
        return etat, self.raisons[key]

    def build_pieces(self) -> list[PieceDossier]:
        """The lines this form gives, not saved, without their demande; what is optional and unanswered has none."""
        found = []
        for rank, (code, row) in enumerate(self.attendues.items(), start=1):
            etat, raison = self.etat_of(code)
            if not etat:
                continue
            found.append(
                PieceDossier(
                    type_piece=row.type_piece,
                    rang=rank,
                    obligatoire=row.obligatoire,
                    etat=etat,
                    raison=raison,
                    langue=self.cleaned_data.get(f"langue_{code}") or "",
                    traduction_jointe=bool(self.cleaned_data.get(f"traduction_{code}")),
                    raison_retour=row.raison_retour,
                )
            )
        return found

    def completude(self) -> tuple[int, int]:
        """How many of the expected pièces are joined, of how many; what does not concern the person does not count."""
        joined = expected = 0
        for code, row in self.attendues.items():
            etat, _ = self.etat_of(code)
            counts = etat in {EtatPieceDossier.PRESENTE, EtatPieceDossier.MANQUANTE}
            if counts or (row.obligatoire and not etat):
                expected += 1
            joined += etat == EtatPieceDossier.PRESENTE
        return joined, expected

    def missing(self) -> list[tuple[str, str]]:
        """The pièces said to be missing, each with the reason given."""
        said = ((row, *self.etat_of(code)) for code, row in self.attendues.items())
        return [
            (row.type_piece.libelle, raison.libelle)
            for row, etat, raison in said
            if etat == EtatPieceDossier.MANQUANTE and raison
        ]

    def summary(self) -> list[tuple[str, Any]]:
        """A line for each pièce something is said of, or that is required."""
        rows = []
        for code, row in self.attendues.items():
            etat, raison = self.etat_of(code)
            if etat:
                words = str(EtatPieceDossier(etat).label)
                rows.append((row.type_piece.libelle, f"{words}\u00a0: {raison.libelle}" if raison else words))
            elif row.obligatoire:
                rows.append((row.type_piece.libelle, "À apporter" if self.preparation else "À joindre"))
        return rows or [("Pièces", "Aucune")]
