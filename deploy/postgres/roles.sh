#!/bin/sh
# Creates the portal's roles, extensions and database, and sets the two logins' passwords. Safe to run at every start.
# PGHOST, PGUSER and PGPASSWORD are the superuser's; the passwords come from the environment, never from a file.
set -eu

exists=$(psql --no-psqlrc --tuples-only --no-align --dbname postgres \
  --command "SELECT 1 FROM pg_database WHERE datname = '$PORTAL_DATABASE'")

psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --dbname postgres --file /portal/bootstrap.sql
if [ "$exists" != 1 ]; then
  createdb --owner ep_owner "$PORTAL_DATABASE"
fi
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --dbname "$PORTAL_DATABASE" --file /portal/bootstrap.sql

psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --dbname "$PORTAL_DATABASE" \
  --set web="$DATABASE_WEB_PASSWORD" --set owner="$DATABASE_OWNER_PASSWORD" <<'SQL'
SELECT format('ALTER ROLE ep_web PASSWORD %L', :'web') \gexec
SELECT format('ALTER ROLE ep_owner NOCREATEDB PASSWORD %L', :'owner') \gexec
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database()) \gexec
SELECT format('GRANT CONNECT ON DATABASE %I TO ep_web', current_database()) \gexec
SQL
