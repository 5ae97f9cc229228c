"""Fills a database with conventions, accounts and demandes over all statuses, in set-based SQL, as the owner."""

import psycopg

from portal.reference import new_reference

NAMES = [
    *("Aubrac", "Beaumont", "Carlier", "Delorme", "Estienne", "Fontanel", "Gaillard", "Hamelin", "Imbert"),
    *(
        "Jourdain",
        "Kervadec",
        "Lemoine",
        "Marchand",
        "Nivelle",
        "Ollivier",
        "Perrault",
        "Quentin",
        "Rousselot",
    ),
    *("Sabatier", "Tessier", "Urbain", "Vasseur", "Weber", "Yvernault", "Zeller"),
]
FIRST_NAMES = [
    *("Alix", "Basile", "Camille", "Dominique", "Elia", "Francine"),
    *("Gaspard", "Hermine", "Isidore", "Jeanne", "Lucien", "Maxence"),
]

# Shares of the statuses, in percent, as a year of work leaves them.
STATUSES = (
    ("BROUILLON", 2),
    ("ENVOYEE", 12),
    ("EN_COURS", 14),
    ("A_COMPLETER", 8),
    ("COMPLETEE", 4),
    ("TRAITEE", 55),
    ("ANNULEE", 5),
)

# Shares of the kinds, in percent, and the outcome of those that are decided.
KINDS = (
    ("SAISINE", 40, "DROITS_OUVERTS"),
    ("DOSSIER", 25, "ACCORD"),
    ("RENDEZ_VOUS", 15, "HONORE"),
    ("DOCUMENT", 10, "ENVOYE_PERSONNE"),
    ("CONTACT", 10, "REPONDU"),
)

ORGANISATIONS = """
UPDATE caisses_caisse SET active = true;

INSERT INTO partners_partenaire (raison_sociale, type, siret, adresse, code_postal, commune, telephone,
    representant_civilite, representant_nom, representant_qualite, dpo_courriel, nombre_membres,
    domaines_autorises, caisse_referente_id)
SELECT 'CCAS de Banc ' || n, 'CCAS', '9' || lpad(n::text, 13, '0'), '', '', 'Banc', '', '', '', '', '', 8,
    ARRAY['banc.example'], c.ids[1 + (n %% %(caisses)s)]
FROM generate_series(1, %(partners)s) n,
    (SELECT array_agg(id ORDER BY code) AS ids FROM caisses_caisse) c;

INSERT INTO partners_convention (reference, nature, caisse_id, partenaire_id, etat, date_effet, duree_mois,
    reconduction, mise_en_demeure_jours, mise_en_demeure_depart, fonctions, documents_sortants, version)
SELECT 'BM-' || id, 'METIER', caisse_referente_id, id, 'ACTIVE', '2024-01-15', 12, 'TACITE', 15, 'ENVOI',
    '{}', false, 1
FROM partners_partenaire;

INSERT INTO partners_convention (reference, nature, caisse_id, partenaire_id, adossee_a_id, etat, date_effet,
    duree_mois, reconduction, mise_en_demeure_jours, mise_en_demeure_depart, fonctions, documents_sortants, version)
SELECT 'BU-' || id, 'UTILISATION', caisse_id, partenaire_id, id, 'ACTIVE', '2024-01-15', 12, 'TACITE', 15,
    'ENVOI', '{CONTACT,DOSSIER,SAISINE,RENDEZ_VOUS,DOCUMENT,HISTORIQUE}', false, 1
FROM partners_convention WHERE nature = 'METIER';
"""

ACCOUNTS = """
INSERT INTO accounts_utilisateur (password, is_superuser, identifiant, profil, civilite, nom, prenom, fonction,
    telephone, courriel, is_active, cree_le, invitation, active_le, motif_inactivation, mot_de_passe_le,
    frequence_courriels, theme, rappel_mot_de_passe)
SELECT '!', false, k.profil || '.' || o.id || '.' || n, k.profil, 'MME', 'Banc' || n, 'Camille', '', '',
    k.profil || o.id || n || '@banc.example', true, now(), 0, now(), '', now(), 'IMMEDIAT', 'auto', 0
FROM (VALUES ('technicien', 2), ('agent', 6), ('superviseur', 1)) AS k(profil, how_many)
CROSS JOIN LATERAL (
    SELECT id FROM partners_partenaire WHERE k.profil = 'technicien'
    UNION ALL SELECT id FROM caisses_caisse WHERE k.profil <> 'technicien'
) o
CROSS JOIN LATERAL generate_series(1, k.how_many) n;

INSERT INTO accounts_rolepartenaire (user_id, permission_id, partenaire_id)
SELECT u.id, p.id, split_part(u.identifiant, '.', 2)::bigint
FROM accounts_utilisateur u JOIN auth_permission p ON p.codename = 'role_technicien'
WHERE u.profil = 'technicien';

INSERT INTO accounts_rolecaisse (user_id, permission_id, caisse_id)
SELECT u.id, p.id, split_part(u.identifiant, '.', 2)::bigint
FROM accounts_utilisateur u JOIN auth_permission p ON p.codename = 'role_' || u.profil
WHERE u.profil IN ('agent', 'superviseur');
"""

DEMANDES = """
CREATE TEMP TABLE places AS
SELECT row_number() OVER (ORDER BY c.id) - 1 AS place, c.id AS convention_id, c.caisse_id, c.partenaire_id,
    (SELECT min(r.user_id) FROM accounts_rolepartenaire r WHERE r.partenaire_id = c.partenaire_id) AS auteur_id,
    (SELECT min(r.user_id) FROM accounts_rolecaisse r WHERE r.caisse_id = c.caisse_id) AS agent_id
FROM partners_convention c WHERE c.nature = 'UTILISATION';

CREATE TEMP TABLE tirage AS
SELECT n, p.*, s.statut, k.fonction, k.issue, now() - make_interval(days => (n * 7919 %% 360)::int) AS envoyee_le
FROM generate_series(1, %(size)s) n
-- Every seventh demande falls on a hundredth of the structures, so that some have long lists.
JOIN places p ON p.place = CASE WHEN n %% 7 = 0 THEN n %% %(large)s ELSE n %% %(places)s END
JOIN statuts s ON (n * 31) %% 100 BETWEEN s.depuis AND s.jusqua
JOIN genres k ON (n * 17 + n / 100) %% 100 BETWEEN k.depuis AND k.jusqua;

INSERT INTO signalements_demande (reference, fonction, caisse_id, partenaire_id, convention_id, auteur_id,
    assignee_a_id, statut, issue, version, cle_creation, urgente, information_donnee, accord_recueilli,
    accord_mode, cree_le, modifiee_le, envoyee_le, traitee_le, delai_jours, echeance, suspendue_le, reste_jours,
    jours_attente, sans_personne, pieces_presentes, pieces_attendues)
SELECT 'EP-B-' || n, fonction, caisse_id, partenaire_id, convention_id, auteur_id,
    CASE WHEN statut IN ('EN_COURS', 'A_COMPLETER', 'COMPLETEE') THEN agent_id END,
    statut, CASE WHEN statut = 'TRAITEE' THEN issue ELSE '' END, 1, gen_random_uuid(), false,
    statut <> 'BROUILLON', statut <> 'BROUILLON', '', envoyee_le - interval '1 hour',
    CASE WHEN statut = 'TRAITEE'
        THEN envoyee_le + least(make_interval(days => (1 + n * 13 %% 30)::int), (now() - envoyee_le) / 2)
        ELSE envoyee_le END,
    CASE WHEN statut <> 'BROUILLON' THEN envoyee_le END,
    CASE WHEN statut = 'TRAITEE'
        THEN envoyee_le + least(make_interval(days => (1 + n * 13 %% 30)::int), (now() - envoyee_le) / 2) END,
    CASE WHEN statut <> 'BROUILLON' THEN 5 END,
    CASE WHEN statut <> 'BROUILLON' THEN (envoyee_le + interval '7 days')::date END,
    CASE WHEN statut = 'A_COMPLETER' THEN current_date - 5 END,
    CASE WHEN statut = 'A_COMPLETER' THEN 3 END, 0, fonction = 'CONTACT' AND n %% 2 = 0 AND statut <> 'BROUILLON',
    CASE WHEN fonction = 'DOSSIER' THEN 4 END, CASE WHEN fonction = 'DOSSIER' THEN 5 END
FROM tirage;

INSERT INTO signalements_personne (demande_id, caisse_id, partenaire_id, civilite, nom_naissance, nom_usage,
    prenom, naissance, naissance_precision, departement, telephone, courriel, commune, nom_recherche,
    nom_usage_recherche, prenom_recherche)
SELECT d.id, d.caisse_id, d.partenaire_id, 'MME', noms.nom || (d.id %% 997), '', noms.prenom,
    date '1940-01-01' + (d.id * 37 %% 25000)::int, 'JOUR', '25', '+33600000000', '', '',
    lower(noms.nom) || (d.id %% 997), '', lower(noms.prenom)
FROM signalements_demande d,
    LATERAL (SELECT (%(names)s::text[])[1 + d.id %% %(name_count)s] AS nom,
        (%(first_names)s::text[])[1 + d.id %% %(first_name_count)s] AS prenom) noms
WHERE d.statut <> 'BROUILLON' AND NOT d.sans_personne;

INSERT INTO signalements_brouillon (demande_id, caisse_id, partenaire_id, etape, donnees, modifie_par_id)
SELECT id, caisse_id, partenaire_id, 'personne', '{}', auteur_id
FROM signalements_demande WHERE statut = 'BROUILLON';

INSERT INTO signalements_saisine (demande_id, caisse_id, partenaire_id, difficultes, types_soins, causes,
    demarches_faites, canal_prefere, plages_rappel, langue_interprete, hebergement, droits_base, complementaire,
    medecin_traitant, description)
SELECT id, caisse_id, partenaire_id, '{DROITS_BASE}', '{}', '{}', '{}', 'TELEPHONE', '{}', '', '', 'INCONNU',
    'INCONNU', 'INCONNU', ''
FROM signalements_demande WHERE fonction = 'SAISINE' AND statut <> 'BROUILLON';

INSERT INTO dossier_dossier (demande_id, caisse_id, partenaire_id, type, nature, adresse, situations, exception,
    formulaire_complet, aide_remplissage, recours, renouvelee)
SELECT id, caisse_id, partenaire_id, 'CSS', 'PREMIERE', '1 rue du Banc', '{}', '', true, true, '', false
FROM signalements_demande WHERE fonction = 'DOSSIER' AND statut <> 'BROUILLON';

INSERT INTO rendez_vous_rendezvous (demande_id, caisse_id, partenaire_id, statut, version, mode, type, motif_id,
    disponibilites, accompagnee, accompagnant, langue_interprete, besoins, precision)
SELECT id, caisse_id, partenaire_id, 'DEMANDE', 1, 'DEMANDE', 'TELEPHONE',
    (SELECT min(id) FROM rendez_vous_motifrendezvous), '[]', false, '', '', '{}', ''
FROM signalements_demande WHERE fonction = 'RENDEZ_VOUS' AND statut <> 'BROUILLON';

INSERT INTO document_demandedocument (demande_id, caisse_id, partenaire_id, entree_id, libelle, reponses, alertes,
    remise)
SELECT d.id, d.caisse_id, d.partenaire_id, e.id, e.libelle, '[]', '[]', 'COURRIER'
FROM signalements_demande d, (SELECT id, libelle FROM documents_entreecatalogue ORDER BY id LIMIT 1) e
WHERE d.fonction = 'DOCUMENT' AND d.statut <> 'BROUILLON';

INSERT INTO contact_question (demande_id, caisse_id, partenaire_id, objet, message)
SELECT id, caisse_id, partenaire_id, 'AUTRE', 'Bonjour, où en est la démarche ?'
FROM signalements_demande WHERE fonction = 'CONTACT' AND statut <> 'BROUILLON';

INSERT INTO signalements_passage (id, demande_id, caisse_id, partenaire_id, de, vers, le, acteur_id, cote,
    commentaire, jours_bruts, jours_nets)
SELECT uuidv7(), id, caisse_id, partenaire_id, 'BROUILLON', 'ENVOYEE', envoyee_le, auteur_id, 'PARTENAIRE', '', 0, 0
FROM signalements_demande WHERE statut <> 'BROUILLON';

INSERT INTO signalements_passage (id, demande_id, caisse_id, partenaire_id, de, vers, le, acteur_id, cote,
    commentaire, issue, jours_bruts, jours_nets, dans_delai)
SELECT uuidv7(), id, caisse_id, partenaire_id, 'ENVOYEE', statut, coalesce(traitee_le, envoyee_le + interval '1 hour'),
    assignee_a_id, 'CAISSE', '', issue, traitee_le::date - envoyee_le::date,
    greatest(traitee_le::date - envoyee_le::date - id %% 5, 0),
    CASE WHEN statut = 'TRAITEE' THEN traitee_le::date <= echeance END
FROM signalements_demande WHERE statut NOT IN ('BROUILLON', 'ENVOYEE');
"""


DETAILED = """
SELECT d.id FROM signalements_demande d WHERE d.fonction = 'SAISINE' AND d.statut = 'EN_COURS' AND d.partenaire_id = (
    SELECT partenaire_id FROM signalements_demande GROUP BY partenaire_id ORDER BY count(*) DESC, partenaire_id LIMIT 1
) ORDER BY d.id LIMIT 1
"""

MESSAGES = """
INSERT INTO signalements_message (demande_id, caisse_id, partenaire_id, cle, auteur_id, cote, texte, le, lu_le)
SELECT d.id, d.caisse_id, d.partenaire_id, gen_random_uuid(), d.auteur_id,
    CASE WHEN n %% 2 = 0 THEN 'CAISSE' ELSE 'PARTENAIRE' END, 'Bonjour, voici où en est la demande.',
    d.envoyee_le + make_interval(hours => n), now()
FROM signalements_demande d, generate_series(1, 10) n WHERE d.id = %(detailed)s;

INSERT INTO documents_piece (id, caisse_id, partenaire_id, fonction, nom, type_mime, taille, pages, empreinte, chemin,
    cle_fichier, cle_id, etat, motif_refus, moteur, analysee_le, essais, prochain_essai_le, deposee_par_id, deposee_le,
    transmise_le, origine, cle)
SELECT uuidv7(), d.caisse_id, d.partenaire_id, 'SAISINE', 'piece-' || n || '.pdf', 'application/pdf', 200000, 2,
    repeat('0', 64), 'banc/' || n, ''::bytea, 'banc', 'SAINE', '', 'banc', now(), 0, now(), d.auteur_id, d.envoyee_le,
    d.envoyee_le, 'partenaire', gen_random_uuid()
FROM signalements_demande d, generate_series(1, 3) n WHERE d.id = %(detailed)s;

INSERT INTO signalements_piecejointe (demande_id, caisse_id, partenaire_id, piece_id, type_piece_id, precision)
SELECT d.id, d.caisse_id, d.partenaire_id, p.id, (SELECT min(id) FROM caisses_typepiece), ''
FROM signalements_demande d JOIN documents_piece p ON p.partenaire_id = d.partenaire_id WHERE d.id = %(detailed)s;
"""


def fill(connection: psycopg.Connection, size: int) -> int:
    """Fill a migrated database that holds the reference data: `size` demandes, at most ten caisses.

    Gives the id of one demande of the busiest structure, with ten messages and three pièces.
    """
    partners = max(20, size // 100)
    with connection.transaction(), connection.cursor() as cursor:
        caisses = min(10, max(1, size // 10_000))
        _each(cursor, ORGANISATIONS, {"partners": partners, "caisses": caisses})
        _each(cursor, ACCOUNTS, {})
        cursor.execute("CREATE TEMP TABLE statuts (statut text, depuis int, jusqua int)")
        low = 0
        for statut, share in STATUSES:
            cursor.execute("INSERT INTO statuts VALUES (%s, %s, %s)", [statut, low, low + share - 1])
            low += share
        cursor.execute("CREATE TEMP TABLE genres (fonction text, depuis int, jusqua int, issue text)")
        low = 0
        for fonction, share, issue in KINDS:
            cursor.execute(
                "INSERT INTO genres VALUES (%s, %s, %s, %s)", [fonction, low, low + share - 1, issue]
            )
            low += share
        _each(
            cursor,
            DEMANDES,
            {
                "size": size,
                "places": partners,
                "large": max(1, partners // 100),
                "names": NAMES,
                "name_count": len(NAMES),
                "first_names": FIRST_NAMES,
                "first_name_count": len(FIRST_NAMES),
            },
        )
        cursor.execute(DETAILED)
        row = cursor.fetchone()
        detailed = int(row[0]) if row else 0
        _each(cursor, MESSAGES, {"detailed": detailed})
        _shorten_references(cursor)
    connection.autocommit = True
    connection.execute("VACUUM ANALYZE")
    return detailed


def _shorten_references(cursor: psycopg.Cursor) -> None:
    """Give every demande a reference as the portal makes them: their check is part of the routes."""
    cursor.execute(
        "SELECT d.id, c.code FROM signalements_demande d JOIN caisses_caisse c ON c.id = d.caisse_id"
    )
    rows = cursor.fetchall()
    cursor.execute("CREATE TEMP TABLE noms (id bigint, reference text)")
    seen: set[str] = set()
    with cursor.copy("COPY noms FROM STDIN") as copy:
        for pk, code in rows:
            reference = new_reference(code)
            while reference in seen:
                reference = new_reference(code)
            seen.add(reference)
            copy.write_row((pk, reference))
    cursor.execute("UPDATE signalements_demande d SET reference = n.reference FROM noms n WHERE n.id = d.id")


def _each(cursor: psycopg.Cursor, script: str, values: dict[str, object]) -> None:
    """Run the statements of a script one by one: psycopg binds values to one statement at a time."""
    for statement in script.split(";\n"):
        if statement.strip():
            cursor.execute(statement, values or None)
