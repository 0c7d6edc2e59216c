from django.db import migrations

from trail.triggers import append_only

EVENTS_IN_ORDER = """
CREATE FUNCTION case_event_in_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.seq > 1 AND NOT EXISTS (
        SELECT FROM workflow_caseevent WHERE case_id = NEW.case_id AND seq = NEW.seq - 1
    ) THEN
        RAISE EXCEPTION 'case % has no event before number %', NEW.case_id, NEW.seq
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.decides AND EXISTS (
        SELECT FROM workflow_caseevent
        WHERE case_id = NEW.case_id AND actor_id = NEW.actor_id AND step IN ('open', 'amend')
    ) THEN
        RAISE EXCEPTION 'case %: who proposed it or changed its facts cannot decide', NEW.case_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER case_event_in_order BEFORE INSERT ON workflow_caseevent
    FOR EACH ROW WHEN (NEW.seq > 1 OR NEW.decides) EXECUTE FUNCTION case_event_in_order();
"""

MOVES_BY_AN_EVENT = """
CREATE FUNCTION case_moves_by_an_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM workflow_caseevent
        WHERE case_id = NEW.id AND seq = NEW.version
            AND to_state = NEW.state AND facts_hash = NEW.facts_hash
    ) THEN
        RAISE EXCEPTION 'case % moves only by an event', NEW.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER case_moves_by_an_event
    AFTER INSERT OR UPDATE ON workflow_case DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION case_moves_by_an_event();
"""


class Migration(migrations.Migration):
    dependencies = [("workflow", "0001_initial")]
    operations = [
        append_only("workflow_caseevent"),
        migrations.RunSQL(
            EVENTS_IN_ORDER,
            "DROP TRIGGER case_event_in_order ON workflow_caseevent;"
            "DROP FUNCTION case_event_in_order();",
        ),
        migrations.RunSQL(
            MOVES_BY_AN_EVENT,
            "DROP TRIGGER case_moves_by_an_event ON workflow_case;"
            "DROP FUNCTION case_moves_by_an_event();",
        ),
    ]
