"""That somebody is on the register elsewhere is told to writes in reason, not to whoever asks."""

import json
from datetime import date
from hashlib import sha256
from typing import Any

import pytest

from exchange.actions import uploading
from exchange.models import Push, Upload
from households.models import Household, Member
from households.models.members import PERSON_FIELD
from officers.models import Telling
from tests import factories as make
from tests.api.conftest import Door, new_household, new_person
from tests.api.pushing import errors, one, push, pushed, results
from trail.models import Change
from trail.sealing import blind

pytestmark = pytest.mark.django_db


def members(number: int, **fields: Any) -> list[dict[str, Any]]:
    """So many people of another county, and their person numbers by ID number."""
    home = make.make_household(make.OTHER_COUNTY_VILLAGE)
    people = [new_person() for _ in range(number)]
    for person in people:
        make.make_member(home, id_number=person["id_number"], **fields)
    return people


def leavers(number: int) -> list[dict[str, Any]]:
    """So many people who were members in another county, and left."""
    return members(number, end_reason="03", end_date=date(2019, 5, 1))


def number_of(person: dict[str, Any]) -> str:
    """The person number on record."""
    person_blind = blind(person["id_number"], field=PERSON_FIELD)
    return Member.objects.filter(id_blind=person_blind).earliest("pk").person_number


@pytest.fixture
def elsewhere(tree: None) -> dict[str, Any]:
    """Who is a member in another county."""
    return members(1)[0]


@pytest.fixture
def left(tree: None) -> dict[str, Any]:
    """Who was a member in another county, and left."""
    return leavers(1)[0]


@pytest.fixture
def own(door: Door) -> tuple[str, str]:
    """Numbers of a household of the client's own, and of its head."""
    made = door.post("households/", new_household()).body
    return made["number"], made["members"][0]["person_number"]


@pytest.fixture
def two_a_day(settings: Any) -> None:
    settings.API_ELSEWHERE_A_DAY = 2


def asking(door: Door, person: dict[str, Any], **headers: str) -> Any:
    return push(door, pushed(members=[person]), **headers)


def told() -> list[int]:
    """Of how many persons each answer told."""
    return [*Telling.objects.order_by("pk").values_list("persons", flat=True)]


def registering(door: Door, person: dict[str, Any], **headers: str) -> Any:
    return door.post("households/", new_household(members=[person]), **headers)


def joining(door: Door, number: str, person: dict[str, Any]) -> Any:
    return door.post(f"households/{number}/members/", person | {"relation": "02"})


def family(people: list[dict[str, Any]]) -> dict[str, Any]:
    """A household to register, of these people."""
    names = ["陈大山", "林秀英", "陈小山"]
    return new_household(
        members=[
            one | {"name": name, "relation": "01" if name == names[0] else "02"}
            for one, name in zip(people, names, strict=True)
        ]
    )


def refused(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.body["code"]


def test_a_try_counts_and_traces_whom_it_told_of(door, elsewhere):
    assert errors(asking(door, elsewhere, dry="1")) == [
        ("/members/0/id_number", "active_elsewhere")
    ]
    assert told() == [1]
    (trace,) = Change.objects.filter(action="tell_outside")
    assert (trace.after["persons"], trace.posted_to) == ([number_of(elsewhere)], make.COUNTY)


@pytest.mark.parametrize("headers", [{}, {"Idempotency_Key": "once"}])
def test_a_registration_that_is_refused_counts_and_traces_whom_it_told_of(door, elsewhere, headers):
    assert registering(door, elsewhere, **headers).status_code == 400
    assert told() == [1]
    assert Change.objects.filter(action="tell_outside").count() == 1


def test_of_people_within_the_posting_nothing_is_counted(door):
    person = new_person()
    assert registering(door, person).status_code == 201
    assert registering(door, person).status_code == 400
    assert errors(asking(door, person)) == [("/members/0/id_number", "active_elsewhere")]
    assert told() == []


def test_who_came_from_another_county_is_not_counted_again_each_night(door, left):
    item = pushed(members=[left])
    assert results(push(door, item)) == ["created"]
    assert told() == [1]
    assert results(push(door, item)) == ["unchanged"]
    assert told() == [1]


@pytest.mark.usefixtures("two_a_day")
class TestEnough:
    @pytest.mark.parametrize("headers", [{"dry": "1"}, {}])
    def test_a_batch_is_told_no_more(self, door, elsewhere, headers):
        for _ in range(2):
            assert results(asking(door, elsewhere, **headers)) == ["rejected"]
        assert refused(asking(door, elsewhere, **headers)) == (409, "told_enough")

    @pytest.mark.parametrize("headers", [{}, {"Idempotency_Key": "once"}])
    def test_a_registration_is_told_no_more(self, door, elsewhere, headers):
        for _ in range(2):
            assert registering(door, elsewhere, **headers).status_code == 400
        for person in (elsewhere, new_person()):
            assert refused(registering(door, person, **headers)) == (409, "told_enough")

    def test_one_more_person_and_a_change_are_told_no_more(self, door, elsewhere, own):
        number, head = own
        assert joining(door, number, elsewhere).status_code == 400
        body = {"members": [{"person_number": head, "id_number": elsewhere["id_number"]}]}
        path = f"households/{number}/"
        assert door.patch(path, body, If_Match='"1"').status_code == 400
        assert refused(door.patch(path, body, If_Match='"1"')) == (409, "told_enough")
        assert refused(joining(door, number, elsewhere)) == (409, "told_enough")

    def test_all_ways_of_writing_count_together(self, door, elsewhere):
        registering(door, elsewhere)
        asking(door, elsewhere)
        assert refused(registering(door, elsewhere)) == (409, "told_enough")

    @pytest.mark.parametrize("headers", [{"dry": "1"}, {}])
    def test_one_request_is_not_told_of_more_and_counts_them(self, door, headers):
        batch = [pushed(members=[person]) for person in members(8)]
        assert refused(push(door, *batch, pushed(), **headers)) == (409, "told_enough")
        assert told() == [8]
        assert not Household.everywhere.filter(village=make.VILLAGE).exists()
        assert not Push.objects.exists()

    def test_one_registration_is_not_told_of_more_and_counts_them(self, door):
        answer = door.post("households/", family(members(3)))
        assert refused(answer) == (409, "told_enough")
        assert told() == [3]

    @pytest.mark.parametrize("headers", [{}, {"Idempotency_Key": "new"}])
    def test_what_tells_too_much_is_not_written(self, door, headers):
        answer = door.post("households/", family(leavers(3)), **headers)
        assert refused(answer) == (409, "told_enough")
        assert told() == [3]
        assert not Household.everywhere.filter(village=make.VILLAGE).exists()

    def test_what_was_told_the_day_before_does_not_count(self, door, elsewhere):
        for _ in range(2):
            asking(door, elsewhere)
        Telling.objects.update(at="2020-01-01T00:00Z")
        assert asking(door, elsewhere).status_code == 200

    def test_what_another_system_was_told_does_not_count(self, door, foreign_door, elsewhere):
        for _ in range(2):
            asking(door, elsewhere)
        other = pushed(village=make.OTHER_COUNTY_VILLAGE)
        assert push(foreign_door, other).status_code == 200

    def test_an_upload_stops_where_its_system_was_told_enough(self, door, elsewhere, monkeypatch):
        monkeypatch.setattr(uploading, "ITEMS_AT_ONCE", 1)
        known = Household.everywhere.count()
        state = uploaded(door, *(pushed(members=[elsewhere]) for _ in range(2)), pushed())
        assert state == ("failed", "told_enough", 2)
        assert Household.everywhere.count() == known

    def test_a_piece_of_an_upload_is_not_told_of_more_and_counts_them(self, door):
        state = uploaded(door, *(pushed(members=[person]) for person in members(3)))
        assert state == ("failed", "told_enough", 0)
        assert told() == [3]


def uploaded(door: Door, *items: dict[str, Any]) -> tuple[str, str, int]:
    """State, fault and lines of an upload of these households that a worker took in."""
    content = "\n".join(json.dumps(each) for each in items).encode()
    uuid = door.post("sync/uploads/", {}, Idempotency_Key="load").body["uuid"]
    door.send("PUT", f"sync/uploads/{uuid}/parts/1/", content)
    end = {"parts": 1, "sha256": sha256(content).hexdigest()}
    door.post(f"sync/uploads/{uuid}/close/", end)
    uploading.take_in(Upload.objects.get().pk)
    state = door.get(f"sync/uploads/{uuid}/").body
    return state["state"], state["fault"], state["lines_done"]


@pytest.mark.parametrize("who", ["elsewhere", "left"])
def test_a_foreign_id_number_of_an_own_person_is_refused_in_one_word(door, own, who, request):
    foreign = request.getfixturevalue(who)["id_number"]
    number, head = own
    changed = {"members": [{"person_number": head, "id_number": foreign}]}
    assert errors(push(door, changed | {"number": number, "version": 1}, dry="1")) == [
        ("/members/0/id_number", "active_elsewhere")
    ]
    answer = door.patch(f"households/{number}/", changed, If_Match='"1"')
    assert [(each["pointer"], each["code"]) for each in answer.body["errors"]] == [
        ("/members/0/id_number", "active_elsewhere")
    ]
    assert told() == [1, 1]


def test_a_foreign_person_number_beside_an_own_id_number_is_refused_in_one_word(door, own, left):
    number, _head = own
    mine = new_person()
    registering(door, mine)
    answer = joining(door, number, mine | {"person_number": number_of(left)})
    assert [(each["pointer"], each["code"]) for each in answer.body["errors"]] == [
        ("/person_number", "active_elsewhere")
    ]
    assert told() == [1]


def test_within_the_posting_two_persons_of_one_row_are_told_apart(door, own):
    number, head = own
    mine = new_person()
    registering(door, mine)
    row = {"person_number": head, "id_number": mine["id_number"]}
    assert errors(push(door, {"number": number, "version": 1, "members": [row]}, dry="1")) == [
        ("/members/0/person_number", "keys_differ")
    ]
    assert told() == []


def test_a_try_warns_of_no_number_outside_of_the_posting(door, left):
    for person in (new_person(), left):
        answer = one(asking(door, person | {"person_number": "MINE-1"}, dry="1"))
        assert (answer["result"], answer["warnings"]) == ("created", [])
    assert told() == [1]


def test_a_number_from_outside_of_the_posting_is_counted_when_it_is_told(door, left):
    answer = registering(door, left)
    assert answer.body["members"][0]["person_number"] == number_of(left)
    assert told() == [1]


def test_a_household_of_a_foreign_village_tells_of_nobody(door, elsewhere):
    item = pushed(village=make.OTHER_COUNTY_VILLAGE, members=[elsewhere])
    assert errors(push(door, item)) == [("/village", "village_outside")]
    assert told() == []
