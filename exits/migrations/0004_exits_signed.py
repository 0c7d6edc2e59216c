from django.db import migrations

APPROVED_EXIT = """
CREATE FUNCTION exits_is_approved_exit(wanted bigint, number text) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM workflow_case JOIN workflow_caseevent event ON event.case_id = workflow_case.id
        WHERE workflow_case.id = wanted AND kind = 'exit' AND subject = number
            AND event.to_state = 'approved' AND event.decides
    );
$$;
"""
TRACKING = """
CREATE FUNCTION exits_tracking_follows_an_exit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT exits_is_approved_exit(
        NEW.case_id, (SELECT number FROM households_household WHERE id = NEW.household_id)
    ) THEN
        RAISE EXCEPTION 'a tracking follows an approved exit of its household'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER exits_tracking_follows_an_exit BEFORE INSERT ON exits_tracking
    FOR EACH ROW EXECUTE FUNCTION exits_tracking_follows_an_exit();
"""
REVOCATION = """
CREATE FUNCTION exits_revocation_names_an_exit() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    number text;
BEGIN
    SELECT subject INTO number FROM workflow_case WHERE id = NEW.case_id AND kind = 'revocation';
    IF number IS NULL OR NOT exits_is_approved_exit(NEW.exit_id, number) THEN
        RAISE EXCEPTION 'a revocation names an approved exit of its household'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER exits_revocation_names_an_exit BEFORE INSERT ON exits_revocation
    FOR EACH ROW EXECUTE FUNCTION exits_revocation_names_an_exit();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("exits", "0003_indicators"),
        ("households", "0002_guards"),
        ("workflow", "0002_guards"),
    ]
    operations = [
        migrations.RunSQL(APPROVED_EXIT, "DROP FUNCTION exits_is_approved_exit(bigint, text);"),
        migrations.RunSQL(
            TRACKING,
            "DROP TRIGGER exits_tracking_follows_an_exit ON exits_tracking;"
            "DROP FUNCTION exits_tracking_follows_an_exit();",
        ),
        migrations.RunSQL(
            REVOCATION,
            "DROP TRIGGER exits_revocation_names_an_exit ON exits_revocation;"
            "DROP FUNCTION exits_revocation_names_an_exit();",
        ),
    ]
