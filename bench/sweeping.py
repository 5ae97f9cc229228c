"""Measures each business sweep over the open demandes of one filled database; prints a line of JSON for each.

Run by `bench.run`, with DATABASE_URL pointing at that database and DATABASE_OWNER_URL to prepare it.
"""

import os
import time
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day

import django

django.setup()

import psycopg  # noqa: E402  (the settings come first)

from bench.playing import play, say  # noqa: E402
from portal import clock, sweeps  # noqa: E402
from portal.calendar import ZoneFeries, add_jours_ouvres, is_jour_ouvre  # noqa: E402

OPEN_AGAIN = """
UPDATE signalements_demande SET
    statut = %(statut)s::text, issue = '', traitee_le = NULL,
    envoyee_le = coalesce(envoyee_le, cree_le), information_donnee = true,
    delai_jours = 5, echeance = current_date + %(echeance)s::int, promesse_tenue_le = NULL,
    rappel_proche_le = NULL, retard_annonce_le = NULL, rappel_complement_le = NULL,
    suspendue_le = CASE WHEN %(statut)s::text = 'A_COMPLETER' THEN current_date - %(depuis)s::int END,
    reste_jours = CASE WHEN %(statut)s::text = 'A_COMPLETER' THEN 3 END
"""
COMPLEMENTS = """
INSERT INTO signalements_complement (demande_id, caisse_id, partenaire_id, cle, message, demande_le, demande_par_id,
    reponse, retire)
SELECT id, caisse_id, partenaire_id, gen_random_uuid(), '', now() - make_interval(days => %(depuis)s),
    assignee_a_id, '', false
FROM signalements_demande
"""
# Sweep, status of the demandes it works on, days to the deadline, days since the complément was asked.
SWEEPS = (
    ("echeance_proche", "EN_COURS", 1, 0),
    ("en_retard", "EN_COURS", -2, 0),
    ("rappel_complement", "A_COMPLETER", 5, 16),
    ("abandon_complement", "A_COMPLETER", 5, 31),
)


def prepare(statut: str, echeance: int, depuis: int) -> None:
    """Bring every demande to the state the sweep looks for."""
    values = {"statut": statut, "echeance": echeance, "depuis": depuis}
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        owner.execute("DELETE FROM signalements_complement")
        owner.execute(OPEN_AGAIN, values)
        if statut == "A_COMPLETER":
            owner.execute(COMPLEMENTS, values)
        owner.execute("VACUUM ANALYZE signalements_demande")


def working_moment() -> datetime:
    """Now, or noon of the next jour ouvré: nothing is announced on the other days."""
    zone = ZoneFeries.METROPOLE
    if is_jour_ouvre(clock.today(), zone):
        return clock.now() + timedelta(seconds=1)
    return datetime.combine(add_jours_ouvres(clock.today(), 1, zone), time_of_day(12), tzinfo=UTC)


def roll_up() -> None:
    """Count the whole log again, from nothing, then again: the second run finds nothing to count."""
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        owner.execute("TRUNCATE signalements_statistiquemensuelle, signalements_statistiquearretee")
        row = owner.execute("SELECT count(*) FROM signalements_passage").fetchone()
    rows = row[0] if row else 0
    started = time.perf_counter()
    sweeps.run("statistiques")
    seconds = time.perf_counter() - started
    say(
        {
            "name": "statistiques",
            "done": rows,
            "again": sweeps.run("statistiques"),
            "seconds": round(seconds, 3),
            "rows_per_second": round(rows / seconds),
            "statements": 0,
        }
    )


def main() -> None:
    """Run each sweep over every demande."""
    roll_up()
    for name, statut, echeance, depuis in SWEEPS:
        prepare(statut, echeance, depuis)
        play(name, working_moment())


if __name__ == "__main__":
    main()
