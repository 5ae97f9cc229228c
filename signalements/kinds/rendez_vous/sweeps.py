"""The periodic work on appointments: reminders two days before, and what closed behind the door's back."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from portal import clock
from portal.audit.models import Verbe
from portal.sweeps import sweep
from signalements.enums import STATUTS_CLOS
from signalements.kinds.rendez_vous import courriels
from signalements.kinds.rendez_vous.enums import ETATS_OUVERTS, EtatHoraire, EtatRendezVous
from signalements.kinds.rendez_vous.operations.agenda import publish_due
from signalements.notifications import PARTNER_PATH
from signalements.sweep_statements import AUTHOR, Envoi, execute, journal, mails
from signalements.sweeps import days

HOUR = timedelta(hours=1)
DAYS_BEFORE = 2

_OF_DEMANDE = """d.id, d.reference, d.fonction, d.caisse_id, d.partenaire_id, d.auteur_id, d.assignee_a_id,
    d.equipe_id"""
_CLOSED = ", ".join(f"'{statut}'" for statut in sorted(STATUTS_CLOS))
_OPEN = ", ".join(f"'{etat}'" for etat in sorted(ETATS_OUVERTS))


@sweep("rappel_rendez_vous", label="Rappel des rendez-vous", every=HOUR)
def reminders(limit: int) -> int:
    """Remind the structure of an appointment two days before, once for each date.

    Said on the caisse's jours ouvrés: what falls two days after a closed day is said on the last day before it.
    """
    limits = []
    for jour in days():
        end = jour.last_before_work + timedelta(days=DAYS_BEFORE + 1)
        midnight = ZoneInfo(jour.caisse.fuseau)
        limits.append((jour.caisse.pk, end, str(midnight)))
    ctes = [
        """limites AS (SELECT * FROM unnest(%(caisses)s::bigint[], %(fins)s::date[], %(fuseaux)s::text[])
            AS l(caisse_id, fin, fuseau))""",
        f"""dues AS (
            SELECT h.id, (h.debut AT TIME ZONE l.fuseau)::date AS jour
            FROM rendez_vous_horaire h JOIN limites l USING (caisse_id)
            WHERE h.etat = '{EtatHoraire.FIXE}' AND h.rappele_le IS NULL AND h.debut > %(now)s
                AND h.debut < (l.fin::timestamp AT TIME ZONE l.fuseau)
            LIMIT %(limit)s FOR UPDATE OF h SKIP LOCKED
        )""",
        """marques AS (
            UPDATE rendez_vous_horaire h SET rappele_le = %(now)s FROM dues WHERE h.id = dues.id
            RETURNING h.id, h.demande_id, dues.jour
        )""",
        f"""maj AS (
            SELECT {_OF_DEMANDE}, m.jour AS echeance, concat('rappel-', m.id) AS cle
            FROM marques m JOIN signalements_demande d ON d.id = m.demande_id
        )""",
        journal(Verbe.MODIFICATION, "jsonb_build_object('acte', 'rappel_rendez_vous')"),
        mails("courriels", Envoi(courriels.RENDEZ_VOUS_RAPPEL, AUTHOR, PARTNER_PATH)),
    ]
    values = {
        "limit": limit,
        "caisses": [caisse for caisse, _, _ in limits],
        "fins": [end for _, end, _ in limits],
        "fuseaux": [zone for _, _, zone in limits],
    }
    count: int = execute(ctes, values)[0][0]
    return count


@sweep("rendez_vous_clos", label="Rendez-vous des demandes closes", every=HOUR)
def closed_appointments(limit: int) -> int:
    """Close the appointments whose demande was closed for want of a complément, and free their date."""
    ctes = [
        f"""maj AS (
            UPDATE rendez_vous_rendezvous r SET statut = '{EtatRendezVous.ANNULE_CAISSE}', version = r.version + 1
            FROM (
                SELECT r.demande_id, r.statut AS avant, d.reference FROM rendez_vous_rendezvous r
                JOIN signalements_demande d ON d.id = r.demande_id
                WHERE r.statut IN ({_OPEN}) AND d.statut IN ({_CLOSED})
                LIMIT %(limit)s FOR UPDATE OF r SKIP LOCKED
            ) dues WHERE r.demande_id = dues.demande_id
            RETURNING r.demande_id AS id, r.caisse_id, r.partenaire_id, dues.avant, dues.reference
        )""",
        f"""liberes AS (
            UPDATE rendez_vous_horaire h SET clos_le = %(now)s,
                etat = CASE h.etat WHEN '{EtatHoraire.FIXE}' THEN '{EtatHoraire.LIBERE}'
                    ELSE '{EtatHoraire.ECARTE}' END
            FROM maj m WHERE h.demande_id = m.id AND h.etat IN ('{EtatHoraire.FIXE}', '{EtatHoraire.PROPOSE}')
            RETURNING h.creneau_id
        )""",
        """places AS (
            UPDATE rendez_vous_creneau c SET pris = false FROM liberes l WHERE c.id = l.creneau_id
        )""",
        f"""etapes AS (
            INSERT INTO rendez_vous_etaperendezvous
                (demande_id, caisse_id, partenaire_id, de, vers, le, acteur_id, cote, commentaire)
            SELECT m.id, m.caisse_id, m.partenaire_id, m.avant, '{EtatRendezVous.ANNULE_CAISSE}', %(now)s, NULL,
                'SYSTEME', '' FROM maj m
        )""",
        journal(Verbe.MODIFICATION, "jsonb_build_object('acte', 'rendez_vous_clos')"),
    ]
    count: int = execute(ctes, {"limit": limit, "now": clock.now()})[0][0]
    return count


@sweep("creneaux", label="Publication des créneaux de rendez-vous", every=HOUR, batch=100)
def publish_slots(limit: int) -> int:
    """Publish the slots of one more day of each plage, as far ahead as it may be booked."""
    return publish_due(limit)
