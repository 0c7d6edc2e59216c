from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("teams", "0003_presence_months")]
    operations = [
        migrations.RemoveIndex("visit", "visit_by_household"),
        migrations.RemoveIndex("visit", "visit_by_village"),
        migrations.AddIndex(
            "visit",
            models.Index(
                fields=["household", "-day"],
                condition=models.Q(withdrawn_at=None),
                name="standing_visit_by_household",
            ),
        ),
        migrations.AddIndex(
            "visit",
            models.Index(
                fields=["village", "-day", "-id"],
                condition=models.Q(withdrawn_at=None),
                name="standing_visit_by_village",
            ),
        ),
    ]
