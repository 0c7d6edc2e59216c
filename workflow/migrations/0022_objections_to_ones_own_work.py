from django.db import migrations

RESOLVED_BY_OTHERS = """
CREATE OR REPLACE FUNCTION objection_is_resolved_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.resolved_on IS NOT NULL
        OR (OLD.line_id, OLD.received_on, OLD.recorded_by_id, OLD.text)
            IS DISTINCT FROM (NEW.line_id, NEW.received_on, NEW.recorded_by_id, NEW.text)
    THEN
        RAISE EXCEPTION 'objection % is resolved once, and otherwise stays', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF EXISTS (
        SELECT FROM workflow_noticeline AS line
        JOIN workflow_notice AS notice ON notice.id = line.notice_id
        JOIN workflow_case AS own ON own.id = line.case_id
        WHERE line.id = OLD.line_id AND (
            NEW.resolved_by_id IN (own.proposed_by_id, notice.posted_by_id)
            OR own.facts -> 'hands' @> to_jsonb(NEW.resolved_by_id)
            OR EXISTS (
                SELECT FROM workflow_caseevent AS act
                JOIN (VALUES
                    ('county_exit', '{amend,evaluate,open,post,review,verify}'::text[]),
                    ('exit', '{amend,answer,appraise,confirm,disagree,open,post,refuse,verify}'),
                    ('identification', '{amend,apply,appraise,open,post,visit}'),
                    ('reinclusion', '{amend,apply,appraise,open,post,visit}'),
                    ('removal', '{amend,appraise,open,post,verify}'),
                    ('village_exit', '{amend,open,post,verify}'),
                    ('watch', '{amend,appraise,clear,open,post,post_clear,verify}')
                ) AS preparing (kind, steps) ON preparing.kind = own.kind
                WHERE act.case_id = own.id AND act.actor_id = NEW.resolved_by_id
                    AND act.step = ANY (preparing.steps)
            )
        )
    ) THEN
        RAISE EXCEPTION 'objection %: who prepared the case does not resolve it', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
"""
BEFORE = """
CREATE OR REPLACE FUNCTION objection_is_resolved_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.resolved_on IS NOT NULL
        OR (OLD.line_id, OLD.received_on, OLD.recorded_by_id, OLD.text)
            IS DISTINCT FROM (NEW.line_id, NEW.received_on, NEW.recorded_by_id, NEW.text)
        OR NEW.resolved_by_id = (
            SELECT own.proposed_by_id FROM workflow_noticeline AS line
            JOIN workflow_case AS own ON own.id = line.case_id WHERE line.id = OLD.line_id
        )
    THEN
        RAISE EXCEPTION 'objection % is resolved once, by another than who proposed the case', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("workflow", "0021_nobody_works")]
    operations = [migrations.RunSQL(RESOLVED_BY_OTHERS, BEFORE)]
