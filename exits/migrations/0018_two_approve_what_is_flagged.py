from django.db import migrations

from workflow.transitions import written

STEPS = """
exit - open planned forward - county_clerk,team_member,village_official - - -
exit - open proposed forward - county_clerk,team_member,village_official - - -
exit answered amend planned withdraw - county_clerk,team_member,village_official - - -
exit answered end withdrawn withdraw - city_reviewer,county_approver,province_approver,township_reviewer - - -
exit answered post noticed forward - team_member,village_official - - notice.exit.village_days
exit answered withdraw withdrawn withdraw - county_clerk,team_member,village_official - - -
exit appraised amend planned withdraw - county_clerk,team_member,village_official - - -
exit appraised end withdrawn withdraw - city_reviewer,county_approver,province_approver,township_reviewer - - -
exit appraised verify verified forward - team_member,township_reviewer amend,appraise,open - -
exit appraised withdraw withdrawn withdraw - county_clerk,team_member,village_official - - -
exit approved announce announced forward - team_member,township_reviewer,village_official - - -
exit checked approve approved forward decides county_approver amend,answer,appraise,check,confirm,disagree,doubt,open,post,refuse,verify - -
exit checked approve_first seconded forward decides county_approver amend,answer,appraise,check,confirm,disagree,doubt,open,post,refuse,verify - -
exit checked doubt doubted forward - county_approver amend,answer,appraise,check,confirm,disagree,doubt,open,post,refuse,verify - -
exit checked end withdrawn withdraw - city_reviewer,county_approver,province_approver,township_reviewer - - -
exit checked reject rejected reject decides county_approver amend,answer,appraise,check,confirm,disagree,doubt,open,post,refuse,verify - -
exit checked return planned return - county_approver - - -
exit checked withdraw withdrawn withdraw - county_clerk,team_member,village_official - - -
exit confirmed amend planned withdraw - county_clerk,team_member,village_official - - -
exit confirmed end withdrawn withdraw - city_reviewer,county_approver,province_approver,township_reviewer - - -
exit confirmed post noticed forward - team_member,village_official - - notice.exit.village_days
exit confirmed withdraw withdrawn withdraw - county_clerk,team_member,village_official - - -
exit doubted approve approved forward decides county_approver amend,answer,appraise,check,confirm,disagree,doubt,open,post,refuse,verify - -
exit doubted approve_first seconded forward decides county_approver amend,answer,appraise,check,confirm,disagree,doubt,open,post,refuse,verify - -
exit doubted end withdrawn withdraw - city_reviewer,county_approver,province_approver,township_reviewer - - -
exit doubted reject rejected reject decides county_approver amend,answer,appraise,check,confirm,disagree,doubt,open,post,refuse,verify - -
exit doubted return planned return - county_approver - - -
exit doubted withdraw withdrawn withdraw - county_clerk,team_member,village_official - - -
exit noticed check checked forward - township_reviewer amend,answer,appraise,confirm,disagree,open,post,refuse,verify post -
exit noticed end withdrawn withdraw - city_reviewer,county_approver,province_approver,township_reviewer - - -
exit noticed reject rejected reject decides township_reviewer amend,answer,appraise,confirm,disagree,open,post,refuse,verify post -
exit noticed return planned return - township_reviewer - post -
exit noticed withdraw withdrawn withdraw - county_clerk,team_member,village_official - post -
exit planned amend planned withdraw - county_clerk,team_member,village_official - - -
exit planned appraise appraised forward - team_member,village_official amend,open - -
exit planned end withdrawn withdraw - city_reviewer,county_approver,province_approver,township_reviewer - - -
exit planned vote_down rejected reject - team_member,village_official amend,open - -
exit planned withdraw withdrawn withdraw - county_clerk,team_member,village_official - - -
exit proposed amend proposed withdraw - county_clerk,team_member,village_official - - -
exit proposed end withdrawn withdraw - city_reviewer,county_approver,province_approver,township_reviewer - - -
exit proposed plan planned forward decides county_approver amend,open - -
exit proposed reject rejected reject decides county_approver amend,open - -
exit proposed withdraw withdrawn withdraw - county_clerk,team_member,village_official - - -
exit refused amend planned withdraw - county_clerk,team_member,village_official - - -
exit refused answer answered forward - township_reviewer amend,disagree,open,refuse,verify - -
exit refused end withdrawn withdraw - city_reviewer,county_approver,province_approver,township_reviewer - - -
exit refused withdraw withdrawn withdraw - county_clerk,team_member,village_official - - -
exit seconded approve approved forward decides county_approver amend,answer,appraise,approve_first,check,confirm,disagree,open,post,refuse,verify - -
exit seconded end withdrawn withdraw - city_reviewer,county_approver,province_approver,township_reviewer - - -
exit seconded reject rejected reject decides county_approver amend,answer,appraise,approve_first,check,confirm,disagree,open,post,refuse,verify - -
exit seconded return planned return - county_approver - - -
exit seconded withdraw withdrawn withdraw - county_clerk,team_member,village_official - - -
exit verified amend planned withdraw - county_clerk,team_member,village_official - - -
exit verified confirm confirmed forward - team_member,village_official amend,open - -
exit verified disagree planned return - team_member,village_official amend,open - -
exit verified end withdrawn withdraw - city_reviewer,county_approver,province_approver,township_reviewer - - -
exit verified refuse refused forward - team_member,village_official amend,open - -
exit verified withdraw withdrawn withdraw - county_clerk,team_member,village_official - - -
revocation - open proposed forward - county_clerk - - -
revocation checked amend proposed withdraw - county_clerk - - -
revocation checked end withdrawn withdraw - city_reviewer,county_approver,province_approver,township_reviewer - - -
revocation checked reject rejected reject decides county_approver amend,approve_exit,check,open - -
revocation checked revoke_first seconded forward decides county_approver amend,approve_exit,check,open - -
revocation checked withdraw withdrawn withdraw - county_clerk - - -
revocation proposed amend proposed withdraw - county_clerk - - -
revocation proposed check checked forward - township_reviewer amend,open - -
revocation proposed end withdrawn withdraw - city_reviewer,county_approver,province_approver,township_reviewer - - -
revocation proposed withdraw withdrawn withdraw - county_clerk - - -
revocation seconded amend proposed withdraw - county_clerk - - -
revocation seconded end withdrawn withdraw - city_reviewer,county_approver,province_approver,township_reviewer - - -
revocation seconded reject rejected reject decides county_approver amend,approve_exit,check,open,revoke_first - -
revocation seconded revoke revoked forward decides county_approver amend,check,open,revoke_first - -
revocation seconded withdraw withdrawn withdraw - county_clerk - - -
"""
APPROVERS = """
CREATE OR REPLACE FUNCTION exits_approved_by_enough() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    kind text;
    was_refused boolean;
    is_flagged boolean;
    approvers integer;
BEGIN
    SELECT own.kind INTO kind FROM workflow_case AS own WHERE own.id = NEW.case_id;
    IF kind = 'revocation' AND NEW.decides AND NEW.step <> 'revoke' AND EXISTS (
        SELECT FROM exits_revocation AS revocation
        JOIN workflow_caseevent AS event ON event.case_id = revocation.exit_id
        WHERE revocation.case_id = NEW.case_id AND event.actor_id = NEW.actor_id
            AND event.step IN ('approve', 'approve_first')
    ) THEN
        RAISE EXCEPTION 'case %: who approved an exit does not judge it first, nor let it stand', NEW.case_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF kind IN ('village_exit', 'county_exit') AND (
        EXISTS (
            SELECT FROM exits_judgement
            WHERE case_id = NEW.case_id AND judged_by_id = NEW.actor_id
        ) OR EXISTS (
            SELECT FROM exits_evaluation
            WHERE case_id = NEW.case_id AND recorded_by_id = NEW.actor_id
        ) OR EXISTS (
            SELECT FROM households_villagerecord AS record
            JOIN workflow_case AS own ON own.id = NEW.case_id
            WHERE record.recorded_by_id = NEW.actor_id
                AND starts_with(record.village_code, own.subject)
                AND record.year = (own.facts ->> 'year')::integer
        )
    ) THEN
        RAISE EXCEPTION 'case %: who judged or recorded its figures does not decide on them',
            NEW.case_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF kind <> 'exit' OR NEW.from_state NOT IN ('checked', 'doubted')
        OR NEW.step NOT IN ('approve', 'approve_first')
    THEN
        RETURN NULL;
    END IF;
    was_refused := exits_household_said_no(NEW.case_id);
    SELECT NEW.evidence ? 'flags' OR own.flags <> '{}' INTO is_flagged
    FROM workflow_case AS own WHERE own.id = NEW.case_id;
    SELECT parameter.value::integer INTO approvers
    FROM workflow_policyparameter AS parameter
    JOIN workflow_case AS own ON own.id = NEW.case_id
    WHERE parameter.key = 'exits.flagged_approvers'
        AND parameter.year <= extract(year FROM NEW."on")
        AND (parameter.set_by_id IS NULL OR parameter.confirmed_by_id IS NOT NULL)
        AND parameter.division_id IN (
            '0', left(own.division_id, 2), left(own.division_id, 4), left(own.division_id, 6)
        )
    ORDER BY parameter.division_id DESC, parameter.year DESC, parameter.version DESC LIMIT 1;
    IF (was_refused OR is_flagged AND approvers > 1) <> (NEW.step = 'approve_first') THEN
        RAISE EXCEPTION 'case %: two approve the exit of who ever said no or is flagged, one any other',
            NEW.case_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
"""
BEFORE = """
CREATE OR REPLACE FUNCTION exits_approved_by_enough() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    kind text;
    was_refused boolean;
BEGIN
    SELECT own.kind INTO kind FROM workflow_case AS own WHERE own.id = NEW.case_id;
    IF kind = 'revocation' AND NEW.decides AND EXISTS (
        SELECT FROM exits_revocation AS revocation
        JOIN workflow_caseevent AS event ON event.case_id = revocation.exit_id
        WHERE revocation.case_id = NEW.case_id AND event.actor_id = NEW.actor_id
            AND event.step IN ('approve', 'approve_first')
    ) THEN
        RAISE EXCEPTION 'case %: who approved an exit does not decide on its revocation', NEW.case_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF kind IN ('village_exit', 'county_exit') AND (
        EXISTS (
            SELECT FROM exits_judgement
            WHERE case_id = NEW.case_id AND judged_by_id = NEW.actor_id
        ) OR EXISTS (
            SELECT FROM exits_evaluation
            WHERE case_id = NEW.case_id AND recorded_by_id = NEW.actor_id
        ) OR EXISTS (
            SELECT FROM households_villagerecord AS record
            JOIN workflow_case AS own ON own.id = NEW.case_id
            WHERE record.recorded_by_id = NEW.actor_id
                AND starts_with(record.village_code, own.subject)
                AND record.year = (own.facts ->> 'year')::integer
        )
    ) THEN
        RAISE EXCEPTION 'case %: who judged or recorded its figures does not decide on them',
            NEW.case_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF kind <> 'exit' OR NEW.from_state NOT IN ('checked', 'doubted')
        OR NEW.step NOT IN ('approve', 'approve_first')
    THEN
        RETURN NULL;
    END IF;
    was_refused := exits_household_said_no(NEW.case_id);
    IF was_refused <> (NEW.step = 'approve_first') THEN
        RAISE EXCEPTION 'case %: two approve the exit of who ever said no, one any other',
            NEW.case_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("exits", "0017_refusals_of_every_exit"),
        ("workflow", "0024_flagged_approvers"),
    ]
    operations = [written(STEPS), migrations.RunSQL(APPROVERS, BEFORE)]
