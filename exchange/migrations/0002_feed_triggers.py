import uuid

from django.db import migrations

from exchange.triggers import TRUNCATED, fed


def begin(apps, schema_editor):
    apps.get_model("exchange", "FeedEpoch").objects.create(pk=1, marker=uuid.uuid4())


class Migration(migrations.Migration):
    dependencies = [
        ("exchange", "0001_feed"),
        ("households", "0011_village_record_guards"),
        ("teams", "0005_visit_place"),
        ("assistance", "0001_initial"),
        ("workflow", "0010_notice_of_a_county"),
    ]
    operations = [
        migrations.RunPython(begin, migrations.RunPython.noop),
        TRUNCATED,
        fed(
            "households_household",
            "households_member",
            "households_survey",
            "households_incomeline",
            "households_livingconditions",
            "households_surveynote",
            "workflow_case",
            "workflow_caseevent",
            "assistance_plan",
            "assistance_item",
            "assistance_delivery",
            "assistance_instalment",
            "teams_term",
            "teams_teamvillage",
            "teams_cadre",
            "teams_unit",
        ),
    ]
