from django.db import migrations

from trail.triggers import append_only, fixed_columns


class Migration(migrations.Migration):
    dependencies = [("teams", "0001_initial"), ("trail", "0002_guards")]
    operations = [
        append_only("teams_handover"),
        append_only("teams_incentive"),
        append_only("teams_logentry"),
        append_only("teams_score"),
        fixed_columns("teams_visit", free=("withdrawn_at",)),
        fixed_columns("teams_task", free=("village_id",), when="OLD.closed_on IS NOT NULL"),
        migrations.RunSQL(
            "CREATE SEQUENCE teams_cadre_number;",
            "DROP SEQUENCE teams_cadre_number;",
        ),
    ]
