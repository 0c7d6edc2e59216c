from django.db import migrations

from trail.triggers import append_only, fixed_columns

STATE_NEEDS_A_CASE = """
CREATE FUNCTION household_state_needs_a_case() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    latest smallint;
BEGIN
    SELECT to_state INTO latest FROM households_statechange
        WHERE household_id = NEW.id ORDER BY id DESC LIMIT 1;
    IF latest IS DISTINCT FROM (SELECT state FROM households_household WHERE id = NEW.id) THEN
        RAISE EXCEPTION 'household % changes state only through a case', NEW.number
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER household_state_needs_a_case
    AFTER UPDATE OF state ON households_household DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION household_state_needs_a_case();
"""

FROZEN_YEAR = """
CREATE FUNCTION survey_of_a_frozen_year() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM added JOIN households_yearfreeze frozen ON frozen.year = added.year
            AND (frozen.division_id = '0' OR starts_with(added.village_code, frozen.division_id))
    ) THEN
        RAISE EXCEPTION 'the year of the survey is frozen'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER survey_of_a_frozen_year AFTER INSERT ON households_survey
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION survey_of_a_frozen_year();
"""


class Migration(migrations.Migration):
    dependencies = [("households", "0001_initial"), ("trail", "0002_guards")]
    operations = [
        append_only("households_statechange"),
        fixed_columns("households_survey", free=("withdrawn_at",)),
        fixed_columns("households_standard", free=(), when="OLD.published_at IS NOT NULL"),
        migrations.RunSQL(
            "CREATE SEQUENCE households_person_number;", "DROP SEQUENCE households_person_number;"
        ),
        migrations.RunSQL(
            STATE_NEEDS_A_CASE,
            "DROP TRIGGER household_state_needs_a_case ON households_household;"
            "DROP FUNCTION household_state_needs_a_case();",
        ),
        migrations.RunSQL(
            FROZEN_YEAR,
            "DROP TRIGGER survey_of_a_frozen_year ON households_survey;"
            "DROP FUNCTION survey_of_a_frozen_year();",
        ),
    ]
