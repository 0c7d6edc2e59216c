from django.db import migrations, models


class Migration(migrations.Migration):
    """Answers that were kept before are given to nobody again: where they were made is not known."""

    dependencies = [("trail", "0004_stored_answers")]

    operations = [
        migrations.AddField(
            model_name="storedanswer",
            name="posted_to",
            field=models.CharField(default="", max_length=12),
            preserve_default=False,
        )
    ]
