from django.db import migrations

VILLAGE_NOTICE = "扶贫对象识别：村内公示期不少于七天（张贴当日不计）；各地可另定"
DEFAULTS = {
    "notice.identification.village_days": (7, VILLAGE_NOTICE),
    "notice.identification.township_days": (7, "扶贫对象识别：乡镇审核后再公示，不少于七天；各地可另定"),
    "notice.exit.village_days": (7, "2016 年贫困退出机制要求村内公示，未定天数；各地通行不少于七天"),
    "notice.watch.village_days": (5, "防止返贫监测：村内公示不少于五天；各地可另定"),
    "appraisal.quorum": ([2, 3], "民主评议：村民代表应到人数三分之二以上到会；各地可另定"),
    "visit.visitors": (2, "入户核查：两人以上同行；各地可另定"),
    "watch.months_before_elimination": (6, "风险消除：收入持续稳定半年以上，原则上六个月"),
}
FIRST_YEAR = 2014


def add_defaults(apps, schema_editor):
    model = apps.get_model("workflow", "PolicyParameter")
    model.objects.bulk_create(
        model(division_id="0", year=FIRST_YEAR, key=key, value=value, source=source)
        for key, (value, source) in DEFAULTS.items()
    )


class Migration(migrations.Migration):
    dependencies = [("workflow", "0002_guards"), ("divisions", "0002_nation")]
    operations = [migrations.RunPython(add_defaults, migrations.RunPython.noop)]
