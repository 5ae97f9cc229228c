"""The situation signalled, in words: the labels of the motifs instead of their codes."""

from collections.abc import Sequence

from django import forms

from caisses.enums import ListeMotifs
from signalements.kinds.mouvements import Choix, Motifs, Mouvement, about_somebody, own_row
from signalements.kinds.registry import MotifLabels
from signalements.kinds.saisine.enums import CanalPrefere, Complementaire, OuiNonInconnu, PlageRappel
from signalements.kinds.saisine.models import Saisine
from signalements.models import Demande
from signalements.queries.referentiel import motifs_of

A_PRECISER = "A_PRECISER"
"""The difficulty of a saisine made of another demande: nobody has named one; no form offers it."""
LONGEST_DESCRIPTION = 1000


def choices_to_become(demande: Demande) -> dict[str, forms.Field] | None:
    """Nothing to choose; a saisine is about a person who agreed."""
    return {} if about_somebody(demande) else None


def from_other(demande: Demande, choix: Choix) -> Saisine:
    """A saisine made of a demande of another kind."""
    question = getattr(demande, "question", None)
    return Saisine(
        difficultes=[A_PRECISER],
        canal_prefere=CanalPrefere.TELEPHONE if demande.personne.telephone else CanalPrefere.PARTENAIRE,
        droits_base=OuiNonInconnu.INCONNU,
        complementaire=Complementaire.INCONNU,
        medecin_traitant=OuiNonInconnu.INCONNU,
        description=question.message[:LONGEST_DESCRIPTION] if question else "",
    )


def difficulties(demande: Demande) -> Motifs:
    """The difficulties a structure may signal to this caisse."""
    liste = ListeMotifs.DIFFICULTE
    words = {motif.code: motif.libelle for motif in motifs_of(demande.caisse, liste)[liste.value]}
    codes = demande.saisine.difficultes
    champ = forms.MultipleChoiceField(
        label="Difficultés signalées",
        choices=list(words.items()),
        initial=codes,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Cochez au moins une difficulté."},
    )
    return Motifs(", ".join(words.get(code, "à préciser") for code in codes), champ)


def put_difficulties(demande: Demande, codes: list[str]) -> tuple[()]:
    """Other difficulties; causes, care and démarches stay as they were said."""
    saisine: Saisine = demande.saisine
    saisine.difficultes = codes
    saisine.save(update_fields=["difficultes"])
    return ()


MOUVEMENT = Mouvement(
    choix=choices_to_become,
    row=from_other,
    ancien=lambda demande: [("Description", demande.saisine.description)],
    ailleurs=own_row("saisine"),
    motifs=difficulties,
    motif=put_difficulties,
)


def erase(ids: Sequence[int]) -> None:
    """The words of saisines; what was ticked is counted and stays."""
    Saisine.objects.filter(pk__in=ids).update(description="", langue_interprete="", plages_rappel=[])


def situation(demande: Demande, labels: MotifLabels) -> list[tuple[str, object]]:
    """The facts of a saisine as (label, value) pairs, in the order of the form; what is empty is left out."""
    saisine = demande.saisine

    def words(liste: ListeMotifs, codes: list[str]) -> list[str]:
        known = {A_PRECISER: "À préciser avec la personne"}
        return [labels.get((liste.value, code)) or known.get(code, code) for code in codes]

    rows: list[tuple[str, object]] = [
        ("Difficultés signalées", words(ListeMotifs.DIFFICULTE, saisine.difficultes)),
        ("Types de soins", words(ListeMotifs.SOINS, saisine.types_soins)),
        ("Causes", words(ListeMotifs.CAUSE, saisine.causes)),
        ("Démarches déjà faites", words(ListeMotifs.DEMARCHE, saisine.demarches_faites)),
        ("Droits de base ouverts", saisine.get_droits_base_display()),
        ("Complémentaire", saisine.get_complementaire_display()),
        ("Médecin traitant déclaré", saisine.get_medecin_traitant_display()),
        ("Logement", saisine.get_hebergement_display()),
        ("Contact préféré", saisine.get_canal_prefere_display()),
        ("Plages de rappel", [PlageRappel(plage).label for plage in saisine.plages_rappel]),
        ("Interprète souhaité en", saisine.langue_interprete),
    ]
    return [(label, value) for label, value in rows if value]
