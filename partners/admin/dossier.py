"""The acts on the file of a convention: its référents and its avenants."""

from collections.abc import Iterator
from typing import Any

from django import forms

from caisses.enums import Fonction
from partners.admin.fields import ADMINISTRER_CAISSE, day_field, words_field
from partners.enums import (
    VIVANTES,
    DepartDelai,
    EtatChangement,
    NatureChangement,
    NatureConvention,
    Partie,
    RegimePreavis,
)
from partners.models import Avenant, ChangementReferent, Convention
from partners.operations.avenants import (
    CHANGEABLES,
    abandon_avenant,
    changes_in_words,
    draft_avenant,
    sign_avenant,
)
from partners.operations.referents import (
    CHANGEABLE,
    Coordonnees,
    change_referent,
    confirm_change,
    refuse_change,
)
from portal.admin_acts import ActForm, AdminAct
from portal.admin_fields import TickedField
from portal.validators import normalise_phone, readable_phone


class ReferentActForm(ActForm):
    """Which référent changes, and who it becomes."""

    mark_optional = False

    nature = forms.ChoiceField(
        label="Changement", choices=NatureChangement.choices, widget=forms.RadioSelect, initial="REMPLACEMENT"
    )
    referent = forms.ModelChoiceField(
        label="Référent concerné",
        queryset=None,
        widget=forms.RadioSelect,
        required=False,
        help_text="Pour un remplacement ou un retrait.",
    )
    partie = forms.ChoiceField(
        label="Partie",
        choices=Partie.choices,
        widget=forms.RadioSelect,
        required=False,
        help_text="Pour un ajout.",
    )
    nom = forms.CharField(label="Nom", max_length=160, required=False)
    fonction = forms.CharField(label="Fonction (optionnel)", max_length=120, required=False)
    courriel = forms.EmailField(label="Adresse électronique", required=False)
    telephone = forms.CharField(label="Téléphone (optionnel)", max_length=30, required=False)
    le = day_field("Depuis le", required=False, help_text="Vide\u00a0: aujourd’hui.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["referent"]
        field.queryset, field.empty_label = self.objet.referents.all(), None
        field.label_from_instance = lambda row: f"{row.get_partie_display()}\u00a0: {row}, {row.courriel}"

    def clean_telephone(self) -> str:
        """The telephone in its stored form."""
        value = self.cleaned_data["telephone"]
        return normalise_phone(value) if value else ""

    def clean(self) -> dict[str, Any]:
        """A référent who is added is of a party."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("nature") == NatureChangement.AJOUT and not cleaned.get("partie"):
            self.add_error("partie", "Choisissez la partie que ce référent représente.")
        if cleaned.get("nature") in {NatureChangement.REMPLACEMENT, NatureChangement.RETRAIT}:
            if not cleaned.get("referent"):
                self.add_error("referent", "Choisissez le référent concerné.")
        return cleaned


class ReponseForm(ActForm):
    """What the caisse answers to a structure about its référent."""

    mark_optional = False

    changement = forms.ModelChoiceField(label="Demande", queryset=None, widget=forms.RadioSelect)
    reponse = forms.ChoiceField(
        label="Réponse",
        choices=[("CONFIRMER", "Confirmer le changement"), ("REFUSER", "Le refuser")],
        widget=forms.RadioSelect,
    )
    motif = words_field(
        "Raison du refus", required=False, max_length=300, help_text="Lue par la structure, si vous refusez."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["changement"]
        field.queryset, field.empty_label = _waiting(self.objet), None
        field.label_from_instance = _proposal


class AvenantForm(ActForm):
    """What an avenant changes; a field left as it is changes nothing."""

    objet = forms.CharField(label="Objet", max_length=200)
    texte = words_field(
        "Ce qu’il modifie",
        required=False,
        max_length=4000,
        help_text="En toutes lettres, pour ce que les champs ci-dessous ne disent pas. Les parties, la nature et les "
        "objectifs de la convention ne changent pas (art. 8.3).",
    )
    fonctions = TickedField(label="Fonctions activées", choices=Fonction.choices, required=False)
    documents_sortants = forms.BooleanField(label="Documents sortants autorisés", required=False)
    nombre_membres = forms.IntegerField(label="Nombre de membres de la structure", min_value=1)
    regime_preavis = forms.ChoiceField(label="Dénonciation", choices=RegimePreavis.choices)
    preavis_mois = forms.IntegerField(label="Préavis (mois)", min_value=0, max_value=24, required=False)
    mise_en_demeure_jours = forms.IntegerField(label="Mise en demeure (jours)", min_value=1, max_value=365)
    mise_en_demeure_depart = forms.ChoiceField(
        label="Départ de la mise en demeure", choices=DepartDelai.choices
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in CHANGEABLES:
            of_structure = name == "nombre_membres"
            self.initial[name] = getattr(self.objet.partenaire if of_structure else self.objet, name)
        if self.objet.nature != NatureConvention.UTILISATION:
            del self.fields["fonctions"], self.fields["documents_sortants"]


class SignatureAvenantForm(ActForm):
    """Which party signed the avenant, and when."""

    signature = forms.ModelChoiceField(label="Signataire", queryset=None, widget=forms.RadioSelect)
    le = day_field("Signé le")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["signature"]
        avenant = _open(self.objet)
        rows = avenant.signatures.filter(signee_le=None) if avenant else None
        field.queryset, field.empty_label = rows, None
        field.label_from_instance = lambda row: f"{row.get_partie_display()}\u00a0: {row}"


class AbandonForm(ActForm):
    """Why an avenant is given up."""

    commentaire = words_field("Raison", help_text="Gardée dans l’historique de la convention.")


def _waiting(convention: Convention) -> Any:
    return convention.changements_referents.filter(etat=EtatChangement.PROPOSE).order_by("propose_le", "pk")


def _proposal(change: ChangementReferent) -> str:
    telephone = readable_phone(change.telephone)
    new = ", ".join(filter(None, (change.nom, change.fonction, change.courriel, telephone)))
    if change.nature == NatureChangement.AJOUT:
        return f"Ajouter {new}"
    if change.nature == NatureChangement.RETRAIT:
        return f"Retirer {change.ancien_nom}"
    return f"Remplacer {change.ancien_nom} par {new}"


def _open(convention: Convention) -> Avenant | None:
    """The avenant in signature; asked once for the acts of a page."""
    if "_avenant_ouvert" not in convention.__dict__:
        found = convention.avenants.filter(date=None, abandonne_le=None).first()
        convention.__dict__["_avenant_ouvert"] = found
    found: Avenant | None = convention.__dict__["_avenant_ouvert"]
    return found


def _effects(convention: Convention) -> Iterator[str]:
    avenant = _open(convention)
    if avenant is None:
        return
    yield f"{avenant}\u00a0: {avenant.objet}."
    yield "Avec la dernière signature, l’avenant est en vigueur ce jour-là et change la convention."
    for label, value in changes_in_words(avenant.changements):
        yield f"{label}\u00a0: {value}."


def _answer(actor: Any, convention: Convention, said: dict[str, Any]) -> object:
    if said["reponse"] == "CONFIRMER":
        return confirm_change(actor=actor, convention=convention, changement=said["changement"])
    return refuse_change(
        actor=actor, convention=convention, changement=said["changement"], motif=said["motif"]
    )


def _change(actor: Any, convention: Convention, said: dict[str, Any]) -> object:
    names = ("nom", "fonction", "courriel", "telephone")
    return change_referent(
        actor=actor,
        convention=convention,
        nature=said["nature"],
        partie=said["partie"],
        referent=said["referent"],
        coordonnees=Coordonnees(**{name: said[name] for name in names}),
        le=said["le"],
        version=said["version"],
    )


def _draft(actor: Any, convention: Convention, said: dict[str, Any]) -> object:
    return draft_avenant(
        actor=actor,
        convention=convention,
        objet=said["objet"],
        texte=said["texte"],
        changements={name: said[name] for name in CHANGEABLES if name in said},
        version=said["version"],
    )


ACTES_DOSSIER: dict[str, AdminAct] = {
    "repondre-referent": AdminAct(
        titre="Répondre à un changement de référent",
        bouton="Répondre à la structure",
        fait="La réponse est enregistrée.",
        consequences=lambda convention: (
            "Confirmé, le changement prend effet aujourd’hui\u00a0: les référents des parties en sont prévenus.",
            "Refusé, rien ne change et la structure lit votre raison.",
            "L’ancien référent reste dans l’historique de la convention.",
        ),
        possible=lambda convention: convention.etat in CHANGEABLE and _waiting(convention).exists(),
        run=_answer,
        form=ReponseForm,
        act=ADMINISTRER_CAISSE,
    ),
    "changer-referent": AdminAct(
        titre="Changer un référent",
        bouton="Changer un référent",
        fait="Le changement est fait, les référents des parties en sont prévenus.",
        consequences=lambda convention: (
            "Les référents des parties, l’ancien et le nouveau, en sont prévenus par courriel.",
            "L’ancien référent reste dans l’historique de la convention.",
            "Chaque partie garde au moins un référent (convention métier, art. 4).",
        ),
        possible=lambda convention: convention.etat in CHANGEABLE,
        run=_change,
        form=ReferentActForm,
        act=ADMINISTRER_CAISSE,
    ),
    "rediger-avenant": AdminAct(
        titre="Rédiger un avenant",
        bouton="Rédiger un avenant",
        fait="L’avenant est en signature\u00a0: enregistrez chaque signature à son jour.",
        consequences=lambda convention: (
            "Rien ne change avant la signature de toutes les parties (art. 8.3).",
            "Les signataires sont ceux de la convention.",
            "Les parties, la nature et les objectifs de la convention ne changent pas.",
        ),
        possible=lambda convention: convention.etat in VIVANTES and _open(convention) is None,
        run=_draft,
        form=AvenantForm,
        act=ADMINISTRER_CAISSE,
    ),
    "signer-avenant": AdminAct(
        titre="Enregistrer une signature de l’avenant",
        bouton="Enregistrer une signature de l’avenant",
        fait="La signature est enregistrée.",
        consequences=lambda convention: list(_effects(convention)),
        possible=lambda convention: convention.etat in VIVANTES and _open(convention) is not None,
        run=lambda actor, convention, said: sign_avenant(
            actor=actor, convention=convention, signature=said["signature"], le=said["le"]
        ),
        form=SignatureAvenantForm,
        act=ADMINISTRER_CAISSE,
    ),
    "abandonner-avenant": AdminAct(
        titre="Abandonner l’avenant en signature",
        bouton="Abandonner l’avenant",
        fait="L’avenant est abandonné, la convention ne change pas.",
        consequences=lambda convention: (
            "L’avenant reste dans la liste, abandonné\u00a0; la convention ne change pas.",
        ),
        possible=lambda convention: convention.etat in VIVANTES and _open(convention) is not None,
        run=lambda actor, convention, said: abandon_avenant(
            actor=actor,
            convention=convention,
            commentaire=said["commentaire"],
            version=said["version"],
        ),
        form=AbandonForm,
        act=ADMINISTRER_CAISSE,
        danger=True,
    ),
}
