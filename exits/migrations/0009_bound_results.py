from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exits", "0008_exits_as_decided")]
    operations = [
        migrations.AddField("judgement", "at_version", models.IntegerField(default=1)),
        migrations.AddField("evaluation", "at_version", models.IntegerField(default=1)),
    ]
