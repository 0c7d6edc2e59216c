"""What an approved change of a household does to its helper and to the tasks about it."""

from datetime import date, timedelta

import pytest

from households.actions.changes import propose_change
from households.models import Household
from households.rules import State
from officers.models import Officer
from registry.pages.cases.acts import ADVANCE
from teams.models import Pairing, Task
from teams.queries.pairings import helper_of
from tests import factories as make
from tests.web.households.changes.changed import active, wanted
from trail.dates import business_date
from trail.models import Change
from workflow.models import Case

pytestmark = pytest.mark.django_db


@pytest.fixture
def household(tree) -> Household:
    return make.make_household(state=State.POOR, persons=3)


@pytest.fixture
def today(cast) -> date:
    return business_date()


def step(case: Case, name: str, by: Officer) -> None:
    """One step of the case as its page takes it."""
    case.refresh_from_db()
    ADVANCE["change"](case.pk, name, by=by, version=case.version)


def approved(household: Household, cast, kind: str, **entries) -> Case:
    """A change that the village reports and the township approves."""
    household.refresh_from_db()
    case = propose_change(household, wanted(kind, **entries), by=cast.village_official)
    if case.facts["needs_county"]:
        step(case, "pass_on", cast.township_reviewer)
        step(case, "approve", cast.county_approver)
    else:
        step(case, "approve", cast.township_reviewer)
    household.refresh_from_db()
    return case


def open_task(household: Household, by: Officer, **more) -> Task:
    return Task.everywhere.create(
        household=household, village_id=household.village_id, text_sealed=b"x", assignee=by,
        due_on=date(2020, 9, 1), opened_by=by, opened_on=date(2020, 6, 1), **more,
    )  # fmt: skip


def test_the_helper_and_the_open_tasks_follow_a_household_that_moves(cast, household, today):
    pairing = make.make_pairing(household)
    past = make.make_pairing(household, starts_on=date(2018, 1, 1), last_day=date(2018, 12, 31))
    task = open_task(household, cast.first_secretary)
    done = open_task(
        household, cast.first_secretary, closed_on=date(2020, 6, 2), result="done",
        closed_by=cast.first_secretary,
    )  # fmt: skip
    approved(household, cast, "relocation", to_village=make.NEXT_VILLAGE)
    places = {one.pk: one.village_id for one in Pairing.everywhere.filter(household=household)}
    assert places == {pairing.pk: make.NEXT_VILLAGE, past.pk: make.VILLAGE}
    tasks = {one.pk: one.village_id for one in Task.everywhere.filter(household=household)}
    assert tasks == {task.pk: make.NEXT_VILLAGE, done.pk: make.VILLAGE}
    assert set(
        Change.objects.filter(action__in=["move_pairing", "move_task"]).values_list(
            "division_code", flat=True
        )
    ) == {make.NEXT_VILLAGE}


def test_nothing_follows_before_the_change_is_approved(cast, household):
    pairing = make.make_pairing(household)
    household.refresh_from_db()
    case = propose_change(
        household, wanted("relocation", to_village=make.NEXT_VILLAGE), by=cast.village_official
    )
    case.refresh_from_db()
    ADVANCE["change"](
        case.pk, "return", by=cast.township_reviewer, version=case.version, note="补证明"
    )
    pairing.refresh_from_db()
    assert (pairing.village_id, pairing.version) == (make.VILLAGE, 1)


def test_a_household_that_merged_needs_its_helper_no_more(cast, household, today):
    other = make.make_household(state=State.POOR)
    pairing, others = make.make_pairing(household), make.make_pairing(other)
    relations = {one.pk: "22" for one in active(household)}
    approved(household, cast, "merge", other=other.number, relations=relations)
    pairing.refresh_from_db()
    assert (pairing.last_day, pairing.end_reason) == (today, "household")
    assert helper_of(household, today + timedelta(days=1)) is None
    assert helper_of(other, today) == others


def test_a_household_that_nobody_is_left_of_needs_no_helper(cast, today):
    alone = make.make_household(state=State.POOR)
    pairing = make.make_pairing(alone)
    approved(alone, cast, "death", goes=frozenset({active(alone)[0].pk}))
    assert alone.state == State.CANCELLED
    pairing.refresh_from_db()
    assert (pairing.last_day, pairing.end_reason) == (today, "household")


def split(household, cast) -> Household:
    """The last member founds a household of his own."""
    leaving = active(household)[-1]
    approved(household, cast, "split", goes=frozenset({leaving.pk}), relations={leaving.pk: "01"})
    return Household.everywhere.get(split_from=household)


def test_a_household_that_split_off_has_the_same_helper(cast, household, today):
    pairing = make.make_pairing(household)
    fresh = split(household, cast)
    shared = helper_of(fresh, today)
    assert (shared.cadre_id, shared.starts_on) == (pairing.cadre_id, today)
    assert helper_of(household, today) == pairing


def test_a_household_that_split_off_waits_for_a_helper_with_a_place(cast, household, today):
    full = make.make_pairing(household).cadre
    for _ in range(4):
        make.make_pairing(make.make_household(state=State.POOR), full)
    assert helper_of(split(household, cast), today) is None
    assert Pairing.everywhere.filter(cadre=full).count() == 5


def test_a_household_that_split_off_from_one_without_helper_has_none(cast, household, today):
    assert helper_of(split(household, cast), today) is None
