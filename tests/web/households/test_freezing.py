"""Freezing a year, and correcting a figure of it."""

from decimal import Decimal

import pytest

from divisions.models import Division
from households.actions.corrections import advance, propose_correction
from households.actions.freezing import freeze_year
from households.models import Correction, Household, Survey, YearFreeze
from households.rules import GUARANTEES, MONEY
from officers.models import Officer
from tests import factories as make
from tests.procedures import move_date
from tests.unguarded import unguarded
from trail.dates import business_date
from trail.errors import NotAllowed, Refused, Stale
from trail.models import Change
from workflow.errors import AlreadyOpen, Incomplete
from workflow.models import Case

pytestmark = pytest.mark.django_db


def freeze(code: str, by: Officer, year: int = 2019) -> YearFreeze:
    return freeze_year(Division.objects.get(pk=code), year=year, reason="核对无误", by=by)


@pytest.fixture
def frozen(cast, household) -> Household:
    """A household whose year 2019 is frozen."""
    freeze(make.COUNTY, cast.county_approver)
    return household


def figures(household: Household, **changed: object) -> dict[str, object]:
    """The eleven figures in force of 2019, `changed` put over them."""
    survey = Survey.objects.filter(household=household, year=2019).in_force().first()
    known = {name: getattr(survey, name, None) for name in (*MONEY, *GUARANTEES)}
    return known | changed


def propose(household: Household, by: Officer, **changed: object) -> Case:
    survey = Survey.objects.filter(household=household, year=2019).in_force().first()
    return propose_correction(
        household,
        year=2019,
        seen=survey.pk if survey else None,
        figures=figures(household, **(changed or {"wage_income": Decimal(5000)})),
        reason="抄录有误",
        proof="工资单 2019-12",
        by=by,
    )


def decide(case: Case, step: str, by: Officer, note: str = "") -> None:
    case.refresh_from_db()
    advance(case.pk, step, by=by, version=case.version, note=note)
    case.refresh_from_db()


def in_force(household: Household) -> Survey:
    return Survey.objects.filter(household=household, year=2019).in_force().get()


@pytest.mark.parametrize(
    ("part", "place"),
    [
        ("county_approver", make.COUNTY),
        ("county_approver", make.TOWNSHIP),
        ("province_approver", make.PROVINCE),
        ("province_approver", make.COUNTY),
    ],
)
def test_an_approver_freezes_his_own_place_or_a_part_of_it(cast, part, place):
    by = getattr(cast, part)
    done = freeze(place, by)
    assert (done.division_id, done.year, done.frozen_by) == (place, 2019, by)


@pytest.mark.parametrize(
    ("part", "place"),
    [
        ("county_approver", make.OTHER_COUNTY),
        ("county_approver", make.CITY),
        ("county_clerk", make.COUNTY),
        ("province_officer", make.PROVINCE),
        ("operator", make.PROVINCE),
    ],
)
def test_nobody_else_freezes(cast, part, place):
    with pytest.raises(NotAllowed):
        freeze(place, getattr(cast, part))
    assert not YearFreeze.objects.exists()


def test_a_freeze_is_in_the_trace(cast):
    done = freeze(make.COUNTY, cast.county_approver)
    change = Change.objects.get(action="freeze_year")
    assert (change.subject_id, change.division_code) == (str(done.pk), make.COUNTY)
    assert (change.after, change.reason) == ({"year": 2019}, "核对无误")
    assert change.actor_id == cast.county_approver.pk


def test_a_place_is_frozen_once_and_the_refusal_names_who_and_when(cast, in_english):
    freeze(make.COUNTY, cast.county_approver)
    with pytest.raises(Refused) as refused:
        freeze(make.COUNTY, cast.province_approver)
    assert refused.value.code == "already_frozen"
    assert cast.county_approver.name in refused.value.message


def test_what_lies_below_a_frozen_place_is_frozen_already(cast):
    freeze(make.COUNTY, cast.county_approver)
    with pytest.raises(Refused):
        freeze(make.TOWNSHIP, cast.county_approver)


def test_a_wider_freeze_may_follow_a_narrower_one(cast):
    freeze(make.COUNTY, cast.county_approver)
    assert freeze(make.PROVINCE, cast.province_approver).pk


def test_a_year_that_has_not_begun_is_not_frozen(cast):
    with pytest.raises(Refused):
        freeze(make.COUNTY, cast.county_approver, business_date().year + 1)


def test_no_date_freezes_a_year(cast, household, calendar):
    move_date(700)
    assert make.make_survey(household, 2018).pk


def test_a_year_that_is_not_frozen_is_not_corrected_by_a_case(cast, household):
    with pytest.raises(Refused) as refused:
        propose(household, cast.county_clerk)
    assert refused.value.code == "not_frozen"


@pytest.mark.parametrize("part", ["county_clerk", "village_official"])
def test_a_correction_opens_a_case_with_the_figures_before_and_after(cast, frozen, part):
    before = in_force(frozen)
    case = propose(frozen, getattr(cast, part))
    assert (case.kind, case.state, case.subject) == ("correction", "proposed", frozen.number)
    assert case.facts["survey"] == before.pk
    assert (case.facts["before"]["wage_income"], case.facts["after"]["wage_income"]) == (
        "0.00",
        "5000.00",
    )
    assert (case.facts["reason"], case.facts["proof"]) == ("抄录有误", "工资单 2019-12")
    assert Correction.objects.get().case == case
    assert in_force(frozen) == before


@pytest.mark.parametrize("part", ["county_approver", "township_reviewer", "auditor", "stranger"])
def test_nobody_else_proposes_a_correction(cast, frozen, part):
    with pytest.raises(NotAllowed):
        propose(frozen, getattr(cast, part))


def test_a_correction_without_a_difference_is_refused(cast, frozen):
    with pytest.raises(Refused) as refused:
        propose(frozen, cast.county_clerk, wage_income=Decimal("0.0"))
    assert refused.value.code == "no_change"


def test_a_household_has_one_open_correction(cast, frozen):
    propose(frozen, cast.county_clerk)
    with pytest.raises(AlreadyOpen):
        propose(frozen, cast.village_official)


def test_an_approved_correction_writes_the_survey_that_corrects_the_one_in_force(cast, frozen):
    old = in_force(frozen)
    case = propose(frozen, cast.county_clerk, wage_income=Decimal(5000), water=None)
    decide(case, "approve", cast.county_approver)
    new = in_force(frozen)
    assert (new.corrects, new.correction, new.reason) == (old, case.correction, "抄录有误")
    assert (new.wage_income, new.water, new.food) == (Decimal(5000), None, old.food)
    assert (new.persons, new.member_digest) == (old.persons, old.member_digest)
    assert new.recorded_by == cast.county_clerk
    assert case.closed_at


def test_an_approval_is_in_the_trace_with_the_changed_figures_alone(cast, frozen):
    case = propose(frozen, cast.county_clerk)
    decide(case, "approve", cast.county_approver)
    change = Change.objects.get(action="correct_survey")
    assert (change.before, change.after) == (
        {"wage_income": "0.00"},
        {"wage_income": "5000.00"},
    )
    assert (change.origin, change.reason) == (f"case:{case.pk}", "抄录有误")


def test_a_household_that_nobody_had_surveyed_gets_its_survey_by_a_correction(cast):
    household = make.make_household(persons=3)
    freeze(make.COUNTY, cast.county_approver)
    case = propose(household, cast.county_clerk)
    decide(case, "approve", cast.county_approver)
    new = in_force(household)
    assert (new.corrects, new.persons, new.wage_income) == (None, 3, Decimal(5000))
    assert new.food is None


@pytest.mark.parametrize("part", ["county_clerk", "village_official", "township_reviewer"])
def test_only_the_county_approver_approves(cast, frozen, part):
    case = propose(frozen, cast.county_clerk)
    with pytest.raises(NotAllowed):
        decide(case, "approve", getattr(cast, part))


def test_nobody_approves_what_he_proposed_himself(cast, frozen):
    case = propose(frozen, cast.county_clerk)
    with unguarded():
        Case.everywhere.filter(pk=case.pk).update(proposed_by=cast.county_approver)
    case.events.model.objects.bulk_create(
        [copied(case.events.get(), actor_id=cast.county_approver.pk)]
    )
    Case.everywhere.filter(pk=case.pk).update(version=2)
    with pytest.raises(NotAllowed) as refused:
        decide(case, "approve", cast.county_approver)
    assert refused.value.code == "same_hand"


def copied(event, **fields):
    """The event once more under the next number."""
    event.pk, event.seq = None, event.seq + 1
    for name, value in fields.items():
        setattr(event, name, value)
    return event


@pytest.mark.parametrize(
    ("step", "part"), [("reject", "county_approver"), ("withdraw", "county_clerk")]
)
def test_a_correction_that_fails_changes_nothing(cast, frozen, step, part):
    old = in_force(frozen)
    case = propose(frozen, cast.county_clerk)
    decide(case, step, getattr(cast, part), note="证明不足")
    assert in_force(frozen) == old
    assert case.closed_at


def test_a_rejection_says_why(cast, frozen):
    case = propose(frozen, cast.county_clerk)
    with pytest.raises(Incomplete):
        decide(case, "reject", cast.county_approver)


def test_a_second_correction_follows_the_first(cast, frozen):
    decide(propose(frozen, cast.county_clerk), "approve", cast.county_approver)
    first = in_force(frozen)
    again = propose(frozen, cast.county_clerk, wage_income=Decimal(6000))
    decide(again, "approve", cast.county_approver)
    assert in_force(frozen).corrects == first


def test_a_proposal_on_a_survey_that_is_not_in_force_is_stale_with_the_difference(cast, frozen):
    read = in_force(frozen).pk
    decide(propose(frozen, cast.county_clerk), "approve", cast.county_approver)
    with pytest.raises(Stale) as stale:
        propose_correction(
            frozen, year=2019, seen=read, figures=figures(frozen, wage_income=Decimal(1)),
            reason="x", proof="y", by=cast.county_clerk,
        )  # fmt: skip
    assert stale.value.details["differences"]


def test_an_approval_is_stale_when_another_survey_came_into_force(cast, household):
    freeze(make.NEXT_VILLAGE, cast.county_approver)
    case = stale_case(cast, household)
    with pytest.raises(Stale) as stale:
        decide(case, "approve", cast.county_approver)
    [difference] = stale.value.details["differences"]
    assert (difference["before"], difference["after"]) == ("0.00", "7.00")
    case.refresh_from_db()
    assert case.state == "proposed"


def stale_case(cast, household: Household) -> Case:
    """A correction proposed before another one, as if two had been open at once, was approved."""
    freeze(make.COUNTY, cast.county_approver)
    case = propose(household, cast.county_clerk)
    with unguarded():
        Case.everywhere.filter(pk=case.pk).update(subject="elsewhere")
    other = propose(household, cast.county_clerk, wage_income=Decimal(7))
    decide(other, "approve", cast.county_approver)
    with unguarded():
        Case.everywhere.filter(pk=case.pk).update(subject=household.number)
    return case
