"""The parts the sweeps' statements are made of: what each row that changed leaves in the journal and the outbox.

A sweep is one statement a batch: it picks and locks the rows that are due, changes them (`maj`), and inserts their
journal rows and mails from what the change returned. `maj` gives id, reference, caisse_id, partenaire_id,
auteur_id, assignee_a_id, fonction, equipe_id, echeance (the date the mail says, or NULL) and cle (the event, within
the demande).
"""

import secrets
import time
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, connection, transaction

from caisses.enums import Fonction
from portal import clock
from portal.audit.models import Verbe
from portal.courriels.types import TypeCourriel
from portal.nudge import nudge
from signalements.notifications import CAISSE_PATH

TEAM = f"""coalesce(
    nullif(e.courriel, ''),
    CASE WHEN m.fonction = '{Fonction.SAISINE}' THEN nullif(c.equipe_mas_courriel, '') END,
    c.support_courriel
)"""
"""The mailbox of a demande's team, as `signalements.queries.equipes.team_address` tells it."""

FOLLOWER = f"""
    SELECT m.*, u.id AS destinataire, CASE WHEN u.id IS NULL THEN {TEAM} ELSE '' END AS adresse,
           coalesce(u.frequence_courriels = 'QUOTIDIEN', false) AS groupe
    FROM maj m JOIN caisses_caisse c ON c.id = m.caisse_id
    LEFT JOIN caisses_equipe e ON e.id = m.equipe_id
    LEFT JOIN accounts_utilisateur u ON u.id = m.assignee_a_id AND u.is_active
    WHERE u.id IS NOT NULL OR {TEAM} <> ''
"""
"""The agent who follows the demande, or the caisse's team."""

SUPERVISORS = """
    SELECT m.*, u.id, '', u.frequence_courriels = 'QUOTIDIEN'
    FROM maj m JOIN superviseurs s ON s.caisse_id = m.caisse_id JOIN accounts_utilisateur u ON u.id = s.user_id
    WHERE u.id IS DISTINCT FROM m.assignee_a_id
"""
"""The superviseurs of the caisse, beside the FOLLOWER: one who follows the demande is told once."""
SUPERVISORS_CTE = """superviseurs AS MATERIALIZED (
    SELECT r.caisse_id, r.user_id FROM accounts_rolecaisse r
    JOIN auth_permission p ON p.id = r.permission_id AND p.codename = 'role_superviseur'
    JOIN accounts_utilisateur u ON u.id = r.user_id AND u.is_active
)"""

AUTHOR = """
    SELECT m.*, u.id AS destinataire, '' AS adresse, u.frequence_courriels = 'QUOTIDIEN' AS groupe
    FROM maj m JOIN accounts_utilisateur u ON u.id = m.auteur_id AND u.is_active
    UNION ALL
    SELECT m.*, f.id, '', f.frequence_courriels = 'QUOTIDIEN'
    FROM maj m JOIN accounts_utilisateur a ON a.id = m.auteur_id AND a.is_active
    JOIN signalements_suiveur s ON s.demande_id = m.id AND s.compte_id <> m.auteur_id
    JOIN accounts_utilisateur f ON f.id = s.compte_id AND f.is_active
    UNION ALL
    SELECT m.*, t.id, '', t.frequence_courriels = 'QUOTIDIEN'
    FROM maj m JOIN accounts_utilisateur a ON a.id = m.auteur_id AND NOT a.is_active
    JOIN accounts_rolepartenaire r ON r.partenaire_id = m.partenaire_id
    JOIN auth_permission p ON p.id = r.permission_id AND p.codename = 'role_technicien'
    JOIN accounts_utilisateur t ON t.id = r.user_id AND t.is_active
"""
"""The technicien in charge and those who follow, or all of the structure once that account is inactive."""


ONCE = "ON CONFLICT DO NOTHING"
"""The same event queued again changes nothing."""


@dataclass(frozen=True)
class Envoi:
    """A mail to queue for each changed row: its kind, its recipients (a SELECT on `maj`), its link."""

    kind: TypeCourriel
    recipients: str
    path: str = CAISSE_PATH


def identifiers() -> str:
    """The SQL of a UUID of version 7 for each row of one INSERT, drawn at once and counted up.

    `uuidv7()` asks the system for randomness row by row, which took a seventh of a sweep's time; here the instant
    and 46 random bits are drawn for the statement, and 28 bits count its rows (RFC 9562, section 6.2, method 1).
    """
    instant = time.time_ns() // 1_000_000
    head = f"{instant:012x}7{secrets.randbits(12):03x}{8 + secrets.randbits(2):x}"
    return f"concat('{head}', to_hex({1 << 24} + row_number() OVER ()), '{secrets.token_hex(4)}')::uuid"


def journal(verbe: Verbe, details: str) -> str:
    """The CTE that writes a row of the journal for each row of `maj`; `details` is a jsonb expression on it."""
    return f"""journal AS (
    INSERT INTO audit_evenement
        (id, le, verbe, acteur_id, role, caisse_id, partenaire_id, objet, objet_id, details, adresse)
    SELECT {identifiers()}, %(now)s, '{verbe}', NULL, 'systeme', m.caisse_id, m.partenaire_id, 'demande', m.reference,
           {details}, NULL
    FROM maj m
)"""


def mails(name: str, envoi: Envoi) -> str:
    """The CTE that queues the mails of one kind, with the same keys as `portal.courriels.outbox.queue`."""
    kind = envoi.kind
    said = "jsonb_strip_nulls(jsonb_build_object('echeance', r.echeance))" if kind.champs else "'{}'::jsonb"
    return f"""{name} AS (
    INSERT INTO courriels_courriel
        (id, cle, evenement, destinataire_id, adresse, reference, lien, donnees, caisse_id, partenaire_id,
         cree_le, recapitulatif, a_envoyer_le, envoye_le, essais, erreur, abandonne_le)
    SELECT {identifiers()}, concat('{kind.code}:', r.id, ':', r.cle, ':', coalesce(r.destinataire::text, r.adresse)),
           '{kind.code}', r.destinataire, r.adresse, r.reference, concat('{envoi.path}', r.reference, '/'), {said},
           r.caisse_id, r.partenaire_id, %(now)s, r.groupe AND NOT {kind.immediat}, %(now)s, NULL, 0, '', NULL
    FROM ({envoi.recipients}) r
    {ONCE}
)"""


def execute(ctes: list[str], values: dict[str, Any], *, tail: str = "SELECT count(*) FROM maj") -> list[Any]:
    """Run one statement made of these CTEs; its rows. The worker is nudged when something changed.

    Watching for mails already queued takes a third of the time of a mail, and there are next to never any: the
    statement runs without first, and again with it when a key was taken.
    """
    statement = f"WITH {', '.join(ctes)} {tail}"
    parameters = {"now": clock.now(), **values}
    with connection.cursor() as cursor:
        try:
            with transaction.atomic():
                cursor.execute(statement.replace(ONCE, ""), parameters)
        except IntegrityError:
            cursor.execute(statement, parameters)
        rows = cursor.fetchall()
    if rows and rows[0][0]:
        nudge("portal.sweep", "courriels")
    return rows
