from django.db import migrations

OWN = "本系统建议值；各地应另定"
POSTS = "公益性岗位管理办法：合同一年一签，累计一般不超过三年；各地可另定"
MOVES = "易地扶贫搬迁：人均住房面积不超过25平方米，建档立卡户自筹不超过一万元"
DEFAULTS = {
    "assistance.county_amount": (20000, OWN),
    "assistance.village_county_amount": (100000, OWN),
    "assistance.delivery_soon_days": (30, OWN),
    "assistance.loan_soon_days": (60, OWN),
    "assistance.house_most_m2": (25, MOVES),
    "assistance.house_most_debt": (10000, MOVES),
    "assistance.post_most_years": (3, POSTS),
}
FIRST_YEAR = 2014


def add_defaults(apps, schema_editor):
    model = apps.get_model("workflow", "PolicyParameter")
    model.objects.bulk_create(
        model(division_id="0", year=FIRST_YEAR, key=key, value=value, source=source)
        for key, (value, source) in DEFAULTS.items()
    )


class Migration(migrations.Migration):
    dependencies = [("workflow", "0007_team_parameters")]
    operations = [migrations.RunPython(add_defaults, migrations.RunPython.noop)]
