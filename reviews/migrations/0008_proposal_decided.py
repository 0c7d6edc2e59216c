from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reviews", "0007_readiness_counts")]

    operations = [
        migrations.AddIndex(
            model_name="proposal",
            index=models.Index(
                condition=models.Q(
                    ("accepted_at__isnull", False), ("answer__isnull", False), _connector="OR"
                ),
                fields=["review", "village", "household"],
                name="proposal_decided",
            ),
        ),
    ]
