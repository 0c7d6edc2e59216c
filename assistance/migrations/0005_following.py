from django.db import migrations

from trail.triggers import fixed_columns

OLD = fixed_columns("assistance_delivery", free=("withdrawn_at", "withdrawn_reason"))
NEW = fixed_columns("assistance_delivery", free=("village_id", "withdrawn_at", "withdrawn_reason"))


class Migration(migrations.Migration):
    dependencies = [("assistance", "0004_gaps")]
    operations = [migrations.RunSQL(OLD.reverse_sql, OLD.sql), NEW]
