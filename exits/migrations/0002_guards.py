from django.db import migrations

from trail.triggers import append_only, fixed_columns


class Migration(migrations.Migration):
    dependencies = [("exits", "0001_initial"), ("trail", "0002_guards")]
    operations = [
        append_only("exits_indicator"),
        append_only("exits_judgement"),
        append_only("exits_evaluation"),
        append_only("exits_revocation"),
        fixed_columns(
            "exits_exitplan", free=("approved_by_id", "approved_at"), when="OLD.approved_at IS NULL"
        ),
        fixed_columns("exits_tracking", free=("ended_on", "ended_by_id", "village_id")),
    ]
