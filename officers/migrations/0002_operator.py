from datetime import date

from django.db import migrations


def add_operator(apps, schema_editor):
    officer, _ = apps.get_model("officers", "Officer").objects.get_or_create(
        username="operator", defaults={"name": "系统操作员", "home_id": "0", "password": "!"}
    )
    apps.get_model("officers", "Posting").objects.get_or_create(
        officer=officer, role="operator", division_id="0", starts_on=date(2014, 1, 1)
    )


class Migration(migrations.Migration):
    dependencies = [("officers", "0001_initial"), ("divisions", "0002_nation")]
    operations = [migrations.RunPython(add_operator, migrations.RunPython.noop)]
