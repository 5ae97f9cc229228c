"""The accounts of a structure when its conventions end (convention d’utilisation, art. 2.2.3)."""

from datetime import date

from django.db import connection
from django.db.models import Q

from accounts.enums import MotifInactivation
from accounts.models import Utilisateur
from accounts.operations.fermetures import close_accounts, places_of
from partners.endings import LONGEST_LIST, Consequence
from partners.enums import FINIES, VIVANTES, NatureConvention
from partners.models import Convention, Partenaire
from portal.tenancy import scope


def accounts_touched(ended: list[Convention], last_day: date) -> list[Consequence]:
    """What the end of these conventions on `last_day` does to accounts: one sentence a structure.

    A structure that another caisse still works with loses this one only (art. 2.2.3-c).
    """
    found = []
    structures = {
        row.partenaire_id: row.partenaire for row in ended if row.nature == NatureConvention.UTILISATION
    }
    for structure in structures.values():
        accounts = (
            Utilisateur.objects.of_partenaire(structure).filter(is_active=True).order_by("nom", "prenom")
        )
        number = accounts.count()
        if _still_works(structure, ended, last_day):
            found.append(
                Consequence(
                    f"{structure} travaille avec une autre caisse\u00a0: ses {number} comptes restent actifs et ne "
                    "perdent que celle-ci.",
                    0,
                )
            )
            continue
        names = [f"{user.get_full_name()} ({user.identifiant})" for user in accounts[:LONGEST_LIST]]
        said = "1 compte de" if number == 1 else f"{number} comptes de"
        verb = "sera inactivé" if number == 1 else "seront inactivés"
        found.append(Consequence(f"{said} {structure} {verb} le lendemain du dernier jour.", number, names))
    return found


def _still_works(structure: Partenaire, ended: list[Convention], day: date) -> bool:
    others = Convention.objects.filter(partenaire=structure, nature=NatureConvention.UTILISATION)
    others = others.living().exclude(pk__in=[row.pk for row in ended])
    # A caisse does not see the conventions of another; that there is one is all that is said of it.
    with scope("systeme"):
        return others.filter(Q(date_fin__isnull=True) | Q(date_fin__gt=day)).exists()


_DUE = f"""
WITH finies AS (
    SELECT DISTINCT c.partenaire_id FROM partners_convention c
    WHERE c.nature = '{NatureConvention.UTILISATION}' AND c.date_effet IS NOT NULL
        AND c.etat IN ({", ".join(f"'{state}'" for state in FINIES)})
        AND NOT EXISTS (
            SELECT 1 FROM partners_convention v
            WHERE v.partenaire_id = c.partenaire_id AND v.nature = c.nature
                AND v.etat IN ({", ".join(f"'{state}'" for state in VIVANTES)})
        )
)
SELECT u.id, r.partenaire_id FROM accounts_utilisateur u
JOIN accounts_rolepartenaire r ON r.user_id = u.id
JOIN finies f ON f.partenaire_id = r.partenaire_id
WHERE u.is_active ORDER BY r.partenaire_id, u.id LIMIT %s FOR UPDATE OF u SKIP LOCKED
"""  # noqa: S608 enumerations of the code only


def inactivate_without_convention(limit: int) -> int:
    """Inactivate the accounts of the structures whose conventions have all ended; how many, at most `limit`.

    Art. 2.2.3-a and b. Order of effects: rows locked, accounts inactive, sessions closed, journal, mails. Running
    twice, late or elsewhere does it once. The rule of the last gestionnaire does not hold here.
    """
    with connection.cursor() as cursor:
        cursor.execute(_DUE, [limit])
        structures: dict[int, int] = dict(cursor.fetchall())
        if not structures:
            return 0
        # The rule of the last gestionnaire does not hold when nothing is left to manage.
        cursor.execute("SELECT set_config('app.coupure_securite', 'on', true)")
        places = places_of(structures)
        done = close_accounts(structures, MotifInactivation.FIN_CONVENTION, places, hand_over=False)
        cursor.execute("SELECT set_config('app.coupure_securite', '', true)")
    return done
