"""The journal only grows: UPDATE, DELETE and TRUNCATE are refused to everybody."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal is append-only' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER journal_inalterable BEFORE UPDATE OR DELETE ON audit_evenement
FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER journal_non_videable BEFORE TRUNCATE ON audit_evenement
FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
"""

BACKWARD = """
DROP TRIGGER journal_non_videable ON audit_evenement;
DROP TRIGGER journal_inalterable ON audit_evenement;
DROP FUNCTION audit_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
