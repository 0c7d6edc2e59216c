from datetime import date, timedelta

import pytest

from exits.procedure import EXIT
from monitoring.rules import UNDER_WATCH, months_later, risk_is_gone_for_long
from officers.rules import Role
from workflow.appraisal import PLACE, appraised, enough_visitors, voted_down
from workflow.machine import Evidence, Hand, Kind, Posted, Situation, Step
from workflow.parameters import PARAMETERS, QUORUM, VISITORS, WATCH_MONTHS
from workflow.procedures import machines
from workflow.rules import (
    differences,
    evidence_faults,
    last_day,
    notice_faults,
    same_hand,
)

TODAY = date(2020, 3, 9)
ROLES = frozenset({Role.VILLAGE_OFFICIAL})


def noticed(last: date | None, objections: int = 0) -> Situation:
    posted = (Posted("post", last),) if last else ()
    return Situation("noticed", {}, TODAY, posted=posted, open_objections=objections)


def held(name: str, situation: Situation) -> bool:
    return bool(notice_faults(EXIT, EXIT.step("noticed", name), situation))


@pytest.mark.parametrize(("counted_from", "last"), [(date(2021, 3, 1), 8), (date(2021, 3, 5), 12)])
def test_seven_days_end_on_the_seventh_day_after_the_posting(counted_from, last):
    assert last_day(counted_from, 7) == date(2021, 3, last)


def test_the_next_step_is_held_through_the_last_day():
    assert held("check", noticed(TODAY))
    assert not held("check", noticed(TODAY - timedelta(days=1)))


@pytest.mark.parametrize("name", ["check", "return", "reject"])
def test_a_running_notice_holds_every_step_but_a_withdrawal(name):
    assert held(name, noticed(TODAY + timedelta(days=3)))
    assert not held("withdraw", noticed(TODAY + timedelta(days=3)))


@pytest.mark.parametrize("name", ["check", "return", "reject"])
def test_an_open_objection_holds_the_case_after_the_last_day_too(name):
    assert held(name, noticed(TODAY - timedelta(days=3), objections=1))


def test_without_its_line_a_case_goes_back_but_not_on():
    assert held("check", noticed(None))
    assert not held("return", noticed(None))
    assert not held("reject", noticed(None))


def test_a_step_before_any_notice_is_not_held():
    step = EXIT.step("planned", "appraise")
    assert notice_faults(EXIT, step, Situation("planned", {}, TODAY)) == []


def test_an_earlier_step_of_the_same_hand_is_found():
    step = EXIT.step("appraised", "verify")
    hands = (Hand(1, "open", "proposed", TODAY), Hand(2, "appraise", "appraised", TODAY))
    assert same_hand(step, hands, 1) == hands[0]
    assert same_hand(step, hands, 2) == hands[1]
    assert same_hand(step, hands, 3) is None


ASKED = Step(
    "ask",
    "a",
    "b",
    ROLES,
    "ask",
    needs_note=True,
    needs_evidence=(
        Evidence("what", "what"),
        Evidence("count", "count", Kind.NUMBER),
        Evidence("day", "day", Kind.DATE),
        Evidence("kind", "kind", Kind.CHOICE, (("x", "X"),)),
    ),
)
SOUND = {"what": "公示栏", "count": 0, "day": TODAY, "kind": "x"}


def test_sound_entries_have_no_fault():
    assert evidence_faults(ASKED, SOUND, "因为", TODAY) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("what", None),
        ("what", ""),
        ("what", "  "),
        ("what", "长" * 501),
        ("count", None),
        ("count", -1),
        ("count", True),
        ("count", "3"),
        ("day", TODAY + timedelta(days=1)),
        ("day", "2020-03-09"),
        ("kind", "y"),
        ("other", "x"),
    ],
)
def test_a_missing_or_impossible_entry_is_named(name, value):
    faults = evidence_faults(ASKED, SOUND | {name: value}, "因为", TODAY)
    assert [fault.field for fault in faults] == [name]


def test_a_blank_note_is_named_where_one_is_needed():
    assert [fault.field for fault in evidence_faults(ASKED, SOUND, " ", TODAY)] == ["note"]


def meeting(**votes: int) -> Situation:
    evidence = {
        "representatives": 30,
        "present": 20,
        "votes_for": 11,
        "votes_against": 9,
        "abstentions": 0,
    } | votes
    return Situation("a", {}, TODAY, evidence=evidence, parameters={QUORUM: [2, 3]})


def named(faults):
    return [fault.field for fault in faults]


def test_two_thirds_of_the_representatives_are_a_quorum():
    assert appraised(meeting()) == []
    assert named(appraised(meeting(present=19, votes_against=8))) == ["present"]
    assert named(appraised(meeting(representatives=31))) == ["present"]


def test_half_of_those_present_is_no_majority():
    assert named(appraised(meeting(votes_for=10, votes_against=10))) == ["votes_for"]
    assert voted_down(meeting(votes_for=10, votes_against=10)) == []
    assert named(voted_down(meeting())) == ["votes_for"]


def test_votes_must_add_up_to_those_present():
    assert named(appraised(meeting(abstentions=1))) == ["abstentions"]


def test_nobody_is_present_beyond_those_entitled():
    assert named(appraised(meeting(present=31))) == ["present"]


def test_an_empty_meeting_is_no_quorum():
    empty = meeting(representatives=0, present=0, votes_for=0, votes_against=0)
    assert named(appraised(empty)) == ["present"]


@pytest.mark.parametrize(
    ("visitors", "enough"),
    [
        ("王建国, 李芳", True),
        ("王建国、李芳", True),
        ("王建国，李芳", True),
        ("王建国", False),
        ("王, 王", False),
    ],
)
def test_two_different_people_visit(visitors, enough):
    situation = Situation("a", {}, TODAY, evidence={"visitors": visitors}, parameters={VISITORS: 2})
    assert (enough_visitors(situation) == []) is enough


def watched(since: date, today: date) -> list:
    hands = (Hand(1, "approve", UNDER_WATCH, since),)
    return risk_is_gone_for_long(
        Situation("clearing_reviewed", {}, today, hands, parameters={WATCH_MONTHS: 6})
    )


def test_a_risk_is_gone_half_a_year_after_the_watch_began_at_the_earliest():
    assert watched(date(2022, 3, 15), date(2022, 9, 14))
    assert not watched(date(2022, 3, 15), date(2022, 9, 15))
    assert watched(date(2023, 3, 1), date(2023, 6, 30))


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2021, 8, 31), 6, date(2022, 2, 28)),
        (date(2023, 8, 31), 6, date(2024, 2, 29)),
        (date(2021, 12, 1), 1, date(2022, 1, 1)),
    ],
)
def test_months_later_stays_within_the_month(day, months, later):
    assert months_later(day, months) == later


def test_differences_are_named_down_to_the_entry():
    before = {"a": 1, "b": {"c": 2, "d": 3}, "e": 5}
    after = {"a": 1, "b": {"c": 2, "d": 4}, "f": 6}
    assert differences(before, after) == {"b.d": (3, 4), "e": (5, None), "f": (None, 6)}


@pytest.mark.parametrize(
    ("key", "value", "allowed"),
    [
        (WATCH_MONTHS, 6, True),
        (WATCH_MONTHS, 0, False),
        (WATCH_MONTHS, "6", False),
        (WATCH_MONTHS, True, False),
        (QUORUM, [2, 3], True),
        (QUORUM, [4, 3], False),
        (QUORUM, [0, 3], False),
        (QUORUM, 2, False),
    ],
)
def test_a_parameter_keeps_its_limits(key, value, allowed):
    assert PARAMETERS[key].allows(value) is allowed


def said_of_the_place(text: str) -> list[str]:
    step = EXIT.step("confirmed", "post")
    return [fault.field for fault in evidence_faults(step, {"place": text}, "", TODAY)]


@pytest.mark.parametrize(
    "text",
    [
        "公示栏，联系人13800138000",
        "公示栏 138 0013 8000",
        "公示栏 138-0013-8000",
        "公示栏１３８００１３８０００",
        "公示栏+8613800138000",
        "11010519491231002X 张某门口",
        "110105 19491231 002X",
        "130503670401001",
        "卡号6222021234567890123",
        "卡号6222 0212 3456 7890",
    ],
)
def test_no_number_of_a_person_stands_at_the_place_of_posting(text):
    assert said_of_the_place(text) == ["place"]


@pytest.mark.parametrize(
    "text",
    [
        "村委会公示栏",
        "三组12号门口，2019年12月1日",
        "村部电话 0717-1234567",
        "1号公示栏 2019-12-10",
        "邮编443000",
    ],
)
def test_other_numbers_may_stand_there(text):
    assert said_of_the_place(text) == []


def test_the_place_is_no_longer_than_a_notice_keeps_it():
    assert said_of_the_place("栏" * 200) == []
    assert said_of_the_place("栏" * 201) == ["place"]


def test_every_place_of_posting_is_public():
    """Whatever a notice copies from a step is looked at before."""
    places = {
        entry
        for machine in machines()
        for step in machine.steps
        for entry in step.needs_evidence
        if entry.name == "place"
    }
    assert places == set(PLACE)
    assert all(one.public for one in places)
