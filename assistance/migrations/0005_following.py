from django.db import migrations, models

from trail.triggers import fixed_columns

OLD = fixed_columns("assistance_delivery", free=("withdrawn_at", "withdrawn_reason"))
NEW = fixed_columns("assistance_delivery", free=("village_id", "withdrawn_at", "withdrawn_reason"))


class Migration(migrations.Migration):
    dependencies = [("assistance", "0004_gaps")]

    operations = [
        migrations.RunSQL(OLD.reverse_sql, OLD.sql),
        NEW,
        migrations.AddIndex(
            model_name="plan",
            index=models.Index(fields=["village", "id"], name="plan_in_order"),
        ),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(fields=["village", "id"], name="item_in_order"),
        ),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(
                condition=models.Q(("household", None)),
                fields=["village", "code"],
                name="item_of_a_village",
            ),
        ),
    ]
