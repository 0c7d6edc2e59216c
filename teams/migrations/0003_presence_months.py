import django.db.models.deletion
from django.db import migrations, models

COUNT = """
    INSERT INTO teams_presencemonth AS kept
        (cadre_id, month, in_village, official, leave, absent, workdays)
    SELECT cadre_id, date_trunc('month', day)::date,
        coalesce(sum(one) FILTER (WHERE status = 'in_village'), 0),
        coalesce(sum(one) FILTER (WHERE status = 'official'), 0),
        coalesce(sum(one) FILTER (WHERE status = 'leave'), 0),
        coalesce(sum(one) FILTER (WHERE status = 'absent'), 0),
        coalesce(sum(one) FILTER (WHERE extract(isodow FROM day) < 6), 0)
    FROM ({rows}) AS rows GROUP BY 1, 2 ORDER BY 1, 2
"""
UNLESS_NEW = """
    ON CONFLICT (cadre_id, month) DO UPDATE SET
        in_village = kept.in_village + excluded.in_village,
        official = kept.official + excluded.official,
        leave = kept.leave + excluded.leave,
        absent = kept.absent + excluded.absent,
        workdays = kept.workdays + excluded.workdays;
"""
ADDED = "SELECT cadre_id, day, status, 1 AS one FROM added"
GONE = "SELECT cadre_id, day, status, -1 AS one FROM gone"
EVENTS = {
    "INSERT": ("NEW TABLE AS added", ADDED),
    "DELETE": ("OLD TABLE AS gone", GONE),
    "UPDATE": ("NEW TABLE AS added OLD TABLE AS gone", f"{ADDED} UNION ALL {GONE}"),
}
COUNTING = """
    CREATE FUNCTION teams_count_days_{name}() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        {count}
        RETURN NULL;
    END $$;
    CREATE TRIGGER teams_presence_{name}_counted AFTER {event} ON teams_presence
        REFERENCING {tables} FOR EACH STATEMENT EXECUTE FUNCTION teams_count_days_{name}();
"""
NO_COUNTING = """
    DROP TRIGGER teams_presence_{name}_counted ON teams_presence;
    DROP FUNCTION teams_count_days_{name}();
"""
EMPTYING = """
    CREATE FUNCTION teams_count_no_days() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        DELETE FROM teams_presencemonth;
        RETURN NULL;
    END $$;
    CREATE TRIGGER teams_presence_emptied AFTER TRUNCATE ON teams_presence
        FOR EACH STATEMENT EXECUTE FUNCTION teams_count_no_days();
"""
NO_EMPTYING = """
    DROP TRIGGER teams_presence_emptied ON teams_presence;
    DROP FUNCTION teams_count_no_days();
"""


def counting(event: str) -> migrations.RunSQL:
    """The months follow each such change of days, in the statement of the change itself.

    They add and take away instead of counting anew, so that two changes at once both count.
    """
    tables, rows = EVENTS[event]
    name = event.lower()
    return migrations.RunSQL(
        COUNTING.format(
            name=name, event=event, tables=tables, count=COUNT.format(rows=rows) + UNLESS_NEW
        ),
        NO_COUNTING.format(name=name),
    )


BEFORE = COUNT.format(rows="SELECT cadre_id, day, status, 1 AS one FROM teams_presence")


class Migration(migrations.Migration):
    dependencies = [
        ("teams", "0002_guards"),
    ]

    operations = [
        migrations.CreateModel(
            name="PresenceMonth",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", models.DateField()),
                ("in_village", models.SmallIntegerField()),
                ("official", models.SmallIntegerField()),
                ("leave", models.SmallIntegerField()),
                ("absent", models.SmallIntegerField()),
                ("workdays", models.SmallIntegerField()),
                (
                    "cadre",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="teams.cadre",
                    ),
                ),
            ],
            options={
                "ordering": ["cadre_id", "month"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("cadre", "month"),
                        include=("in_village", "official", "leave", "absent", "workdays"),
                        name="a_month_is_counted_once",
                    )
                ],
            },
        ),
        migrations.RunSQL(BEFORE, migrations.RunSQL.noop),
        *(counting(event) for event in EVENTS),
        migrations.RunSQL(EMPTYING, NO_EMPTYING),
    ]
