from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("exits", "0014_who_ever_recorded")]
    operations = [
        migrations.AddConstraint(
            "evaluation",
            models.CheckConstraint(
                condition=Q(
                    rural_population__gte=F("remaining_poor")
                    + F("exited_total")
                    + F("unregistered_total")
                ),
                name="all_counted_live_in_the_county",
                violation_error_message="A part is larger than its whole.",
            ),
        ),
    ]
