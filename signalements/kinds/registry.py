"""The kinds of demande: what each gives to the envelope they all share.

A kind is a folder of this package, found here by its presence: a Django app with a `kind.py` that names its `KIND`.
Nothing else of the project lists the kinds.
"""

import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from accounts.memberships import Membership
from caisses.enums import ListeMotifs
from caisses.models import Caisse, Equipe, Motif, TypePiece
from portal.compiled import Slot
from signalements import kinds as package
from signalements.enums import Cote, Issue
from signalements.fiches import GENERALE, Fiche
from signalements.kinds.mouvements import IMMOBILE, Mouvement
from signalements.models import Brouillon, Demande
from signalements.queries.equipes import team_for

if TYPE_CHECKING:
    from portal.free_text_forms import CountFinding
    from portal.workflow import Transition
    from signalements.forms.caisse import DecisionForm
    from signalements.kinds.steps import Steps
    from signalements.operations.door import Actor
    from signalements.operations.sending import DemandeComplete

MotifLabels = dict[tuple[str, str], str]
"""(list, code) to label: the words of the reference lists."""


@dataclass(frozen=True)
class Acte:
    """A link of a kind among the actions of a demande: its label, its address, its weight, whether it folds first."""

    libelle: str
    url: str
    style: str = "secondary"
    icone: str = ""
    repli: bool = False


def _nothing(demande: Demande, cote: Cote) -> dict[str, Any]:
    return {}


def _no_word(demande: Demande) -> str:
    return ""


def _no_control(demande: Demande, issue: Issue, commentaire: str) -> None:
    """Most kinds ask nothing more."""


def _nothing_after(demande: Demande, issue: Issue) -> None:
    """Most outcomes set nothing else in motion."""


def _the_caisse(caisse: Caisse) -> str:
    return caisse.nom


def _nothing_before(caisse: Caisse) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class MotsComplement:
    """How a kind calls what the caisse asks the structure to add, and what it does to the delay.

    Attributes:
        titre: the act, as on its page and its button among the actions.
        bouton: the button that sends it.
        effet: what it does to the delay, a sentence.
        fait: what is said once it is done.
        reprise: what the structure reads of the delay after its answer, a sentence.
        passage: its line in the chronology.
        retrait: the button that takes it back.
        liste: the reference list of its reasons.
        suite: what the confirmation of a sending says of it; empty when the kind's own `suite` does.
        propose: the kinds of pièce to offer and what is ticked at first, for a demande; None for all of the function.
    """

    titre: str = "Demander un complément"
    bouton: str = "Demander le complément"
    effet: str = "Le délai sera suspendu jusqu’à la réponse de la structure."
    fait: str = "Le complément est demandé\u00a0; le délai est suspendu."
    reprise: str = "Le délai de la caisse reprend dès l’envoi."
    passage: str = "Complément demandé"
    retrait: str = "Retirer la demande de complément"
    liste: ListeMotifs = ListeMotifs.COMPLEMENT
    suite: str = (
        "S’il manque quelque chose, la caisse vous demande un complément : vous êtes prévenu par un message, "
        "et le délai est suspendu jusqu’à votre réponse."
    )
    propose: "Callable[[Demande, list[Motif]], tuple[list[TypePiece], dict[str, Any]]] | None" = None


COMPLEMENT = MotsComplement()


@dataclass(frozen=True)
class MotsDecision:
    """How a kind calls the outcome the agent gives.

    Attributes:
        titre: the act, as on its page, its link and its button.
        fait: what is said once it is done.
        retenue: the same while it can still be undone.
    """

    titre: str = "Rendre la décision"
    fait: str = "La décision est rendue\u00a0; la structure est prévenue."
    retenue: str = "La décision est rendue. Vous pouvez encore l’annuler."


DECISION = MotsDecision()


@dataclass(frozen=True)
class Pas:
    """A step of a kind's own among what happened to a demande."""

    cle: str
    titre: str
    le: datetime
    cote: str
    auteur: str
    texte: str = ""
    icone: str = "calendrier"


@dataclass(frozen=True)
class MotifsCherches:
    """How the history finds the demandes of a kind by their motif.

    Attributes:
        champ: the field that holds the code, from the demande.
        mots: code to label, for the caisses of these ids.
        plusieurs: the field is a list of codes.
    """

    champ: str
    mots: Callable[[list[int]], Mapping[str, str]]
    plusieurs: bool = False


def words_of(liste: ListeMotifs) -> Callable[[list[int]], Mapping[str, str]]:
    """The words of a list of motifs, for `MotifsCherches`."""
    return lambda caisses: Motif.objects.filter(liste=liste).words_for(caisses)


def _no_act(demande: Demande, cote: Cote) -> tuple[Acte, ...]:
    return ()


@dataclass(frozen=True)
class Kind:
    """What the envelope asks of a kind.

    Attributes:
        fonction: the function of the portal (`caisses.enums.Fonction`) it serves.
        slug: its name in addresses.
        ordre: its place among the services.
        nom: its short name in lists.
        titre: its full name, on its card and its pages.
        action: what one does with it, on its button.
        icone: its icon.
        presentation: what the caisse does of it, in a sentence; « {equipe} » is the team's name.
        promesse: what is promised within the delay; « {delai} » is « 5 jours ouvrés ».
        minutes: how long it takes to fill in.
        a_utiliser, a_eviter: « à utiliser pour », « à ne pas utiliser pour », a line each.
        besoins: what is needed before starting, a line each.
        suite: what comes after the sending, a sentence each; « {equipe} » is the team's name.
        suite_tenue: the same where the sending itself keeps the promise (a slot that is booked).
        steps: the steps of its draft.
        relation: the one-to-one relation from Demande that holds its own fields.
        issues: the outcomes it may end with, in the order they are offered.
        aides: a hint for some outcomes, by code.
        motifs: the reference list from which an outcome needs a motif.
        cherche: its motif among the filters of the history.
        detail: the facts to read, (label, value) pairs; a value may be a list of labels.
        detail_template: the template that shows them.
        equipe: what to call those who receive it, at a caisse that has no team for it.
        promet_un_contact: the promised delay is that of the first contact with the person.
        fiche: its words on the sheet for the person.
        tentatives: attempts to reach the person after which « injoignable » may fairly be said; 0 when it never is.
        contexte: what its templates need beyond the demande, on one side; a constant number of queries.
        volet_partenaire, volet_caisse: a template drawn on top of the demande's page on that side, if it has one.
        actes: its own links among the actions, on one side, as the demande stands.
        delai_propre: the delay of what one demande asks for, in the caisse's days, when it is not that of the kind.
        tenue: what keeps the promise, said before its day: « Premier contact le 24/11 ».
        apres_passage: what the kind's own rows do of a change of status just made; may refuse with a DomainError.
        compte: its own page beside « Mon profil »: its label and the name of its route.
        menu: its own entry of the menu on a side: its label and the name of its route.
        suit: further relations of its row, read with it.
        mouvement: how an agent makes another kind of it, and how it goes to another caisse.
        unsend: gives back what a sending took elsewhere (a slot), when it is undone; the relation's row goes anyway.
        controle: what the kind still asks of an outcome (demande locked, outcome, comment); refuses by a DomainError.
        efface: erases what its rows hold of persons, for demandes that may have been of this kind, given by id.
        retient: what keeps the personal data of a closed demande although their time is over.
        apres_decision: what an outcome sets in motion, in the same transaction.
        issues_offertes: the outcomes that may be given to one demande, when they are not all of `issues`.
        precisions: what to call the motif of an outcome, when « motif » is not the word.
        volet_confirmation: a template drawn on « Demande envoyée », with what `contexte` gives the structure.
        volet_decision: a template drawn above the form of decision, with what `contexte` gives the caisse.
        sans_personne: it may be about nobody.
        en_un_mot: what a demande asks for beside its service, where two of one service stand side by side.
        avant: a template drawn before one begins, with what `avant_contexte` gives of the caisse.
        complement: its words for a complément.
        mots_decision: its words for the outcome.
        pas: its own steps in the chronology, from what `contexte` gave of the demande.
        suivant: which of its own acts comes next, from the same; None when it is the envelope's.
        decision: its own form of decision, if it needs more than an outcome, a motif and a comment.
        volet_accueil, contexte_accueil: a template drawn on the technicien's home and what it needs, if it has one.
        attend: the demandes of a structure (its key, or a slot) that wait for its answer beside a complément while
            they are in charge, as a queryset of their ids: counted with what it has to do.
    """

    fonction: str
    slug: str
    ordre: int
    nom: str
    titre: str
    action: str
    icone: str
    presentation: str
    promesse: str
    minutes: int
    a_utiliser: tuple[str, ...]
    a_eviter: tuple[str, ...]
    besoins: tuple[str, ...]
    suite: tuple[str, ...]
    steps: "type[Steps]"
    relation: str
    issues: tuple[Issue, ...]
    aides: Mapping[str, str]
    motifs: Mapping[str, ListeMotifs]
    cherche: MotifsCherches
    detail: Callable[[Demande, MotifLabels], list[tuple[str, object]]]
    detail_template: str
    equipe: Callable[[Caisse], str] = field(default=_the_caisse)
    promet_un_contact: bool = False
    fiche: Fiche = GENERALE
    tentatives: int = 0
    contexte: Callable[[Demande, Cote], dict[str, Any]] = field(default=_nothing)
    volet_partenaire: str = ""
    volet_caisse: str = ""
    actes: Callable[[Demande, Cote], tuple[Acte, ...]] = field(default=_no_act)
    delai_propre: Callable[[Demande], int | None] | None = None
    tenue: str = "Premier contact"
    apres_passage: "Callable[[Demande, Transition, Actor], None] | None" = None
    unsend: Callable[[Demande], None] | None = None
    controle: Callable[[Demande, Issue, str], None] = field(default=_no_control)
    apres_decision: Callable[[Demande, Issue], None] = field(default=_nothing_after)
    issues_offertes: Callable[[Demande], tuple[Issue, ...]] | None = None
    precisions: Mapping[str, str] = field(default_factory=dict)
    volet_confirmation: str = ""
    volet_decision: str = ""
    sans_personne: bool = False
    en_un_mot: Callable[[Demande], str] = field(default=_no_word)
    avant: str = ""
    avant_contexte: Callable[[Caisse], dict[str, Any]] = field(default=_nothing_before)
    suit: tuple[str, ...] = ()
    mouvement: Mouvement = IMMOBILE
    menu: Mapping[Cote, tuple[str, str]] = field(default_factory=dict)
    compte: tuple[str, str] | None = None
    complement: MotsComplement = COMPLEMENT
    mots_decision: MotsDecision = DECISION
    pas: Callable[[Mapping[str, Any]], list[Pas]] | None = None
    suivant: Callable[[Demande, Mapping[str, Any]], Acte | None] | None = None
    decision: "type[DecisionForm] | None" = None
    volet_accueil: str = ""
    suite_tenue: tuple[str, ...] = ()
    contexte_accueil: Callable[[Membership], dict[str, Any]] | None = None
    attend: Callable[[int | Slot], "models.QuerySet[Any, Any]"] | None = None
    efface: Callable[[Sequence[int]], None] | None = None
    retient: Callable[[date], Q] | None = None

    def offered(self, demande: Demande) -> tuple[Issue, ...]:
        """The outcomes that may be given to a demande of this kind."""
        return self.issues if self.issues_offertes is None else self.issues_offertes(demande)

    def rows_of(self, demande: Demande) -> "models.QuerySet[models.Model]":
        """The row of this kind that belongs to a demande, if there is one."""
        related = Demande._meta.get_field(self.relation).related_model
        return related._default_manager.filter(demande=demande)  # type: ignore[union-attr]


def team_name(kind: Kind, caisse: Caisse, equipe: Equipe | None = None) -> str:
    """The team of a caisse that receives this kind of demande, as people read it; `equipe` when it is known."""
    found = equipe or team_for(caisse, kind.fonction)
    return found.nom if found else kind.equipe(caisse)


def kind_packages() -> list[str]:
    """The dotted names of the folders that are kinds."""
    return [
        f"{package.__name__}.{found.name}" for found in pkgutil.iter_modules(package.__path__) if found.ispkg
    ]


@cache
def kinds() -> dict[str, Kind]:
    """The kinds that are built, by function, in the order of the services."""
    found = [import_module(f"{name}.kind").KIND for name in kind_packages()]
    return {kind.fonction: kind for kind in sorted(found, key=lambda kind: kind.ordre)}


def kind_of(demande: Demande) -> Kind:
    """The kind of a demande.

    Raises:
        KeyError: this kind is not built.
    """
    return kinds()[demande.fonction]


def kind_by_slug(slug: str) -> Kind | None:
    """The kind of this name in addresses, if there is one."""
    return next((kind for kind in kinds().values() if kind.slug == slug), None)


def steps_of(demande: Demande, count: "CountFinding | None" = None) -> "Steps":
    """The steps of a draft; its caisse and what was typed are read with it."""
    return kind_of(demande).steps(demande.caisse, demande.brouillon, count)


def read_draft(demande: Demande, brouillon: Brouillon) -> "DemandeComplete":
    """A locked draft read whole: what `submit_demande` needs.

    Raises:
        DomainError: as `Steps.read`.
    """
    return kind_of(demande).steps(demande.caisse, brouillon).read(demande)


def relations() -> list[str]:
    """The relations to follow to read any demande in one query."""
    return [
        "__".join(names)
        for kind in kinds().values()
        for names in ((kind.relation,), *((kind.relation, further) for further in kind.suit))
    ]
