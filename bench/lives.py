"""Measures the nightly sweeps over the lives of 60,000 accounts and 10,000 conventions: a line of JSON each.

Run by `bench.run` on a database of its own, with DATABASE_URL pointing at it and DATABASE_OWNER_URL to prepare it. Each
sweep finds every row due at once, as after a long stop: no night has so much to do.
"""

# ruff: noqa: S608 numbers of this module only

import os
from datetime import timedelta

import django

django.setup()

import psycopg  # noqa: E402  (the settings come first)

from bench.playing import play  # noqa: E402
from portal import clock  # noqa: E402

STRUCTURES = 5_000
ACCOUNTS_EACH = 12

FILL = f"""
UPDATE caisses_caisse SET active = true;
INSERT INTO partners_partenaire (raison_sociale, type, siret, adresse, code_postal, commune, telephone,
    representant_civilite, representant_nom, representant_qualite, dpo_courriel, nombre_membres,
    domaines_autorises, caisse_referente_id)
SELECT 'CCAS de Vie ' || n, 'CCAS', '8' || lpad(n::text, 13, '0'), '', '', 'Vie', '', '', '', '', '', 8,
    ARRAY['banc.example'], c.ids[1 + n % 100]
FROM generate_series(1, {STRUCTURES}) n, (SELECT array_agg(id ORDER BY code) AS ids FROM caisses_caisse) c;
INSERT INTO partners_convention (reference, nature, caisse_id, partenaire_id, etat, date_effet, duree_mois,
    reconduction, mise_en_demeure_jours, mise_en_demeure_depart, fonctions, documents_sortants, version)
SELECT 'VM-' || id, 'METIER', caisse_referente_id, id, 'ACTIVE', '2024-01-15', 12, 'TACITE', 15, 'ENVOI',
    '{{}}', false, 1
FROM partners_partenaire;
INSERT INTO partners_convention (reference, nature, caisse_id, partenaire_id, adossee_a_id, etat, date_effet,
    duree_mois, reconduction, mise_en_demeure_jours, mise_en_demeure_depart, fonctions, documents_sortants, version)
SELECT 'VU-' || id, 'UTILISATION', caisse_id, partenaire_id, id, 'ACTIVE', '2024-01-15', 12, 'TACITE', 15, 'ENVOI',
    '{{CONTACT,SAISINE}}', false, 1
FROM partners_convention WHERE nature = 'METIER';
INSERT INTO partners_referent (convention_id, partie, nom, fonction, courriel, telephone, cas_urgents)
SELECT c.id, p.partie, 'Banc', '', lower(p.partie) || c.id || '@banc.example', '', false
FROM partners_convention c, (VALUES ('CAISSE'), ('PARTENAIRE')) AS p(partie);
INSERT INTO accounts_utilisateur (password, is_superuser, identifiant, profil, civilite, nom, prenom, fonction,
    telephone, courriel, is_active, cree_le, invitation, active_le, motif_inactivation, mot_de_passe_le,
    frequence_courriels, theme, rappel_mot_de_passe)
SELECT '!', false, k.profil || '.' || o.id || '.' || n, k.profil, 'MME', 'Vie' || n, 'Camille', '', '',
    k.profil || o.id || '.' || n || '@banc.example', true, now(), 0, now(), '', now(), 'IMMEDIAT', 'auto', 0
FROM (VALUES ('technicien', {ACCOUNTS_EACH - 2}), ('gestionnaire', 2)) AS k(profil, how_many)
CROSS JOIN partners_partenaire o CROSS JOIN LATERAL generate_series(1, k.how_many) n;
INSERT INTO accounts_rolepartenaire (user_id, permission_id, partenaire_id)
SELECT u.id, p.id, split_part(u.identifiant, '.', 2)::bigint
FROM accounts_utilisateur u JOIN auth_permission p ON p.codename = 'role_' || u.profil
"""
AGAIN = """
DELETE FROM courriels_courriel;
UPDATE accounts_utilisateur SET is_active = true, inactive_le = NULL, motif_inactivation = '', active_le = now(),
    last_login = NULL, fin_prevue = NULL, fin_annoncee = NULL, rappel_absence = 0, rappel_absence_le = NULL,
    suppression_annoncee_le = NULL, maintien_signale_le = NULL
"""
TECHNICIENS = "WHERE profil = 'technicien'"
INACTIVE = """UPDATE accounts_utilisateur SET is_active = false, motif_inactivation = 'depart_structure',
    inactive_le = now() - interval '{}'"""
LATE = (
    "UPDATE accounts_revuehabilitation SET echeance = current_date - 1, annoncee_le = now(), rappel_jours = 1"
)
# Sweep (and what it is played for), and what makes every row due; the deletion comes last: nothing comes back from it.
SWEEPS = (
    ("conventions_rappels", "UPDATE partners_convention SET echeance = current_date + 20, rappel_jours = 0"),
    (
        "conventions_reconduites",
        "UPDATE partners_convention SET echeance = current_date - 1, evaluee_le = current_date - 90",
    ),
    ("revues_periodiques", "UPDATE caisses_caisse SET revue_habilitations_mois = 6"),
    ("revues_rappels (ouverture)", "UPDATE accounts_revuehabilitation SET annoncee_le = NULL"),
    ("revues_rappels (retard)", LATE),
    ("comptes_fin_annoncee", f"UPDATE accounts_utilisateur SET fin_prevue = current_date + 10 {TECHNICIENS}"),
    ("comptes_fin_prevue", f"UPDATE accounts_utilisateur SET fin_prevue = current_date - 1 {TECHNICIENS}"),
    (
        "comptes_absents_rappels",
        f"UPDATE accounts_utilisateur SET active_le = now() - interval '130 days' {TECHNICIENS}",
    ),
    (
        "comptes_absents",
        "UPDATE accounts_utilisateur SET active_le = now() - interval '200 days', rappel_absence = 150, "
        f"rappel_absence_le = now() - interval '40 days' {TECHNICIENS}",
    ),
    (
        "comptes_sans_convention",
        "UPDATE partners_convention SET etat = 'EXPIREE', motif_fin = 'TERME', date_fin = current_date - 1",
    ),
    ("comptes_suppression_annoncee", INACTIVE.format("160 days")),
    ("comptes_supprimes", INACTIVE.format("200 days")),
)


def owner(*scripts: str) -> None:
    """Run SQL as the owner of the tables, the last gestionnaires included; then let the planner see it."""
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as link:
        link.execute("SET app.coupure_securite = 'on'")
        for script in scripts:
            for statement in script.split(";\n"):
                link.execute(statement)
        link.execute("VACUUM ANALYZE")


def main() -> None:
    """Fill, then make every row due for each sweep and run it."""
    owner(FILL)
    for label, due in SWEEPS:
        owner(AGAIN, due)
        play(label.partition(" ")[0], clock.now() + timedelta(seconds=1), label=label)


if __name__ == "__main__":
    main()
