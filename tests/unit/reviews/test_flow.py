"""The rule of the flow on the field's own figures."""

import pytest

from households.rules import State
from reviews.flow import Count, Course, People, crossing, flow_of, lines_of

STAYS, COMES, LEAVES = (
    (True, True, True, True),
    (False, True, True, True),
    (True, False, True, True),
)


def whole(persons: int) -> People:
    """Households that have no change of members, one for each person."""
    return People(persons, persons, persons)


def test_last_years_register_and_the_changes_make_this_years():
    """1,000 + 12 + 3 + 20 - 410 - 5 - 18 + 0 = 602."""
    flow = flow_of(
        [
            (Course(*STAYS), People(567, 567, 569, came=20, went=18)),
            (Course(*COMES, ("+new",)), whole(12)),
            (Course(*COMES, ("+relapsed",)), whole(3)),
            (Course(*LEAVES, ("-exited",)), whole(410)),
            (Course(*LEAVES, ("-cleared",)), whole(5)),
            (Course(*STAYS), whole(18)),
        ]
    )
    assert flow.opening.persons == 1000
    assert {name: count.persons for name, count in flow.lines.items() if count.persons} == {
        "new": 12, "relapsed": 3, "natural_in": 20, "exited": -410, "cleared": -5,
        "natural_out": -18,
    }  # fmt: skip
    assert flow.closing.persons == 602
    assert flow.is_explained


def test_a_household_that_moves_and_then_exits_exits_where_it_lives():
    moved = Course(True, False, False, True, ("-exited",))
    assert flow_of([(moved, People(1, 3, 4, came=1))]).lines["moved_in"] == Count(1, 4)
    assert lines_of(moved, People(1, 3, 4, came=1)) == {
        "moved_in": Count(1, 4), "exited": Count(-1, -4),
    }  # fmt: skip


def test_a_household_that_moves_away_takes_its_later_changes_with_it():
    moved = Course(True, False, True, False, ("-exited",))
    assert lines_of(moved, People(1, 3, 4, came=1)) == {
        "natural_in": Count(0, 1), "moved_out": Count(-1, -4),
    }  # fmt: skip


def test_persons_that_no_member_bears_out_are_unexplained():
    flow = flow_of([(Course(*STAYS), People(1, 3, 5, came=1))])
    assert flow.lines["unexplained"] == Count(0, 1)
    assert flow.difference == Count()
    assert not flow.is_explained


def test_a_change_of_state_without_a_step_is_unexplained():
    flow = flow_of([(Course(*LEAVES), whole(2))])
    assert flow.lines["unexplained"] == Count(-2, -2)


@pytest.mark.parametrize(
    ("before", "after", "step"),
    [
        (State.POOR, State.PLANNED_EXIT, ""),
        (State.PLANNED_EXIT, State.EXITED, "-exited"),
        (State.ORDINARY, State.POOR, "+new"),
        (State.EXITED, State.RELAPSED, "+relapsed"),
        (State.POOR, State.CLEARED, "-cleared"),
        (State.RELAPSED, State.CANCELLED, "-natural_out"),
        (State.EXITED, State.POOR, "+exited"),
        (State.POOR, State.ORDINARY, "-new"),
    ],
)
def test_crossing_the_registers_border_counts_to_a_line(before, after, step):
    assert crossing(before, after) == step
