from django.db import migrations

from trail.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("reviews", "0003_console"), ("trail", "0002_guards")]
    operations = [append_only("reviews_verification"), append_only("reviews_leftoutrow")]
