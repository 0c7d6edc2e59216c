from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workflow", "0009_exit_parameters")]
    operations = [
        migrations.AlterField(
            model_name="noticeline",
            name="people",
            field=models.IntegerField(verbose_name="people"),
        )
    ]
