from django.db import migrations

from trail.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("households", "0010_village_records"), ("trail", "0002_guards")]
    operations = [append_only("households_villagerecord")]
