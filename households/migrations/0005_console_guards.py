from django.db import migrations

FROZEN_YEAR = """
CREATE OR REPLACE FUNCTION survey_of_a_frozen_year() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM added JOIN households_yearfreeze frozen ON frozen.year = added.year
            AND (frozen.division_id = '0' OR starts_with(added.village_code, frozen.division_id))
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
STANDARD = """
CREATE OR REPLACE FUNCTION households_standard_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free text[] := ARRAY[]::text[];
BEGIN
    IF OLD.published_at IS NULL AND OLD.discarded_at IS NULL THEN
        free := ARRAY['number', 'published_by_id', 'published_at', 'content_hash', 'discarded_at'];
    END IF;
    IF TG_OP = 'DELETE' OR to_jsonb(OLD) - free <> to_jsonb(NEW) - free THEN
        RAISE EXCEPTION 'a standard is fixed: % is refused', TG_OP
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("households", "0004_console"), ("workflow", "0002_guards")]
    operations = [
        migrations.RunSQL(FROZEN_YEAR, migrations.RunSQL.noop),
        migrations.RunSQL(STANDARD, migrations.RunSQL.noop),
    ]
