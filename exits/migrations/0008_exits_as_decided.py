from django.db import migrations

APPROVERS = """
CREATE FUNCTION exits_approved_by_enough() RETURNS trigger LANGUAGE plpgsql AS $$
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
        WHERE case_id = NEW.case_id AND step = 'refuse' AND seq > (
            SELECT max(seq) FROM workflow_caseevent
            WHERE case_id = NEW.case_id AND to_state = 'planned'
        )
    ) INTO was_refused;
    IF was_refused <> (NEW.step = 'approve_first') THEN
        RAISE EXCEPTION 'case %: two approve the exit of who refused to sign, one any other',
            NEW.case_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER exits_approved_by_enough AFTER INSERT ON workflow_caseevent
    FOR EACH ROW WHEN (NEW.decides) EXECUTE FUNCTION exits_approved_by_enough();
"""
STATES = """
CREATE FUNCTION exits_exited_by_a_decision() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    own workflow_case;
BEGIN
    SELECT * INTO own FROM workflow_case WHERE id = NEW.case_id;
    IF own.kind = 'exit' AND NOT exits_is_approved_exit(
        own.id, (SELECT number FROM households_household WHERE id = NEW.household_id)
    ) OR NOT EXISTS (
        SELECT FROM workflow_caseevent WHERE case_id = own.id AND decides
    ) THEN
        RAISE EXCEPTION 'a household exits by the approval of its exit'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER exits_exited_by_a_decision BEFORE INSERT ON households_statechange
    FOR EACH ROW WHEN (NEW.to_state = 1) EXECUTE FUNCTION exits_exited_by_a_decision();
CREATE FUNCTION exits_year_of_the_decision() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    own workflow_case;
BEGIN
    SELECT decided.* INTO own FROM households_statechange AS change
    JOIN workflow_case AS decided ON decided.id = change.case_id
    WHERE change.household_id = NEW.id ORDER BY change.id DESC LIMIT 1;
    IF own.kind = 'exit' AND NEW.state = 1
        AND NEW.exit_year IS DISTINCT FROM (own.facts ->> 'year')::integer
    THEN
        RAISE EXCEPTION 'household % exits in the year of its decision', NEW.number
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER exits_year_of_the_decision
    AFTER UPDATE OF state, exit_year ON households_household DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN ((OLD.state, OLD.exit_year) IS DISTINCT FROM (NEW.state, NEW.exit_year))
    EXECUTE FUNCTION exits_year_of_the_decision();
"""
PLACES = """
CREATE FUNCTION exits_place_leaves_by_its_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR TG_OP = 'UPDATE' AND (
        OLD.exited_on IS NOT NULL OR NEW.exited_on IS NULL OR NEW.case_id IS NULL
        OR (OLD.division_id, OLD.listed_on, OLD.source, OLD.listed_by_id)
            IS DISTINCT FROM (NEW.division_id, NEW.listed_on, NEW.source, NEW.listed_by_id)
    ) OR TG_OP <> 'DELETE' AND NEW.case_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM workflow_case AS own JOIN workflow_caseevent AS event ON event.case_id = own.id
        WHERE own.id = NEW.case_id AND own.kind IN ('village_exit', 'county_exit')
            AND own.subject = NEW.division_id AND event.to_state = 'approved' AND event.decides
            AND (own.facts ->> 'year')::integer = NEW.exit_year
    ) THEN
        RAISE EXCEPTION 'a place leaves the list once, by its approved exit and in its year'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER exits_place_leaves_by_its_case BEFORE INSERT OR UPDATE OR DELETE ON exits_listedplace
    FOR EACH ROW EXECUTE FUNCTION exits_place_leaves_by_its_case();
"""


def guard(sql: str, *functions: tuple[str, str]) -> migrations.RunSQL:
    """Functions with a trigger of the same name on a table."""
    undo = [f"DROP TRIGGER {name} ON {table}; DROP FUNCTION {name}();" for name, table in functions]
    return migrations.RunSQL(sql, "".join(undo))


class Migration(migrations.Migration):
    dependencies = [
        ("exits", "0007_transitions"),
        ("households", "0002_guards"),
        ("workflow", "0018_transitions"),
    ]
    operations = [
        guard(APPROVERS, ("exits_approved_by_enough", "workflow_caseevent")),
        guard(
            STATES,
            ("exits_exited_by_a_decision", "households_statechange"),
            ("exits_year_of_the_decision", "households_household"),
        ),
        guard(PLACES, ("exits_place_leaves_by_its_case", "exits_listedplace")),
    ]
