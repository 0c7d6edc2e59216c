from django.db import migrations

TRACKING, SUPPORT = "exits.tracking_years", "pairing.support_years"


def join(apps, schema_editor):
    """One parameter says how long; where both were set, the longer of the two."""
    model = apps.get_model("workflow", "PolicyParameter")
    for one in model.objects.filter(key=TRACKING).order_by("pk"):
        same = model.objects.filter(key=SUPPORT, division=one.division_id, year=one.year)
        last = same.order_by("version").last()
        if last is None:
            one.key = SUPPORT
            one.save(update_fields=["key"])
            continue
        if one.value > last.value:
            last.value = one.value
            last.save(update_fields=["value"])
        one.delete()


class Migration(migrations.Migration):
    dependencies = [("teams", "0005_visit_place"), ("workflow", "0018_transitions")]
    operations = [migrations.RunPython(join, migrations.RunPython.noop)]
