-- Roles and extensions of the portal, run by a superuser once per database; running it again changes nothing.
-- Passwords are set by whoever runs it, never here. Run it in template1 as well where ep_owner creates databases
-- (tests, bench), so that those have the extensions.
--
--   ep_owner                     owns the tables, runs the migrations, grants on what it owns and nothing else
--   ep_web                       the login of web, worker and beat: owns nothing and, without a scope, sees no tenant row
--   ep_partenaire … ep_systeme   the realms ep_web takes on for one transaction at a time (SET LOCAL ROLE)

DO $$
DECLARE
    realm text;
BEGIN
    -- Two clusters' worth of tests may run this at once: one after the other.
    PERFORM pg_advisory_xact_lock(hashtext('portal.tenancy.bootstrap'));

    IF current_setting('server_version_num')::int < 180000 THEN
        RAISE EXCEPTION 'PostgreSQL 18 is required, this is %', current_setting('server_version');
    END IF;

    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'ep_owner') THEN
        CREATE ROLE ep_owner;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'ep_web') THEN
        CREATE ROLE ep_web;
    END IF;
    FOREACH realm IN ARRAY ARRAY['ep_partenaire', 'ep_caisse', 'ep_national', 'ep_systeme'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = realm) THEN
            EXECUTE format('CREATE ROLE %I', realm);
        END IF;
        EXECUTE format('ALTER ROLE %I NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS', realm);
        EXECUTE format('GRANT %I TO ep_web WITH INHERIT FALSE, SET TRUE, ADMIN FALSE', realm);
    END LOOP;

    ALTER ROLE ep_owner LOGIN CREATEDB NOSUPERUSER NOCREATEROLE NOREPLICATION NOBYPASSRLS;
    ALTER ROLE ep_web LOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
END
$$;

CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
