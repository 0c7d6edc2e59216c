from django.db import migrations

SOURCE = "国家标准只规定审批人与经办人分开；有疑点标记的退出由两名审批人先后审批，省级可另定"


def add_default(apps, schema_editor):
    model = apps.get_model("workflow", "PolicyParameter")
    model.objects.create(
        division_id="0", year=2014, key="exits.flagged_approvers", value=2, source=SOURCE
    )


class Migration(migrations.Migration):
    dependencies = [("workflow", "0023_decided_after_objections")]
    operations = [migrations.RunPython(add_default, migrations.RunPython.noop)]
