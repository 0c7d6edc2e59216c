from django.db import migrations

FLOW = "贫困户识别与退出流程图（地方）：年初列入计划，秋季核查评议；各地可另定"
OWN = "本系统建议值；各地应另定"
DEFAULTS = {
    "exits.plan_days": (30, FLOW),
    "exits.appraisal_days": (270, FLOW),
    "exits.step_days": (15, OWN),
    "exits.check_days": (20, OWN),
    "exits.decision_days": (15, OWN),
    "exits.county_step_days": (60, OWN),
}
FIRST_YEAR = 2014


def add_defaults(apps, schema_editor):
    model = apps.get_model("workflow", "PolicyParameter")
    model.objects.bulk_create(
        model(division_id="0", year=FIRST_YEAR, key=key, value=value, source=source)
        for key, (value, source) in DEFAULTS.items()
    )


class Migration(migrations.Migration):
    dependencies = [("workflow", "0016_kept_for_the_inbox")]
    operations = [migrations.RunPython(add_defaults, migrations.RunPython.noop)]
