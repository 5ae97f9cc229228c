"""The acts on a convention, each with its page: what will happen, to whom, then the operation."""

from datetime import date
from typing import Any

from django import forms

from partners.admin.dossier import ACTES_DOSSIER
from partners.admin.fields import ADMINISTRER_CAISSE, day_field, words_field
from partners.endings import consequences, leaning_on
from partners.enums import (
    EN_VIGUEUR,
    NATURES_METIER,
    VIVANTES,
    EtatConvention,
    MotifFin,
    Partie,
    RegimePreavis,
    SuiteDemandes,
)
from partners.models import Convention
from partners.operations.evaluation import record_evaluation
from partners.operations.fin import denounce, resume, suspend, terminate, withdraw_denunciation
from partners.operations.mises_en_demeure import lift_notice, put_on_notice, record_receipt
from partners.operations.signature import record_signature, send_to_sign, take_back
from partners.rules import awaits_evaluation, end_if_denounced, last_day_to_denounce
from portal.admin_acts import ActForm, AdminAct

E = EtatConvention


def _parties() -> forms.ChoiceField:
    return forms.ChoiceField(label="Partie", choices=Partie.choices, widget=forms.RadioSelect)


class RaisonForm(ActForm):
    """A reason in words, kept in the convention’s log; nothing about a person."""

    commentaire = words_field("Raison", help_text="Gardée dans l’historique de la convention.")


class SignatureForm(ActForm):
    """Which party signed, and when."""

    signataire = forms.ModelChoiceField(label="Signataire", queryset=None, widget=forms.RadioSelect)
    le = day_field("Signée le")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["signataire"]
        field.queryset = self.objet.signataires.filter(signee_le=None)
        field.empty_label = None
        field.label_from_instance = lambda row: f"{row.get_partie_display()}\u00a0: {row}"


class SuiteForm(ActForm):
    """What becomes of the demandes that are still open."""

    suite = forms.ChoiceField(
        label="Demandes encore ouvertes",
        choices=SuiteDemandes.choices,
        initial=SuiteDemandes.TERMINER,
        widget=forms.RadioSelect,
        help_text="Elles restent lisibles par la caisse dans les deux cas.",
    )


class DenonciationForm(SuiteForm):
    """Who denounces, when, and the last day where the text leaves it to choose."""

    par = _parties()
    le = day_field("Dénoncée le", help_text="Jour de la lettre.")
    fin = day_field(
        "Dernier jour", required=False, help_text="Vide\u00a0: celui que donne le préavis de la convention."
    )
    field_order = ["par", "le", "fin", "suite"]

    def clean_fin(self) -> date | None:
        """The last day, or None for the one that the notice gives."""
        found: date | None = self.cleaned_data["fin"]
        return found


class ResiliationForm(SuiteForm):
    """Why a convention is terminated, and on which day."""

    motif = forms.ChoiceField(
        label="Motif",
        widget=forms.RadioSelect,
        choices=[(motif.value, motif.label) for motif in (MotifFin.ACCORD, MotifFin.MANQUEMENT)],
    )
    fin = day_field("Dernier jour")
    commentaire = words_field("Raison", help_text="Gardée dans l’historique de la convention.")
    field_order = ["motif", "fin", "commentaire", "suite"]


class MiseEnDemeureForm(ActForm):
    """The registered letter: from whom, for what, when it left."""

    par = _parties()
    manquement = words_field("Manquement en cause", help_text="Rien sur une personne accompagnée.")
    envoyee_le = day_field("Lettre recommandée envoyée le")


class ReceptionForm(ActForm):
    """The day the letter came."""

    recue_le = day_field("Reçue le")


class EvaluationForm(ActForm):
    """The day both parties evaluated the first year."""

    le = day_field("Évaluée le")


def _living(convention: Convention) -> bool:
    return convention.etat in VIVANTES


def _ends(convention: Convention, last_day: date) -> list[str]:
    """What an end does, word for word."""
    found: list[str] = []
    if convention.nature in NATURES_METIER:
        leaning = ", ".join(row.reference for row in leaning_on(convention))
        if leaning:
            found.append(
                f"La fin de la convention métier met fin à ce qui s’y adosse (art. 8.2)\u00a0: {leaning}."
            )
    for consequence in consequences(convention, last_day):
        found.append(consequence.phrase)
        found.extend(f"– {line}" for line in consequence.lignes)
    return found


def _denunciation(convention: Convention) -> list[str]:
    today = convention.caisse.today()
    last = end_if_denounced(convention, today)
    when = f"le {last:%d/%m/%Y}" if last else "le jour que vous choisissez"
    limit = last_day_to_denounce(convention, today)
    notice = (
        f"Le préavis de {convention.preavis_mois or 0}\u00a0mois est respecté jusqu’au {limit:%d/%m/%Y}\u00a0; "
        "dénoncée plus tard, elle court jusqu’à l’échéance suivante. Un dernier jour que vous choisissez l’emporte."
    )
    return [
        f"La convention reste en vigueur jusqu’à son dernier jour\u00a0: dénoncée aujourd’hui, {when}.",
        *([notice] if limit else []),
        "Les référents des deux parties en sont prévenus à l’approche de ce jour.",
        *_ends(convention, last or today),
    ]


def _of(name: str, operation: Any, *fields: str) -> Any:
    """Call an operation with the fields of the form that it takes."""

    def run(actor: Any, convention: Convention, said: dict[str, Any]) -> object:
        return operation(
            actor=actor, convention=convention, version=said["version"], **{key: said[key] for key in fields}
        )

    run.__name__ = name
    return run


ACTES: dict[str, AdminAct] = {
    "envoyer-en-signature": AdminAct(
        titre="Envoyer la convention en signature",
        bouton="Envoyer en signature",
        fait="La convention est en signature\u00a0: enregistrez chaque signature à son jour.",
        consequences=lambda convention: (
            "Les parties et les signataires ne changent plus.",
            "La convention prendra effet le jour de la dernière signature (art. 8.1).",
            "Rien ne s’ouvre avant.",
        ),
        possible=lambda convention: convention.etat == E.BROUILLON,
        run=_of("send_to_sign", send_to_sign),
        form=ActForm,
        act=ADMINISTRER_CAISSE,
    ),
    "signer": AdminAct(
        titre="Enregistrer une signature",
        bouton="Enregistrer une signature",
        fait="La signature est enregistrée.",
        consequences=lambda convention: (
            "Avec la dernière signature, la convention prend effet ce jour-là et ouvre ce qu’elle prévoit.",
        ),
        possible=lambda convention: convention.etat == E.EN_SIGNATURE,
        run=lambda actor, convention, said: record_signature(
            actor=actor, convention=convention, signataire=said["signataire"], le=said["le"]
        ),
        form=SignatureForm,
        act=ADMINISTRER_CAISSE,
    ),
    "reprendre": AdminAct(
        titre="Reprendre le texte en signature",
        bouton="Reprendre le texte",
        fait="La convention est de nouveau un brouillon.",
        consequences=lambda convention: ("Les signatures déjà enregistrées sont effacées.",),
        possible=lambda convention: convention.etat == E.EN_SIGNATURE,
        run=_of("take_back", take_back, "commentaire"),
        form=RaisonForm,
        act=ADMINISTRER_CAISSE,
    ),
    "evaluer": AdminAct(
        titre="Enregistrer l’évaluation de la première année",
        bouton="Enregistrer l’évaluation",
        fait="L’évaluation est enregistrée, la reconduction peut avoir lieu.",
        consequences=lambda convention: (
            "La convention peut être reconduite tacitement (convention métier, art. 9.2).",
        ),
        possible=lambda convention: (
            _living(convention)
            and convention.evaluee_le is None
            and (convention.evaluation_requise or awaits_evaluation(convention, convention.caisse.today()))
        ),
        run=_of("record_evaluation", record_evaluation, "le"),
        form=EvaluationForm,
        act=ADMINISTRER_CAISSE,
    ),
    "suspendre": AdminAct(
        titre="Suspendre la convention pour raison de sécurité",
        bouton="Suspendre",
        fait="La convention est suspendue.",
        consequences=lambda convention: (
            "Plus rien n’est ouvert à la structure avec votre caisse, à la page suivante.",
            "Ses conventions avec d’autres caisses ne changent pas, ses comptes restent actifs.",
            "Les demandes déjà envoyées restent lisibles par la caisse.",
        ),
        possible=lambda convention: convention.etat in EN_VIGUEUR,
        run=_of("suspend", suspend, "commentaire"),
        form=RaisonForm,
        act=ADMINISTRER_CAISSE,
        danger=True,
    ),
    "retablir": AdminAct(
        titre="Mettre fin à la suspension",
        bouton="Mettre fin à la suspension",
        fait="La convention ouvre de nouveau ce qu’elle prévoit.",
        consequences=lambda convention: ("La convention ouvre de nouveau ce qu’elle prévoit.",),
        possible=lambda convention: convention.etat == E.SUSPENDUE,
        run=_of("resume", resume),
        form=ActForm,
        act=ADMINISTRER_CAISSE,
    ),
    "mettre-en-demeure": AdminAct(
        titre="Enregistrer une mise en demeure",
        bouton="Mettre en demeure",
        fait="La mise en demeure est enregistrée, son délai court.",
        consequences=lambda convention: (
            "La convention reste en vigueur pendant le délai\u00a0: "
            f"{convention.mise_en_demeure_jours}\u00a0jours calendaires, "
            f"{str(convention.get_mise_en_demeure_depart_display()).lower()} de la lettre.",
            "Ensuite, la mise en demeure est levée ou suivie de la résiliation.",
        ),
        possible=lambda convention: convention.etat == E.ACTIVE,
        run=_of("put_on_notice", put_on_notice, "par", "manquement", "envoyee_le"),
        form=MiseEnDemeureForm,
        act=ADMINISTRER_CAISSE,
        danger=True,
    ),
    "reception": AdminAct(
        titre="Enregistrer la réception de la mise en demeure",
        bouton="Enregistrer la réception",
        fait="La réception est enregistrée.",
        consequences=lambda convention: ("Le délai court de ce jour lorsque la convention le prévoit.",),
        possible=lambda convention: (
            convention.etat == E.MISE_EN_DEMEURE
            and convention.mises_en_demeure.filter(recue_le=None, levee_le=None, resiliee_le=None).exists()
        ),
        run=lambda actor, convention, said: record_receipt(
            actor=actor, convention=convention, recue_le=said["recue_le"]
        ),
        form=ReceptionForm,
        act=ADMINISTRER_CAISSE,
    ),
    "lever": AdminAct(
        titre="Lever la mise en demeure",
        bouton="Lever la mise en demeure",
        fait="La mise en demeure est levée.",
        consequences=lambda convention: ("Le manquement est réparé\u00a0: la convention continue.",),
        possible=lambda convention: convention.etat == E.MISE_EN_DEMEURE,
        run=_of("lift_notice", lift_notice, "commentaire"),
        form=RaisonForm,
        act=ADMINISTRER_CAISSE,
    ),
    "denoncer": AdminAct(
        titre="Enregistrer la dénonciation de la convention",
        bouton="Dénoncer",
        fait="La dénonciation est enregistrée.",
        consequences=_denunciation,
        possible=lambda convention: (
            _living(convention)
            and convention.denoncee_le is None
            and convention.regime_preavis != RegimePreavis.AUCUN
        ),
        run=_of("denounce", denounce, "par", "le", "fin", "suite"),
        form=DenonciationForm,
        act=ADMINISTRER_CAISSE,
        danger=True,
    ),
    "retirer-denonciation": AdminAct(
        titre="Retirer la dénonciation",
        bouton="Retirer la dénonciation",
        fait="La dénonciation est retirée, la convention continue.",
        consequences=lambda convention: ("La convention continue et sera reconduite à son échéance.",),
        possible=lambda convention: _living(convention) and convention.denoncee_le is not None,
        run=_of("withdraw_denunciation", withdraw_denunciation),
        form=ActForm,
        act=ADMINISTRER_CAISSE,
    ),
    "resilier": AdminAct(
        titre="Résilier la convention",
        bouton="Résilier",
        fait="La convention est résiliée.",
        consequences=lambda convention: [
            "La convention est close tout de suite\u00a0: c’est définitif.",
            *_ends(convention, convention.caisse.today()),
        ],
        possible=lambda convention: not convention.motif_fin,
        run=_of("terminate", terminate, "motif", "fin", "commentaire", "suite"),
        form=ResiliationForm,
        act=ADMINISTRER_CAISSE,
        danger=True,
    ),
    **ACTES_DOSSIER,
}
