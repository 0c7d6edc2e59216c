from django.conf import settings
from django.db import migrations

AHEAD = f"""
CREATE FUNCTION case_event_not_ahead() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    today date := (clock_timestamp() AT TIME ZONE '{settings.TIME_ZONE}')::date
        + coalesce((SELECT days FROM trail_democlock), 0);
    ahead bigint;
BEGIN
    SELECT case_id INTO ahead FROM added WHERE "on" > today LIMIT 1;
    IF ahead IS NOT NULL THEN
        RAISE EXCEPTION 'case %: nothing happens on a day that is still to come', ahead
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER case_event_not_ahead AFTER INSERT ON workflow_caseevent
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION case_event_not_ahead();
"""


class Migration(migrations.Migration):
    dependencies = [("trail", "0001_initial"), ("workflow", "0019_files_of_cases")]
    operations = [
        migrations.RunSQL(AHEAD, "DROP FUNCTION case_event_not_ahead() CASCADE;"),
    ]
