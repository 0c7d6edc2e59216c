"""What a key without the scope identity is shown of a person, and what is traced of one with it."""

import pytest

from households.models import Household
from households.models.households import BANK_FIELD, PHONE_FIELD
from officers.rules import Scope
from tests import factories as make
from tests.api.conftest import new_household, new_person
from trail.models import Change
from trail.sealing import blind, seal

pytestmark = pytest.mark.django_db
ID = "97012319650319041X"
PHONE, ACCOUNT = "13900000001", "6222000011112222"
PATHS = ("households/", "households/{}/", "households/{}/members/")


@pytest.fixture
def known(tree) -> Household:
    household = make.make_household()
    household.members.all().delete()
    make.make_member(household, relation="01", id_number=ID)
    household.phone_sealed = seal(PHONE, field=PHONE_FIELD, row=household.uuid)
    household.phone_blind = blind(PHONE, field=PHONE_FIELD)
    household.bank_account_sealed = seal(ACCOUNT, field=BANK_FIELD, row=household.uuid)
    household.bank_account_blind = blind(ACCOUNT, field=BANK_FIELD)
    household.save()
    return household


@pytest.mark.parametrize("path", PATHS)
def test_a_key_without_identity_reads_no_sensitive_value(open_door, known, path):
    door = open_door(make.COUNTY, Scope.READ, Scope.WRITE)
    text = door.get(path.format(known.number)).content.decode()
    assert "970123********041X" in text
    for secret in (ID, PHONE, ACCOUNT, "1965-03-19", "0319"):
        assert secret not in text
    assert not Change.objects.filter(action="read_identities").exists()


@pytest.mark.parametrize("path", PATHS)
def test_a_key_with_identity_reads_them_and_each_answer_is_traced_once(open_door, known, path):
    make.make_household()
    door = open_door(make.COUNTY, Scope.READ, Scope.IDENTITY)
    text = door.get(path.format(known.number)).content.decode()
    assert ID in text
    assert "1965-03-19" in text
    (trace,) = Change.objects.filter(action="read_identities")
    assert known.number in trace.after["households"]
    assert trace.role == "machine_client"
    assert ID not in str(trace.after)


def test_an_answer_to_a_change_is_masked_and_traced_alike(open_door, tree):
    masked = open_door(make.COUNTY, Scope.WRITE).post("households/", new_household(phone=PHONE))
    assert masked.body["phone"] == "139****0001"
    assert masked.body["members"][0]["id_number"][6:14] == "********"
    body = new_household(phone="13900000002")
    full = open_door(make.COUNTY, Scope.WRITE, Scope.IDENTITY).post("households/", body)
    assert full.body["phone"] == "13900000002"
    assert Change.objects.filter(action="read_identities").count() == 1


def test_an_answer_that_is_given_again_is_traced_again(open_door, tree):
    door = open_door(make.COUNTY, Scope.WRITE, Scope.IDENTITY)
    body = new_household()
    numbers = [
        door.post("households/", body, Idempotency_Key="once").body["number"] for _ in range(2)
    ]
    told = Change.objects.filter(action="read_identities").values_list("after", flat=True)
    assert [one["households"] for one in told] == [[number] for number in numbers]


def test_an_added_person_who_is_told_again_is_traced_again(open_door, known):
    door = open_door(make.COUNTY, Scope.WRITE, Scope.IDENTITY)
    body = new_person(relation="03")
    for _ in range(2):
        path = f"households/{known.number}/members/"
        assert door.post(path, body, Idempotency_Key="once").status_code == 201
    told = Change.objects.filter(action="read_identities").values_list("after", flat=True)
    assert [one["households"] for one in told] == [[known.number]] * 2


def test_a_masked_value_that_is_sent_back_is_refused(door, known):
    person = door.get(f"households/{known.number}/").body["members"][0]
    kept = {name: person[name] for name in ("person_number", "id_number")}
    answer = door.patch(f"households/{known.number}/", {"members": [kept]}, If_Match='"1"')
    assert answer.status_code == 400
    assert answer.body["errors"][0]["pointer"] == "/members/0/id_number"


def test_an_empty_list_leaves_no_trace(open_door, tree):
    open_door(make.COUNTY, Scope.READ, Scope.IDENTITY).get("households/")
    assert not Change.objects.filter(action="read_identities").exists()


def test_a_person_of_another_household_is_refused_without_saying_where(door, foreign_door, tree):
    taken = new_person()
    made = foreign_door.post(
        "households/", new_household(village=make.OTHER_COUNTY_VILLAGE, members=[taken])
    )
    assert made.status_code == 201, made.body
    answer = door.post("households/", new_household(members=[taken]))
    assert [(one["pointer"], one["code"]) for one in answer.body["errors"]] == [
        ("/members/0/id_number", "active_elsewhere")
    ]
    for telling in (made.body["number"], make.OTHER_COUNTY, taken["id_number"]):
        assert telling not in answer.content.decode()
