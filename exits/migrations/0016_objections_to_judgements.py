from django.db import migrations

JUDGED = """
CREATE FUNCTION exits_objection_resolved_by_others() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM workflow_noticeline AS line
        JOIN workflow_case AS own ON own.id = line.case_id
        WHERE line.id = NEW.line_id AND own.kind IN ('village_exit', 'county_exit') AND (
            EXISTS (
                SELECT FROM exits_judgement
                WHERE case_id = own.id AND judged_by_id = NEW.resolved_by_id
            ) OR EXISTS (
                SELECT FROM exits_evaluation
                WHERE case_id = own.id AND recorded_by_id = NEW.resolved_by_id
            ) OR EXISTS (
                SELECT FROM households_villagerecord AS record
                WHERE record.recorded_by_id = NEW.resolved_by_id
                    AND starts_with(record.village_code, own.subject)
                    AND record.year = (own.facts ->> 'year')::integer
            )
        )
    ) THEN
        RAISE EXCEPTION 'objection %: who judged or recorded its figures does not resolve it', NEW.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER exits_objection_resolved_by_others BEFORE UPDATE ON workflow_objection
    FOR EACH ROW WHEN (NEW.resolved_by_id IS NOT NULL)
    EXECUTE FUNCTION exits_objection_resolved_by_others();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("exits", "0015_all_counted_live_there"),
        ("workflow", "0022_objections_to_ones_own_work"),
    ]
    operations = [
        migrations.RunSQL(JUDGED, "DROP FUNCTION exits_objection_resolved_by_others() CASCADE;")
    ]
