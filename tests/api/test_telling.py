"""That somebody is on the register elsewhere is told to pushes in reason, not to whoever asks."""

import json
from hashlib import sha256
from typing import Any

import pytest

from exchange.actions import uploading
from exchange.models import Push, Upload
from households.models import Household
from tests import factories as make
from tests.api.conftest import Door, new_household, new_person
from tests.api.pushing import errors, push, pushed, results

pytestmark = pytest.mark.django_db


@pytest.fixture
def elsewhere(foreign_door: Door) -> dict[str, Any]:
    """Who is a member in another county."""
    person = new_person()
    body = new_household(village=make.OTHER_COUNTY_VILLAGE, members=[person])
    assert foreign_door.post("households/", body).status_code == 201
    return person


def asking(door: Door, person: dict[str, Any], **headers: str) -> Any:
    return push(door, pushed(members=[person]), **headers)


@pytest.fixture
def two_a_day(settings: Any) -> None:
    settings.API_ELSEWHERE_A_DAY = 2


def test_a_try_leaves_what_it_told(door, elsewhere):
    assert errors(asking(door, elsewhere, dry="1")) == [
        ("/members/0/id_number", "active_elsewhere")
    ]
    assert [(one.is_try, one.refused, one.counts) for one in Push.objects.all()] == [
        (True, {"active_elsewhere": 1}, {})
    ]


@pytest.mark.parametrize("headers", [{"dry": "1"}, {}])
@pytest.mark.usefixtures("two_a_day")
def test_a_system_that_was_told_enough_is_told_no_more(door, elsewhere, headers):
    for _ in range(2):
        assert results(asking(door, elsewhere, **headers)) == ["rejected"]
    refused = asking(door, elsewhere, **headers)
    assert (refused.status_code, refused.body["code"]) == (409, "told_enough")


@pytest.mark.usefixtures("two_a_day")
def test_what_was_told_the_day_before_does_not_count(door, elsewhere):
    for _ in range(2):
        asking(door, elsewhere)
    Push.objects.update(at="2020-01-01T00:00Z")
    assert asking(door, elsewhere).status_code == 200


@pytest.mark.usefixtures("two_a_day")
def test_what_another_system_was_told_does_not_count(door, foreign_door, elsewhere):
    for _ in range(2):
        asking(door, elsewhere)
    other = pushed(village=make.OTHER_COUNTY_VILLAGE)
    assert push(foreign_door, other).status_code == 200


@pytest.mark.usefixtures("two_a_day")
def test_an_upload_stops_where_its_system_was_told_enough(door, elsewhere, monkeypatch):
    monkeypatch.setattr(uploading, "ITEMS_AT_ONCE", 1)
    items = [pushed(members=[elsewhere]) for _ in range(2)] + [pushed()]
    content = "\n".join(json.dumps(one) for one in items).encode()
    uuid = door.post("sync/uploads/", {}, Idempotency_Key="load").body["uuid"]
    door.send("PUT", f"sync/uploads/{uuid}/parts/1/", content)
    end = {"parts": 1, "sha256": sha256(content).hexdigest()}
    door.post(f"sync/uploads/{uuid}/close/", end)
    known = Household.everywhere.count()
    uploading.take_in(Upload.objects.get().pk)
    told = door.get(f"sync/uploads/{uuid}/").body
    assert (told["state"], told["fault"], told["lines_done"]) == ("failed", "told_enough", 2)
    assert Household.everywhere.count() == known
