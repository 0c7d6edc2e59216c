from django.db import migrations

APPROVERS = """
CREATE FUNCTION exits_household_said_no(asked bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM workflow_case AS own
        JOIN workflow_case AS other ON other.kind = 'exit' AND other.subject = own.subject
        JOIN workflow_caseevent AS said ON said.case_id = other.id
            AND said.step IN ('refuse', 'disagree')
        WHERE own.id = asked AND (other.id = own.id OR said.at > coalesce((
            SELECT max(change.at) FROM households_statechange AS change
            JOIN households_household AS household ON household.id = change.household_id
            JOIN workflow_case AS cause ON cause.id = change.case_id
            WHERE household.number = own.subject AND household.withdrawn_at IS NULL
                AND (cause.kind <> 'exit' OR change.to_state = 1)
        ), '-infinity'))
    )
$$;
CREATE OR REPLACE FUNCTION exits_approved_by_enough() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    kind text;
    was_refused boolean;
BEGIN
    SELECT own.kind INTO kind FROM workflow_case AS own WHERE own.id = NEW.case_id;
    IF kind = 'revocation' AND NEW.decides AND EXISTS (
        SELECT FROM exits_revocation AS revocation
        JOIN workflow_caseevent AS event ON event.case_id = revocation.exit_id
        WHERE revocation.case_id = NEW.case_id AND event.actor_id = NEW.actor_id
            AND event.step IN ('approve', 'approve_first')
    ) THEN
        RAISE EXCEPTION 'case %: who approved an exit does not decide on its revocation', NEW.case_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF kind IN ('village_exit', 'county_exit') AND (
        EXISTS (
            SELECT FROM exits_judgement
            WHERE case_id = NEW.case_id AND judged_by_id = NEW.actor_id
        ) OR EXISTS (
            SELECT FROM exits_evaluation
            WHERE case_id = NEW.case_id AND recorded_by_id = NEW.actor_id
        ) OR EXISTS (
            SELECT FROM households_villagerecord AS record
            JOIN workflow_case AS own ON own.id = NEW.case_id
            WHERE record.recorded_by_id = NEW.actor_id
                AND starts_with(record.village_code, own.subject)
                AND record.year = (own.facts ->> 'year')::integer
        )
    ) THEN
        RAISE EXCEPTION 'case %: who judged or recorded its figures does not decide on them',
            NEW.case_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF kind <> 'exit' OR NEW.from_state NOT IN ('checked', 'doubted')
        OR NEW.step NOT IN ('approve', 'approve_first')
    THEN
        RETURN NULL;
    END IF;
    was_refused := exits_household_said_no(NEW.case_id);
    IF was_refused <> (NEW.step = 'approve_first') THEN
        RAISE EXCEPTION 'case %: two approve the exit of who ever said no, one any other',
            NEW.case_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
"""
BEFORE = """
CREATE OR REPLACE FUNCTION exits_approved_by_enough() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    kind text;
    was_refused boolean;
BEGIN
    SELECT own.kind INTO kind FROM workflow_case AS own WHERE own.id = NEW.case_id;
    IF kind = 'revocation' AND NEW.decides AND EXISTS (
        SELECT FROM exits_revocation AS revocation
        JOIN workflow_caseevent AS event ON event.case_id = revocation.exit_id
        WHERE revocation.case_id = NEW.case_id AND event.actor_id = NEW.actor_id
            AND event.step IN ('approve', 'approve_first')
    ) THEN
        RAISE EXCEPTION 'case %: who approved an exit does not decide on its revocation', NEW.case_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF kind IN ('village_exit', 'county_exit') AND (
        EXISTS (
            SELECT FROM exits_judgement
            WHERE case_id = NEW.case_id AND judged_by_id = NEW.actor_id
        ) OR EXISTS (
            SELECT FROM exits_evaluation
            WHERE case_id = NEW.case_id AND recorded_by_id = NEW.actor_id
        ) OR EXISTS (
            SELECT FROM households_villagerecord AS record
            JOIN workflow_case AS own ON own.id = NEW.case_id
            WHERE record.recorded_by_id = NEW.actor_id
                AND starts_with(record.village_code, own.subject)
                AND record.year = (own.facts ->> 'year')::integer
        )
    ) THEN
        RAISE EXCEPTION 'case %: who judged or recorded its figures does not decide on them',
            NEW.case_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF kind <> 'exit' OR NEW.from_state NOT IN ('checked', 'doubted')
        OR NEW.step NOT IN ('approve', 'approve_first')
    THEN
        RETURN NULL;
    END IF;
    SELECT EXISTS (
        SELECT FROM workflow_caseevent
        WHERE case_id = NEW.case_id AND step IN ('refuse', 'disagree')
    ) INTO was_refused;
    IF was_refused <> (NEW.step = 'approve_first') THEN
        RAISE EXCEPTION 'case %: two approve the exit of who ever said no, one any other',
            NEW.case_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
DROP FUNCTION exits_household_said_no(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("exits", "0016_objections_to_judgements"),
        ("households", "0012_withdrawn_by_number"),
    ]
    operations = [migrations.RunSQL(APPROVERS, BEFORE)]
