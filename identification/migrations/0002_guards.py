from django.db import migrations

from trail.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("identification", "0001_initial"), ("trail", "0002_guards")]
    operations = [append_only("identification_comparison")]
