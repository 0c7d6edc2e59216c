from django.db import migrations

RECORDERS = """
CREATE FUNCTION case_decided_by_no_recorder() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wrong bigint;
BEGIN
    SELECT event.case_id INTO wrong FROM added AS event
    JOIN households_survey AS judged ON judged.id = (event.facts ->> 'survey')::bigint
    JOIN households_survey AS version ON version.household_id = judged.household_id
        AND version.year = judged.year AND version.recorded_at <= judged.recorded_at
        AND version.recorded_by_id = event.actor_id
    WHERE event.decides AND event.facts ? 'finding'
    LIMIT 1;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'case %: who ever recorded the facts does not decide on them', wrong
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER case_decided_by_no_recorder AFTER INSERT ON workflow_caseevent
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION case_decided_by_no_recorder();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("households", "0012_withdrawn_by_number"),
        ("workflow", "0018_transitions"),
    ]
    operations = [
        migrations.RunSQL(RECORDERS, "DROP FUNCTION case_decided_by_no_recorder() CASCADE;"),
    ]
