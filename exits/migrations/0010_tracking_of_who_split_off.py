import django.db.models.deletion
from django.db import migrations, models

FOLLOWS = """
CREATE OR REPLACE FUNCTION exits_tracking_follows_an_exit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT exits_is_approved_exit(
        NEW.case_id, (SELECT number FROM households_household WHERE id = NEW.household_id)
    ) %s THEN
        RAISE EXCEPTION 'a tracking follows an approved exit of its household'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
"""
SPLIT_OFF = """
    AND NOT EXISTS (
        SELECT FROM exits_tracking AS origin
        JOIN households_household AS fresh ON fresh.split_from_id = origin.household_id
        WHERE fresh.id = NEW.household_id AND origin.case_id = NEW.case_id
            AND origin.until = NEW.until
    )
"""


class Migration(migrations.Migration):
    dependencies = [
        ("exits", "0009_bound_results"),
        ("households", "0012_withdrawn_by_number"),
        ("workflow", "0018_transitions"),
    ]
    operations = [
        migrations.AlterField(
            "tracking",
            "case",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="trackings",
                to="workflow.case",
            ),
        ),
        migrations.AddConstraint(
            "tracking",
            models.UniqueConstraint(
                fields=("case", "household"), name="an_exit_is_tracked_once_in_a_household"
            ),
        ),
        migrations.RunSQL(FOLLOWS % SPLIT_OFF, FOLLOWS % ""),
    ]
