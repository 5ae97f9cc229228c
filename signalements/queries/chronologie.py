"""What happened to a demande, in order: one query for the log of statuses, messages, notes and contacts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from signalements.models import Demande, ElementComplement, PieceJointe

PASSAGE, MESSAGE, NOTE, CONTACT = "passage", "message", "note", "contact"


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


# Written by hand: four tables in one query, whose text the ORM would write again at each view of a demande.
SQL = """
SELECT 'passage', r.id::text, r.le, u.prenom, u.nom, r.cote, r.commentaire, r.de, r.vers, r.issue, NULL::timestamptz
FROM signalements_passage r LEFT JOIN accounts_utilisateur u ON u.id = r.acteur_id
WHERE r.demande_id = %(demande)s AND r.caisse_id = %(caisse)s
UNION ALL
SELECT 'message', r.id::text, r.le, u.prenom, u.nom, r.cote, r.texte, '', '', '', r.lu_le
FROM signalements_message r LEFT JOIN accounts_utilisateur u ON u.id = r.auteur_id
WHERE r.demande_id = %(demande)s AND r.caisse_id = %(caisse)s
UNION ALL
SELECT 'note', r.id::text, r.le, u.prenom, u.nom, 'CAISSE', r.texte, '', '', '', NULL
FROM signalements_noteinterne r LEFT JOIN accounts_utilisateur u ON u.id = r.auteur_id
WHERE r.demande_id = %(demande)s AND r.caisse_id = %(caisse)s
UNION ALL
SELECT 'contact', r.id::text, r.le, u.prenom, u.nom, 'CAISSE', r.note, r.canal, r.resultat, '', NULL
FROM signalements_contact r LEFT JOIN accounts_utilisateur u ON u.id = r.auteur_id
WHERE r.demande_id = %(demande)s AND r.caisse_id = %(caisse)s
"""


def chronology(demande: Demande) -> list[Fait]:
    """Everything that happened, oldest first, internal notes and contacts too: for the caisse only."""
    with connection.cursor() as cursor:
        cursor.execute(SQL, {"demande": demande.pk, "caisse": demande.caisse_id})
        facts = [_fact(*row) for row in cursor.fetchall()]
    return sorted(facts, key=lambda fact: (fact.le, fact.nature != PASSAGE, fact.id))


def _fact(nature: str, key: str, le: datetime, prenom: str | None, nom: str | None, *rest: Any) -> Fait:
    return Fait(nature, key, le, f"{prenom or ''} {nom or ''}".strip(), *rest)


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
