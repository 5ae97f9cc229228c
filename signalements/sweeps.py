"""The periodic work on demandes: near, late, compléments without an answer, forgotten drafts.

Days are those of each caisse: its own date and its own jours ouvrés, reckoned once per caisse and never per row.
What is announced is announced on a jour ouvré, once: the row itself says so.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.db import connection, transaction

from caisses.models import Caisse
from documents import vault
from portal import clock
from portal.audit.models import Verbe
from portal.calendar import ZoneFeries, add_jours_ouvres, is_jour_ouvre
from portal.sweeps import sweep
from signalements import courriels
from signalements.enums import STATUTS_CHEZ_LA_CAISSE, Issue, Statut
from signalements.forms.decision import read_decision
from signalements.models import Brouillon, LigneLot, Lot
from signalements.notifications import PARTNER_PATH
from signalements.operations.effacement import erase_personal_data
from signalements.operations.fins_de_convention import close_left_open
from signalements.operations.lots import run_lot, waiting_lots
from signalements.operations.presence import forget_presences
from signalements.operations.retenue import forget_old_decisions, give_due_decisions
from signalements.operations.telephone import forget_depots
from signalements.sweep_statements import (
    AUTHOR,
    FOLLOWER,
    SUPERVISORS,
    SUPERVISORS_CTE,
    Envoi,
    execute,
    identifiers,
    journal,
    mails,
)
from signalements.sweep_statistics import measure_usual_delays, roll_up_month
from signalements.transitions import TABLE

TEN_SECONDS = timedelta(seconds=10)
FIVE_MINUTES = timedelta(minutes=5)
QUARTER = timedelta(minutes=15)
HOUR = timedelta(hours=1)
DRAFTS_BATCH = 500
LOTS_BATCH = 200
ERASED_BATCH = 200
LOTS_KEPT = timedelta(days=30)
WARNING_DAYS = 7
"""A draft is announced at least that long before it is deleted, however late the sweep runs."""

ABANDON_COMMENT = "Le complément demandé n’a pas été reçu dans le délai."

_OPEN = ", ".join(f"'{statut}'" for statut in sorted(STATUTS_CHEZ_LA_CAISSE))
_RETURNING = """RETURNING d.id, d.reference, d.fonction, d.caisse_id, d.partenaire_id, d.auteur_id, d.assignee_a_id,
    d.equipe_id"""
_DAYS = "jours AS (SELECT * FROM unnest(%(caisses)s::bigint[], %(jours)s::date[], %(limites)s::date[]) "
_DAYS += "AS j(caisse_id, jour, limite))"


@dataclass(frozen=True)
class Jour:
    """Today at one caisse."""

    caisse: Caisse
    day: date
    closures: frozenset[date]

    @property
    def is_open(self) -> bool:
        """Whether the caisse works today."""
        return is_jour_ouvre(self.day, ZoneFeries(self.caisse.zone_feries), self.closures)

    @property
    def last_before_work(self) -> date:
        """The last day before the next jour ouvré: what falls until then is announced today."""
        following = add_jours_ouvres(self.day, 1, ZoneFeries(self.caisse.zone_feries), self.closures)
        return following - timedelta(days=1)


def days() -> Iterator[Jour]:
    """Today at each caisse that works today."""
    for caisse in Caisse.objects.filter(active=True).prefetch_related("fermetures").order_by("pk"):
        closures = frozenset(fermeture.jour for fermeture in caisse.fermetures.all())
        jour = Jour(caisse, caisse.today(), closures)
        if jour.is_open:
            yield jour


def _values(limit: int, limits: list[tuple[Jour, date]]) -> dict[str, Any]:
    return {
        "limit": limit,
        "caisses": [jour.caisse.pk for jour, _ in limits],
        "jours": [jour.day for jour, _ in limits],
        "limites": [day for _, day in limits],
    }


def _announce(
    limit: int,
    limits: list[tuple[Jour, date]],
    *,
    condition: str,
    mark: str,
    said: str,
    event: str,
    acte: str,
    envoi: Envoi,
    further: str = "",
) -> int:
    """Mark the rows that meet `condition` (on d and its j), with their journal row and mails; how many."""
    dues = f"""dues AS (
        SELECT d.id, {said} AS echeance, {event}::text AS cle
        FROM signalements_demande d JOIN jours j USING (caisse_id)
        WHERE {condition} LIMIT %(limit)s FOR UPDATE OF d SKIP LOCKED
    )"""
    maj = f"""maj AS (
        UPDATE signalements_demande d SET {mark} = %(now)s FROM dues WHERE d.id = dues.id
        {_RETURNING}, dues.echeance, dues.cle
    )"""
    ctes = [_DAYS, dues, maj, journal(Verbe.MODIFICATION, f"jsonb_build_object('acte', '{acte}')")]
    ctes += [further] if further else []
    count: int = execute([*ctes, mails("courriels", envoi)], _values(limit, limits))[0][0]
    return count


@sweep("echeance_proche", label="Annonce des échéances proches", every=QUARTER)
def due_soon(limit: int) -> int:
    """Tell the agent or the team of the demandes whose deadline is near by the caisse's threshold."""
    limits = [(jour, jour.last_before_work + timedelta(days=jour.caisse.seuil_proche)) for jour in days()]
    return _announce(
        limit,
        limits,
        condition=f"""d.statut IN ({_OPEN}) AND d.promesse_tenue_le IS NULL AND d.rappel_proche_le IS NULL
            AND d.envoyee_le <= %(now)s AND d.echeance BETWEEN j.jour AND j.limite""",
        mark="rappel_proche_le",
        said="d.echeance",
        event="d.echeance",
        acte="echeance_proche",
        envoi=Envoi(courriels.ECHEANCE_PROCHE, FOLLOWER),
    )


@sweep("en_retard", label="Annonce des retards", every=QUARTER)
def overdue(limit: int) -> int:
    """Tell the agent or the team, and the superviseurs, of the demandes past their deadline."""
    return _announce(
        limit,
        [(jour, jour.day) for jour in days()],
        condition=f"""d.statut IN ({_OPEN}) AND d.promesse_tenue_le IS NULL AND d.retard_annonce_le IS NULL
            AND d.echeance < j.jour""",
        mark="retard_annonce_le",
        said="d.echeance",
        event="d.echeance",
        acte="retard",
        envoi=Envoi(courriels.ECHEANCE_DEPASSEE, f"{FOLLOWER} UNION ALL {SUPERVISORS}"),
        further=SUPERVISORS_CTE,
    )


@sweep("rappel_complement", label="Rappel des compléments attendus", every=HOUR)
def complement_reminders(limit: int) -> int:
    """Remind the structure of a complément asked 15 days ago (caisse's setting), once for each complément."""
    limits = [(jour, jour.day - timedelta(days=jour.caisse.rappel_complement)) for jour in days()]
    ends = "d.suspendue_le + (SELECT c.abandon_complement FROM caisses_caisse c WHERE c.id = d.caisse_id)"
    return _announce(
        limit,
        limits,
        condition=f"""d.statut = '{Statut.A_COMPLETER}' AND d.rappel_complement_le IS NULL
            AND d.suspendue_le <= j.limite AND {ends} > j.jour""",
        mark="rappel_complement_le",
        said=ends,
        event="concat('rappel-', d.suspendue_le)",
        acte="rappel_complement",
        envoi=Envoi(courriels.COMPLEMENT_RAPPEL, AUTHOR, PARTNER_PATH),
    )


@sweep("abandon_complement", label="Clôture faute de complément", every=HOUR)
def abandoned_complements(limit: int) -> int:
    """Close « sans suite » what waited 30 days for a complément (caisse's setting), through the table of statuses.

    Does to each row what the door does: status, outcome, end of the suspension, Passage with both clocks, journal,
    mails; and closes the complément itself.
    """
    TABLE.find(Statut.A_COMPLETER, Statut.TRAITEE, "systeme")
    limits = [(jour, jour.day - timedelta(days=jour.caisse.abandon_complement)) for jour in days()]
    ctes = [
        _DAYS,
        f"""dues AS (
            SELECT d.id, j.jour, c.fuseau FROM signalements_demande d JOIN jours j USING (caisse_id)
            JOIN caisses_caisse c ON c.id = d.caisse_id
            WHERE d.statut = '{Statut.A_COMPLETER}' AND d.suspendue_le <= j.limite
            LIMIT %(limit)s FOR UPDATE OF d SKIP LOCKED
        )""",
        f"""maj AS (
            UPDATE signalements_demande d SET
                statut = '{Statut.TRAITEE}', issue = '{Issue.SANS_SUITE}', traitee_le = %(now)s,
                modifiee_le = %(now)s, version = d.version + 1, suspendue_le = NULL, reste_jours = NULL,
                jours_attente = d.jours_attente + greatest(dues.jour - d.suspendue_le, 0)
            FROM dues WHERE d.id = dues.id
            {_RETURNING}, NULL::date AS echeance, concat('abandon-', d.version) AS cle, d.version, d.jours_attente,
                dues.jour - (d.envoyee_le AT TIME ZONE dues.fuseau)::date AS jours_bruts
        )""",
        """complements AS (
            UPDATE signalements_complement c SET repondu_le = %(now)s, retire = true
            FROM maj m WHERE c.demande_id = m.id AND c.repondu_le IS NULL
        )""",
        f"""passages AS (
            INSERT INTO signalements_passage (id, demande_id, caisse_id, partenaire_id, de, vers, le, acteur_id,
                cote, commentaire, issue, jours_bruts, jours_nets)
            SELECT {identifiers()}, m.id, m.caisse_id, m.partenaire_id, '{Statut.A_COMPLETER}', '{Statut.TRAITEE}',
                %(now)s, NULL, 'SYSTEME', %(commentaire)s, '{Issue.SANS_SUITE}', m.jours_bruts,
                greatest(m.jours_bruts - m.jours_attente, 0)
            FROM maj m
        )""",
        journal(
            Verbe.TRANSITION,
            f"""jsonb_build_object('de', '{Statut.A_COMPLETER}', 'vers', '{Statut.TRAITEE}',
                'version', m.version, 'issue', '{Issue.SANS_SUITE}')""",
        ),
        mails("structure", Envoi(courriels.COMPLEMENT_ABANDON, AUTHOR, PARTNER_PATH)),
        mails("caisse", Envoi(courriels.COMPLEMENT_ABANDON, FOLLOWER)),
    ]
    values = {**_values(limit, limits), "commentaire": ABANDON_COMMENT}
    count: int = execute(ctes, values)[0][0]
    return count


@sweep("demandes_sans_convention", label="Clôture après la fin d’une convention", every=HOUR, batch=200)
def left_without_convention(limit: int) -> int:
    """Close what a convention that ended left open, where the caisse chose so."""
    return close_left_open(limit)


@sweep("brouillons_abandonnes", label="Brouillons abandonnés", every=HOUR, batch=DRAFTS_BATCH)
def abandoned_drafts(limit: int) -> int:
    """Announce the end of the drafts nobody touched for 23 days; delete them seven days later (caisse's setting).

    A draft touched again starts a new period. Its pièces go with it: the rows now, the files once that is certain;
    what a crash leaves between the two, the sweep `fichiers_orphelins` removes.
    """
    return _warn_of_drafts(limit) + _delete_drafts(limit)


def _warn_of_drafts(limit: int) -> int:
    ends = f"""greatest(d.modifiee_le + make_interval(days => c.abandon_brouillon),
        %(now)s + interval '{WARNING_DAYS} days')"""
    ctes = [
        f"""dues AS (
            SELECT d.id, ({ends} AT TIME ZONE c.fuseau)::date AS echeance
            FROM signalements_demande d JOIN caisses_caisse c ON c.id = d.caisse_id
            WHERE d.statut = '{Statut.BROUILLON}'
                AND d.modifiee_le <= %(now)s - make_interval(days => greatest(c.abandon_brouillon - {WARNING_DAYS}, 0))
                AND (d.rappel_proche_le IS NULL OR d.rappel_proche_le < d.modifiee_le)
            LIMIT %(limit)s FOR UPDATE OF d SKIP LOCKED
        )""",
        f"""maj AS (
            UPDATE signalements_demande d SET rappel_proche_le = %(now)s FROM dues WHERE d.id = dues.id
            {_RETURNING}, dues.echeance, concat('fin-', extract(epoch FROM d.modifiee_le)::bigint) AS cle
        )""",
        journal(Verbe.MODIFICATION, "jsonb_build_object('acte', 'brouillon_annonce')"),
        mails("courriels", Envoi(courriels.BROUILLON_BIENTOT_SUPPRIME, AUTHOR, PARTNER_PATH)),
    ]
    count: int = execute(ctes, {"limit": limit})[0][0]
    return count


def _delete_drafts(limit: int) -> int:
    statement = f"""WITH maj AS MATERIALIZED (
            SELECT d.id, d.reference, d.caisse_id, d.partenaire_id
            FROM signalements_demande d JOIN caisses_caisse c ON c.id = d.caisse_id
            WHERE d.statut = '{Statut.BROUILLON}'
                AND d.modifiee_le <= %(now)s - make_interval(days => c.abandon_brouillon)
                AND d.rappel_proche_le >= d.modifiee_le
                AND d.rappel_proche_le <= %(now)s - interval '{WARNING_DAYS} days'
            LIMIT %(limit)s FOR UPDATE OF d SKIP LOCKED
        ), {journal(Verbe.MODIFICATION, "jsonb_build_object('acte', 'suppression_brouillon')")},
        jointes AS (
            DELETE FROM signalements_piecejointe j USING maj m WHERE j.demande_id = m.id RETURNING j.piece_id
        ),
        pieces AS (
            DELETE FROM documents_piece p USING jointes j WHERE p.id = j.piece_id RETURNING p.chemin
        ),
        brouillons AS (DELETE FROM signalements_brouillon b USING maj m WHERE b.demande_id = m.id),
        suiveurs AS (DELETE FROM signalements_suiveur s USING maj m WHERE s.demande_id = m.id),
        depots AS (DELETE FROM signalements_depottelephone t USING maj m WHERE t.demande_id = m.id),
        demandes AS (DELETE FROM signalements_demande d USING maj m WHERE d.id = m.id)
        SELECT (SELECT count(*) FROM maj), (SELECT coalesce(array_agg(chemin), '{{}}') FROM pieces)"""
    with connection.cursor() as cursor:
        cursor.execute(statement, {"now": clock.now(), "limit": limit})
        count, paths = cursor.fetchone()
    for path in paths:
        transaction.on_commit(partial(vault.discard, path), robust=True)
    return int(count)


@sweep("statistiques", label="Statistiques du mois", every=HOUR, batch=1)
def statistics(limit: int) -> int:
    """Roll up what happened until yesterday, a month at a time."""
    return roll_up_month()


@sweep("delais_habituels", label="Délais habituels", every=HOUR)
def usual_delays(limit: int) -> int:
    """Measure the usual delay of each caisse and kind again."""
    return measure_usual_delays()


@sweep("brouillons_envoyes", label="Saisie des demandes parties", every=FIVE_MINUTES)
def drafts_of_sent(limit: int) -> int:
    """Erase what was typed of the demandes the caisse has received: their sending can no longer be undone."""
    due = Brouillon.objects.filter(a_effacer_le__lte=clock.now()).order_by("a_effacer_le").values("pk")
    rows = Brouillon.objects.filter(pk__in=due[:limit]).exclude(demande__statut=Statut.BROUILLON)
    return rows.delete()[0]


@sweep("depots_telephone", label="Codes de téléphone périmés", every=HOUR)
def ended_depots(limit: int) -> int:
    """Forget the one-time pages of phones that ended a day ago."""
    return forget_depots(limit)


@sweep("decisions", label="Décisions à rendre", every=TEN_SECONDS, exclusive=False, batch=200)
def due_decisions(limit: int) -> int:
    """Give the decisions that can no longer be undone."""
    return give_due_decisions(limit, read_decision)


@sweep("decisions_oubliees", label="Décisions non parties", every=HOUR)
def forgotten_decisions(limit: int) -> int:
    """Erase what was typed for a decision that was not given and that nobody took up."""
    return forget_old_decisions(limit)


@sweep("lots", label="Traitements par lot en attente", every=timedelta(seconds=30), exclusive=False, batch=20)
def waiting(limit: int) -> int:
    """Go on with the lots whose nudge was lost or whose process stopped."""
    with transaction.atomic():
        found = waiting_lots(limit)
    for lot_id in found:
        run_lot(lot_id)
    return len(found)


@sweep(
    "lots_anciens", label="Suppression des comptes rendus de lots", every=timedelta(days=1), batch=LOTS_BATCH
)
def old_lots(limit: int) -> int:
    """Delete the lots that ended 30 days ago, with their lines."""
    ids = list(
        Lot.objects.filter(fini_le__lt=clock.now() - LOTS_KEPT)
        .order_by("fini_le")
        .values_list("pk", flat=True)[:limit]
    )
    LigneLot.objects.filter(lot__in=ids)._raw_delete("default")
    Lot.objects.filter(pk__in=ids)._raw_delete("default")
    return len(ids)


@sweep(
    "donnees_personnelles",
    label="Effacement des données des demandes closes",
    every=timedelta(days=1),
    batch=ERASED_BATCH,
)
def personal_data(limit: int) -> int:
    """Erase the person, the words and the files of the demandes closed long ago."""
    return erase_personal_data(limit)


@sweep("presences", label="Pages quittées", every=HOUR)
def old_presences(limit: int) -> int:
    """Forget who had a demande open an hour ago."""
    return forget_presences(limit)
