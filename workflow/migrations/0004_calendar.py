from django.db import migrations

SCHEDULE = "山东省沂水县 2020 年扶贫对象动态管理工作日程"
DEFAULTS = {
    "calendar.field_work": (["10-01", "10-31"], f"{SCHEDULE}：10 月入户核查采集；各地可另定"),
    "calendar.entry": (["11-01", "11-20"], f"{SCHEDULE}：乡镇 11 月 20 日前完成录入；各地可另定"),
    "calendar.cleaning": (["11-21", "11-23"], f"{SCHEDULE}：乡镇数据清洗；各地可另定"),
    "calendar.county_audit": (["11-24", "11-25"], f"{SCHEDULE}：县级审核；各地可另定"),
    "calendar.freeze": ("12-31", f"{SCHEDULE}：12 月 31 日年度数据冻结；各地可另定"),
}
FIRST_YEAR = 2014


def add_calendar(apps, schema_editor):
    model = apps.get_model("workflow", "PolicyParameter")
    model.objects.bulk_create(
        model(division_id="0", year=FIRST_YEAR, key=key, value=value, source=source)
        for key, (value, source) in DEFAULTS.items()
    )


class Migration(migrations.Migration):
    dependencies = [("workflow", "0003_default_parameters")]
    operations = [migrations.RunPython(add_calendar, migrations.RunPython.noop)]
