from django.db import migrations


def add_nation(apps, schema_editor):
    apps.get_model("divisions", "Division").objects.get_or_create(
        code="0", defaults={"level": 0, "name": "全国"}
    )


class Migration(migrations.Migration):
    dependencies = [("divisions", "0001_initial")]
    operations = [
        # Django's second index for LIKE: under collation C the primary key serves LIKE itself.
        migrations.RunSQL(
            "DROP INDEX divisions_division_code_bd8bae2f_like",
            "CREATE INDEX divisions_division_code_bd8bae2f_like"
            " ON divisions_division (code varchar_pattern_ops)",
        ),
        migrations.RunPython(add_nation, migrations.RunPython.noop),
    ]
