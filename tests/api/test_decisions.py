"""What another system decided, reported at the door."""

import pytest

from exchange.models import ForeignDecision
from households.rules import State
from officers.rules import Scope
from tests import factories as make
from tests.api.conftest import Door, issue
from tests.web.exchange.test_foreign_decisions import decides

pytestmark = pytest.mark.django_db
KEY = {"Idempotency_Key": "one"}


def report(household, **values):
    return {
        "reference": "P-1",
        "decision": "exit",
        "household": household.number,
        "year": 2019,
        "decided_on": "2020-11-02",
        "case": "2020-000117",
        "signers": [{"name": "周审批", "office": "县乡村振兴局", "day": "2020-11-02"}],
        "evidence_hash": "ab" * 32,
    } | values


@pytest.fixture
def poor(tree):
    household = make.make_household(state=State.POOR)
    make.make_survey(household, 2019)
    return household


@pytest.fixture
def deciding(tree) -> Door:
    issued = issue(make.COUNTY, Scope.DECISIONS)
    decides(issued.key.client.officer.username)
    return Door(issued.text)


def test_a_report_waits_for_an_officer(deciding, poor):
    answer = deciding.post("sync/decisions/", report(poor), **KEY)
    assert (answer.status_code, answer.body["state"]) == (202, "received")
    poor.refresh_from_db()
    assert poor.state == State.POOR


def test_the_reports_are_listed_with_what_became_of_them(deciding, poor):
    deciding.post("sync/decisions/", report(poor), **KEY)
    (row,) = deciding.get("sync/decisions/").body["results"]
    assert (row["reference"], row["state"], row["recorded_as"]) == ("P-1", "received", None)


def test_a_report_needs_an_idempotency_key(deciding, poor):
    assert deciding.post("sync/decisions/", report(poor)).body["code"] == "key_missing"


def test_a_system_that_does_not_decide_there_is_told(poor, open_door):
    door = open_door(make.COUNTY, Scope.DECISIONS)
    refused = door.post("sync/decisions/", report(poor), **KEY)
    assert (refused.status_code, refused.body["code"]) == (409, "decides_elsewhere")


def test_a_household_of_another_county_is_none(deciding, tree):
    other = make.make_household(make.OTHER_COUNTY_VILLAGE, state=State.POOR)
    refused = deciding.post("sync/decisions/", report(other), **KEY)
    assert [(one["pointer"], one["code"]) for one in refused.body["errors"]] == [
        ("/household", "not_found_here")
    ]


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("signers", [], "required"),
        ("evidence_hash", "AB", "wrong_type"),
        ("decision", "pardon", "not_offered"),
        ("decided_on", "2999-01-01", "out_of_range"),
        ("state", "recorded", "unknown_field"),
    ],
)
def test_a_wrong_report_is_told_at_its_place(deciding, poor, name, value, code):
    refused = deciding.post("sync/decisions/", report(poor, **{name: value}), **KEY)
    assert [(one["pointer"], one["code"]) for one in refused.body["errors"]] == [(f"/{name}", code)]
    assert not ForeignDecision.everywhere.exists()
