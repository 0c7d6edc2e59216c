from django.db import migrations

OPINION = "关于建立贫困退出机制的意见（2016）：统筹考虑基础设施、公共服务、产业发展、集体经济收入"
VILLAGE = [
    ("ROAD", "通硬化路", "paved road to the township", "road_paved", None, None, True),
    ("WATER", "无饮水不安全户", "no household without safe water", "unsafe_water_households", None, 0, True),
    ("POWER", "通生产用电", "production power", "production_power", None, None, True),
    ("HOUSING", "无危房户", "no household in a dangerous house", "dangerous_house_households", None, 0, True),
    ("CLINIC", "有标准化卫生室", "a clinic", "clinics", 1, None, True),
    ("DOCTOR", "有合格村医", "a licensed doctor", "licensed_doctors", 1, None, False),
    ("CULTURE", "有文化活动场所", "a culture or reading room", "culture_rooms", 1, None, False),
    ("NET", "通宽带", "broadband", "broadband", None, None, False),
    ("INDUSTRY", "有特色产业", "an industry of its own", "cooperatives", 1, None, False),
    ("INCOME", "有集体经济收入", "collective income", "collective_income", 5, None, False),
    ("BOARD", "村“两委”班子健全", "village committees complete", "good_committee", None, None, False),
]
FIRST_YEAR = 2014


def add_indicators(apps, schema_editor):
    model = apps.get_model("exits", "Indicator")
    model.objects.bulk_create(
        model(
            division_id="0",
            year=FIRST_YEAR,
            about="village",
            code=code,
            order=10 * place,
            name_zh=zh,
            name_en=en,
            field=field,
            least=least,
            most=most,
            vetoes=vetoes,
            source=OPINION,
        )
        for place, (code, zh, en, field, least, most, vetoes) in enumerate(VILLAGE, 1)
    )


class Migration(migrations.Migration):
    dependencies = [("exits", "0002_guards"), ("divisions", "0002_nation")]
    operations = [migrations.RunPython(add_indicators, migrations.RunPython.noop)]
