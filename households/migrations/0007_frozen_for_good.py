from django.db import migrations

from trail.triggers import append_only

FROZEN_YEAR = """
CREATE OR REPLACE FUNCTION survey_of_a_frozen_year() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM added JOIN households_yearfreeze frozen ON frozen.year = added.year AND (
            frozen.division_id = '0' OR starts_with(added.village_code, frozen.division_id)
            OR starts_with(
                (SELECT village_code FROM households_survey WHERE id = added.corrects_id),
                frozen.division_id
            )
        )
        WHERE NOT EXISTS (
            SELECT FROM households_correction correction
            JOIN workflow_case approved ON approved.id = correction.case_id
            WHERE correction.id = added.correction_id AND approved.state = 'approved'
                AND correction.household_id = added.household_id AND correction.year = added.year
        )
    ) THEN
        RAISE EXCEPTION 'the year of the survey is frozen'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("households", "0006_counts")]
    operations = [
        append_only("households_yearfreeze"),
        migrations.RunSQL(FROZEN_YEAR, migrations.RunSQL.noop),
    ]
