from datetime import date

import pytest

from households.rules import State
from identification.actions import apply
from identification.models import Application
from tests import factories as make
from tests.procedures import IDENTIFIED, carry, open_for, take, wait_for_notice
from trail.dates import business_date
from trail.errors import NotAllowed, Refused
from workflow.errors import AlreadyOpen, Incomplete

BEFORE_THE_END = IDENTIFIED[:-1]


def applied(household, by, **said):
    entries = {
        "year": 2019,
        "applied_on": business_date(),
        "applicant": "head",
        "statement": "房屋漏雨",
        "kin_of_official": False,
    }
    return apply(household, by=by, **entries | said)


def test_an_application_opens_the_case_on_the_facts_of_the_year(poor_of, cast):
    household = poor_of()
    case = applied(household, cast.village_official, applicant="proxy", kin_of_official=True)
    assert (case.kind, case.state, case.facts["year"]) == ("identification", "applied", 2019)
    said = case.application
    assert (said.applicant, said.statement, said.kin_of_official) == ("proxy", "房屋漏雨", True)


def test_an_exited_household_applies_to_come_back(cast, tree):
    household = make.make_household(state=State.EXITED, exit_year=2017)
    make.make_survey(household, 2019, water=0)
    assert applied(household, cast.first_secretary).kind == "reinclusion"


def test_a_household_on_the_register_cannot_apply(cast, household):
    with pytest.raises(Refused) as refusal:
        applied(household, cast.village_official)
    assert refusal.value.code == "wrong_state"


def test_a_household_applies_once_at_a_time(poor_of, cast):
    household = poor_of()
    applied(household, cast.village_official)
    with pytest.raises(AlreadyOpen):
        applied(household, cast.first_secretary)


@pytest.mark.parametrize("part", ["county_clerk", "township_reviewer", "helper", "stranger"])
def test_the_village_alone_records_an_application(poor_of, cast, part):
    with pytest.raises(NotAllowed):
        applied(poor_of(), getattr(cast, part))


def test_an_application_of_tomorrow_is_refused_and_opens_nothing(poor_of, cast):
    household = poor_of()
    with pytest.raises(Incomplete) as refusal:
        applied(household, cast.village_official, applied_on=date(2090, 1, 1))
    assert "applied_on" in refusal.value.details["fields"]
    assert not Application.objects.exists()


def test_a_year_without_standard_is_refused(poor_of, cast):
    with pytest.raises(Refused) as refusal:
        applied(poor_of(), cast.village_official, year=1999)
    assert refusal.value.code == "no_standard"


def test_a_case_of_a_review_has_its_application_recorded_first(case, cast):
    assert not Application.objects.filter(case=case).exists()
    take(case, "apply", by=cast.village_official, statement="", applicant="head")
    assert case.application.applied_on == business_date()


def test_a_registered_case_has_its_number_and_the_days_of_helper_and_plan(case, cast):
    carry(case, cast, *BEFORE_THE_END, "register")
    said, today = case.application, business_date()
    assert said.registration_number == f"{make.VILLAGE}-{today.year}-0001"
    assert (said.helper_due_on - today).days == (said.plan_due_on - today).days == 30


def test_registration_numbers_of_a_village_and_year_count_up(poor_of, cast, calendar):
    cases = [open_for(poor_of(), "identification", by=cast.county_clerk) for _ in range(2)]
    for case in cases:
        carry(case, cast, *BEFORE_THE_END)
    wait_for_notice(cases[-1])
    for case in cases:
        take(case, "register", by=cast.township_reviewer)
    assert [case.application.registration_number[-4:] for case in cases] == ["0001", "0002"]
