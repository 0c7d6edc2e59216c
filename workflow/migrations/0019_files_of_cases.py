from django.db import migrations

FILES = """
CREATE FUNCTION case_keeps_its_files() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM workflow_case WHERE id = OLD.subject_id::bigint FOR UPDATE;
    IF EXISTS (
        SELECT FROM workflow_caseevent
        WHERE case_id = OLD.subject_id::bigint AND at >= OLD.added_at
    ) THEN
        RAISE EXCEPTION 'case % rests on file %', OLD.subject_id, OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER case_keeps_its_files BEFORE UPDATE OR DELETE ON workflow_attachment
    FOR EACH ROW WHEN (OLD.subject_kind = 'case') EXECUTE FUNCTION case_keeps_its_files();
"""
UNDO = """
DROP TRIGGER case_keeps_its_files ON workflow_attachment;
DROP FUNCTION case_keeps_its_files();
"""


class Migration(migrations.Migration):
    dependencies = [("workflow", "0018_transitions")]
    operations = [migrations.RunSQL(FILES, UNDO)]
