"""What a confirmed grade brings with it: the places for excellent, and who must be replaced."""

from datetime import date, timedelta

import pytest

from teams.actions.assessing import (
    advance,
    open_assessment,
    open_assessments,
)
from teams.models import Assessment, Term
from teams.rules.assessment import Grade
from tests import factories as make
from tests.web.teams.assessed import (
    YEAR,
    confirm,
    graded,
    of,
    scored,
    serving,
)
from trail.dates import business_date
from trail.errors import NotAllowed, Refused
from trail.models import Change
from workflow.models import Case

pytestmark = pytest.mark.usefixtures("in_english")


@pytest.fixture
def term(cast) -> Term:
    return serving()


def others(cast, number: int) -> list[Case]:
    """The open assessments of so many more people."""
    for _number in range(number):
        serving(0)
    return open_assessments(YEAR, by=cast.county_clerk).cases


def test_the_first_beyond_the_places_for_excellent_is_told_why(cast):
    cases = [graded(cast, serving(), Grade.EXCELLENT) for _number in range(2)]
    others(cast, 3)
    confirm(cast, cases[0])
    with pytest.raises(Refused) as refusal:
        confirm(cast, cases[1])
    assert "1 of 1 (20 % of 5 people)" in refusal.value.message
    assert of(cases[1]).grade is None


def test_four_people_have_no_place_for_excellent(cast, term):
    case = graded(cast, term, Grade.EXCELLENT)
    with pytest.raises(Refused, match="0 of 0"):
        confirm(cast, case)


def test_people_of_another_county_or_year_make_no_place(cast, term):
    for _number in range(5):
        serving(0, village=make.OTHER_COUNTY_VILLAGE)
    open_assessments(YEAR, by=cast.stranger)
    case = graded(cast, term, Grade.EXCELLENT)
    with pytest.raises(Refused, match="0 of 0"):
        confirm(cast, case)


def test_a_withdrawal_that_takes_a_place_from_somebody_excellent_is_refused(cast):
    case = graded(cast, serving(), Grade.EXCELLENT)
    other = others(cast, 4)[0]
    confirm(cast, case)
    with pytest.raises(Refused, match="cannot be withdrawn"):
        advance(other.pk, "withdraw", by=cast.county_clerk, version=1, note="误开")
    assert Case.everywhere.get(pk=other.pk).state == "scoring"


def test_a_withdrawn_one_makes_no_place_and_can_be_opened_again(cast, term):
    case = graded(cast, term, Grade.EXCELLENT)
    other = others(cast, 4)[0]
    advance(other.pk, "withdraw", by=cast.county_clerk, version=1, note="误开")
    with pytest.raises(Refused, match="0 of 0"):
        confirm(cast, case)
    open_assessment(of(other).cadre, YEAR, by=cast.county_clerk)
    confirm(cast, case)


def test_who_fails_must_be_replaced_within_the_days_of_the_parameter(cast):
    term = serving(absent=3)
    confirm(cast, graded(cast, term, Grade.INCOMPETENT))
    term.refresh_from_db()
    assert term.replace_by == business_date() + timedelta(days=30)
    traced = Change.objects.filter(action="ask_to_replace").get()
    assert (traced.subject_id, traced.division_code) == (str(term.pk), make.VILLAGE)


def test_a_term_that_is_over_needs_no_replacement(cast):
    term = serving(absent=3)
    case = graded(cast, term, Grade.INCOMPETENT)
    Term.everywhere.filter(pk=term.pk).update(last_day=date(YEAR, 12, 31), end_reason="term")
    confirm(cast, case)
    term.refresh_from_db()
    assert term.replace_by is None
    assert of(case).grade == Grade.INCOMPETENT


def test_only_who_fails_must_be_replaced(cast):
    term = serving(absent=2)
    confirm(cast, graded(cast, term, Grade.BASIC))
    term.refresh_from_db()
    assert term.replace_by is None


def test_officers_of_another_county_take_no_step(cast, term):
    case = scored(cast, term)
    with pytest.raises(NotAllowed):
        advance(
            case.pk,
            "grade",
            by=cast.stranger,
            version=1,
            evidence={"grade": "2", "summary": "好"},
        )
    assert Assessment.objects.count() == 1
