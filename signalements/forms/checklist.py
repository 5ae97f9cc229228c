"""The checklist of the step of the files: what a kind asks of each pièce beside its files."""

from typing import ClassVar

from django import forms

from signalements.forms.drafts import CONFIRMATION, DraftForm


class ChecklistForm(DraftForm):
    """The base of the checklist of a kind: its fields are drawn in the zone of the pièce they speak of.

    A field of a pièce is named by one of `PREFIXES` and the code of the pièce.
    """

    PREFIXES: ClassVar[tuple[str, ...]] = ()

    def fields_of(self, code: str) -> list[forms.BoundField]:
        """The fields of a pièce, by the code of its kind, in order; a confirmation stands after its text."""
        names = [f"{prefix}_{code}{end}" for prefix in self.PREFIXES for end in ("", CONFIRMATION)]
        return [self[name] for name in names if name in self.fields]

    def mention_of(self, code: str) -> str:
        """What is said beside the name of a pièce: « obligatoire », « facultative »."""
        return ""

    def aide_of(self, code: str) -> str:
        """A hint that replaces that of its kind."""
        return ""
