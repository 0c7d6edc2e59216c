from django.db import migrations

from trail.triggers import append_only, fixed_columns


class Migration(migrations.Migration):
    dependencies = [("households", "0008_care"), ("trail", "0002_guards")]
    operations = [
        append_only("households_incomeline"),
        append_only("households_livingconditions"),
        append_only("households_surveynote"),
        append_only("households_consent"),
        fixed_columns(
            "households_householdchange", free=(), when="OLD.applied_on IS NOT NULL"
        ),
        migrations.RunSQL(
            "CREATE SEQUENCE households_household_number;",
            "DROP SEQUENCE households_household_number;",
        ),
    ]
