"""A change with an Idempotency-Key is done once, however often it is sent."""

from datetime import timedelta

import pytest
from django.utils import timezone

from exchange.tasks import purge_answers
from households.models import Household
from officers.rules import Scope
from tests import factories as make
from tests.api.conftest import Door, issue, new_household, new_person
from trail.models import StoredAnswer

pytestmark = pytest.mark.django_db
KEY = {"Idempotency_Key": "night-2020-06-30/1"}


def test_a_retry_gets_the_same_answer_and_registers_nobody_twice(door):
    body = new_household()
    first, second = (door.post("households/", body, **KEY) for _ in range(2))
    assert (first.status_code, first.content) == (201, second.content)
    assert (second["ETag"], second["Location"]) == (first["ETag"], first["Location"])
    assert (second.status_code, second["Idempotency-Replayed"]) == (201, "true")
    assert Household.everywhere.count() == 1


def test_a_retry_of_a_change_gets_its_answer_although_the_version_moved_on(household, door):
    seen = {"If_Match": f'"{household.version}"'} | KEY
    first, second = (
        door.patch(f"households/{household.number}/", {"group": "二组"}, **seen) for _ in range(2)
    )
    assert (first.status_code, second.status_code) == (200, 200)
    assert second.content == first.content


def test_another_body_under_the_same_key_is_refused(door):
    door.post("households/", new_household(), **KEY)
    refused = door.post("households/", new_household(), **KEY)
    assert (refused.status_code, refused.body["code"]) == (422, "key_reused")
    assert Household.everywhere.count() == 1


def test_another_address_under_the_same_key_is_refused(household, door):
    path = f"households/{household.number}/members/"
    door.post("households/", new_household(), **KEY)
    refused = door.post(path, new_person(relation="03"), **KEY)
    assert refused.body["code"] == "key_reused"


def test_a_refusal_is_not_kept_so_that_the_mended_request_may_use_the_key(door):
    assert door.post("households/", {"village": make.VILLAGE}, **KEY).status_code == 400
    assert door.post("households/", new_household(), **KEY).status_code == 201


def test_another_client_may_use_the_same_key(door, foreign_door):
    village = make.OTHER_COUNTY_VILLAGE
    assert door.post("households/", new_household(), **KEY).status_code == 201
    answer = foreign_door.post("households/", new_household(village=village), **KEY)
    assert answer.status_code == 201
    assert "Idempotency-Replayed" not in answer


@pytest.mark.parametrize("key", ["", "a" * 65, "with blank", "键"])
def test_a_key_that_is_none_is_refused(door, key):
    refused = door.post("households/", new_household(), Idempotency_Key=key)
    assert (refused.status_code, refused.body["code"]) == (400, "key_missing")


def test_a_narrower_key_of_the_client_does_not_read_the_kept_answer(tree):
    issued = issue(make.COUNTY, Scope.WRITE, Scope.IDENTITY)
    body = new_household()
    assert Door(issued.text).post("households/", body, **KEY).status_code == 201
    type(issued.key).objects.filter(pk=issued.key.pk).update(scopes=[Scope.WRITE])
    refused = Door(issued.text).post("households/", body, **KEY)
    assert (refused.status_code, refused.body["code"]) == (403, "no_scope")


def test_who_is_posted_elsewhere_by_now_does_not_read_the_kept_answer(tree):
    issued, body = issue(), new_household()
    assert Door(issued.text).post("households/", body, **KEY).status_code == 201
    issued.key.client.officer.postings.update(division=make.OTHER_COUNTY)
    refused = Door(issued.text).post("households/", body, **KEY)
    assert (refused.status_code, refused.body["code"]) == (403, "outside_posting")
    assert body["members"][0]["name"] not in refused.content.decode()


def test_the_kept_answer_holds_nothing_in_clear(tree):
    door = Door(issue(make.COUNTY, Scope.WRITE, Scope.IDENTITY).text)
    body = new_household()
    number = body["members"][0]["id_number"]
    assert number in door.post("households/", body, **KEY).content.decode()
    kept = StoredAnswer.objects.get()
    assert number.encode() not in bytes(kept.body_sealed)


def test_an_answer_is_forgotten_after_its_time(door, settings):
    door.post("households/", new_household(), **KEY)
    past = timezone.now() - timedelta(days=settings.API_ANSWER_DAYS, minutes=1)
    StoredAnswer.objects.update(at=past)
    door.post("households/", new_household(), Idempotency_Key="another")
    purge_answers()
    assert [one.key for one in StoredAnswer.objects.all()] == ["another"]
