"""The year's calendar: borders of the phases, what is done, which year is at hand."""

from datetime import date, timedelta

import pytest

from officers.rules import Role
from reviews.calendar import (
    KEYS,
    Phase,
    Progress,
    Standing,
    done_phases,
    due_for,
    standing_of,
    terms,
    year_at_hand,
    years_at_work,
)

WINDOWS = dict(
    zip(
        KEYS,
        [
            ["10-01", "10-31"],
            ["11-01", "11-20"],
            ["11-21", "11-23"],
            ["11-24", "11-25"],
            "12-31",
        ],
        strict=True,
    )
)
NOTHING_DONE = Progress(missing=3, to_clear=2, reviewed=False, committed=False, frozen=False)
BEGIN, END = date(2020, 10, 1), date(2020, 10, 31)


def of(today: date, done=(), windows=WINDOWS):
    return {one.phase: one for one in terms(windows, year=2020, today=today, done=done)}


def done(**facts) -> frozenset[Phase]:
    return done_phases(Progress(**vars(NOTHING_DONE) | facts))


@pytest.mark.parametrize(
    ("today", "standing", "left", "late"),
    [
        (BEGIN - timedelta(days=1), Standing.TO_COME, 31, 0),
        (BEGIN, Standing.RUNNING, 30, 0),
        (END - timedelta(days=1), Standing.RUNNING, 1, 0),
        (END, Standing.RUNNING, 0, 0),
        (END + timedelta(days=1), Standing.OVERDUE, -1, 1),
        (date(2021, 10, 31), Standing.OVERDUE, -365, 365),
    ],
)
def test_a_phase_holds_its_first_and_its_last_day(today, standing, left, late):
    term = of(today)[Phase.FIELD_WORK]
    assert (term.standing, term.days_left, term.days_late) == (standing, left, late)


def test_a_phase_of_one_day_is_running_on_that_day_alone():
    day = date(2020, 11, 24)
    around = [day - timedelta(days=1), day, day + timedelta(days=1)]
    assert [standing_of(day, day, today=today) for today in around] == [
        Standing.TO_COME,
        Standing.RUNNING,
        Standing.OVERDUE,
    ]


def test_the_phases_stand_in_the_order_of_the_year():
    assert [*of(BEGIN)] == [*Phase]


def test_the_decision_begins_the_day_after_the_audit_and_ends_with_the_freeze():
    term = of(BEGIN)[Phase.DECISION]
    assert (term.begin, term.end) == (date(2020, 11, 26), date(2020, 12, 31))


def test_a_freeze_before_the_audit_ends_leaves_the_decision_its_last_day():
    term = of(BEGIN, windows=WINDOWS | {KEYS[4]: "11-24"})[Phase.DECISION]
    assert term.begin == term.end == date(2020, 11, 24)


@pytest.mark.parametrize(("year", "left"), [(2020, 2), (2019, 1)])
def test_a_leap_year_has_its_day_between(year, left):
    windows = WINDOWS | {KEYS[0]: ["02-01", "03-01"]}
    [term, *_rest] = terms(windows, year=year, today=date(year, 2, 28), done=())
    assert term.days_left == left


def test_what_is_done_is_never_overdue():
    term = of(date(2021, 1, 5), done={Phase.ENTRY})[Phase.ENTRY]
    assert term.standing == Standing.DONE


def test_only_what_has_begun_and_is_not_done_is_due_for_the_role_that_does_it():
    today = date(2020, 11, 22)
    year = [*of(today, done={Phase.ENTRY}).values()]
    assert [one.phase for one in due_for(Role.VILLAGE_OFFICIAL, year)] == [Phase.FIELD_WORK]
    assert [one.phase for one in due_for(Role.TEAM_MEMBER, year)] == [Phase.FIELD_WORK]
    assert [one.phase for one in due_for(Role.TOWNSHIP_REVIEWER, year)] == [Phase.CLEANING]
    assert due_for(Role.COUNTY_CLERK, year) == []
    assert due_for(Role.READER, year) == []


def test_nothing_is_done_while_facts_are_missing():
    assert done() == frozenset()


def test_all_surveyed_ends_the_field_work_and_the_entry():
    assert done(missing=0) == {Phase.FIELD_WORK, Phase.ENTRY}


def test_the_cleaning_ends_when_nothing_is_missing_and_nothing_to_clear():
    assert done(missing=0, to_clear=0) == {Phase.FIELD_WORK, Phase.ENTRY, Phase.CLEANING}
    assert done(to_clear=0) == frozenset()


def test_what_nobody_counted_is_not_done():
    assert done(missing=None, to_clear=None) == frozenset()


def test_a_finished_review_ends_the_audit_and_nothing_else():
    assert done(reviewed=True) == {Phase.AUDIT}


def test_the_decision_needs_the_commitment_and_the_freeze():
    assert Phase.DECISION not in done(reviewed=True, committed=True)
    assert Phase.DECISION not in done(frozen=True)
    assert Phase.DECISION in done(reviewed=True, committed=True, frozen=True)


def test_after_the_freeze_nobody_surveys_or_cleans():
    assert done(frozen=True) == {Phase.FIELD_WORK, Phase.ENTRY, Phase.CLEANING}


@pytest.mark.parametrize(
    ("begun", "frozen", "years"),
    [
        ([], [], (2021,)),
        ([2020], [], (2020, 2021)),
        ([2020, 2021], [2020], (2021,)),
        ([2020, 2021], [2021], (2020,)),
        ([2020, 2021], [2020, 2021], ()),
        ([2019], [], (2021,)),
    ],
)
def test_last_year_is_at_work_until_it_is_frozen(begun, frozen, years):
    assert years_at_work(date(2021, 3, 1), begun=begun, frozen=frozen) == years


@pytest.mark.parametrize(
    ("today", "at_work", "year"),
    [
        (date(2021, 1, 1), (2020, 2021), 2020),
        (date(2021, 9, 30), (2020, 2021), 2020),
        (date(2021, 10, 1), (2020, 2021), 2021),
        (date(2021, 1, 1), (2021,), 2021),
        (date(2021, 1, 1), (), 2021),
    ],
)
def test_a_page_opens_with_last_year_up_to_the_next_field_work(today, at_work, year):
    assert year_at_hand(today, at_work, ["10-01", "10-31"]) == year
