"""The flow identity: last year's register, what came and what went, make this year's."""

import os

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from reviews.flow import LINES, Count, Course, Flow, People, flow_of
from reviews.queries.flow import flow_within
from tests import factories as make
from tests.property.reviews.histories import FIRST, LAST, life, sheet_of, write

EXAMPLES = 200 if os.environ.get("FAULTS") == "full" else 25
PLACES = (make.PROVINCE, make.COUNTY, make.TOWNSHIP, make.VILLAGE, make.OTHER_COUNTY)
STEPS = tuple(sign + line for line in ("new", "relapsed", "exited", "cleared") for sign in "+-")


def counted(flow: Flow) -> dict[str, tuple[int, int]]:
    found = {"opening": flow.opening, "closing": flow.closing, **flow.lines}
    return {name: (one.households, one.persons) for name, one in found.items()}


@pytest.fixture
def tree(db: None) -> None:
    make.plant_tree()


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    lives=st.lists(life(), min_size=1, max_size=6),
    asked=st.sets(st.integers(FIRST, LAST), min_size=3, max_size=3),
)
def test_the_flow_is_that_of_the_households_one_by_one(tree, lives, asked):
    with transaction.atomic():
        write(lives)
        for year in asked:
            for code in PLACES:
                flow, sheet = flow_within(code, year), sheet_of(lives, code, year)
                expected = {"opening": sheet.opening, "closing": sheet.closing}
                expected |= {line: sheet.lines.get(line, {}) for line in LINES}
                assert counted(flow) == {
                    name: (one.get("households", 0), one.get("persons", 0))
                    for name, one in expected.items()
                }, (code, year)
                assert flow.difference == Count()
                assert flow.lines["unexplained"].households == 0
        transaction.set_rollback(True)


COURSES = st.builds(
    Course,
    st.booleans(), st.booleans(), st.booleans(), st.booleans(),
    st.lists(st.sampled_from(STEPS), max_size=3).map(tuple),
)  # fmt: skip
SIZES = st.builds(People, st.integers(0, 9), *[st.integers(0, 30)] * 4)


@given(st.lists(st.tuples(COURSES, SIZES)))
def test_opening_and_lines_always_make_the_closing(courses):
    flow = flow_of(courses)
    assert flow.difference == Count()
    assert flow.is_explained == (flow.lines["unexplained"] == Count())


@given(st.lists(st.tuples(COURSES, SIZES)), st.lists(st.tuples(COURSES, SIZES)))
def test_the_flow_of_many_is_the_sum_of_theirs(one, other):
    first, second, both = counted(flow_of(one)), counted(flow_of(other)), flow_of(one + other)
    assert counted(both) == {
        name: (first[name][0] + second[name][0], first[name][1] + second[name][1]) for name in first
    }
