from decimal import Decimal

from django.db import migrations, models

import assistance.rules.measures

CODE, NATION, FIRST_YEAR, FROM_YEAR = "LOAN-MICRO", "0", 2014, 2021
SOURCE = (
    "过渡期脱贫人口小额信贷：5万元（含）以下、3年期以内、免担保免抵押、财政贴息；确需追加的，"
    "合计不超过10万元，5万元以上部分不予贴息"
)


def add_versions(apps, schema_editor):
    """Micro-credit is limited by what is owed; from 2021 on by 100,000 yuan in all.

    Where the first version was shipped with a limit over all years, the next one stands beside it:
    versions are only added.
    """
    model = apps.get_model("assistance", "Measure")
    shipped = model.objects.filter(division_id=NATION, code=CODE, year=FIRST_YEAR)
    first = shipped.order_by("-version").first()
    if first is None:
        return
    known = {
        field.attname: getattr(first, field.attname)
        for field in model._meta.concrete_fields
        if field.name not in ("id", "set_by", "set_at")
    }
    known["cap_basis"] = "owed"
    if first.cap_basis == "total":
        model.objects.create(**known | {"version": first.version + 1})
    later = {"year": FROM_YEAR, "version": 1, "cap": Decimal(100_000), "source": SOURCE}
    if not model.objects.filter(division_id=NATION, code=CODE, year=FROM_YEAR).exists():
        model.objects.create(**known | later)


class Migration(migrations.Migration):
    dependencies = [("assistance", "0005_following")]
    operations = [
        migrations.AlterField(
            model_name="measure",
            name="cap_basis",
            field=models.CharField(
                choices=[
                    ("item", "each time"),
                    ("year", "in a year"),
                    ("total", "in all years together"),
                    ("owed", "owed at a time"),
                ],
                default=assistance.rules.measures.CapBasis["ITEM"],
                max_length=8,
                verbose_name="counted over",
            ),
        ),
        migrations.RunPython(add_versions, migrations.RunPython.noop),
    ]
