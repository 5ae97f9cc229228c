"""The question: what it is about, its words, the urgency, and the agreement when it is about a person."""

from typing import Any

from django import forms

from caisses.enums import ListeMotifs
from caisses.models import Caisse, Motif
from portal.free_text_forms import TexteLibreField
from signalements.forms.enveloppe import ACCORD, URGENCE, EnveloppeForm
from signalements.kinds.contact.enums import Portee
from signalements.kinds.contact.models import LONGEST_MESSAGE, Question
from signalements.operations.sending import Enveloppe

ETAT_AVANCEMENT = "ETAT_AVANCEMENT"
SITUATION_URGENTE = "SITUATION_URGENTE"
AGREEMENT = ("information_donnee", "accord_recueilli", "accord_le", "accord_mode")
REQUIRED = {
    "information_donnee": "Informez la personne, puis cochez cette case.",
    "accord_recueilli": "Recueillez l’accord de la personne, puis cochez cette case.",
    "accord_le": "Saisissez la date de l’accord. Exemple\u00a0: 14 3 2026.",
    "accord_mode": "Indiquez comment l’accord a été donné.",
}


class QuestionForm(EnveloppeForm):
    """The question. About nobody, neither information nor agreement is asked."""

    SECTIONS = (("Le message", ("objet", "portee", "message")), URGENCE, ACCORD)
    DEPENDS = {**EnveloppeForm.DEPENDS, **dict.fromkeys(AGREEMENT, f"portee={Portee.PERSONNE.value}")}

    objet = forms.ChoiceField(label="Objet", widget=forms.RadioSelect)
    portee = forms.ChoiceField(
        label="Votre question concerne", choices=Portee.choices, widget=forms.RadioSelect
    )
    message = TexteLibreField(
        label="Votre message",
        max_length=LONGEST_MESSAGE,
        help_text=(
            "Ni nom, ni numéro de sécurité sociale, ni donnée de santé dans ce texte\u00a0: l’identité se saisit à "
            "l’étape suivante. La personne peut demander à lire ce message."
        ),
    )

    def __init__(self, *args: Any, caisse: Caisse, motifs: dict[str, list[Motif]], **kwargs: Any) -> None:
        super().__init__(*args, caisse=caisse, motifs=motifs, **kwargs)
        self.offer("objet", motifs[ListeMotifs.OBJET_CONTACT.value])
        for name in AGREEMENT:
            self.fields[name].required = False
            self.fields[name].mark_optional = False  # type: ignore[attr-defined]
        # A date already there would keep the block in view while nothing says it is needed.
        self.fields["accord_le"].initial = None

    @property
    def sur_une_personne(self) -> bool:
        """Whether it is about somebody, once cleaned."""
        return self.cleaned_data.get("portee") == Portee.PERSONNE

    def clean(self) -> dict[str, Any]:
        """A person is informed and agrees; the progress of a démarche is somebody's; an urgent object is urgent."""
        data = super().clean()
        if data.get("objet") == ETAT_AVANCEMENT and data.get("portee") == Portee.GENERALE:
            self.add_error(
                "portee",
                "L’avancement d’une démarche concerne une personne\u00a0: choisissez-le, avec son accord.",
            )
        if data.get("objet") == SITUATION_URGENTE and not data.get("urgente"):
            self.add_error(
                "urgente",
                "Cette situation est urgente\u00a0: cochez la case et choisissez le motif de l’urgence.",
            )
        if data.get("portee") == Portee.PERSONNE:
            for name in AGREEMENT:
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, forms.ValidationError(REQUIRED[name], code="required"))
        return data

    def enveloppe(self) -> Enveloppe:
        """What it says on the demande; what was ticked for a person is left out of a general question."""
        if not self.sur_une_personne:
            self.cleaned_data |= {
                "information_donnee": False,
                "accord_recueilli": False,
                "accord_le": None,
                "accord_mode": "",
            }
        return super().enveloppe()

    def build_question(self) -> Question:
        """The question this form gives, not saved, without its demande."""
        return Question(objet=self.cleaned_data["objet"], message=self.cleaned_data["message"])
