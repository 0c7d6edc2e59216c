from django.db import migrations

REGULATION = "省级扶贫开发条例：公示公告均不少于七天；各地可另定"
FLOW = "贫困户识别与退出流程图（地方）；各地可另定"
RED = "贫困户识别“九不评”（地方）；各地可另定"
YIELD = "“12345”识别流程收益系数（地方）；各地可另定"
OWN = "本系统建议值；各地应按本地成本另定"
DEFAULTS = {
    "notice.identification.announcement_days": (7, REGULATION),
    "identification.visit_days": (7, FLOW),
    "identification.comparison_days": (10, FLOW),
    "identification.appraisal_days": (10, FLOW),
    "identification.township_days": (10, FLOW),
    "identification.county_days": (15, FLOW),
    "identification.correction_days": (7, FLOW),
    "identification.appeal_days": (7, REGULATION),
    "identification.helper_days": (30, "结对帮扶：纳入后一个月内落实帮扶责任人；各地可另定"),
    "identification.plan_days": (30, "帮扶计划：纳入后一个月内制定；各地可另定"),
    "identification.township_check_share": ([1, 5], FLOW + "：乡镇入户抽查不低于百分之二十"),
    "identification.county_check_share": ([1, 10], FLOW + "：县级抽查不低于百分之十"),
    "income.jump_percent": (50, "收入数据核查：同比变动超过百分之五十须说明；各地可另定"),
    "redline.house": ("explain", RED),
    "redline.vehicle": ("explain", RED),
    "redline.cadre": ("explain", RED),
    "redline.payroll": ("explain", RED),
    "redline.business": ("explain", RED),
    "redline.absent": ("explain", RED),
    "redline.spending": ("explain", RED),
    "redline.conduct": ("explain", RED),
    "redline.complaint": ("reject", RED),
    "redline.residence": ("reject", "识别流程“三不含”（地方）；各地可另定"),
    "income.coefficient.wheat": (31, YIELD),
    "income.coefficient.maize": (49, YIELD),
    "income.coefficient.potato": (67, YIELD),
    "income.coefficient.vegetables": (87, YIELD),
    "income.coefficient.rice": (45, OWN),
    "income.coefficient.fruit": (60, OWN),
    "income.coefficient.pigs": (30, OWN),
    "income.coefficient.sheep": (50, OWN),
    "income.coefficient.cattle": (45, OWN),
    "income.coefficient.poultry": (40, OWN),
}
FIRST_YEAR = 2014


def add_defaults(apps, schema_editor):
    model = apps.get_model("workflow", "PolicyParameter")
    model.objects.bulk_create(
        model(division_id="0", year=FIRST_YEAR, key=key, value=value, source=source)
        for key, (value, source) in DEFAULTS.items()
    )


class Migration(migrations.Migration):
    dependencies = [("workflow", "0005_attachments")]
    operations = [migrations.RunPython(add_defaults, migrations.RunPython.noop)]
