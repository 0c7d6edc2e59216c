"""The flags by which the inbox lists cases stand on their rows, and follow what they rest on."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from exits import tasks
from households.actions.quality import recheck
from households.rules import State
from tests import factories as make
from tests.procedures import carry, open_for
from tests.web.households.changes.changed import active, done, wanted
from workflow.actions import set_parameter
from workflow.parameters import EXIT_HUGGING_PERCENT

YEAR = 2019


SOUND = {
    "ethnicity": "01", "education": "02", "health": "01", "labour": "01", "medical_insurance": True,
    "critical_illness_insurance": True, "pension_insurance": True, "birth_date": date(1975, 1, 1),
}  # fmt: skip


def ready(wage):
    """A poor household of two of whom all is known, ready to leave."""
    household = make.make_household(state=State.POOR, persons=2)
    household.members.update(**SOUND)
    household.members.filter(relation="02").update(sex="2")
    make.make_survey(household, YEAR, wage_income=wage)
    return household


@pytest.fixture
def household(tree, calendar):
    return ready(Decimal(20_000))


@pytest.fixture
def case(household, cast):
    return open_for(household, "exit", by=cast.county_clerk)


def flags(case):
    case.refresh_from_db()
    return case.flags


def listed(client):
    page = client.get(reverse("pages:inbox") + "?tab=flagged").context["page"]
    return [row.case.pk for row in page.rows]


def test_a_fault_in_the_data_flags_the_case_until_it_is_mended(case, household, cast, signed_in):
    approver = signed_in(cast.county_approver)
    for ethnicity, expected in (("", ["issue"]), ("01", [])):
        household.members.update(ethnicity=ethnicity)
        recheck([household.pk], year=YEAR)
        assert flags(case) == expected
        assert listed(approver) == ([case.pk] if expected else [])


def test_when_the_young_leave_the_case_of_the_old_is_flagged(case, household, cast):
    head, other = active(household)
    household.members.filter(pk=head.pk).update(birth_date=date(1950, 1, 1))
    household.members.filter(pk=other.pk).update(birth_date=date(1990, 1, 1))
    assert "elderly" not in flags(case)
    done(household, wanted("death", goes=frozenset({other.pk})), cast)
    assert "elderly" in flags(case)


def test_an_earlier_year_that_is_entered_later_flags_a_jump(case, household):
    make.make_survey(household, YEAR - 1, wage_income=Decimal(13_000))
    recheck([household.pk], year=YEAR - 1)
    assert flags(case) == ["jump"]


def test_a_refusal_flags_the_case_at_once(case, cast):
    carry(case, cast, "plan", "appraise", "verify", "refuse")
    assert flags(case) == ["refused"]


def test_a_limit_that_is_confirmed_weighs_all_open_cases(
    tree, calendar, cast, signed_in, monkeypatch
):
    monkeypatch.setattr(tasks.weigh_cases, "delay", tasks.weigh_cases)
    case = open_for(ready(Decimal(9_000)), "exit", by=cast.county_clerk)
    assert flags(case) == []
    said = {"year": YEAR, "value": 50, "source": "省通知"}
    version = set_parameter(make.PROVINCE, EXIT_HUGGING_PERCENT, by=cast.province_officer, **said)
    address = reverse("pages:parameter_confirm", args=[version.pk])
    assert signed_in(cast.province_approver).post(address).status_code == 302
    assert flags(case) == ["hugging"]
