from django.db import migrations

DECISIONS = """
CREATE FUNCTION case_decided_after_its_objections() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM workflow_objection AS said
        JOIN workflow_noticeline AS line ON line.id = said.line_id
        WHERE line.case_id = NEW.case_id AND said.received_on <= NEW."on"
            AND (said.resolved_on IS NULL OR said.resolved_on > NEW."on")
    ) THEN
        RAISE EXCEPTION 'case % waits for an objection', NEW.case_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.step IN ('approve', 'approve_first', 'eliminate')
        AND EXISTS (SELECT FROM workflow_noticeline WHERE case_id = NEW.case_id)
        AND NOT EXISTS (
            SELECT FROM workflow_noticeline WHERE case_id = NEW.case_id AND removed_at IS NULL
        )
    THEN
        RAISE EXCEPTION 'case % stands on no notice any more', NEW.case_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER case_decided_after_its_objections
    AFTER INSERT ON workflow_caseevent DEFERRABLE INITIALLY IMMEDIATE
    FOR EACH ROW WHEN (NEW.decides) EXECUTE FUNCTION case_decided_after_its_objections();
"""
IN_TIME = """
CREATE FUNCTION objection_came_in_time() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM workflow_noticeline AS line
        JOIN workflow_notice AS notice ON notice.id = line.notice_id
        WHERE line.id = NEW.line_id
            AND NEW.received_on BETWEEN notice.posted_on AND notice.last_day
    ) THEN
        RAISE EXCEPTION 'an objection is received while its notice stands'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER objection_came_in_time BEFORE INSERT ON workflow_objection
    FOR EACH ROW EXECUTE FUNCTION objection_came_in_time();
"""


class Migration(migrations.Migration):
    dependencies = [("workflow", "0022_objections_to_ones_own_work")]
    operations = [
        migrations.RunSQL(
            DECISIONS, "DROP FUNCTION case_decided_after_its_objections() CASCADE;"
        ),
        migrations.RunSQL(IN_TIME, "DROP FUNCTION objection_came_in_time() CASCADE;"),
    ]
