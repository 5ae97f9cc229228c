"""What happened to a demande, in order: one query for the log of statuses, messages, notes and contacts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from portal.compiled import CompiledQuery, Slot
from signalements.models import Demande, ElementComplement, PieceJointe

PASSAGE, MESSAGE, NOTE, CONTACT = "passage", "message", "note", "contact"
RETENUE, PRESENCE = "retenue", "presence"
RELANCE = "relance"


@dataclass(frozen=True)
class Fait:
    """One line of the chronology.

    `a`, `b` and `c` depend on `nature`: for a passage the statuses before and after and the outcome, for a contact
    the channel and the result, for a message RELANCE when it is one; for a decision that has not left the outcome,
    whose it is, what was typed, and `lu_le` is when it leaves; for who has the page open
    the civilité, whose it is, the name.
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


# Written by hand: several tables in one query, whose text the ORM would write again at each view of a demande.
_LINES = {
    PASSAGE: "u.prenom, u.nom, r.cote, r.commentaire, r.de, r.vers, r.issue, NULL::timestamptz",
    MESSAGE: f"u.prenom, u.nom, r.cote, r.texte, CASE WHEN r.relance THEN '{RELANCE}' ELSE '' END, '', '', r.lu_le",
    NOTE: "u.prenom, u.nom, 'CAISSE', r.texte, '', '', '', NULL",
    CONTACT: "u.prenom, u.nom, 'CAISSE', r.note, r.canal, r.resultat, '', NULL",
    RETENUE: (
        "u.prenom, u.nom, 'CAISSE', r.raison, r.issue, r.acteur_id::text, "
        "coalesce(r.saisie -> 'commentaire' ->> 0, ''), r.prend_effet_le"
    ),
    PRESENCE: "'', '', 'CAISSE', '', u.civilite, r.agent_id::text, u.nom, NULL",
}
_TABLES = {
    PASSAGE: ("signalements_passage", "acteur_id"),
    MESSAGE: ("signalements_message", "auteur_id"),
    NOTE: ("signalements_noteinterne", "auteur_id"),
    CONTACT: ("signalements_contact", "auteur_id"),
    RETENUE: ("signalements_decisionretenue", "acteur_id"),
    PRESENCE: ("signalements_presence", "agent_id"),
}


def _select(nature: str) -> str:
    table, author = _TABLES[nature]
    # Constants of this module; every value stays a parameter.
    return (
        f"SELECT '{nature}', r.id::text, r.le, {_LINES[nature]} "  # noqa: S608
        f"FROM {table} r LEFT JOIN accounts_utilisateur u ON u.id = r.{author} "
        "WHERE r.demande_id = %(demande)s AND r.partenaire_id = %(partenaire)s AND r.caisse_id = %(caisse)s"
    )


_EXCHANGES = " UNION ALL ".join(_select(nature) for nature in (PASSAGE, MESSAGE))
_EVERYTHING = " UNION ALL ".join(_select(nature) for nature in _TABLES)


def chronology(demande: Demande) -> list[Fait]:
    """Everything that happened, oldest first, internal notes and contacts too: for the caisse only."""
    return _read(_EVERYTHING, demande)


def exchanges(demande: Demande) -> list[Fait]:
    """The changes of status and the messages, oldest first: what both sides may know of."""
    return _read(_EXCHANGES, demande)


def _read(sql: str, demande: Demande) -> list[Fait]:
    tenant = {"partenaire": demande.partenaire_id, "caisse": demande.caisse_id}
    with connection.cursor() as cursor:
        cursor.execute(sql, {"demande": demande.pk, **tenant})
        facts = [_fact(*row) for row in cursor.fetchall()]
    return sorted(facts, key=lambda fact: (fact.le, fact.nature != PASSAGE, fact.id))


def _fact(nature: str, key: str, le: datetime, prenom: str | None, nom: str | None, *rest: Any) -> Fait:
    return Fait(nature, key, le, f"{prenom or ''} {nom or ''}".strip(), *rest)


def of_nature(facts: Iterable[Fait], *natures: str) -> list[Fait]:
    """The facts of these natures."""
    return [fact for fact in facts if fact.nature in natures]


def asked_items(demande: Demande) -> list[ElementComplement]:
    """Every item ever asked on a demande, with its complément, in one query."""
    return _ASKED.all(demande=demande.pk, caisse=demande.caisse_id)


_ASKED = CompiledQuery(
    lambda: (
        ElementComplement.objects.filter(demande=Slot("demande"), caisse=Slot("caisse"))
        .select_related("complement", "raison", "absence", "type_piece")
        .order_by("complement_id", "pk")
    )
)


def files_of(demande: Demande) -> list[PieceJointe]:
    """The pièces the caisse holds, in the order they were sent; without their keys."""
    return _FILES.all(demande=demande.pk, caisse=demande.caisse_id)


_FILES = CompiledQuery(
    lambda: (
        PieceJointe.objects.filter(demande=Slot("demande"), caisse=Slot("caisse"))
        .select_related("piece", "type_piece")
        .defer("piece__cle_fichier", "piece__cle_id", "piece__chemin", "piece__empreinte")
        .order_by("piece__transmise_le", "pk")
    )
)
