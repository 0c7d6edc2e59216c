"""What the database itself refuses of an exit's steps and notices, whoever writes the rows."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction

from exits.actions.opening import propose_revocation
from households.rules import State
from officers.rules import Role
from tests import factories as make
from tests.procedures import carry, move_to, open_for, take
from tests.procedures import wait_for_notice as wait
from tests.unguarded import unguarded
from tests.web.exits.raw import refused, sql, written
from trail.dates import business_date
from workflow.actions import record_objection
from workflow.models import Case, Notice

pytestmark = pytest.mark.django_db
NOTICED = ("plan", "appraise", "verify", "confirm", "post")
CHECKED = (*NOTICED, "check")


@pytest.fixture
def household(tree):
    found = make.make_household(state=State.POOR, persons=2)
    make.make_survey(found, 2019, wage_income=Decimal(20_000))
    return found


@pytest.fixture
def case(household, cast, calendar):
    return open_for(household, "exit", by=cast.county_clerk)


@pytest.fixture
def checked(case, cast):
    carry(case, cast, *CHECKED)
    return case


@pytest.fixture
def noticed(case, cast):
    carry(case, cast, *NOTICED)
    return case


class TestSteps:
    """Every event is a step of the procedure, by a role and a hand that may take it."""

    def test_what_the_action_writes_passes_as_raw_sql_too(self, checked, cast):
        written(checked, "approve", "approved", cast.county_approver)
        checked.refresh_from_db()
        assert (checked.state, checked.events.last().decides) == ("approved", True)

    @pytest.mark.parametrize(
        ("step", "target"),
        [
            ("approve", "approved"),
            ("check", "checked"),
            ("plan", "approved"),
            ("plan", "withdrawn"),
            ("invented", "planned"),
            ("open", "planned"),
        ],
    )
    def test_a_step_that_the_procedure_does_not_have(self, case, cast, step, target):
        with refused("no such step"):
            written(case, step, target, cast.county_approver)

    def test_a_step_from_where_the_case_does_not_stand(self, case, cast):
        with refused("does not stand there"):
            written(case, "approve", "approved", cast.county_approver, source="checked")

    def test_a_case_that_begins_in_the_middle(self, household, cast):
        with unguarded():
            case = Case.everywhere.create(
                kind="exit", subject=household.number, division_id=make.VILLAGE, state="checked",
                version=0, facts={}, facts_hash="x", proposed_by=cast.county_clerk,
                opened_on=business_date(), entered_state_on=business_date(),
            )  # fmt: skip
        with refused("no such step"):
            written(case, "open", "checked", cast.county_clerk, source="")

    def test_a_decision_that_is_not_marked_as_one(self, checked, cast):
        with refused("marked"):
            written(checked, "approve", "approved", cast.county_approver, decides=False)

    def test_a_step_before_the_last_one(self, checked, cast):
        earlier = business_date() - timedelta(days=1)
        with refused("earlier than the last step"):
            written(checked, "approve", "approved", cast.county_approver, on=earlier)

    def test_a_step_of_another_role(self, checked, cast):
        with refused("not a step of that role"):
            written(checked, "approve", "approved", cast.township_reviewer)

    @pytest.mark.parametrize("part", ["stranger", "nobody"])
    def test_a_role_that_its_officer_does_not_hold(self, checked, cast, part):
        borrowed = {"role": "county_approver", "posted_to": make.COUNTY}
        with refused("nobody posted there"):
            written(checked, "approve", "approved", getattr(cast, part), **borrowed)

    def test_a_posting_elsewhere(self, checked):
        other = make.make_officer(Role.COUNTY_APPROVER, make.OTHER_COUNTY)
        with refused("nobody posted there"):
            written(checked, "approve", "approved", other)

    def test_a_posting_that_has_ended(self, checked, cast):
        cast.county_approver.postings.update(ends_on=business_date() - timedelta(days=1))
        with refused("nobody posted there"):
            written(checked, "approve", "approved", cast.county_approver)


class TestHands:
    """Whoever had a hand in a case does not judge it, whatever he is today."""

    @pytest.mark.parametrize("part", ["county_clerk", "village_official", "township_reviewer"])
    def test_who_prepared_an_exit_and_became_approver(self, checked, cast, part):
        officer = getattr(cast, part)
        officer.postings.update(ends_on=business_date() - timedelta(days=1))
        make.make_posting(officer, Role.COUNTY_APPROVER, starts_on=business_date())
        now = {"role": "county_approver", "posted_to": make.COUNTY}
        with refused(r"had a hand|cannot decide"):
            written(checked, "approve", "approved", officer, **now)

    def test_who_appraised_does_not_verify(self, case, cast):
        carry(case, cast, "plan", "appraise")
        officer = cast.village_official
        make.make_posting(officer, Role.TEAM_MEMBER, make.VILLAGE)
        now = {"role": "team_member", "posted_to": make.VILLAGE}
        with refused("had a hand"):
            written(case, "verify", "verified", officer, **now)

    def test_who_recorded_the_facts(self, checked, cast):
        sql(
            "INSERT INTO officers_posting (officer_id, role, division_id, starts_on, end_reason)"
            " VALUES (%s, 'county_approver', %s, '2014-01-01', '')",
            [make.the_operator().pk, make.COUNTY],
        )
        assert make.the_operator().pk in checked.facts["hands"]
        now = {"role": "county_approver", "posted_to": make.COUNTY}
        with refused("recorded the facts"):
            written(checked, "approve", "approved", make.the_operator(), **now)

    @pytest.mark.parametrize("withdrawn", [False, True])
    def test_who_recorded_a_version_that_was_corrected_since(
        self, household, cast, calendar, withdrawn
    ):
        first = household.surveys.get()
        corrected = make.make_survey(
            household, 2019, wage_income=Decimal(21_000), corrects=first,
            recorded_by=cast.county_approver,
        )  # fmt: skip
        if withdrawn:
            sql("UPDATE households_survey SET withdrawn_at = now() WHERE id = %s", [corrected.pk])
        later = {"corrects": first if withdrawn else corrected, "wage_income": Decimal(22_000)}
        make.make_survey(household, 2019, recorded_by=cast.county_clerk, **later)
        case = open_for(household, "exit", by=cast.village_official)
        facts = case.facts | {"hands": [cast.county_clerk.pk]}
        with unguarded():
            Case.everywhere.filter(pk=case.pk).update(facts=facts)
        with refused("who ever recorded"):
            written(case, "plan", "planned", cast.county_approver)

    def test_who_doubted_does_not_approve(self, checked, cast):
        take(checked, "doubt", by=cast.county_approver, note="看一看")
        with refused("had a hand"):
            written(checked, "approve", "approved", cast.county_approver)

    def test_one_approver_where_the_household_refused(self, case, cast):
        carry(case, cast, "plan", "appraise", "verify", "refuse", "answer", "post")
        carry_on = make.make_officer(Role.TOWNSHIP_REVIEWER, make.TOWNSHIP)
        wait(case)
        take(case, "check", by=carry_on)
        with refused("two approve"):
            written(case, "approve", "approved", cast.county_approver)

    def test_one_approver_where_the_household_refused_an_exit_before(self, household, case, cast):
        carry(case, cast, "plan", "appraise", "verify", "refuse")
        take(case, "withdraw", by=cast.county_clerk, note="撤回")
        again = open_for(household, "exit", by=cast.county_clerk)
        carry(again, cast, *CHECKED)
        with refused("two approve"), transaction.atomic():
            written(again, "approve", "approved", cast.county_approver)
        written(again, "approve_first", "seconded", cast.county_approver)

    def test_the_first_approver_as_the_second(self, case, cast):
        carry(case, cast, "plan", "appraise", "verify", "refuse", "answer", "post")
        wait(case)
        take(case, "check", by=make.make_officer(Role.TOWNSHIP_REVIEWER, make.TOWNSHIP))
        written(case, "approve_first", "seconded", cast.county_approver)
        with refused("had a hand"):
            written(case, "approve", "approved", cast.county_approver)

    def test_who_approved_an_exit_does_not_revoke_it(self, checked, household, cast):
        carry(checked, cast, "approve", "announce")
        household.refresh_from_db()
        case = propose_revocation(household, by=cast.county_clerk, reason="假数")
        take(case, "check", by=make.make_officer(Role.TOWNSHIP_REVIEWER, make.TOWNSHIP))
        with refused("does not judge it first"):
            written(case, "revoke_first", "seconded", cast.county_approver)


class TestNotices:
    """A notice hangs its days, and what is said against it is answered first."""

    def check(self, case, cast, **other):
        written(case, "check", "checked", cast.township_reviewer, **other)

    def test_a_check_on_the_last_day(self, noticed, cast):
        last = noticed.notice_lines.get().notice.last_day
        with refused("waits for the end"):
            self.check(noticed, cast, on=last)

    def test_a_check_on_the_day_after(self, noticed, cast):
        move_to(noticed.notice_lines.get().notice.last_day + timedelta(days=1))
        self.check(noticed, cast)

    def test_a_check_dated_to_the_day_after_before_it_came(self, noticed, cast):
        last = noticed.notice_lines.get().notice.last_day
        move_to(last)
        with refused("still to come"):
            self.check(noticed, cast, on=last + timedelta(days=1))

    def test_a_check_without_a_line(self, noticed, cast):
        wait(noticed)
        sql("UPDATE workflow_noticeline SET removed_at = now() - interval '1 hour'")
        with refused("stands on no notice"):
            self.check(noticed, cast)

    def test_a_line_put_on_an_old_notice(self, household, case, cast):
        carry(case, cast, "plan", "appraise", "verify", "confirm")
        old = Notice.everywhere.create(
            division_id=make.VILLAGE, kind="exit", step="post", place="x", days=7,
            posted_on="2019-01-01", counted_from="2019-01-01", last_day="2019-01-08",
            posted_by=cast.village_official,
        )  # fmt: skip
        written(case, "post", "noticed", cast.village_official)
        sql(
            'INSERT INTO workflow_noticeline (notice_id, case_id, serial, "group", householder,'
            " people) VALUES (%s, %s, 1, '', 'x', 2)",
            [old.pk, case.pk],
        )
        with refused("waits for the end"):
            self.check(case, cast)

    def test_a_check_while_an_objection_is_open(self, noticed, cast):
        day = business_date()
        record_objection(noticed.pk, by=cast.village_official, received_on=day, text="有车")
        wait(noticed)
        with refused("waits for an objection"):
            self.check(noticed, cast)

    def test_a_notice_of_fewer_days(self, noticed, cast):
        with refused("hangs 7 days"):
            Notice.everywhere.create(
                division_id=make.VILLAGE, kind="exit", step="post", place="x", days=6,
                posted_on="2019-01-01", counted_from="2019-01-01", last_day="2019-01-07",
                posted_by=cast.village_official,
            )  # fmt: skip

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE workflow_notice SET days = 1, last_day = counted_from + 1",
            "UPDATE workflow_notice SET posted_on = posted_on - 9",
            "UPDATE workflow_notice SET posted_on = posted_on - 9, counted_from = counted_from - 9,"
            " last_day = last_day - 9",
            "UPDATE workflow_noticeline SET householder = 'x'",
            "UPDATE workflow_noticeline SET removed_at = NULL",
            "DELETE FROM workflow_noticeline",
            "DELETE FROM workflow_objection",
            "UPDATE workflow_objection SET text = 'x'",
            "UPDATE workflow_objection SET upheld = false",
        ],
    )
    def test_what_was_posted_and_said_stays(self, noticed, cast, statement):
        by, day = cast.village_official, business_date()
        objection = record_objection(noticed.pk, by=by, received_on=day, text="有车")
        sql(
            "UPDATE workflow_objection SET resolved_on = %s, resolved_by_id = %s, upheld = true",
            [day, cast.township_reviewer.pk],
        )
        sql("UPDATE workflow_noticeline SET removed_at = now()")
        assert objection.pk
        with refused(r"stays|resolved once"):
            sql(statement)

    def test_who_proposed_a_case_resolves_no_objection_to_it(self, noticed, cast):
        by, day = cast.village_official, business_date()
        record_objection(noticed.pk, by=by, received_on=day, text="有车")
        with refused("prepared the case"):
            sql(
                "UPDATE workflow_objection SET resolved_on = %s, resolved_by_id = %s,"
                " upheld = false",
                [day, cast.county_clerk.pk],
            )
