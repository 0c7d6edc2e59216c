"""An approved exit is taken back by a case of its own, by two approvers."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from exits.actions.opening import propose_revocation
from exits.models import Revocation, Tracking
from households.actions import take_over_facts
from households.rules import State
from officers.rules import Role
from tests import factories as make
from tests.procedures import IDENTIFIED, carry, move_date, open_for, take
from tests.web.exits.listed import reposted
from tests.web.exits.raw import written
from tests.web.exits.test_tracking import split
from trail.errors import NotAllowed, Refused, Stale
from workflow.errors import Incomplete

EXITED = ("plan", "appraise", "verify", "confirm", "post", "check", "approve", "announce")


@pytest.fixture
def household(tree):
    household = make.make_household(state=State.POOR, persons=2)
    make.make_survey(household, 2019, wage_income=Decimal(20_000))
    return household


@pytest.fixture
def exit_case(household, cast, calendar):
    case = open_for(household, "exit", by=cast.county_clerk)
    carry(case, cast, *EXITED)
    household.refresh_from_db()
    return case


@pytest.fixture
def second(cast):
    return make.make_officer(Role.COUNTY_APPROVER)


@pytest.fixture
def revocation(exit_case, cast, household):
    return propose_revocation(household, by=cast.county_clerk, reason="收入核实有误")


def checked(revocation, cast):
    by = make.make_officer(Role.TOWNSHIP_REVIEWER, make.TOWNSHIP)
    take(revocation, "check", by=by, cause="income", finding="工资未发")


@pytest.mark.parametrize("part", ["township_reviewer", "first_secretary", "county_approver"])
def test_who_signed_the_exit_does_not_check_whether_it_was_right(revocation, cast, part):
    signer = getattr(cast, part)
    if part != "township_reviewer":
        signer = reposted(signer, Role.TOWNSHIP_REVIEWER, make.TOWNSHIP)
    with pytest.raises(NotAllowed) as refused:
        take(revocation, "check", by=signer, cause="income", finding="工资未发")
    assert refused.value.code == "same_hand"


def revoked(revocation, first, second):
    """The revocation decided by two; the event of the second."""
    take(revocation, "revoke_first", by=first, note="收入不实")
    return take(revocation, "revoke", by=second, note="同意撤销")


def test_a_revoked_exit_gives_back_what_the_household_was(revocation, cast, second, household):
    checked(revocation, cast)
    revoked(revocation, second, cast.county_approver)
    household.refresh_from_db()
    assert (household.state, household.exit_year) == (State.POOR, None)
    assert revocation.closed_at is not None


def test_the_exit_stays_on_record_as_it_was_decided(revocation, exit_case, cast, second):
    before = list(exit_case.events.values_list("seq", "step", "facts_hash"))
    checked(revocation, cast)
    revoked(revocation, second, cast.county_approver)
    exit_case.refresh_from_db()
    assert exit_case.state == "announced"
    assert list(exit_case.events.values_list("seq", "step", "facts_hash")) == before
    assert Revocation.objects.get().exit == exit_case


def test_a_relapsed_household_gets_back_the_year_of_its_first_exit(cast, calendar, second, tree):
    household = make.make_household(state=State.RELAPSED, exit_year=2016, persons=2)
    make.make_survey(household, 2019, wage_income=Decimal(20_000))
    carry(open_for(household, "exit", by=cast.county_clerk), cast, *EXITED)
    case = propose_revocation(household, by=cast.county_clerk, reason="核实有误")
    checked(case, cast)
    revoked(case, second, cast.county_approver)
    household.refresh_from_db()
    assert (household.state, household.exit_year) == (State.RELAPSED, 2016)


def test_who_approved_the_exit_does_not_judge_it_first(revocation, cast):
    checked(revocation, cast)
    for step in ("revoke_first", "reject"):
        with pytest.raises(NotAllowed):
            take(revocation, step, by=cast.county_approver, note="原因")


def test_one_approver_alone_revokes_nothing(revocation, cast, second, household):
    checked(revocation, cast)
    take(revocation, "revoke_first", by=second, note="收入不实")
    household.refresh_from_db()
    assert household.state == State.EXITED
    for step in ("revoke", "reject"):
        with pytest.raises(NotAllowed):
            take(revocation, step, by=second, note="原因")


def test_who_approved_the_exit_may_agree_to_revoke_it_but_does_not_let_it_stand(
    revocation, cast, second
):
    checked(revocation, cast)
    take(revocation, "revoke_first", by=second, note="收入不实")
    with pytest.raises(NotAllowed):
        take(revocation, "reject", by=cast.county_approver, note="核实无误")
    assert take(revocation, "revoke", by=cast.county_approver, note="同意").to_state == "revoked"


def test_the_second_one_may_reject_what_the_first_would_revoke(revocation, cast, second, household):
    checked(revocation, cast)
    take(revocation, "revoke_first", by=second, note="收入不实")
    third = make.make_officer(Role.COUNTY_APPROVER)
    assert take(revocation, "reject", by=third, note="核实无误").to_state == "rejected"
    household.refresh_from_db()
    assert household.state == State.EXITED


def test_the_database_wants_two_approvers_as_well(revocation, cast, second):
    checked(revocation, cast)
    take(revocation, "revoke_first", by=second, note="收入不实")
    with pytest.raises(IntegrityError, match="had a hand"), transaction.atomic():
        written(revocation, "revoke", "revoked", second)
    with pytest.raises(IntegrityError, match="let it stand"), transaction.atomic():
        written(revocation, "reject", "rejected", cast.county_approver)


def test_the_second_approver_reads_what_the_first_said(
    revocation, cast, second, signed_in, in_english
):
    checked(revocation, cast)
    take(revocation, "revoke_first", by=second, note="收入不实")
    page = signed_in(cast.county_approver).get(reverse("pages:case", args=[revocation.pk]))
    points = {one.label: one.sentence for one in page.context["view"].panel.points}
    assert points["Approvers"].startswith(f"Two decide. {second.name} agreed on")
    assert points["Approvers"].endswith("The reason given: 收入不实")
    rows = signed_in(cast.county_approver).get(reverse("pages:inbox") + "?tab=seconds")
    assert [row.case.pk for row in rows.context["page"].rows] == [revocation.pk]


def test_facts_replaced_after_the_first_decision_send_it_back_to_the_check(
    revocation, cast, second, household
):
    checked(revocation, cast)
    take(revocation, "revoke_first", by=second, note="收入不实")
    make.make_survey(household, 2019, wage_income=Decimal(900), corrects=household.surveys.get())
    with pytest.raises(Stale):
        take(revocation, "revoke", by=cast.county_approver, note="同意")
    version = revocation.version
    take_over_facts(revocation.pk, by=cast.county_clerk, version=version, note="更正")
    revocation.refresh_from_db()
    assert revocation.state == "proposed"


def test_who_proposed_it_does_not_decide(revocation, cast, household):
    checked(revocation, cast)
    make.make_posting(cast.county_clerk, Role.COUNTY_APPROVER, make.OTHER_COUNTY)
    clerk = type(cast.county_clerk).objects.get(pk=cast.county_clerk.pk)
    clerk.postings.all().delete()
    make.make_posting(clerk, Role.COUNTY_APPROVER)
    with pytest.raises(NotAllowed):
        take(revocation, "revoke_first", by=type(clerk).objects.get(pk=clerk.pk), note="原因")


def test_it_is_checked_on_site_before_anybody_decides(revocation, second):
    with pytest.raises(Refused):
        take(revocation, "revoke_first", by=second, note="收入不实")


def test_a_rejected_revocation_leaves_the_exit(revocation, cast, second, household):
    checked(revocation, cast)
    take(revocation, "reject", by=second, note="核实无误")
    household.refresh_from_db()
    assert household.state == State.EXITED
    assert Tracking.everywhere.get().ended_on is None


def test_facts_corrected_since_are_taken_over_first(revocation, cast, second, household):
    checked(revocation, cast)
    make.make_survey(household, 2019, wage_income=Decimal(900), corrects=household.surveys.get())
    with pytest.raises(Stale):
        take(revocation, "revoke_first", by=second, note="收入不实")


def test_the_tracking_ends_with_the_exit(revocation, cast, second):
    checked(revocation, cast)
    move_date(3)
    event = revoked(revocation, second, cast.county_approver)
    tracking = Tracking.everywhere.get()
    assert (tracking.ended_on, tracking.ended_by) == (event.on, revocation)


@pytest.mark.parametrize("part", ["village_official", "county_approver", "township_reviewer"])
def test_the_countys_clerk_alone_asks_for_it(exit_case, cast, household, part):
    with pytest.raises(NotAllowed):
        propose_revocation(household, by=getattr(cast, part), reason="核实有误")


def test_a_reason_is_asked_for(exit_case, cast, household):
    with pytest.raises(Incomplete):
        propose_revocation(household, by=cast.county_clerk, reason="  ")


def test_loaded_history_is_not_revoked(cast, tree):
    household = make.make_household(state=State.EXITED)
    with pytest.raises(Refused) as refusal:
        propose_revocation(household, by=cast.county_clerk, reason="核实有误")
    assert refusal.value.code == "no_exit"


def test_an_exit_is_announced_before_it_can_be_revoked(cast, calendar, household):
    carry(open_for(household, "exit", by=cast.county_clerk), cast, *EXITED[:-1])
    with pytest.raises(Refused) as refusal:
        propose_revocation(household, by=cast.county_clerk, reason="核实有误")
    assert refusal.value.code == "not_announced"


def test_the_page_shows_who_signed_and_opens_the_case(
    exit_case, cast, household, signed_in, in_english
):
    client = signed_in(cast.county_clerk)
    address = reverse("exits:revoke", args=[household.number])
    page = client.get(address).text
    assert cast.county_approver.name in page
    assert "Approve the exit" in page
    answer = client.post(address, {"reason": "收入核实有误"})
    assert answer.status_code == 302
    shown = client.get(answer.url).text
    assert "收入核实有误" in shown
    assert "The exit of 2019 and who signed it" in shown


def test_another_role_does_not_open_the_page(exit_case, cast, household, signed_in):
    address = reverse("exits:revoke", args=[household.number])
    assert signed_in(cast.county_approver).get(address).status_code == 403


def test_the_database_refuses_a_revocation_of_no_exit(exit_case, revocation, cast, tree):
    other = make.make_case(make.make_household(state=State.EXITED), "revocation")
    with pytest.raises(IntegrityError, match="approved exit"), transaction.atomic():
        Revocation.objects.create(case=other, exit=exit_case)


def test_the_database_refuses_another_exit_for_a_revocation(revocation):
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE exits_revocation SET exit_id = case_id")


class TestSplitOff:
    """Who split off from an exited household stands on its exit, until that is revoked."""

    @pytest.fixture
    def fresh(self, exit_case, household, cast):
        make.make_member(household)
        return split(household, cast)

    @pytest.fixture
    def last(self, fresh, cast):
        """Who split off from the one that had split off."""
        make.make_member(fresh)
        return split(fresh, cast)

    def decide(self, household, cast, second):
        case = propose_revocation(household, by=cast.county_clerk, reason="收入核实有误")
        checked(case, cast)
        revoked(case, second, cast.county_approver)
        return case

    def test_all_of_them_are_taken_back_with_the_household(
        self, household, fresh, last, cast, second
    ):
        case = self.decide(household, cast, second)
        for one in (household, fresh, last):
            one.refresh_from_db()
            assert (one.state, one.exit_year) == (State.POOR, None)
        assert set(Tracking.everywhere.values_list("ended_by", flat=True)) == {case.pk}

    def test_who_came_back_by_a_case_of_his_own_keeps_what_it_decided(
        self, household, fresh, last, cast, second
    ):
        make.make_survey(fresh, 2019, water=0)
        again = open_for(fresh, "reinclusion", by=cast.county_clerk)
        carry(again, cast, *IDENTIFIED[: IDENTIFIED.index("approve")])
        take(again, "approve", by=cast.county_approver, note="户籍资料待补，不影响认定")
        self.decide(household, cast, second)
        for one, state in ((fresh, State.RELAPSED), (last, State.POOR)):
            one.refresh_from_db()
            assert one.state == state

    def test_a_rejected_revocation_takes_nobody_back(self, household, fresh, cast, second):
        case = propose_revocation(household, by=cast.county_clerk, reason="收入核实有误")
        checked(case, cast)
        take(case, "reject", by=second, note="核实无误")
        fresh.refresh_from_db()
        assert fresh.state == State.EXITED
        assert Tracking.everywhere.filter(ended_on=None).count() == 2

    def test_the_page_names_them_before_and_after_the_decision(
        self, household, fresh, cast, second, signed_in, in_english
    ):
        case = propose_revocation(household, by=cast.county_clerk, reason="收入核实有误")
        address = reverse("pages:case", args=[case.pk])

        def named():
            text = signed_in(cast.county_approver).get(address).text
            return text.partition('<h2 id="carried">')[2].partition("</section>")[0]

        assert fresh.number in named()
        checked(case, cast)
        revoked(case, second, cast.county_approver)
        assert fresh.number in named()
