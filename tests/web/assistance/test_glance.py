"""Plan and results on the pages that join them with others: household, booklet, exits."""

from datetime import date
from decimal import Decimal

import pytest

from assistance.models import Delivery, ItemStatus, StopReason
from assistance.queries.glance import glance_at
from assistance.queries.helped import never_helped, unfinished
from exits.rules.risk import NEVER_HELPED, UNFINISHED
from households.rules import State
from registry.pages.cases.flags import flags_of
from tests import factories as make
from tests.procedures import move_date, open_unhelped
from trail.dates import business_date
from workflow.models import Case

pytestmark = pytest.mark.django_db
YEAR, TODAY = 2020, date(2020, 12, 10)
HINTS = {NEVER_HELPED, UNFINISHED}


@pytest.fixture
def today(calendar, tree):
    """The business date is TODAY."""
    move_date((TODAY - business_date()).days)


@pytest.fixture
def household(tree):
    """A poor household with a survey before help began and one since."""
    found = make.make_household(state=State.POOR, persons=2)
    for year, wage in ((2019, 6000), (2020, 9000)):
        make.make_survey(
            found, year, persons=2, wage_income=Decimal(wage), business_income=Decimal(0),
            property_income=Decimal(0), transfer_income=Decimal(0), business_expense=Decimal(0),
        )  # fmt: skip
    return found


@pytest.fixture
def plan(household):
    """Its plan of this year: one measure half delivered and overdue, one due at the end."""
    found = make.make_plan(household, YEAR)
    late = make.make_item(found, "IND-OWN", status=ItemStatus.ONGOING, delivered=Decimal(400),
                          due_on=date(2020, 11, 30))  # fmt: skip
    deliver(late, Decimal(400))
    make.make_item(found, "HEA-DOCTOR", household.members.first(), planned=Decimal(120))
    return found


def deliver(item, amount: Decimal) -> None:
    Delivery.everywhere.create(
        item=item, village_id=item.village_id, number=1, day=date(2020, 6, 1), kind="cash",
        amount=amount, recorded_by=make.the_operator(),
    )  # fmt: skip


def page(client, household) -> str:
    answer = client.get(f"/households/{household.number}/", HTTP_ACCEPT_LANGUAGE="en")
    assert answer.status_code == 200
    return " ".join(answer.text.split())


def test_the_household_page_tells_plan_and_results_in_one_glance(
    today, cast, signed_in, plan, household
):
    text = page(signed_in(cast.village_official), household)
    assert "Help in 2020" in text
    assert "own crops or livestock" in text
    assert "overdue" in text
    assert f"/assistance/plans/{plan.uuid}/" in text
    assert f"/assistance/households/{household.number}/recommendation/" in text
    assert f"/assistance/items/{plan.items.first().uuid}/" in text


def test_the_next_due_is_the_earliest_and_the_sums_are_those_of_the_plan(cast, plan, household):
    found = glance_at(cast.village_official, household, year=YEAR, today=TODAY)
    assert (found.planned, found.delivered) == (Decimal(1120), Decimal(400))
    assert (found.next.item.code, found.next.due.amount) == ("IND-OWN", Decimal(600))
    assert found.next.is_late


def test_the_change_since_help_began_is_that_of_the_incomes(cast, plan, household):
    found = glance_at(cast.village_official, household, year=YEAR, today=TODAY)
    assert found.effect.net.difference == 1500 * 100


def test_a_household_without_a_plan_is_told_the_next_step(today, cast, signed_in, household):
    text = page(signed_in(cast.village_official), household)
    assert "No plan of 2020 yet." in text
    assert f"/assistance/plans/households/{household.number}/" in text


def test_a_helper_reads_the_help_of_his_own_households_alone(today, cast, plan, household):
    assert glance_at(cast.helper, household, year=YEAR, today=TODAY) is None
    cadre = make.make_cadre(household.village_id[:6], account=cast.helper)
    make.make_pairing(household, cadre)
    assert glance_at(cast.helper, household, year=YEAR, today=TODAY).plan == plan


def test_whoever_reads_figures_alone_sees_no_plan(today, cast, signed_in, plan, household):
    assert "Help in 2020" not in page(signed_in(cast.reader), household)


def test_a_glance_takes_as_many_queries_however_many_measures(
    cast, plan, household, django_assert_max_num_queries
):
    for code in ("COM-BUY", "PAI-HELP", "AST-SHARE", "IND-LINK"):
        deliver(make.make_item(plan, code, status=ItemStatus.ONGOING), Decimal(0) + 1)
    with django_assert_max_num_queries(9):
        assert len(glance_at(cast.village_official, household, year=YEAR, today=TODAY).lines) == 6


def test_the_booklet_prints_the_plan_and_what_was_delivered(
    today, cast, signed_in, plan, household, in_english
):
    answer = signed_in(cast.village_official).get(
        f"/households/{household.number}/print/booklet/?year=2020"
    )
    text = " ".join(answer.text.split())
    assert "Plan of help and measures of 2020" in text
    assert "own crops or livestock" in text
    assert "400.00" in text


class TestHelped:
    """What an exit looks at."""

    def test_nobody_was_helped_by_what_is_agreed_alone(self, household):
        make.make_item(make.make_plan(household), "IND-OWN")
        assert never_helped([household.pk]) == {household.pk}

    @pytest.mark.parametrize(
        "fields",
        [
            {"status": ItemStatus.ONGOING},
            {"status": ItemStatus.DONE, "ended_on": date(2019, 5, 1)},
            {"status": ItemStatus.STOPPED, "ended_on": date(2019, 5, 1), "delivered": Decimal(1),
             "stop_reason": StopReason.FAILED},
        ],
    )  # fmt: skip
    def test_whom_anything_reached_was_helped(self, household, fields):
        make.make_item(make.make_plan(household), "IND-OWN", **fields)
        assert never_helped([household.pk]) == set()

    def test_what_was_stopped_before_anything_came_reached_nobody(self, household):
        make.make_item(make.make_plan(household), "IND-OWN", status=ItemStatus.STOPPED,
                       ended_on=date(2019, 5, 1), stop_reason=StopReason.FAILED)  # fmt: skip
        assert never_helped([household.pk]) == {household.pk}

    def test_unfinished_is_what_is_still_to_come_by_due_day(self, household):
        plan = make.make_plan(household)
        make.make_item(plan, "IND-OWN", status=ItemStatus.ONGOING, delivered=Decimal(400))
        make.make_item(plan, "COM-BUY", due_on=date(2019, 6, 30))
        make.make_item(plan, "LOAN-MICRO", status=ItemStatus.ONGOING, delivered=Decimal(1000))
        make.make_item(plan, "PAI-HELP", status=ItemStatus.DONE, delivered=Decimal(1000),
                       ended_on=date(2019, 5, 1))  # fmt: skip
        assert [one.code for one in unfinished(household.pk)] == ["COM-BUY", "IND-OWN"]


class TestExits:
    """Cases of households that leave the register."""

    @pytest.fixture
    def case(self, poor, cast, calendar):
        return open_unhelped(poor, "exit", by=cast.county_clerk)

    @pytest.fixture
    def poor(self, tree):
        """A household that is ready to leave, all guarantees met."""
        found = make.make_household(state=State.POOR, persons=2)
        make.make_survey(found, 2019, persons=2, wage_income=Decimal(20_000))
        return found

    @staticmethod
    def codes(cast, case) -> list[str]:
        found = Case.everywhere.get(pk=case.pk)
        return [flag.code for flag in flags_of([found])[case.pk]]

    @staticmethod
    def measured(case, **fields) -> None:
        household = make.Household.everywhere.get(number=case.subject)
        make.make_item(make.make_plan(household), "IND-OWN", **fields)

    def test_a_household_that_was_never_helped_is_flagged(self, cast, case):
        assert "never_helped" in self.codes(cast, case)

    def test_unfinished_help_is_flagged(self, cast, case):
        self.measured(case, status=ItemStatus.ONGOING, delivered=Decimal(10))
        assert [code for code in self.codes(cast, case) if code in HINTS] == ["unfinished"]

    def test_finished_help_is_not(self, cast, case):
        self.measured(case, status=ItemStatus.DONE, delivered=Decimal(1000),
                      ended_on=date(2019, 5, 1))  # fmt: skip
        assert not HINTS & set(self.codes(cast, case))

    def test_an_identification_is_not_asked_for_help(self, cast, calendar, tree):
        found = make.make_household(persons=3)
        make.make_survey(found, 2019, wage_income=Decimal(6000), housing=0)
        case = open_unhelped(found, "identification", by=cast.county_clerk)
        assert not HINTS & set(self.codes(cast, case))

    def test_the_page_of_the_case_says_it_in_words(self, cast, case, signed_in, in_english):
        self.measured(case, status=ItemStatus.AGREED)
        text = " ".join(signed_in(cast.county_clerk).get(f"/cases/{case.pk}/").text.split())
        assert "No measure of its own ever reached this household." in text
        assert "1 measure is agreed and not finished." in text

    def test_a_hint_keeps_no_exit_out_of_a_batch(self, cast, case):
        found = Case.everywhere.get(pk=case.pk)
        hints = [one for one in flags_of([found])[case.pk] if one.code in HINTS]
        assert hints
        assert not any(one.holds for one in hints)
