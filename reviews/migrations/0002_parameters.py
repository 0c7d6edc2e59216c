from django.db import migrations

SOURCE = "Measured: 10,000 households at a time are five times faster than one township at a time."


def add_chunk_size(apps, schema_editor):
    apps.get_model("workflow", "PolicyParameter").objects.create(
        division_id="0", year=2014, key="review.chunk_households", value=10000, source=SOURCE
    )


class Migration(migrations.Migration):
    dependencies = [("reviews", "0001_initial"), ("divisions", "0002_nation")]
    operations = [migrations.RunPython(add_chunk_size, migrations.RunPython.noop)]
