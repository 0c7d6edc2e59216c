from django.db import migrations


def add_nation(apps, schema_editor):
    apps.get_model("divisions", "Division").objects.get_or_create(
        code="0", defaults={"level": 0, "name": "全国"}
    )


class Migration(migrations.Migration):
    dependencies = [("divisions", "0001_initial")]
    operations = [migrations.RunPython(add_nation, migrations.RunPython.noop)]
