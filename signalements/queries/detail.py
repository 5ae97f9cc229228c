"""What the structure reads of one demande: its chronology, its thread, what is asked of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from accounts.models import Utilisateur
from caisses.models import Caisse
from portal.compiled import CompiledQuery, Slot
from signalements.enums import Cote, Statut
from signalements.kinds.registry import Pas, kind_of
from signalements.models import Complement, Demande, ElementComplement
from signalements.queries.chronologie import MESSAGE, PASSAGE, RELANCE, Fait, exchanges, of_nature
from signalements.queries.pieces import FichierLu


@dataclass(frozen=True)
class Ligne:
    """A line of the chronology: a change of status, a message, an answer to a complément."""

    nature: str
    titre: str
    le: datetime
    auteur: str
    texte: str = ""
    icone: str = ""
    ton: str = "neutral"
    fichiers: list[FichierLu] = field(default_factory=list)
    elements: list[ElementComplement] = field(default_factory=list)
    ancre: str = ""
    relance: bool = False
    lu_le: datetime | None = None


@dataclass(frozen=True)
class Suivi:
    """Everything that has happened to a demande and that the structure may read."""

    lignes: list[Ligne]
    complement: Complement | None
    elements: list[ElementComplement]
    non_lus: bool
    reponse: Ligne | None = None
    relances: tuple[datetime, ...] = ()


TITRES = {
    Statut.ENVOYEE: ("Demande envoyée", "enveloppe", "info"),
    Statut.EN_COURS: ("Demande prise en charge", "sablier", "info"),
    Statut.A_COMPLETER: ("Complément demandé", "pause", "warning"),
    Statut.COMPLETEE: ("Demande complétée", "reponse", "info"),
    Statut.TRAITEE: ("Demande traitée", "coche-cercle", "success"),
    Statut.ANNULEE: ("Demande annulée", "croix", "neutral"),
}
RETOURS = {
    (Statut.EN_COURS, Statut.ENVOYEE): "Demande remise dans la file de la caisse",
    (Statut.A_COMPLETER, Statut.EN_COURS): "Demande de complément retirée par la caisse",
    (Statut.TRAITEE, Statut.EN_COURS): "Demande rouverte par la caisse",
    (Statut.COMPLETEE, Statut.EN_COURS): "Complément reçu, étude en cours",
}
EN_PARTANCE = "La demande partira"
"""The sending, while it can still be undone: its moment is to come."""
COMMENTAIRES_LUS = {Statut.ANNULEE, Statut.TRAITEE}


def with_steps(suivi: Suivi, demande: Demande, pas: Sequence[Pas]) -> list[Ligne]:
    """The chronology with the steps of the kind's own."""
    own = [
        Ligne(
            "genre",
            one.titre,
            one.le,
            who(demande.caisse, one.cote, one.auteur),
            one.texte,
            one.icone,
            "info",
        )
        for one in pas
    ]
    return sorted([*suivi.lignes, *own], key=lambda line: line.le)


def suivi_of(demande: Demande, files: list[FichierLu]) -> Suivi:
    """The chronology of a demande in the order it happened; never a note nor a contact of the caisse."""
    facts = exchanges(demande)
    passages, messages = of_nature(facts, PASSAGE), of_nature(facts, MESSAGE)
    asked = any(fact.b == Statut.A_COMPLETER for fact in passages) or demande.suspendue_le is not None
    complements = _complements(demande) if asked else []
    ouvert = next((found for found in complements if found.row.repondu_le is None), None)
    lignes = [_passage_line(demande, row) for row in passages]
    lignes += [_message_line(demande, row, files) for row in messages]
    lignes += [line for found in complements for line in _complement_lines(demande, found, files)]
    lignes.sort(key=lambda line: line.le)
    elements = ouvert.elements if ouvert and demande.statut == Statut.A_COMPLETER else []
    decision = next((fact for fact in reversed(passages) if fact.b == Statut.TRAITEE), None)
    reponse = _passage_line(demande, decision) if decision and demande.statut == Statut.TRAITEE else None
    unread = any(row.cote == Cote.CAISSE and row.lu_le is None for row in messages)
    relances = tuple(row.le for row in messages if row.a == RELANCE)
    return Suivi(lignes, ouvert.row if ouvert and elements else None, elements, unread, reponse, relances)


@dataclass(frozen=True)
class _Complement:
    """A complément with its items."""

    row: Complement
    elements: list[ElementComplement]


_ELEMENTS = CompiledQuery(
    lambda: (
        ElementComplement.objects.filter(demande=Slot("demande"))
        .select_related("complement", "complement__repondu_par", "raison", "absence", "type_piece")
        .order_by("complement_id", "pk")
    )
)


def _complements(demande: Demande) -> list[_Complement]:
    """The compléments of a demande in the order they were asked, with their items, in one query."""
    found: dict[int, _Complement] = {}
    for element in _ELEMENTS.all(demande=demande.pk):
        found.setdefault(element.complement_id, _Complement(element.complement, [])).elements.append(element)
    return list(found.values())


def answered_by(demande: Demande, complement_id: str) -> int | None:
    """Whose account answered a complément of this demande; None while nobody did, or when it was withdrawn."""
    if not (complement_id.isascii() and complement_id.isdigit() and len(complement_id) < 19):
        return None
    rows = Complement.objects.filter(pk=int(complement_id), demande=demande)
    return rows.values_list("repondu_par_id", flat=True).first()


def who(caisse: Caisse, cote: str, name: str) -> str:
    """Who acted, as the structure may know it: the agent's name only where the caisse shows it."""
    if cote == Cote.SYSTEME:
        return "Le portail"
    if cote == Cote.CAISSE:
        return f"{name}, {caisse.nom}" if caisse.nom_agent_visible and name else caisse.nom
    return name or "Compte supprimé"


def _name(user: Utilisateur | None) -> str:
    return user.get_full_name() if user is not None else ""


def _passage_line(demande: Demande, fact: Fait) -> Ligne:
    titre, icone, ton = TITRES[Statut(fact.b)]
    if fact.b == Statut.A_COMPLETER:
        titre = kind_of(demande).complement.passage
    retour = RETOURS.get((Statut(fact.a), Statut(fact.b))) if fact.a else None
    reason = fact.texte if _is_for_the_structure(fact) else ""
    return Ligne(
        nature="statut",
        titre=retour or (EN_PARTANCE if demande.est_retenue else titre),
        le=fact.le,
        auteur=who(demande.caisse, fact.cote, fact.auteur),
        texte=reason,
        icone="actualiser" if retour else icone,
        ton="info" if retour else ton,
    )


def _is_for_the_structure(fact: Fait) -> bool:
    """Whether a comment was written for both sides: an outcome, a reopening, its own cancelling."""
    return fact.b in COMMENTAIRES_LUS or (fact.a == Statut.TRAITEE and fact.b == Statut.EN_COURS)


def _message_line(demande: Demande, fact: Fait, files: list[FichierLu]) -> Ligne:
    received = fact.cote == Cote.CAISSE
    own = "Relance de la caisse" if fact.a == RELANCE else "Message de la structure"
    return Ligne(
        nature="message",
        titre="Message de la caisse" if received else own,
        le=fact.le,
        auteur=who(demande.caisse, fact.cote, fact.auteur),
        texte=fact.texte,
        icone="message",
        ton="received" if received else "sent",
        fichiers=[fichier for fichier in files if str(fichier.message_id) == fact.id],
        ancre=f"message-{fact.id}",
        relance=fact.a == RELANCE,
        lu_le=None if received else fact.lu_le,
    )


def _complement_lines(demande: Demande, found: _Complement, files: list[FichierLu]) -> list[Ligne]:
    """What was asked, and what was answered."""
    row, elements = found.row, found.elements
    lines = []
    lines.append(
        Ligne(
            nature="message",
            titre="Ce que la caisse demande",
            le=row.demande_le,
            auteur=demande.caisse.nom,
            texte=row.message,
            icone="liste",
            ton="received",
            elements=[] if row.repondu_le is None else elements,
        )
    )
    if row.repondu_le is not None and not row.retire:
        answered = {element.pk for element in elements}
        lines.append(
            Ligne(
                nature="message",
                titre="Réponse de la structure",
                le=row.repondu_le,
                auteur=who(demande.caisse, Cote.PARTENAIRE, _name(row.repondu_par)),
                texte=row.reponse,
                icone="reponse",
                ton="sent",
                fichiers=[fichier for fichier in files if fichier.element_id in answered],
                elements=[element for element in elements if element.reponse or element.absence_id],
            )
        )
    return lines
