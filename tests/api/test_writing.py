"""What a machine client writes: households, people, surveys; and what it can never set."""

import pytest

from households.models import Household, IncomeLine, Member, Survey
from households.rules import State
from officers.rules import Role
from tests import factories as make
from tests.api.conftest import new_household, new_person
from tests.factories import make_id_number
from trail.models import Change
from workflow.models import Case

pytestmark = pytest.mark.django_db
SURVEY = {
    "year": 2019,
    "wage_income": "8000.00",
    "transfer_income": "0.00",
    "lines": [
        {
            "kind": "business_income",
            "item": "wheat",
            "quantity": "800",
            "unit_price": "2.40",
            "coefficient_percent": 50,
        }
    ],
    "housing": "0",
    "housing_m2": "86.50",
    "toilet": False,
}


def errors(answer) -> list[tuple[str, str]]:
    assert answer.status_code == 400, answer.body
    return [(one["pointer"], one["code"]) for one in answer.body["errors"]]


def test_a_household_is_registered_with_its_people_and_the_facts_of_a_year(door):
    head, child = new_person(), new_person(name="陈小山", relation="03", work_months=3)
    answer = door.post("households/", new_household(members=[head, child], survey=SURVEY))
    assert answer.status_code == 201, answer.body
    survey = Survey.objects.get(household__number=answer.body["number"])
    assert (survey.persons, str(survey.wage_income), survey.housing) == (2, "8000.00", 0)
    assert str(survey.business_income) == "960.00"
    assert (str(survey.conditions.housing_m2), survey.conditions.toilet) == ("86.50", False)
    assert survey.food is None
    assert {one["name"]: one["work_months"] for one in answer.body["members"]} == {
        "陈大山": None,
        "陈小山": 3,
    }


def test_what_was_registered_is_read_back(door):
    made = door.post("households/", new_household(survey=SURVEY))
    assert door.get(made["Location"]).body == made.body
    (survey,) = door.get(made["Location"] + "surveys/").body["results"]
    line = {"text": None, "amount": "960.00", "quantity": "800.00"}
    assert survey["lines"] == [SURVEY["lines"][0] | line]
    assert {name: survey[name] for name in ("wage_income", "housing", "toilet", "food")} == {
        "wage_income": "8000.00",
        "housing": "0",
        "toilet": False,
        "food": None,
    }


def test_a_machine_sets_no_state_and_opens_no_case(door):
    number = door.post("households/", new_household(survey=SURVEY)).body["number"]
    household = Household.everywhere.get(number=number)
    assert (household.state, household.state_loaded) == (State.ORDINARY, False)
    assert not Case.everywhere.exists()


def test_the_trace_names_the_client_and_its_key(door):
    door.post("households/", new_household())
    traces = Change.objects.filter(role=Role.MACHINE_CLIENT)
    assert traces.exists()
    assert {one.origin[:5] for one in traces} == {"rest:"}
    assert {one.posted_to for one in traces} == {make.COUNTY}


@pytest.mark.parametrize(
    "name",
    [
        "state", "status", "version", "number", "household_number", "withdrawn_at", "exit_year",
        "state_loaded", "split_from", "merged_into", "batch", "uuid", "search", "id", "updated_at",
        "phone_sealed", "village_id", "a/b~c",
    ],
)  # fmt: skip
def test_what_is_no_field_of_a_body_is_refused_as_unknown(door, household, name):
    pointer = "/" + name.replace("~", "~0").replace("/", "~1")
    answer = door.post("households/", new_household() | {name: 0})
    assert errors(answer) == [(pointer, "unknown_field")]
    answer = door.patch(f"households/{household.number}/", {name: 0}, If_Match='"1"')
    assert errors(answer) == [(pointer, "unknown_field")]
    household.refresh_from_db()
    assert (household.state, household.version) == (State.POOR, 1)


def test_the_village_of_a_household_is_no_field_of_a_change(door, household):
    body = {"village": make.NEXT_VILLAGE}
    answer = door.patch(f"households/{household.number}/", body, If_Match='"1"')
    assert errors(answer) == [("/village", "unknown_field")]


@pytest.mark.parametrize("name", ["end_reason", "household", "id_blind", "uuid", "version"])
def test_what_is_no_field_of_a_person_is_refused_as_unknown(door, name):
    answer = door.post("households/", new_household(members=[new_person(**{name: "1"})]))
    assert errors(answer) == [(f"/members/0/{name}", "unknown_field")]


@pytest.mark.parametrize("name", ["persons", "recorded_at", "corrects", "correction", "reason"])
def test_what_is_no_field_of_a_survey_is_refused_as_unknown(door, household, name):
    answer = door.post(f"households/{household.number}/surveys/", {"year": 2018, name: 1})
    assert errors(answer) == [(f"/{name}", "unknown_field")]


def test_a_change_leaves_alone_what_it_does_not_name(door, household):
    before = door.get(f"households/{household.number}/").body
    body = {"address": "村东头12号"}
    answer = door.patch(f"households/{household.number}/", body, If_Match='"1"')
    assert answer.status_code == 200, answer.body
    moved = body | {"version": 2, "updated_at": answer.body["updated_at"]}
    assert answer.body == before | moved


def test_null_clears_what_is_not_sealed(door):
    made = door.post("households/", new_household(phone="13900000001", main_cause="01"))
    changes = {"phone": None, "main_cause": None, "group": None}
    answer = door.patch(made["Location"], changes, If_Match='"1"')
    assert answer.body["phone"] == "139****0001"
    assert (answer.body["main_cause"], answer.body["group"]) == (None, None)


def test_people_are_changed_by_their_number(door, household):
    head, wife = household.members.order_by("relation")
    change = {"person_number": wife.person_number, "health": "02", "allowance": True}
    path = f"households/{household.number}/"
    answer = door.patch(path, {"members": [change]}, If_Match='"1"')
    assert answer.status_code == 200, answer.body
    wife.refresh_from_db()
    head.refresh_from_db()
    assert (wife.health, wife.allowance, wife.name) == ("02", True, "李秀英")
    assert (head.health, head.version) == ("", 1)


def test_a_person_of_no_number_or_named_twice_is_refused(door, household):
    number = household.members.first().person_number
    changes = [{"person_number": "P0"}, {"person_number": number}, {"person_number": number}, {}]
    path = f"households/{household.number}/"
    answer = door.patch(path, {"members": changes}, If_Match='"1"')
    assert errors(answer) == [
        ("/members/0/person_number", "not_of_household"),
        ("/members/2/person_number", "same_person_twice"),
        ("/members/3/person_number", "not_of_household"),
    ]


def test_a_fault_of_a_change_points_into_the_body_not_into_the_record(door, household):
    wife = household.members.get(relation="02")
    change = {"person_number": wife.person_number, "health": "99"}
    path = f"households/{household.number}/"
    assert errors(door.patch(path, {"members": [change]}, If_Match='"1"')) == [
        ("/members/0/health", "not_listed")
    ]
    second_head = {"person_number": wife.person_number, "relation": "01"}
    (fault,) = errors(door.patch(path, {"members": [second_head]}, If_Match='"1"'))
    assert fault[1] == "two_heads"


def test_a_person_comes_to_the_household(door, household):
    path = f"households/{household.number}/members/"
    body = new_person(name="陈小山", relation="03")
    answer = door.post(path, body)
    assert answer.status_code == 201, answer.body
    assert (answer.body["name"], answer.body["ended_on"], answer["ETag"]) == ("陈小山", None, '"2"')
    assert household.members.active().count() == 3
    assert [one["name"] for one in door.get(path).body["results"]] == ["陈大山", "李秀英", "陈小山"]


@pytest.mark.parametrize("body", [None, {}, {"name": None, "relation": None}])
def test_a_person_of_whom_nothing_is_said_is_refused(door, household, body):
    answer = door.post(f"households/{household.number}/members/", body)
    assert errors(answer) == [("/name", "blank"), ("/relation", "blank")]
    household.refresh_from_db()
    assert (household.version, household.members.count()) == (1, 2)


def test_a_second_head_is_refused_at_the_new_person(door, household):
    answer = door.post(f"households/{household.number}/members/", new_person(name="赵大山"))
    assert errors(answer) == [("/relation", "two_heads")]
    assert Member.objects.count() == 2


def test_a_member_does_not_come_twice(door, household):
    number = household.members.first().person_number
    path = f"households/{household.number}/members/"
    answer = door.post(path, new_person(relation="03", person_number=number))
    assert errors(answer) == [("/person_number", "already_member")]


def test_who_left_does_not_come_back_by_a_member_that_is_added(door, household):
    wife = household.members.get(relation="02")
    number = make_id_number()
    gone = make.make_member(
        household, id_number=number, end_reason="01", end_date="2019-05-01", name="陈老汉"
    )
    before = Member.objects.filter(pk=gone.pk).values().get()
    body = new_person(name="陈老汉", relation="03", id_number=number)
    answer = door.post(f"households/{household.number}/members/", body)
    assert errors(answer) == [("/id_number", "left_before")]
    assert set(household.members.active()) == {household.members.get(relation="01"), wife}
    assert Member.objects.filter(pk=gone.pk).values().get() == before


def test_the_first_survey_of_a_year_needs_no_version(door, household):
    path = f"households/{household.number}/surveys/"
    answer = door.post(path, SURVEY | {"year": 2018, "lines": []})
    assert answer.status_code == 201, answer.body
    assert (answer.body["year"], answer.body["persons"]) == (2018, 2)


def test_a_survey_that_corrects_another_needs_the_version_that_was_read(door, household):
    path = f"households/{household.number}/surveys/"
    assert door.post(path, SURVEY).status_code == 428
    stale = door.post(path, SURVEY, If_Match='"9"')
    assert (stale.status_code, stale["ETag"]) == (412, '"1"')
    answer = door.post(path, SURVEY, If_Match='"1"')
    assert answer.status_code == 201, answer.body
    assert Survey.objects.filter(household=household, year=2019).count() == 2
    assert [one["year"] for one in door.get(path).body["results"]] == [2019]
    assert IncomeLine.objects.count() == 1


def test_a_survey_leaves_household_and_people_as_they_are(door, household):
    before = door.get(f"households/{household.number}/").body
    door.post(f"households/{household.number}/surveys/", SURVEY | {"year": 2018})
    after = door.get(f"households/{household.number}/").body
    moved = {"version": 2, "updated_at": after["updated_at"]}
    assert after == before | moved


def test_a_jump_against_last_year_needs_a_reason_at_its_figure(door, household):
    make.make_survey(household, 2018, wage_income="1000.00")
    path = f"households/{household.number}/surveys/"
    answer = door.post(path, SURVEY, If_Match='"1"')
    assert errors(answer) == [("/reasons/wage_income", "reason_missing")]
    reasons = {"wage_income": "长子外出务工"}
    answer = door.post(path, SURVEY | {"reasons": reasons}, If_Match='"1"')
    assert answer.status_code == 201, answer.body
    assert answer.body["reasons"] == reasons


@pytest.mark.parametrize(
    ("year", "code"),
    [(1999, "out_of_range"), (2999, "year_late"), ("2019", "wrong_type"), (2019.5, "wrong_type"),
     (True, "wrong_type"), (None, "null")],
)  # fmt: skip
def test_the_year_of_a_survey_is_one_that_can_be_surveyed(door, household, year, code):
    answer = door.post(f"households/{household.number}/surveys/", {"year": year})
    assert errors(answer) == [("/year", code)]


def test_a_survey_without_year_is_refused(door, household):
    answer = door.post(f"households/{household.number}/surveys/", {})
    assert errors(answer) == [("/year", "required")]


def test_a_household_that_changed_in_between_is_not_overwritten(door, household):
    path = f"households/{household.number}/"
    first = door.patch(path, {"group": "二组"}, If_Match='"1"')
    second = door.patch(path, {"group": "三组"}, If_Match='"1"')
    assert (first.status_code, second.status_code, second["ETag"]) == (200, 412, '"2"')
    household.refresh_from_db()
    assert household.group == "二组"


def test_a_change_without_a_difference_leaves_the_version(door, household):
    answer = door.patch(f"households/{household.number}/", {}, If_Match='"1"')
    assert (answer.status_code, answer["ETag"]) == (200, '"1"')


def test_names_come_back_byte_for_byte(door):
    for name in ("买买提·阿卜杜拉", "𠮷野家", "O’Brien 李", "㛃" * 50, "李\u3000四"):
        answer = door.post("households/", new_household(members=[new_person(name=name)]))
        assert answer.body["members"][0]["name"] == name


@pytest.mark.parametrize(
    "body",
    [
        {"address": "村" * 2001},
        {"needs": ["HEA"] * 1001},
        {"members": [new_person(name="陈" * 2001)]},
    ],
)
def test_a_text_that_no_draft_would_hold_is_refused_at_its_place(door, body):
    answer = door.post("households/", new_household(**body))
    ((pointer, code),) = errors(answer)
    assert (code, pointer.rpartition("/")[2]) == (
        "too_long",
        "name" if "members" in body else next(iter(body)),
    )


def test_a_household_takes_no_more_people_than_a_draft_holds(door, household):
    for _ in range(58):
        make.make_member(household, relation="13")
    answer = door.post(f"households/{household.number}/members/", new_person(relation="13"))
    assert errors(answer) == [("", "out_of_range")]


def test_a_cancelled_household_takes_nobody_in(door):
    gone = make.make_household(state=State.CANCELLED)
    answer = door.post(f"households/{gone.number}/members/", new_person())
    assert (answer.status_code, answer.body["code"]) == (409, "closed")
    assert gone.members.count() == 1
