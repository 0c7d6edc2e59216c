import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

from trail.triggers import fixed_columns


class Migration(migrations.Migration):
    dependencies = [
        ("exits", "0004_exits_signed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField("indicator", "confirmed_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField(
            "indicator",
            "confirmed_by",
            models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            "indicator",
            models.CheckConstraint(
                condition=Q(confirmed_by=None, confirmed_at=None)
                | (
                    Q(confirmed_by__isnull=False, confirmed_at__isnull=False)
                    & ~Q(confirmed_by=F("set_by"))
                ),
                name="an_indicator_is_confirmed_by_another",
            ),
        ),
        migrations.RunSQL(
            "DROP TRIGGER exits_indicator_append_only ON exits_indicator;",
            "CREATE TRIGGER exits_indicator_append_only BEFORE UPDATE OR DELETE OR TRUNCATE"
            " ON exits_indicator FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();",
        ),
        fixed_columns("exits_indicator", free=("confirmed_by_id", "confirmed_at")),
    ]
