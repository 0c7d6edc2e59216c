from django.db import migrations

OPINION = "关于建立贫困退出机制的意见（2016）"
EVALUATION = "贫困县退出专项评估检查实施办法：错退率、漏评率低于百分之二，群众认可度百分之九十以上"
SUPPORT = "脱贫不脱责任、不脱政策、不脱帮扶、不脱监管；各地可另定"
OWN = "本系统建议值；各地应另定"
DEFAULTS = {
    "notice.removal.village_days": (7, OWN),
    "notice.village_exit.township_days": (7, OPINION),
    "notice.county_exit.public_days": (7, OPINION),
    "exits.incidence_limit_bp": (200, OPINION + "：中部低于百分之二，西部低于百分之三由省级另设"),
    "exits.wrong_limit_bp": (200, EVALUATION),
    "exits.missed_limit_bp": (200, EVALUATION),
    "exits.acceptance_least_bp": (9000, EVALUATION),
    "exits.tracking_years": (5, SUPPORT),
    "exits.tracking_visit_days": (90, SUPPORT),
    "exits.hugging_percent": (2, OWN),
    "exits.transfer_percent": (50, OWN),
    "exits.fast_seconds": (20, OWN),
}
FIRST_YEAR = 2014


def add_defaults(apps, schema_editor):
    model = apps.get_model("workflow", "PolicyParameter")
    model.objects.bulk_create(
        model(division_id="0", year=FIRST_YEAR, key=key, value=value, source=source)
        for key, (value, source) in DEFAULTS.items()
    )


class Migration(migrations.Migration):
    dependencies = [("workflow", "0008_assistance_parameters")]
    operations = [migrations.RunPython(add_defaults, migrations.RunPython.noop)]
