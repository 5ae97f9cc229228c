"""The periodic work on dossiers: the reminder that a right the structure helped to open ends (MAR-4.2-b)."""

from datetime import timedelta

from portal.audit.models import Verbe
from portal.sweeps import sweep
from signalements.enums import Issue
from signalements.kinds.dossier import courriels
from signalements.notifications import PARTNER_PATH
from signalements.sweep_statements import AUTHOR, Envoi, execute, journal, mails
from signalements.sweeps import days

HOUR = timedelta(hours=1)


@sweep("droits_a_renouveler", label="Rappel des droits à renouveler", every=HOUR)
def renewal_reminders(limit: int) -> int:
    """Remind the structure of the rights that end soon, on the days the rule of their type names.

    The row itself says when it is next due: run twice, late or several days at once, each day is said once, and
    several that passed together are one reminder. A right that is renewed, closed otherwise or over is not said.
    """
    found = [(jour.caisse.pk, jour.day) for jour in days()]
    ctes = [
        "jours AS (SELECT * FROM unnest(%(caisses)s::bigint[], %(jours)s::date[]) AS j(caisse_id, jour))",
        """dues AS (
            SELECT x.demande_id, x.type, x.fin_le, j.jour
            FROM dossier_dossier x JOIN jours j USING (caisse_id)
            WHERE x.prochain_rappel_le <= j.jour
            LIMIT %(limit)s FOR UPDATE OF x SKIP LOCKED
        )""",
        """marques AS (
            UPDATE dossier_dossier x SET
                rappele_le = CASE WHEN dues.fin_le >= dues.jour THEN %(now)s ELSE x.rappele_le END,
                prochain_rappel_le = (
                    SELECT min((dues.fin_le - make_interval(months => m))::date)
                    FROM dossier_regledossier r, unnest(r.rappels_mois) AS m
                    WHERE r.type = dues.type
                        AND (r.valide_du IS NULL OR r.valide_du <= dues.jour)
                        AND (r.valide_au IS NULL OR r.valide_au >= dues.jour)
                        AND (dues.fin_le - make_interval(months => m))::date > dues.jour
                )
            FROM dues WHERE x.demande_id = dues.demande_id
            RETURNING x.demande_id, x.fin_le, x.renouvelee, dues.jour
        )""",
        f"""maj AS (
            SELECT d.id, d.reference, d.fonction, d.caisse_id, d.partenaire_id, d.auteur_id, d.assignee_a_id,
                d.equipe_id, m.fin_le AS echeance, concat('renouveler-', m.jour) AS cle
            FROM marques m JOIN signalements_demande d ON d.id = m.demande_id
            WHERE m.fin_le >= m.jour AND NOT m.renouvelee AND d.issue = '{Issue.ACCORD}'
        )""",
        journal(Verbe.MODIFICATION, "jsonb_build_object('acte', 'droit_a_renouveler')"),
        mails("courriels", Envoi(courriels.DROIT_A_RENOUVELER, AUTHOR, PARTNER_PATH)),
    ]
    values = {"limit": limit, "caisses": [pk for pk, _ in found], "jours": [day for _, day in found]}
    count: int = execute(
        ctes, values, tail="SELECT (SELECT count(*) FROM maj), (SELECT count(*) FROM marques)"
    )[0][1]
    return count
