"""A demande that becomes a dossier, stops being one, or goes to another caisse as one.

Nothing of a dossier is erased: its household, checklist and periods stay with the demande, whatever it becomes.
"""

from collections.abc import Sequence

from django import forms

from caisses.models import Caisse, Motif, TypePiece
from portal.errors import DomainError
from portal.ui.text import day_in_words
from signalements.kinds.dossier.enums import EtatPieceDossier, Nature, TypeDossier
from signalements.kinds.dossier.forms import WITH_HOUSEHOLD, membre_en_mots
from signalements.kinds.dossier.models import Dossier, PieceAttendue, PieceDossier
from signalements.kinds.dossier.operations.completude import keep_count, types_joined
from signalements.kinds.dossier.operations.periodes import come_back, leave
from signalements.kinds.dossier.queries import attendues_of, excluded, membres_of, pieces_of, regles_of
from signalements.kinds.mouvements import (
    Choix,
    Faits,
    Motifs,
    Mouvement,
    about_somebody,
    copy_of,
    selection,
)
from signalements.models import Demande
from signalements.operations.complements import ElementDemande
from signalements.operations.door import Actor

NATURES = {
    TypeDossier.AME_PREMIERE: Nature.PREMIERE,
    TypeDossier.AME_RENOUVELLEMENT: Nature.RENOUVELLEMENT,
}
"""The only nature of some types."""
OF_THE_DECISION = {
    "decidee_le": None,
    "effet_le": None,
    "fin_le": None,
    "participation": None,
    "recours": "",
    "prochain_rappel_le": None,
    "rappele_le": None,
    "renouvelee": False,
    "origine_id": None,
}
"""What a caisse decided stays with it."""


def types_taken(caisse: Caisse, departement: str) -> list[TypeDossier]:
    """The types of dossier a caisse takes from a structure for somebody who lives there.

    A first AME request is among them only where the caisse takes those without an exception (CASF L252-1).
    """
    rules = regles_of(caisse)
    return [
        one
        for one in TypeDossier
        if not excluded(rules.get(one), caisse, departement)
        and (one != TypeDossier.AME_PREMIERE or caisse.ame_premiere_transmissible)
    ]


def choices_to_become(demande: Demande) -> dict[str, forms.Field] | None:
    """Which right is asked for, and whether it is the first time; the structure gives the rest."""
    if not about_somebody(demande):
        return None
    types = types_taken(demande.caisse, demande.personne.departement)
    if not types:
        return None
    natures = [(one.value, str(one.label)) for one in (Nature.PREMIERE, Nature.RENOUVELLEMENT)]
    return {
        "type": selection(
            "Droit demandé", [(one.value, str(one.label)) for one in types], "Choisissez un droit"
        ),
        "nature": selection("Première demande ou renouvellement", natures, "Choisissez la nature"),
    }


def from_other(demande: Demande, choix: Choix) -> Dossier:
    """A dossier made of a demande of another kind: its type and nature; address and household are asked.

    Raises:
        DomainError: the caisse does not take this type, or the nature is not that of the type.
    """
    type_dossier, nature = choix["type"], choix["nature"]
    if type_dossier not in types_taken(demande.caisse, demande.personne.departement):
        raise DomainError("Choisissez un droit de la liste.", field="type", code="hors_champ")
    only = NATURES.get(type_dossier)
    if only is not None and nature != only:
        raise DomainError(
            f"Pour ce droit, choisissez «\u00a0{Nature(only).label}\u00a0».", field="nature", code="nature"
        )
    return Dossier(type=type_dossier, nature=nature, adresse="")


def rights(demande: Demande) -> Motifs:
    """The rights this caisse takes a dossier for, for somebody who lives there."""
    now = TypeDossier(demande.dossier.type)
    types = types_taken(demande.caisse, demande.personne.departement)
    champ = selection("Droit demandé", [(one.value, str(one.label)) for one in types], "Choisissez un droit")
    champ.initial = now.value
    return Motifs(str(now.label), champ)


def put_right(demande: Demande, type_dossier: str) -> tuple[()]:
    """Another right; the pièces joined and checked stay, those it requires besides are « à joindre »: the agent gives
    the dossier back for them, or does without."""
    dossier: Dossier = demande.dossier
    dossier.type = type_dossier
    dossier.nature = NATURES.get(TypeDossier(type_dossier), Nature(dossier.nature))
    dossier.save(update_fields=["type", "nature"])
    rows = list(PieceDossier.objects.filter(demande=demande).order_by("rang", "pk"))
    had, given = {row.type_piece_id for row in rows}, types_joined(demande)
    household, last = 1 + len(membres_of(demande)), max((row.rang for row in rows), default=0)
    new: list[PieceDossier] = []
    for row in attendues_of(demande.caisse, type_dossier):
        present = row.type_piece_id in given
        expected = row.obligatoire and row.is_expected(dossier.nature, dossier.situations, household)
        if row.type_piece_id not in had and (present or expected):
            new.append(_to_join(demande, row, last + len(new) + 1))
            if present:
                new[-1].etat = EtatPieceDossier.PRESENTE
    PieceDossier.objects.bulk_create(new)
    keep_count(demande, rows + new)
    return ()


def arrive(demande: Demande, actor: Actor) -> Sequence[ElementDemande]:
    """Its checklist: what is joined already counts, the rest is asked of the structure.

    No period runs before: it opens when the dossier is complete (decisions.md §3). A dossier that was one before goes
    on where it was.
    """
    rows = list(PieceDossier.objects.filter(demande=demande))
    if rows:
        come_back(demande)
        keep_count(demande, rows)
        return ()
    dossier = Dossier.objects.get(demande=demande)
    given = types_joined(demande)
    for rank, row in enumerate(attendues_of(demande.caisse, dossier.type), start=1):
        present = row.type_piece_id in given
        if present or (row.obligatoire and row.is_expected(dossier.nature, dossier.situations, 1)):
            rows.append(
                PieceDossier(
                    demande=demande,
                    caisse_id=demande.caisse_id,
                    partenaire_id=demande.partenaire_id,
                    type_piece=row.type_piece,
                    rang=rank,
                    obligatoire=row.obligatoire,
                    etat=EtatPieceDossier.PRESENTE if present else EtatPieceDossier.ATTENDUE,
                    raison_retour=row.raison_retour,
                )
            )
    PieceDossier.objects.bulk_create(rows)
    keep_count(demande, rows)
    more = " et composition du foyer" if dossier.type in WITH_HOUSEHOLD else ""
    return [
        *(
            ElementDemande(row.type_piece.libelle, row.type_piece)
            for row in rows
            if row.etat == EtatPieceDossier.ATTENDUE
        ),
        ElementDemande(f"Adresse ou domiciliation de la personne{more}"),
    ]


def quitte(demande: Demande, actor: Actor) -> None:
    """Its period ends; the queue counts its pièces no more."""
    leave(demande)
    demande.pieces_presentes = demande.pieces_attendues = None
    demande.save(update_fields=["pieces_presentes", "pieces_attendues"])


def former(demande: Demande) -> Faits:
    """The household, the checklist and the decision, once the demande is of another kind: two queries."""
    dossier = demande.dossier
    return [
        ("Autres personnes du foyer", [membre_en_mots(membre) for membre in membres_of(demande)]),
        ("Pièces du dossier", [_in_words(piece) for piece in pieces_of(demande)]),
        ("Décision rendue le", day_in_words(dossier.decidee_le) if dossier.decidee_le else ""),
    ]


def _in_words(piece: PieceDossier) -> str:
    words = f"{piece.type_piece.libelle} ({EtatPieceDossier(piece.etat).label.lower()}"
    return f"{words}\u00a0: {piece.raison.libelle})" if piece.raison else f"{words})"


# --- Another caisse


def elsewhere(demande: Demande, caisse: Caisse) -> Dossier | None:
    """The same file without its decision, where the other caisse takes this type; a proven exception goes along."""
    dossier: Dossier = demande.dossier
    taken = dossier.type in types_taken(caisse, demande.personne.departement)
    if not taken and not (dossier.type == TypeDossier.AME_PREMIERE and dossier.exception):
        return None
    copy: Dossier = copy_of(dossier, **OF_THE_DECISION)
    return copy


def take_along(source: Demande, cible: Demande) -> None:
    """The household and the checklist, to be checked anew there.

    A pièce only the first caisse knows goes as a file, one that only the other requires is still to be joined.
    """
    new = {"id": None, "demande_id": cible.pk, "caisse_id": cible.caisse_id}
    membres, dossier = membres_of(source), source.dossier
    for membre in membres:
        copy_of(membre, **new).save(force_insert=True)
    attendues = attendues_of(cible.caisse, dossier.type)
    known = {row.type_piece.code: row.type_piece for row in attendues}
    rows = []
    for piece in pieces_of(source):
        kind = _kind_there(piece.type_piece, known)
        if kind is not None:
            unchecked = {"controle": "", "observation": "", "controlee_le": None, "controlee_par_id": None}
            raison = _national(piece.raison)
            row = copy_of(piece, **new, **unchecked, type_piece_id=kind.pk, raison_id=raison)
            if row.etat in {EtatPieceDossier.MANQUANTE, EtatPieceDossier.NON_CONCERNEE} and raison is None:
                row.etat = EtatPieceDossier.ATTENDUE
            rows.append(row)
    had = {row.type_piece_id for row in rows}
    here = {row.type_piece.code for row in attendues_of(source.caisse, dossier.type) if row.obligatoire}
    rows += [
        _to_join(cible, row, len(rows) + rank)
        for rank, row in enumerate(attendues, start=1)
        if row.obligatoire
        and row.type_piece.code not in here
        and row.type_piece_id not in had
        and row.is_expected(dossier.nature, dossier.situations, 1 + len(membres))
    ]
    PieceDossier.objects.bulk_create(rows)
    keep_count(cible, rows)


def _to_join(demande: Demande, row: PieceAttendue, rang: int) -> PieceDossier:
    """An expected pièce nobody has been asked for yet."""
    return PieceDossier(
        demande_id=demande.pk,
        caisse_id=demande.caisse_id,
        partenaire_id=demande.partenaire_id,
        type_piece=row.type_piece,
        rang=rang,
        obligatoire=row.obligatoire,
        etat=EtatPieceDossier.ATTENDUE,
        raison_retour=row.raison_retour,
    )


def _kind_there(kind: TypePiece, known: dict[str, TypePiece]) -> TypePiece | None:
    """The same kind of pièce as the other caisse knows it."""
    if kind.code in known:
        return known[kind.code]
    return kind if kind.caisse_id is None else None


def _national(raison: Motif | None) -> int | None:
    return raison.pk if raison is not None and raison.caisse_id is None else None


MOUVEMENT = Mouvement(
    choix=choices_to_become,
    row=from_other,
    arrive=arrive,
    quitte=quitte,
    ancien=former,
    ailleurs=elsewhere,
    emporte=take_along,
    motifs=rights,
    motif=put_right,
)
