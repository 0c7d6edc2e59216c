from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("teams", "0004_standing_visits")]

    operations = [migrations.RemoveField(model_name="visit", name="place_sealed")]
