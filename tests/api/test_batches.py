"""Households pushed in one request: what is written, what is told of each."""

import json

import pytest

from exchange.actions.checking import check_push, unchecked
from exchange.models import Push
from exchange.queries.household_documents import household_documents
from households.models import Household, Member, QualityIssue, Survey
from households.rules import State
from tests import factories as make
from tests.api.conftest import new_person
from tests.api.pushing import errors, last_push, one, push, pushed, results, say, year
from trail.models import Change
from workflow.models import Case

pytestmark = pytest.mark.django_db


def test_new_households_are_registered_with_their_people_and_years(door):
    first = pushed(
        members=[new_person(), new_person(name="陈小山", relation="03", work_months=3)],
        surveys=[year(year=2018), year(lines=[
            {"kind": "business_income", "item": "wheat", "quantity": "800", "unit_price": "2.40",
             "coefficient_percent": 50}], housing_m2="86.50", toilet=False)],
    )  # fmt: skip
    second = pushed()
    answer = push(door, first, second)
    assert results(answer) == ["created", "created"]
    assert answer.body["counts"]["created"] == 2
    household = Household.everywhere.get(number=first["number"])
    assert household.members.active().count() == 2
    surveys = {one.year: one for one in Survey.objects.filter(household=household)}
    assert sorted(surveys) == [2018, 2019]
    assert str(surveys[2019].business_income) == "960.00"
    assert (str(surveys[2019].conditions.housing_m2), surveys[2018].persons) == ("86.50", 2)
    assert Household.everywhere.filter(number=second["number"]).exists()


def test_a_machine_sets_no_state_and_opens_no_case(door):
    item = pushed(surveys=[year()])
    push(door, item)
    household = Household.everywhere.get(number=item["number"])
    assert (household.state, household.state_loaded) == (State.ORDINARY, False)
    assert not Case.everywhere.exists()


def test_the_same_again_writes_nothing(door):
    item = pushed(surveys=[year()], phone="13900000001", needs=["HEA"])
    push(door, item)
    traces = Change.objects.count()
    answer = push(door, item)
    assert (one(answer)["result"], one(answer)["version"]) == ("unchanged", 1)
    assert (Change.objects.count(), Survey.objects.count()) == (traces, 1)


@pytest.mark.parametrize("masked", [True, False])
def test_a_document_of_the_feed_given_back_changes_nothing(door, masked):
    head = new_person(birth_date="1965-03-19", sex="1", id_number="97012319650319041X")
    gone = new_person(name="李秀英", relation="02", end_reason="01", end_date="2019-02-03")
    item = pushed(
        members=[head, gone], phone="13900000001", bank_account="62284800001", address="村东 3 号",
        other_causes=["03", "02"], main_cause="01",
        surveys=[year(arable_mu="3.5", reasons={"wage_income": "外出务工"})],
    )  # fmt: skip
    assert one(push(door, item))["result"] == "created"
    found = household_documents([item["number"]], within=make.COUNTY, masked=masked)
    document = json.loads(found[item["number"]].text)
    answer = push(door, document)
    assert (one(answer)["result"], one(answer)["warnings"]) == ("unchanged", [])
    document["version"] = None
    assert one(push(door, document))["result"] == "unchanged"


def test_what_the_door_answers_of_a_household_can_be_sent_back_as_well(door):
    item = pushed(phone="13900000001")
    push(door, item)
    read = door.get(f"households/{item['number']}/").body
    answer = push(door, read)
    assert (one(answer)["result"], one(answer)["errors"]) == ("unchanged", [])


def test_what_is_left_out_stays_and_null_clears(door):
    item = pushed(group="一组", main_cause="01", phone="13900000001", surveys=[year()])
    push(door, item)
    number = item["number"]
    change = {"number": number, "version": 1, "main_cause": None, "phone": None,
              "surveys": [{"year": 2019, "food": "0"}]}  # fmt: skip
    answer = push(door, change)
    assert (one(answer)["result"], one(answer)["version"]) == ("updated", 2)
    household = Household.everywhere.get(number=number)
    assert (household.group, household.main_cause) == ("一组", "")
    assert household.phone_sealed is not None
    survey = Survey.objects.filter(household=household).in_force().get()
    assert (str(survey.wage_income), survey.food) == ("8000.00", 0)


def test_people_are_found_by_number_by_id_and_by_name_and_birth(door):
    born = {"birth_date": "2010-05-06", "sex": "1", "no_id_reason": "1"}
    child = {"name": "陈小山", "relation": "03"} | born
    item = pushed(members=[new_person(), new_person(name="李秀英", relation="02"), child])
    push(door, item)
    head = Member.objects.get(household__number=item["number"], relation="01")
    change = {
        "number": item["number"],
        "version": 1,
        "members": [
            {"person_number": head.person_number, "health": "02"},
            {"id_number": item["members"][1]["id_number"], "health": "02"},
            {"name": "陈小山", "birth_date": "2010-05-06", "in_school": "05"},
        ],
    }
    assert one(push(door, change))["result"] == "updated"
    members = Member.objects.filter(household__number=item["number"])
    assert [*members.values_list("health", flat=True)].count("02") == 2
    assert members.get(relation="03").in_school == "05"
    assert members.count() == 3


def test_a_membership_ends_with_reason_and_date(door):
    item = pushed(members=[new_person(), new_person(name="李秀英", relation="02")])
    push(door, item)
    item["members"][1] |= {"end_reason": "01", "end_date": "2019-02-03"}
    assert one(push(door, item | {"version": 1}))["result"] == "updated"
    assert Member.objects.get(household__number=item["number"], relation="02").end_reason == "01"
    assert one(push(door, item))["result"] == "unchanged"


def test_a_faulty_household_is_rejected_alone_with_pointers(door):
    bad = pushed(
        members=[new_person(id_number="970123"), new_person(name="李秀英", relation="98")],
        surveys=[year(), year(year=2018, wage_income="-1", lines=[{"kind": "wage_income"}])],
    )
    answer = push(door, pushed(), bad, pushed())
    assert results(answer) == ["created", "rejected", "created"]
    found = errors(answer, 1)
    assert found == [("/members/1/relation", "not_listed")]
    assert answer.body["counts"] == {"created": 2, "rejected": 1, "updated": 0, "unchanged": 0,
                                     "queued": 0, "refused": 0}  # fmt: skip
    assert not Household.everywhere.filter(number=bad["number"]).exists()


def test_a_fault_of_a_year_points_at_its_survey(door):
    bad = pushed(
        surveys=[
            year(),
            year(year=2018, wage_income="-1", lines=[{"kind": "property_income", "item": "wheat"}]),
        ]
    )
    answer = push(door, bad)
    assert errors(answer) == [
        ("/surveys/1/lines/0/item", "item_of_other_kind"),
        ("/surveys/1/wage_income", "money"),
    ]


def test_a_jump_against_the_year_before_in_the_same_household_needs_its_reason(door):
    surveys = [year(year=2018, wage_income="1000.00"), year(wage_income="9000.00")]
    answer = push(door, pushed(surveys=surveys))
    assert errors(answer) == [("/surveys/1/reasons/wage_income", "reason_missing")]
    surveys[1]["reasons"] = {"wage_income": "长子外出务工"}
    assert one(push(door, pushed(surveys=surveys)))["result"] == "created"


def test_two_of_one_number_are_both_rejected(door):
    item = pushed()
    answer = push(door, item, pushed(), item | {"group": "二组"})
    assert results(answer) == ["rejected", "created", "rejected"]
    assert errors(answer, 0) == errors(answer, 2) == [("/number", "number_twice")]


def test_two_that_share_a_person_are_both_rejected(door):
    person = new_person(name="李秀英")
    others = [new_person(), person | {"relation": "03"}]
    answer = push(door, pushed(members=[person]), pushed(members=others))
    assert results(answer) == ["rejected", "rejected"]
    assert (errors(answer, 0), errors(answer, 1)) == (
        [("/members/0/id_number", "shared")],
        [("/members/1/id_number", "shared")],
    )


def test_nothing_is_written_beyond_the_posting(door):
    foreign = make.make_household(make.OTHER_COUNTY_VILLAGE)
    answer = push(
        door,
        {"number": foreign.number, "group": "九组"},
        {"number": foreign.number, "village": make.VILLAGE, "members": [new_person()]},
    )
    assert {*map(tuple, errors(answer, 0))} == {("/number", "number_twice")}
    answer = push(door, {"number": foreign.number}, pushed(village=make.OTHER_COUNTY_VILLAGE))
    assert errors(answer, 0) == [("/number", "number_used")]
    assert errors(answer, 1) == [("/village", "village_outside")]
    assert answer.body["results"][0]["version"] is None


@pytest.mark.parametrize(
    ("village", "code"),
    [(make.OTHER_COUNTY_VILLAGE, "village_outside"), ("970123100999", "village_unknown")],
)
def test_a_village_that_the_household_could_not_relocate_to_is_a_fault(door, village, code):
    item = pushed()
    push(door, item)
    answer = push(door, {"number": item["number"], "village": village, "version": 1})
    assert errors(answer) == [("/village", code)]


@pytest.mark.parametrize("version", [None, 1])
def test_a_cancelled_household_takes_nothing(door, version):
    gone = make.make_household(state=State.CANCELLED)
    answer = push(door, {"number": gone.number, "version": version, "group": "二组"})
    assert errors(answer) == [("/number", "closed")]


def test_a_new_household_needs_its_village_and_its_people(door):
    answer = push(door, pushed(members=[]), {"number": "X1", "members": [new_person()]})
    assert (errors(answer, 0), errors(answer, 1)) == (
        [("/members", "no_members")],
        [("/village", "required")],
    )


def test_living_conditions_alone_make_no_survey(door):
    answer = push(door, pushed(surveys=[{"year": 2019, "toilet": True}]))
    assert errors(answer) == [("/surveys/0", "survey_empty")]


def test_a_try_answers_the_same_and_writes_nothing(door):
    known = pushed(surveys=[year()])
    push(door, known)
    before = [model.objects.count() for model in (Change, Survey, Member, Push)]
    batch = [known | {"group": "二组", "version": 1}, pushed(), pushed(members=[])]
    tried = push(door, *batch, dry="1")
    assert [model.objects.count() for model in (Change, Survey, Member, Push)] == before
    assert tried.body["push"] is None
    real = push(door, *batch)
    assert tried.body["results"] == real.body["results"]
    assert results(real) == ["updated", "created", "rejected"]


@pytest.mark.parametrize("word", ["leave", "load"])
def test_a_batch_puts_nobody_on_the_register_whatever_the_county_says(door, word):
    say("exchange.loaded_states", word)
    item = pushed(status="1", exit_year=2018)
    answer = one(push(door, item))
    assert [warning["code"] for warning in answer["warnings"]] == ["status_left"]
    household = Household.everywhere.get(number=item["number"])
    assert (household.state, household.exit_year, household.state_loaded) == (
        State.ORDINARY, None, False,
    )  # fmt: skip


def test_a_status_on_record_never_moves_by_a_push(door):
    household = make.make_household(state=State.POOR)
    answer = one(push(door, {"number": household.number, "version": 1, "status": "1"}))
    assert (answer["result"], [one["code"] for one in answer["warnings"]]) == (
        "unchanged",
        ["status_stays"],
    )


def test_the_trace_names_the_key(door):
    item = pushed()
    push(door, item)
    (trace,) = Change.objects.filter(action="push")
    assert trace.origin == f"rest:{last_push().prefix}"


def test_a_batch_leaves_one_row_with_counts_and_reasons_that_name_nobody(door):
    push(door, pushed(), pushed(members=[new_person(id_number="97012319650319041Y")]))
    row = last_push()
    assert (row.counts, row.refused) == ({"created": 1, "rejected": 1}, {"id_number": 1})


def test_the_soft_rules_are_held_against_what_was_pushed(door):
    item = pushed(surveys=[year(wage_income="0", food="0")], main_cause="01")
    push(door, item)
    row = last_push()
    assert unchecked() == []
    assert not QualityIssue.everywhere.exists()
    found = check_push(row.pk)
    row.refresh_from_db()
    assert found == QualityIssue.everywhere.filter(year=2019).count() > 0
    assert row.unchecked == {}
    assert check_push(row.pk) == 0


def test_other_names_and_labels_are_understood_and_pointed_at(door):
    item = pushed(members=[{"AAB002": "陈大山", "AAB006": "户主", "AAB004": "97"}])
    answer = push(door, item | {"AAR007": "一组"})
    assert errors(answer) == [("/members/0/AAB004", "id_number")]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({"number": None}, ("/number", "required")),
        ({"number": "a b"}, ("/number", "number_form")),
        ({"number": "A1", "state": 1}, ("/state", "unknown_field")),
        ({"number": "A1", "members": [{"uuid": "x"}]}, ("/members/0/uuid", "unknown_field")),
        ({"number": "A1", "members": 3}, ("/members", "wrong_type")),
        ({"number": "A1", "surveys": [{}]}, ("/surveys/0/year", "required")),
        ({"number": "A1", "surveys": [{"year": 1999}]}, ("/surveys/0/year", "out_of_range")),
        ({"number": "A1", "surveys": [year(), year()]}, ("/surveys/1/year", "year_twice")),
        ({"number": "A1", "version": "1"}, ("/version", "wrong_type")),
        ({"number": "A1", "group": ""}, ("/group", "empty_text")),
        ({"number": "A1", "members": [{}] * 61}, ("/members", "out_of_range")),
        ({"number": "A1", "a/b~c": 1}, ("/a~1b~0c", "unknown_field")),
    ],
)
def test_an_item_of_another_shape_is_rejected_alone(door, body, found):
    answer = push(door, body, pushed())
    assert results(answer) == ["rejected", "created"]
    assert found in errors(answer, 0)
