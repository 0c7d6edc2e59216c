from django.db import migrations, models
from django.db.models import F, Q

PARTS = (("exited_sampled", "exited_total"), ("unregistered_sampled", "unregistered_total"))


class Migration(migrations.Migration):
    dependencies = [("exits", "0005_confirmed_indicators")]
    operations = [
        migrations.AddField(
            "evaluation",
            "explanation",
            models.CharField(
                "why it differs from the register", max_length=500, blank=True, default=""
            ),
        ),
        migrations.AlterField(
            "indicator",
            "about",
            models.CharField("of what", max_length=10, choices=[("village", "village")]),
        ),
        migrations.AddField("evaluation", "on_record", models.JSONField(default=dict)),
        *(
            migrations.AddConstraint(
                "evaluation",
                models.CheckConstraint(
                    condition=Q(**{f"{part}__lte": F(whole)}),
                    name=f"{part}_is_of_the_county",
                    violation_error_message="A part is larger than its whole.",
                ),
            )
            for part, whole in PARTS
        ),
    ]
