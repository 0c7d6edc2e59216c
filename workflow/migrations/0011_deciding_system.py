from django.db import migrations

OWN = "本系统建议值：决定在本系统作出；省级可另定"
FIRST_YEAR = 2014


def add_default(apps, schema_editor):
    apps.get_model("workflow", "PolicyParameter").objects.create(
        division_id="0", year=FIRST_YEAR, key="exchange.deciding_system", value="", source=OWN
    )


class Migration(migrations.Migration):
    dependencies = [("workflow", "0010_notice_of_a_county")]
    operations = [migrations.RunPython(add_default, migrations.RunPython.noop)]
