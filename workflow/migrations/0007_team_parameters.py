from django.db import migrations

OPINION = "关于加强贫困村驻村工作队选派管理工作的指导意见（2017）；各地可另定"
SECRETARY = "关于做好选派机关优秀干部到村任第一书记工作的通知（2015）；各地可另定"
DAYS = "驻村干部管理办法（省级）；各地可另定"
MONTH = "驻村工作管理办法（地方）；各地可另定"
ASSESS = "驻村干部年度考核办法（地方）；各地可另定"
OWN = "本系统建议值；各地应另定"
DEFAULTS = {
    "teams.fewest_people": (3, OPINION),
    "teams.term_years": (2, OPINION),
    "teams.added_villages": ("none", SECRETARY),
    "teams.working_years": (2, SECRETARY),
    "teams.oldest_age": (60, OWN),
    "teams.party": ("first_secretary", SECRETARY),
    "teams.ending_days": (60, OWN),
    "teams.gap_days": (30, OWN),
    "presence.year_days": (200, DAYS),
    "presence.month_days": (20, MONTH),
    "presence.township_leave_days": (5, DAYS),
    "pairing.most_households": (5, "结对帮扶：一般每人三至五户；各地可另定"),
    "pairing.support_years": (5, "脱贫不脱责任、不脱政策、不脱帮扶、不脱监管；各地可另定"),
    "visit.soon_days": (30, OWN),
    "visit.late_days": (90, OWN),
    "training.year_days": (3, OPINION + "：每年轮训一次"),
    "assessment.excellent_percent": (20, "公务员考核：优秀等次一般不超过百分之二十；各地可另定"),
    "assessment.excellent_points": (90, OWN),
    "assessment.competent_points": (75, OWN),
    "assessment.basic_points": (60, OWN),
    "assessment.satisfied_percent": (80, OWN),
    "assessment.not_excellent_absences": (1, ASSESS),
    "assessment.basic_absences": (2, ASSESS),
    "assessment.incompetent_absences": (3, ASSESS),
    "assessment.replacement_days": (30, OPINION + "：不合格的及时召回撤换"),
    "assessment.weight.village": (30, OWN),
    "assessment.weight.township": (30, OWN),
    "assessment.weight.county": (30, OWN),
    "assessment.weight.unit": (10, OWN),
}
FIRST_YEAR = 2014


def add_defaults(apps, schema_editor):
    model = apps.get_model("workflow", "PolicyParameter")
    model.objects.bulk_create(
        model(division_id="0", year=FIRST_YEAR, key=key, value=value, source=source)
        for key, (value, source) in DEFAULTS.items()
    )


class Migration(migrations.Migration):
    dependencies = [("workflow", "0006_register_parameters")]
    operations = [migrations.RunPython(add_defaults, migrations.RunPython.noop)]
