"""The quota of active gestionnaires and « never zero », held by the database under concurrency.

The functions run as the owner of the tables: they count whatever the scope of the caller shows.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION accounts_quota_gestionnaires(membres bigint) RETURNS integer
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN membres <= 10 THEN 2 WHEN membres <= 25 THEN 3 ELSE 5 END
$$;

-- Lock the structure first, always: it is what makes two concurrent changes wait for each other.
CREATE FUNCTION accounts_gestionnaires_actifs(structure bigint, sauf bigint) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM partners_partenaire WHERE id = structure FOR NO KEY UPDATE;
    RETURN (
        SELECT count(*) FROM accounts_rolepartenaire r
        JOIN accounts_utilisateur u ON u.id = r.user_id AND u.is_active
        JOIN auth_permission p ON p.id = r.permission_id AND p.codename = 'role_gestionnaire'
        WHERE r.partenaire_id = structure AND r.user_id <> sauf
    );
END
$$;

CREATE FUNCTION accounts_refuse_quota(structure bigint, compte bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    autres integer := accounts_gestionnaires_actifs(structure, compte);
    quota integer := (
        SELECT accounts_quota_gestionnaires(nombre_membres) FROM partners_partenaire WHERE id = structure
    );
BEGIN
    IF autres >= quota THEN
        RAISE EXCEPTION 'quota de gestionnaires atteint (%)', quota
            USING ERRCODE = 'check_violation', CONSTRAINT = 'quota_gestionnaires';
    END IF;
END
$$;

CREATE FUNCTION accounts_refuse_zero(structure bigint, compte bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- A security cut always goes through (art. 4.1 prevails over art. 2.2.3).
    IF current_setting('app.coupure_securite', true) = 'on' THEN
        RETURN;
    END IF;
    IF accounts_gestionnaires_actifs(structure, compte) = 0 THEN
        RAISE EXCEPTION 'dernier gestionnaire actif'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'dernier_gestionnaire';
    END IF;
END
$$;

CREATE FUNCTION accounts_est_gestionnaire(permission bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM auth_permission WHERE id = permission AND codename = 'role_gestionnaire')
$$;

CREATE FUNCTION accounts_garde_role() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    etait boolean := TG_OP <> 'INSERT' AND accounts_est_gestionnaire(OLD.permission_id)
        AND (SELECT is_active FROM accounts_utilisateur WHERE id = OLD.user_id);
    sera boolean := TG_OP <> 'DELETE' AND accounts_est_gestionnaire(NEW.permission_id)
        AND (SELECT is_active FROM accounts_utilisateur WHERE id = NEW.user_id);
BEGIN
    IF etait AND (NOT sera OR NEW.partenaire_id <> OLD.partenaire_id) THEN
        PERFORM accounts_refuse_zero(OLD.partenaire_id, OLD.user_id);
    END IF;
    IF sera AND (NOT coalesce(etait, false) OR NEW.partenaire_id <> OLD.partenaire_id) THEN
        PERFORM accounts_refuse_quota(NEW.partenaire_id, NEW.user_id);
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END
$$;

CREATE TRIGGER garde_role BEFORE INSERT OR UPDATE OR DELETE ON accounts_rolepartenaire
FOR EACH ROW EXECUTE FUNCTION accounts_garde_role();

CREATE FUNCTION accounts_garde_compte() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    structure bigint := (
        SELECT r.partenaire_id FROM accounts_rolepartenaire r
        WHERE r.user_id = NEW.id AND accounts_est_gestionnaire(r.permission_id)
    );
BEGIN
    IF structure IS NOT NULL AND NEW.is_active THEN
        PERFORM accounts_refuse_quota(structure, NEW.id);
    ELSIF structure IS NOT NULL THEN
        PERFORM accounts_refuse_zero(structure, NEW.id);
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER garde_compte BEFORE UPDATE OF is_active ON accounts_utilisateur
FOR EACH ROW WHEN (OLD.is_active IS DISTINCT FROM NEW.is_active) EXECUTE FUNCTION accounts_garde_compte();
"""

BACKWARD = """
DROP TRIGGER garde_compte ON accounts_utilisateur;
DROP TRIGGER garde_role ON accounts_rolepartenaire;
DROP FUNCTION accounts_garde_compte();
DROP FUNCTION accounts_garde_role();
DROP FUNCTION accounts_est_gestionnaire(bigint);
DROP FUNCTION accounts_refuse_zero(bigint, bigint);
DROP FUNCTION accounts_refuse_quota(bigint, bigint);
DROP FUNCTION accounts_gestionnaires_actifs(bigint, bigint);
DROP FUNCTION accounts_quota_gestionnaires(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
