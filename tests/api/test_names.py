"""National names of fields and labels of codes, in bodies and in answers."""

from typing import Any

import pytest

from households.api.names import (
    FINDING,
    HOUSEHOLD,
    PERSON,
    SURVEY,
    Names,
    Values,
    Vocabulary,
    inwards,
    outwards,
)
from households.importing.template import COLUMNS
from households.models import Household, Member
from households.rules import State
from officers.rules import Scope
from tests import factories as make
from tests.api.conftest import new_household, new_person

pytestmark = pytest.mark.django_db
NATIONAL_BODY = {
    "AAR006": make.VILLAGE,
    "AAR007": "一组",
    "AAC007": "因病",
    "AAC008": ["因残", "lack of labour"],
    "members": [
        {"AAB002": "陈大山", "AAB006": "户主", "AAB004": make.make_id_number(), "AAB013": "是"}
    ],
    "survey": {"year": 2019, "AAC073": "8000.00", "food": "met", "reasons": {"AAC073": "新工作"}},
}


def aliases_of(known: Vocabulary) -> set[str]:
    return set(known.aliases.values()).union(*map(aliases_of, known.within.values()))


def test_every_national_code_of_the_template_is_a_name_at_the_door():
    spoken = aliases_of(HOUSEHOLD) | aliases_of(FINDING)
    assert spoken == {column.alias for column in COLUMNS if column.alias}


def test_national_names_and_labels_register_the_same_household(door):
    answer = door.post("households/", NATIONAL_BODY)
    assert answer.status_code == 201, answer.body
    household = Household.everywhere.get(number=answer.body["number"])
    assert (household.village_id, household.group) == (make.VILLAGE, "一组")
    assert (household.main_cause, household.other_causes) == ("01", ["02", "08"])
    member = Member.objects.get(household=household)
    assert (member.name, member.relation, member.medical_insurance) == ("陈大山", "01", True)
    survey = household.surveys.get()
    assert (survey.wage_income, survey.food) == (8000, 1)


def test_an_answer_in_national_names_and_labels_can_be_sent_back(open_door):
    door = open_door(make.COUNTY, Scope.READ, Scope.WRITE, Scope.IDENTITY)
    number = door.post("households/", NATIONAL_BODY).body["number"]
    for language, cause in (("zh-CN", "因病"), ("en", "illness")):
        asked = door.get(
            f"households/{number}/?names=national&values=labels", Accept_Language=language
        )
        told = asked.body
        assert (told["AAC001"], told["AAC007"], told["AAR006"]) == (number, cause, make.VILLAGE)
        read_only = {"AAC001", "AAR006", "AAR010", "AAC016", "version", "updated_at"}
        body = {name: value for name, value in told.items() if name not in read_only}
        again = door.patch(f"households/{number}/", body, If_Match=asked["ETag"])
        assert again.status_code == 200, again.body
        assert again["ETag"] == asked["ETag"]


def test_people_surveys_and_findings_go_by_national_names(door):
    number = door.post("households/", NATIONAL_BODY).body["number"]
    [person] = door.get(f"households/{number}/members/?names=national").body["results"]
    [survey] = door.get(f"households/{number}/surveys/?names=national").body["results"]
    make.make_standard()
    finding = door.get(f"households/{number}/finding/?year=2019&names=national").body
    assert (person["AAB002"], person["AAB006"], person["AAB013"]) == ("陈大山", "01", True)
    assert (survey["AAC073"], survey["reasons"]) == ("8000.00", {"AAC073": "新工作"})
    assert finding["AAC001"] == number
    assert finding["finding"]["AAC082"] is None


def test_the_next_page_keeps_names_and_values(door, tree):
    for _ in range(2):
        make.make_household(main_cause="02")
    page = door.get("households/?limit=1&names=national&values=labels").body
    following = door.get(page["next"].removeprefix("http://testserver")).body
    assert [one["AAC007"] for one in page["results"] + following["results"]] == ["disability"] * 2


def test_a_state_that_no_list_names_has_its_label_too(door, tree):
    ordinary = make.make_household(state=State.ORDINARY)
    told = door.get(f"households/{ordinary.number}/?values=labels").body
    assert told["status"] == "not on the register"


@pytest.mark.parametrize(
    ("body", "names", "pointers"),
    [
        (new_household(AAR006=make.VILLAGE), "own", {("/AAR006", "named_twice")}),
        (
            new_household(members=[new_person(AAB002="陈二")]),
            "own",
            {("/members/0/AAB002", "named_twice")},
        ),
        (new_household(AAC999="x"), "own", {("/AAC999", "unknown_field")}),
        (new_household(AAR010="0"), "own", {("/AAR010", "unknown_field")}),
        (new_household(AAC073="1.00"), "own", {("/AAC073", "unknown_field")}),
        (new_household(AAC007="no such"), "own", {("/AAC007", "not_listed")}),
        (new_household(main_cause="no such"), "national", {("/main_cause", "not_listed")}),
        (
            {"AAR006": make.VILLAGE, "members": [{"AAB002": "陈二", "AAB004": "97012"}]},
            "national",
            {("/members/0/AAB006", "blank"), ("/members/0/AAB004", "id_number")},
        ),
        ({"members": [new_person()]}, "national", {("/AAR006", "required")}),
    ],
)
def test_a_fault_points_at_the_name_that_was_sent(door, body, names, pointers):
    answer = door.post(f"households/?names={names}", body)
    assert answer.status_code == 400
    assert {(one["pointer"], one["code"]) for one in answer.body["errors"]} >= pointers


def test_names_that_are_not_offered_are_refused(door, tree):
    for query in ("names=chinese", "values=words"):
        answer = door.get(f"households/?{query}")
        assert answer.body["errors"][0]["code"] == "not_offered"


@pytest.mark.parametrize("known", [HOUSEHOLD, PERSON, SURVEY])
def test_whatever_goes_out_comes_back(known, in_english):
    def whole(known: Vocabulary) -> dict[str, Any]:
        inner = {name: [whole(below)] for name, below in known.within.items()}
        return dict.fromkeys((*known.aliases, *known.lists), "1") | inner

    told = outwards(whole(known), known, names=Names.NATIONAL, values=Values.LABELS)
    back = inwards(told, known)
    assert (back.body, back.faults) == (whole(known), [])
