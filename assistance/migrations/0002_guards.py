from django.db import migrations

from trail.triggers import append_only, fixed_columns

SUMS = """
    CREATE FUNCTION assistance_distribution_adds_up() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE wanted numeric; found numeric;
    BEGIN
        SELECT total - kept INTO wanted FROM assistance_distribution
        WHERE id = CASE WHEN TG_TABLE_NAME = 'assistance_distribution'
            THEN (to_jsonb(NEW)->>'id')::bigint ELSE (to_jsonb(NEW)->>'distribution_id')::bigint END;
        SELECT coalesce(sum(amount), 0) INTO found FROM assistance_transfer
        WHERE distribution_id = CASE WHEN TG_TABLE_NAME = 'assistance_distribution'
            THEN (to_jsonb(NEW)->>'id')::bigint ELSE (to_jsonb(NEW)->>'distribution_id')::bigint END;
        IF found <> wanted THEN
            RAISE EXCEPTION 'the parts of a distribution add up to %, not to %', found, wanted
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
    END $$;
    CREATE CONSTRAINT TRIGGER assistance_distribution_adds_up
        AFTER INSERT ON assistance_distribution DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION assistance_distribution_adds_up();
    CREATE CONSTRAINT TRIGGER assistance_transfer_adds_up
        AFTER INSERT ON assistance_transfer DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION assistance_distribution_adds_up();
"""
NO_SUMS = """
    DROP TRIGGER assistance_transfer_adds_up ON assistance_transfer;
    DROP TRIGGER assistance_distribution_adds_up ON assistance_distribution;
    DROP FUNCTION assistance_distribution_adds_up();
"""


class Migration(migrations.Migration):
    dependencies = [("assistance", "0001_initial"), ("trail", "0002_guards")]
    operations = [
        append_only("assistance_measure"),
        append_only("assistance_plancase"),
        append_only("assistance_repayment"),
        append_only("assistance_transfer"),
        fixed_columns("assistance_delivery", free=("withdrawn_at", "withdrawn_reason")),
        fixed_columns("assistance_distribution", free=("withdrawn_at", "withdrawn_reason")),
        migrations.RunSQL(SUMS, NO_SUMS),
    ]
