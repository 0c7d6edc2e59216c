from django.db import migrations

SOURCE = "国家标准未列此条；个别省的“四无”要求重病、残疾且无劳动能力的户不退出，由省级另设"


def add_default(apps, schema_editor):
    model = apps.get_model("workflow", "PolicyParameter")
    model.objects.create(
        division_id="0", year=2014, key="exits.nobody_works", value="may_exit", source=SOURCE
    )


class Migration(migrations.Migration):
    dependencies = [("workflow", "0020_no_event_ahead")]
    operations = [migrations.RunPython(add_default, migrations.RunPython.noop)]
