from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("reviews", "0005_batch_proposals")]
    operations = [
        migrations.AddField(
            "reviewchunk", "low_household", models.BigIntegerField(default=0, db_default=0)
        ),
        migrations.AddField(
            "reviewchunk", "high_household", models.BigIntegerField(default=0, db_default=0)
        ),
        migrations.AddField(
            "reviewchunk", "deaths", models.SmallIntegerField(default=0, db_default=0)
        ),
        migrations.AddIndex(
            "proposal",
            models.Index(
                fields=["review", "village", "household"],
                condition=Q(added_at__isnull=False) | Q(superseded_at__isnull=False),
                name="proposal_changed",
            ),
        ),
    ]
