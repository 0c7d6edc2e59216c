import pytest

from households.models import Household
from tests import factories as make
from tests.api.conftest import new_household

pytestmark = pytest.mark.django_db


def test_a_household_is_read_with_its_people_and_its_version(door, household):
    answer = door.get(f"households/{household.number}/")
    assert answer.status_code == 200
    assert answer["ETag"] == '"1"'
    assert answer.body["number"] == household.number
    assert [one["name"] for one in answer.body["members"]] == ["陈大山", "李秀英"]


def test_a_household_is_registered_as_not_on_the_register(door):
    answer = door.post("households/", new_household())
    assert answer.status_code == 201, answer.body
    kept = Household.everywhere.get(number=answer.body["number"])
    assert answer["Location"] == f"/api/v1/households/{kept.number}/"
    assert (kept.state, kept.village_id, kept.group) == (4, make.VILLAGE, "一组")
    assert answer.body["status"] == "4"


def test_a_change_needs_the_version_that_was_read(door, household):
    path = f"households/{household.number}/"
    assert door.patch(path, {"group": "二组"}).status_code == 428
    stale = door.patch(path, {"group": "二组"}, If_Match='"7"')
    assert stale.status_code == 412
    assert stale["ETag"] == '"1"'
    changed = door.patch(path, {"group": "二组"}, If_Match='"1"')
    assert changed.status_code == 200, changed.body
    assert (changed["ETag"], changed.body["group"]) == ('"2"', "二组")
