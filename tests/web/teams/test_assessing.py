"""Assessing a year: who gives points, what a grade rests on, what its confirmation does."""

from datetime import UTC, date, datetime

import pytest

from teams.actions.assessing import (
    advance,
    give_points,
    open_assessment,
    open_assessments,
    record_poll,
)
from teams.models import Score, Term
from teams.queries.assessments import records_of
from teams.rules.assessment import Assessor, Grade
from tests import factories as make
from tests.procedures import move_date
from tests.web.teams.assessed import (
    YEAR,
    confirm,
    graded,
    of,
    propose,
    record_days,
    scored,
    serving,
)
from trail.dates import business_date
from trail.errors import NotAllowed, Refused, Stale
from trail.models import Change
from workflow.actions import set_parameter
from workflow.errors import AlreadyOpen, Incomplete
from workflow.models import CaseEvent

pytestmark = pytest.mark.usefixtures("in_english")


@pytest.fixture
def term(cast) -> Term:
    return serving()


def test_the_clerk_opens_the_year_of_one_person(cast, term):
    case = open_assessment(term.cadre, YEAR, by=cast.county_clerk)
    assert (case.kind, case.subject, case.state) == ("assessment", term.cadre.number, "scoring")
    assert case.division_id == make.VILLAGE
    assert case.facts["year"] == YEAR
    assert of(case).term == term


def test_points_given_late_in_the_evening_of_utc_count_for_the_day_that_it_is_here(cast, term):
    case = open_assessment(term.cadre, YEAR, by=cast.county_clerk)
    Score.objects.create(
        assessment=of(case),
        assessor=Assessor.VILLAGE,
        points=90,
        given_by=cast.village_official,
        given_at=datetime(2026, 3, 1, 23, 30, tzinfo=UTC),
    )
    with pytest.raises(Refused, match="on 2026-03-02 already"):
        give_points(case.pk, side=Assessor.VILLAGE, points=91, by=cast.village_official)
    [hand] = records_of([case])[case.pk].hands
    assert hand.on == date(2026, 3, 2)


def test_nobody_else_opens_it(cast, term):
    for by in (cast.county_approver, cast.township_reviewer, cast.stranger):
        with pytest.raises(Refused):
            open_assessment(term.cadre, YEAR, by=by)


def test_a_year_without_service_is_not_assessed(cast, term):
    with pytest.raises(Refused, match="did not serve here"):
        open_assessment(term.cadre, YEAR - 3, by=cast.county_clerk)


def test_a_year_that_has_not_come_is_not_assessed(cast, term):
    with pytest.raises(Refused, match="Choose a year"):
        open_assessments(business_date().year + 1, by=cast.county_clerk)


def test_who_served_longer_elsewhere_is_assessed_there(cast):
    cadre = make.make_cadre(make.COUNTY)
    for village, first, last in (
        (make.VILLAGE, date(YEAR, 1, 1), date(YEAR, 3, 1)),
        (make.NEXT_VILLAGE, date(YEAR, 3, 2), date(YEAR, 12, 31)),
    ):
        make.make_term(cadre, village, starts_on=first, last_day=last)
    case = open_assessment(cadre, YEAR, by=cast.county_clerk)
    assert case.division_id == make.NEXT_VILLAGE


def test_all_who_served_for_a_day_are_opened_together_and_others_passed_over(cast, term):
    left = make.make_term(
        make.make_cadre(), starts_on=date(YEAR - 1, 1, 1), last_day=date(YEAR, 1, 1)
    )
    make.make_term(make.make_cadre(), starts_on=date(YEAR - 2, 1, 1), last_day=date(YEAR - 1, 5, 1))
    make.make_term(make.make_cadre(make.OTHER_COUNTY), make.OTHER_COUNTY_VILLAGE)
    open_assessment(term.cadre, YEAR, by=cast.county_clerk)
    opened = open_assessments(YEAR, by=cast.county_clerk)
    assert [case.subject for case in opened.cases] == [left.cadre.number]
    assert opened.passed_over == 1
    assert open_assessments(YEAR, by=cast.county_clerk).cases == []


def test_a_year_is_open_once(cast, term):
    open_assessment(term.cadre, YEAR, by=cast.county_clerk)
    with pytest.raises(AlreadyOpen):
        open_assessment(term.cadre, YEAR, by=cast.county_clerk)


def test_a_year_with_a_grade_is_not_opened_again(cast, term):
    confirm(cast, graded(cast, term, Grade.COMPETENT))
    with pytest.raises(Refused, match="has a grade"):
        open_assessment(term.cadre, YEAR, by=cast.county_clerk)
    assert open_assessments(YEAR, by=cast.county_clerk).passed_over == 1


@pytest.mark.parametrize(
    ("who", "side"),
    [
        ("village_official", "village"),
        ("township_reviewer", "township"),
        ("county_clerk", "county"),
        ("county_clerk", "unit"),
        ("county_approver", "county"),
    ],
)
def test_each_role_gives_points_for_its_side(cast, term, who, side):
    case = open_assessment(term.cadre, YEAR, by=cast.county_clerk)
    score = give_points(case.pk, side=Assessor(side), points=100, by=getattr(cast, who))
    assert (score.assessor, score.points) == (side, 100)
    assert Change.objects.filter(action="give_points").get().after["points"] == 100


@pytest.mark.parametrize(
    ("who", "side"),
    [
        ("village_official", "county"),
        ("township_reviewer", "village"),
        ("county_approver", "unit"),
        ("first_secretary", "village"),
        ("province_officer", "county"),
        ("stranger", "county"),
    ],
)
def test_nobody_gives_points_for_another_side(cast, term, who, side):
    case = open_assessment(term.cadre, YEAR, by=cast.county_clerk)
    with pytest.raises(NotAllowed):
        give_points(case.pk, side=Assessor(side), points=90, by=getattr(cast, who))


def test_nobody_gives_points_twice_not_even_for_the_unit(cast, term):
    case = open_assessment(term.cadre, YEAR, by=cast.county_clerk)
    give_points(case.pk, side=Assessor.COUNTY, points=90, by=cast.county_clerk)
    with pytest.raises(Refused, match="Nobody gives points twice"):
        give_points(case.pk, side=Assessor.UNIT, points=90, by=cast.county_clerk)


def test_the_points_of_the_unit_are_recorded_once(cast, term):
    case = open_assessment(term.cadre, YEAR, by=cast.county_clerk)
    give_points(case.pk, side=Assessor.UNIT, points=90, by=cast.county_clerk)
    other = make.make_officer("county_clerk", make.COUNTY)
    with pytest.raises(Refused, match="on record already"):
        give_points(case.pk, side=Assessor.UNIT, points=80, by=other)


@pytest.mark.parametrize("points", [-1, 101])
def test_points_lie_between_0_and_100(cast, term, points):
    case = open_assessment(term.cadre, YEAR, by=cast.county_clerk)
    with pytest.raises(Incomplete):
        give_points(case.pk, side=Assessor.COUNTY, points=points, by=cast.county_clerk)


def test_nobody_assesses_himself(cast):
    own = serving(account=cast.village_official)
    case = open_assessment(own.cadre, YEAR, by=cast.county_clerk)
    with pytest.raises(NotAllowed, match="Nobody assesses himself"):
        give_points(case.pk, side=Assessor.VILLAGE, points=90, by=cast.village_official)
    clerk = serving(account=cast.county_clerk)
    with pytest.raises(NotAllowed, match="Nobody assesses himself"):
        open_assessment(clerk.cadre, YEAR, by=cast.county_clerk)
    assert clerk.cadre.number not in {
        one.subject for one in open_assessments(YEAR, by=cast.county_clerk).cases
    }


def test_nobody_confirms_his_own_grade(cast):
    case = graded(cast, serving(account=cast.county_approver), Grade.COMPETENT)
    with pytest.raises(NotAllowed, match="Nobody assesses himself"):
        confirm(cast, case)


def test_the_township_records_the_villagers_word_and_corrects_it_with_a_trace(cast, term):
    case = open_assessment(term.cadre, YEAR, by=cast.county_clerk)
    by = cast.township_reviewer
    record_poll(case.pk, asked=50, satisfied=40, seen=(None, None), by=by)
    record_poll(case.pk, asked=50, satisfied=41, seen=(50, 40), by=by)
    assert (of(case).satisfied, of(case).polled_by) == (41, by)
    last = Change.objects.filter(action="record_poll").latest("pk")
    assert (last.before["satisfied"], last.after["satisfied"]) == (40, 41)


def test_a_poll_that_somebody_changed_meanwhile_is_not_overwritten(cast, term):
    case = open_assessment(term.cadre, YEAR, by=cast.county_clerk)
    by = cast.township_reviewer
    record_poll(case.pk, asked=50, satisfied=40, seen=(None, None), by=by)
    with pytest.raises(Stale):
        record_poll(case.pk, asked=60, satisfied=40, seen=(None, None), by=by)


@pytest.mark.parametrize(("asked", "satisfied"), [(0, 0), (10, 11), (10, -1)])
def test_no_more_villagers_are_satisfied_than_were_asked(cast, term, asked, satisfied):
    case = open_assessment(term.cadre, YEAR, by=cast.county_clerk)
    with pytest.raises(Incomplete):
        record_poll(
            case.pk,
            asked=asked,
            satisfied=satisfied,
            seen=(None, None),
            by=cast.township_reviewer,
        )


def test_the_county_does_not_record_the_poll(cast, term):
    case = open_assessment(term.cadre, YEAR, by=cast.county_clerk)
    with pytest.raises(NotAllowed):
        record_poll(case.pk, asked=9, satisfied=9, seen=(None, None), by=cast.county_clerk)


def test_a_grade_wants_points_of_two_sides_and_a_poll(cast, term):
    case = open_assessment(term.cadre, YEAR, by=cast.county_clerk)
    give_points(case.pk, side=Assessor.COUNTY, points=90, by=cast.county_clerk)
    with pytest.raises(Refused) as refusal:
        propose(cast, case, Grade.COMPETENT)
    assert "Two sides at least must give points; now there are 1." in refusal.value.message
    assert "The villagers have not been asked yet." in refusal.value.message


@pytest.mark.parametrize(
    ("days", "absent", "satisfied", "best", "because"),
    [
        (220, 1, 45, Grade.COMPETENT, "Days absent without leave: 1."),
        (220, 2, 45, Grade.BASIC, "Days absent without leave: 2."),
        (220, 3, 45, Grade.INCOMPETENT, "Days absent without leave: 3."),
        (199, 0, 45, Grade.COMPETENT, "199 days in the village; 200 are wanted."),
        (220, 0, 39, Grade.COMPETENT, "39 of 50 villagers are satisfied"),
    ],
)
def test_a_grade_better_than_the_facts_allow_is_refused_with_the_reason(
    cast, days, absent, satisfied, best, because
):
    case = scored(cast, serving(days, absent=absent), satisfied=satisfied)
    with pytest.raises(Incomplete) as refusal:
        propose(cast, case, Grade(best - 1))
    said = refusal.value.details["fields"]["grade"]
    assert "The facts allow at most the grade" in said
    assert because in said
    propose(cast, case, best)


def test_the_county_may_give_a_worse_grade_than_the_facts_allow(cast, term):
    case = graded(cast, term, Grade.BASIC)
    confirm(cast, case)
    assert of(case).grade == Grade.BASIC


def test_the_proposed_grade_rests_on_a_snapshot(cast, term):
    case = graded(cast, term, Grade.COMPETENT)
    assert case.facts["facts"] == {
        "points": "93.00",
        "asked": 50,
        "satisfied": 45,
        "unexplained": 0,
        "days": 220,
        "wanted": 200,
    }
    assert case.facts["points"] == [["county", 91], ["township", 93], ["village", 95]]
    assert (case.facts["proposed"], case.facts["given"]) == (1, 2)
    assert case.facts["bounds"]["weights"]["unit"] == 10


def test_points_and_poll_stay_once_a_grade_is_proposed(cast, term):
    case = graded(cast, term, Grade.COMPETENT)
    with pytest.raises(Refused, match="A grade is proposed already"):
        give_points(case.pk, side=Assessor.COUNTY, points=9, by=cast.county_approver)
    with pytest.raises(Refused, match="A grade is proposed already"):
        record_poll(case.pk, asked=9, satisfied=9, seen=(50, 45), by=cast.township_reviewer)


def test_the_confirmation_sets_the_grade(cast, term):
    event = confirm(cast, graded(cast, term, Grade.COMPETENT))
    found = of(event.case)
    assert (found.grade, found.confirmed_on) == (Grade.COMPETENT, business_date())
    assert event.decides
    assert event.case.closed_at
    assert Change.objects.filter(action="confirm_grade").get().after == {"year": YEAR, "grade": 2}


def test_who_gave_points_does_not_confirm(cast, term):
    case = open_assessment(term.cadre, YEAR, by=cast.county_clerk)
    give_points(case.pk, side=Assessor.COUNTY, points=90, by=cast.county_approver)
    give_points(case.pk, side=Assessor.VILLAGE, points=90, by=cast.village_official)
    record_poll(case.pk, asked=50, satisfied=45, seen=(None, None), by=cast.township_reviewer)
    propose(cast, case, Grade.COMPETENT)
    with pytest.raises(NotAllowed, match="You took part in this case"):
        confirm(cast, case)
    other = make.make_officer("county_approver", make.COUNTY)
    case.refresh_from_db()
    advance(case.pk, "confirm", by=other, version=case.version)
    assert of(case).grade == Grade.COMPETENT


def test_a_day_that_changed_since_sends_the_confirmation_back_with_the_difference(cast, term):
    case = graded(cast, term, Grade.COMPETENT)
    record_days(term, 0, absent=1, first=date(YEAR, 11, 1))
    with pytest.raises(Stale) as refusal:
        confirm(cast, case)
    assert refusal.value.details["differences"] == [
        {"label": "Days absent without leave", "before": 0, "after": 1},
        {"label": "Proposed grade", "before": "excellent", "after": "competent"},
    ]
    assert of(case).grade is None


def test_a_parameter_that_changed_since_sends_it_back_too(cast, term):
    case = graded(cast, term, Grade.COMPETENT)
    key, source = "assessment.weight.unit", "县委组织部"
    set_parameter(make.COUNTY, key, year=YEAR, value=20, source=source, by=cast.county_approver)
    with pytest.raises(Stale) as refusal:
        confirm(cast, case)
    assert refusal.value.details["differences"] == [
        {
            "label": "Weight of the sponsoring unit's points in the assessment",
            "before": 10,
            "after": 20,
        }
    ]


def test_a_returned_one_is_graded_anew(cast, term):
    case = graded(cast, term, Grade.COMPETENT)
    record_days(term, 0, absent=2, first=date(YEAR, 11, 1))
    advance(case.pk, "return", by=cast.county_approver, version=case.version, note="有脱岗")
    propose(cast, case, Grade.BASIC)
    confirm(cast, case)
    assert of(case).grade == Grade.BASIC


def test_the_same_grade_on_the_same_facts_can_be_proposed_again(cast, term):
    case = graded(cast, term, Grade.COMPETENT)
    advance(case.pk, "return", by=cast.county_approver, version=case.version, note="再看")
    propose(cast, case, Grade.COMPETENT)
    assert CaseEvent.objects.filter(case=case, step="amend").count() == 1


@pytest.mark.usefixtures("calendar")
def test_days_after_the_proposal_do_not_change_the_year_at_hand(cast):
    year = business_date().year
    term = make.make_term(make.make_cadre(), starts_on=date(year - 1, 6, 1))
    case = open_assessment(term.cadre, year, by=cast.county_clerk)
    for side, by in (("village", cast.village_official), ("township", cast.township_reviewer)):
        give_points(case.pk, side=Assessor(side), points=80, by=by)
    record_poll(case.pk, asked=5, satisfied=5, seen=(None, None), by=cast.township_reviewer)
    propose(cast, case, Grade.COMPETENT)
    move_date(5)
    confirm(cast, case)
    assert of(case).grade == Grade.COMPETENT
