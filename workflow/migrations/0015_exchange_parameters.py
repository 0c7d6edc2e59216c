from django.db import migrations

OWN = "本系统建议值；各地应另定"
DEFAULTS = {
    "exchange.owner.household": "shared",
    "exchange.owner.causes": "shared",
    "exchange.owner.members": "shared",
    "exchange.owner.identity": "shared",
    "exchange.owner.incomes": "shared",
    "exchange.owner.living": "shared",
    "exchange.differences": "queue",
    "exchange.loaded_states": "leave",
}
FIRST_YEAR = 2014


def add_defaults(apps, schema_editor):
    model = apps.get_model("workflow", "PolicyParameter")
    model.objects.bulk_create(
        model(division_id="0", year=FIRST_YEAR, key=key, value=value, source=OWN)
        for key, value in DEFAULTS.items()
    )


class Migration(migrations.Migration):
    dependencies = [("workflow", "0014_confirmed_parameters")]
    operations = [migrations.RunPython(add_defaults, migrations.RunPython.noop)]
