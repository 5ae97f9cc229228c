"""What happened to a demande, in order: one query for the log of statuses, messages, notes and contacts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import CharField, DateTimeField, F, QuerySet, TextField, Value
from django.db.models.functions import Cast

from signalements.enums import Cote
from signalements.models import (
    Contact,
    Demande,
    ElementComplement,
    Message,
    NoteInterne,
    Passage,
    PieceJointe,
)

PASSAGE, MESSAGE, NOTE, CONTACT = "passage", "message", "note", "contact"
COLUMNS = ("nature", "cle_ligne", "le", "prenom", "nom", "cote_ligne", "texte_ligne", "a", "b", "c", "lu")


@dataclass(frozen=True)
class Fait:
    """One line of the chronology.

    `a`, `b` and `c` depend on `nature`: for a passage the statuses before and after and the outcome, for a contact
    the channel and the result.
    """

    nature: str
    id: str
    le: datetime
    auteur: str
    cote: str
    texte: str
    a: str = ""
    b: str = ""
    c: str = ""
    lu_le: datetime | None = None


def chronology(demande: Demande) -> list[Fait]:
    """Everything that happened, oldest first, internal notes and contacts too: for the caisse only."""
    rows = _rows(Passage, PASSAGE, demande, person="acteur", texte="commentaire", a="de", b="vers", c="issue")
    rows = rows.union(
        _rows(Message, MESSAGE, demande, lu="lu_le"),
        _rows(NoteInterne, NOTE, demande, cote=Cote.CAISSE),
        _rows(Contact, CONTACT, demande, cote=Cote.CAISSE, texte="note", a="canal", b="resultat"),
        all=True,
    )
    facts = [_fact(dict(zip(COLUMNS, row, strict=True))) for row in rows]
    return sorted(facts, key=lambda fact: (fact.le, fact.nature != PASSAGE, fact.id))


def _rows(
    model: Any,
    nature: str,
    demande: Demande,
    *,
    person: str = "auteur",
    cote: str = "",
    texte: str = "texte",
    a: str = "",
    b: str = "",
    c: str = "",
    lu: str = "",
) -> "QuerySet[Any, tuple[Any, ...]]":
    def text(column: str) -> Any:
        return Cast(F(column), TextField()) if column else Value("", output_field=TextField())

    rows: QuerySet[Any, tuple[Any, ...]] = (
        model.objects.filter(demande_id=demande.pk, caisse_id=demande.caisse_id)
        .order_by()
        .annotate(
            nature=Value(nature, output_field=CharField()),
            cle_ligne=Cast("pk", TextField()),
            prenom=F(f"{person}__prenom"),
            nom=F(f"{person}__nom"),
            cote_ligne=Value(cote, output_field=TextField()) if cote else text("cote"),
            texte_ligne=text(texte),
            a=text(a),
            b=text(b),
            c=text(c),
            lu=F(lu) if lu else Value(None, output_field=DateTimeField()),
        )
        .values_list(*COLUMNS)
    )
    return rows


def _fact(row: dict[str, Any]) -> Fait:
    return Fait(
        nature=row["nature"],
        id=row["cle_ligne"],
        le=row["le"],
        auteur=f"{row['prenom'] or ''} {row['nom'] or ''}".strip(),
        cote=row["cote_ligne"],
        texte=row["texte_ligne"],
        a=row["a"],
        b=row["b"],
        c=row["c"],
        lu_le=row["lu"],
    )


def of_nature(facts: Iterable[Fait], *natures: str) -> list[Fait]:
    """The facts of these natures."""
    return [fact for fact in facts if fact.nature in natures]


def asked_items(demande: Demande) -> list[ElementComplement]:
    """Every item ever asked on a demande, with its complément, in one query."""
    return list(
        ElementComplement.objects.filter(demande_id=demande.pk, caisse_id=demande.caisse_id)
        .select_related("complement", "raison", "absence", "type_piece")
        .order_by("complement_id", "pk")
    )


def files_of(demande: Demande) -> list[PieceJointe]:
    """The pièces the caisse holds, in the order they were sent; without their keys."""
    return list(
        PieceJointe.objects.filter(demande_id=demande.pk, caisse_id=demande.caisse_id)
        .select_related("piece", "type_piece")
        .defer("piece__cle_fichier", "piece__cle_id", "piece__chemin", "piece__empreinte")
        .order_by("piece__transmise_le", "pk")
    )
