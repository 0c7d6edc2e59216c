import json
from decimal import Decimal
from pathlib import Path

from django.db import migrations

SHIPPED = Path(__file__).parents[1] / "data" / "catalogue.json"
FIRST_YEAR = 2014
AMOUNTS = ("typical_low", "typical_high", "cap")


def add_measures(apps, schema_editor):
    """The national catalogue as it is shipped; provinces and counties write their own versions."""
    model = apps.get_model("assistance", "Measure")
    rows = json.loads(SHIPPED.read_text(encoding="utf-8"))
    for row in rows:
        row.update({name: Decimal(row[name]) if row[name] else None for name in AMOUNTS})
    model.objects.bulk_create(model(division_id="0", year=FIRST_YEAR, **row) for row in rows)


class Migration(migrations.Migration):
    dependencies = [("assistance", "0002_guards"), ("divisions", "0002_nation")]
    operations = [migrations.RunPython(add_measures, migrations.RunPython.noop)]
