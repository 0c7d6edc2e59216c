import django.contrib.postgres.fields
from django.db import migrations, models

from trail.triggers import fixed_columns


class Migration(migrations.Migration):
    dependencies = [("reviews", "0004_console_guards"), ("trail", "0002_guards")]
    operations = [
        migrations.RemoveField(model_name="batchacceptance", name="last_household"),
        migrations.RemoveField(model_name="batchacceptance", name="last_village"),
        migrations.AddField(
            model_name="batchacceptance",
            name="proposals",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(), default=list, size=None
            ),
        ),
        fixed_columns(
            "reviews_batchacceptance",
            free=("state", "accepted", "left_out", "finished_at", "stopped_why"),
        ),
    ]
