"""What the change feed tells of a household, a case, a plan and a team."""

import gzip
import json
from datetime import date

import pytest

from households.models import Household, IncomeLine, LivingConditions, SurveyNote
from households.rules import State
from officers.rules import Scope
from tests import factories as make
from tests.api.conftest import Door, issue
from tests.api.followed import FEED, follower
from trail.models import Change

pytestmark = pytest.mark.usefixtures("tree")


@pytest.fixture
def household() -> Household:
    """With everything that a document may hold."""
    household = make.make_household(
        state=State.EXITED,
        main_cause="02",
        other_causes=["03"],
        needs=["IND"],
        address="东头\n“12”号",
    )
    make.make_member(household, name="某", end_reason="01", end_date=date(2018, 5, 1))
    make.make_survey(household, 2018, wage_income="1200.50", food=None)
    corrected = make.make_survey(household, 2019)
    survey = make.make_survey(household, 2019, corrects=corrected, reason="更正")
    IncomeLine.objects.create(
        survey=survey, position=1, kind="wage_income", item="local_work", amount="300.00"
    )
    LivingConditions.objects.create(survey=survey, arable_mu="5.20", toilet=False, fuel="01")
    SurveyNote.objects.create(survey=survey, name="wage_income", text="外出务工")
    return household


def test_a_household_is_told_as_its_own_resources_tell_it(household):
    scopes = (Scope.READ, Scope.IDENTITY)
    client = follower(make.COUNTY, *scopes)
    (told,) = client.catch_up()
    document, door = told["document"], client.door
    path = f"households/{household.number}/"
    head = door.get(path).body
    members = document.pop("members")
    surveys = document.pop("surveys")
    assert document == {n: v for n, v in head.items() if n not in ("members", "updated_at")}
    recorded = {one["person_number"]: one for one in door.get(f"{path}members/").body["results"]}
    assert len(members) == len(recorded) == 2
    for person in members:
        one = recorded[person["person_number"]]
        assert person.pop("end_date") == one["ended_on"]
        assert person == {name: one[name] for name in person}
        assert set(one) - set(person) == {"joined_on", "join_reason", "ended_on"}
    years = {one["year"]: one for one in door.get(f"{path}surveys/").body["results"]}
    assert [one["year"] for one in surveys] == [2018, 2019]
    for survey in surveys:
        one = years[survey["year"]]
        assert survey == {n: v for n, v in one.items() if n not in ("recorded_at", "persons")}


def test_without_identity_sealed_values_and_dates_of_birth_are_absent(household):
    client = follower()
    (told,) = client.catch_up()
    text = json.dumps(told, ensure_ascii=False)
    assert not {"phone", "bank_account"} & set(told["document"])
    for person in told["document"]["members"]:
        assert not {"id_number", "birth_date"} & set(person)
    assert "*" not in text
    assert not Change.objects.filter(action="read_identities").exists()


def test_a_page_with_identities_leaves_one_trace_row(household):
    client = follower(make.COUNTY, Scope.READ, Scope.IDENTITY)
    other = make.make_household()
    client.catch_up()
    (trace,) = Change.objects.filter(action="read_identities")
    assert trace.after["resource"] == "changes"
    assert sorted(trace.after["households"]) == sorted([household.number, other.number])


def test_a_plan_is_told_with_its_measures_as_their_resources_tell_them(household):
    plan = make.make_plan(household)
    item = make.make_item(plan, "EDU-YULU", make.make_member(household))
    client = follower(make.COUNTY, Scope.HELP_READ)
    (told,) = client.catch_up()
    read = client.door.get(f"plans/{plan.uuid}/").body
    measure = client.door.get(f"measures/{item.uuid}/").body
    assert told["document"] == read | {"items": [measure]}


def test_a_case_is_told_with_its_steps_and_no_officers_name(household):
    case = make.make_case(household)
    (told,) = follower(make.COUNTY, Scope.CASES).catch_up()
    document = told["document"]
    assert (document["kind"], document["subject"]) == ("exit", household.number)
    assert [one["number"] for one in document["events"]] == list(
        case.events.values_list("seq", flat=True)
    )
    names = set(case.events.values_list("actor_name", flat=True))
    assert not any(name in json.dumps(document, ensure_ascii=False) for name in names)


def test_a_team_is_told_with_future_and_ended_terms():
    ended = make.make_term(last_day=date(2019, 9, 30), starts_on=date(2018, 1, 1))
    future = make.make_term(starts_on=date(2031, 1, 1), due_on=date(2033, 1, 1))
    make.make_team_village()
    (told,) = follower(make.COUNTY, Scope.TEAMS).catch_up()
    document = told["document"]
    assert [one["cadre"]["number"] for one in document["terms"]] == [
        ended.cadre.number,
        future.cadre.number,
    ]
    assert [one["reason"] for one in document["needs"]] == ["poor"]


def test_a_page_is_packed_for_whoever_takes_it():
    for _ in range(5):
        make.make_household()
    door = Door(issue(make.COUNTY, Scope.READ).text)
    plain = door.client.get(f"/api/v1/{FEED}", headers=door.headers)
    packed = door.client.get(f"/api/v1/{FEED}", headers=door.headers | {"Accept-Encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert len(packed.content) < len(plain.content) / 3
    assert json.loads(gzip.decompress(packed.content))["results"] == plain.json()["results"]


def test_kinds_follow_the_scopes_of_the_key():
    household = make.make_household()
    make.make_case(household)
    make.make_term()
    for scope, kind in (
        (Scope.READ, "household"),
        (Scope.CASES, "case"),
        (Scope.TEAMS, "team"),
    ):
        told = follower(make.COUNTY, scope).catch_up()
        assert {one["kind"] for one in told} == {kind}


def test_a_kind_that_the_key_does_not_open_is_refused():
    door = Door(issue(make.COUNTY, Scope.READ).text)
    for asked in ("kinds=case", "kinds=household,case"):
        answer = door.get(f"{FEED}?{asked}")
        assert (answer.status_code, answer.body["code"]) == (403, "no_scope")
    assert Door(issue(make.COUNTY, Scope.IDENTITY).text).get(FEED).status_code == 403
