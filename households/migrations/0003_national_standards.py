from datetime import UTC, datetime
from decimal import Decimal

from django.db import migrations

from households.rules import standard_digest

SOURCE = "国家现行农村扶贫标准（2010 年不变价 2,300 元）按年调整；监测线按当年监测范围"
LINES = {
    2014: ("2800", "4200"),
    2015: ("2855", "4282.50"),
    2016: ("2952", "4428"),
    2017: ("2952", "4428"),
    2018: ("2995", "4492.50"),
    2019: ("3218", "5000"),
    2020: ("4000", "5000"),
    2021: ("4000", "6000"),
}


def add_standards(apps, schema_editor):
    model = apps.get_model("households", "Standard")
    for number, (year, (line, monitoring)) in enumerate(LINES.items(), start=1):
        values = {
            "division_id": "0",
            "year": year,
            "line": Decimal(line).quantize(Decimal("0.01")),
            "monitoring_line": Decimal(monitoring).quantize(Decimal("0.01")),
            "source": SOURCE,
        }
        model.objects.create(
            number=number,
            published_at=datetime(year, 1, 1, tzinfo=UTC),
            content_hash=standard_digest(number=number, **values),
            **values,
        )


class Migration(migrations.Migration):
    dependencies = [("households", "0002_guards"), ("divisions", "0002_nation")]
    operations = [migrations.RunPython(add_standards, migrations.RunPython.noop)]
