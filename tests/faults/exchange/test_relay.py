"""Carrying households from one registry into another: a played source, a running site as target."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import registry_client.batching
from django.conf import LazySettings
from registry_client import Copy, Door, relay
from registry_client.__main__ import main

from divisions.models import Division
from exchange.models import Push
from households.models import Household, Member
from officers.rules import Scope
from tests import factories as make
from tests.api.conftest import issue, new_person
from workflow.models import PolicyParameter

MEMBER = "97012300000001001"


class Source:
    """A change feed of pages; a page that is added is what the next night brings."""

    def __init__(self) -> None:
        self.pages: list[list[dict[str, Any]]] = []

    def door(self) -> Door:
        return Door("http://source", "k", transport=httpx.MockTransport(self._answer))

    def _answer(self, request: httpx.Request) -> httpx.Response:
        at = int(request.url.params.get("cursor", "0"))
        page = self.pages[at] if at < len(self.pages) else []
        results = [{"kind": "household", "key": one["number"], "document": one} for one in page]
        end = min(at + 1, len(self.pages))
        more = end < len(self.pages)
        return httpx.Response(200, json={"results": results, "next": str(end), "more": more})


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def copy(tmp_path: Path) -> Iterator[Copy]:
    copy = Copy(tmp_path / "carried.sqlite")
    yield copy
    copy.close()


@pytest.fixture
def place(site: str, settings: LazySettings) -> str:
    """The target: there the source's word holds."""
    settings.PLAIN_HTTP = True
    make.plant_tree()
    PolicyParameter.objects.bulk_create(
        PolicyParameter(
            division_id=make.PROVINCE, key=f"exchange.owner.{group}", year=2014, value="there",
            source="省级通知", set_by=make.the_operator(),
        )
        for group in ("household", "members")
    )  # fmt: skip
    return site


@pytest.fixture
def key(place: str) -> str:
    return issue(make.COUNTY, Scope.WRITE, Scope.IDENTITY).text


@pytest.fixture
def target(place: str, key: str) -> Iterator[Door]:
    with Door(place, key, patience=20) as door:
        yield door


def household(number: str, *members: dict[str, Any], **values: Any) -> dict[str, Any]:
    in_it = {"end_reason": None, "end_date": None}
    people = [in_it | one for one in members or [new_person(person_number=f"P{number}")]]
    return {"number": number, "version": 3, "village": make.VILLAGE, "members": people} | values


def test_a_household_that_is_again_as_it_was_once_is_carried_again(source, target, copy):
    person = new_person(person_number=MEMBER)
    groups = ["一组", "二组", "一组"]
    for group in groups:
        source.pages.append([household("H1", person, group=group)])
        relay(source.door(), target, copy)
        assert Household.everywhere.get(number="H1").group == group


def test_what_hangs_on_a_household_of_a_later_page_is_taken_in_the_same_run(source, target, copy):
    moving = new_person(person_number=MEMBER, name="陈小河", relation="99")
    left = moving | {"end_reason": "03", "end_date": "2020-03-01"}
    head = new_person(person_number="97012300000001002")
    source.pages.append([household("H1", head, moving)])
    assert [one["errors"] for one in relay(source.door(), target, copy).left_behind] == []
    source.pages += [[household("H2", moving | {"relation": "01"})], [household("H1", head, left)]]
    found = relay(source.door(), target, copy)
    assert found.left_behind == []
    assert Member.objects.active().get(person_number=MEMBER).household.number == "H2"
    assert dict(found.counts) == {"rejected": 1, "updated": 1, "created": 1}


def test_what_was_rejected_is_sent_every_night_until_it_is_taken(source, target, copy):
    fresh = "970123100299"
    source.pages.append([household("H1"), household("H2", village=fresh)])
    for _ in range(2):
        found = relay(source.door(), target, copy)
        (left,) = found.left_behind
        assert (left["number"], left["errors"][0]["pointer"]) == ("H2", "/village")
    Division.objects.create(
        code=fresh, name="新村", level=5, parent_id=make.VILLAGE[:9], valid_from="2010-01-01"
    )
    assert relay(source.door(), target, copy).left_behind == []
    assert Household.everywhere.filter(number="H2").exists()
    pushes = Push.objects.count()
    relay(source.door(), target, copy)
    assert Push.objects.count() == pushes


def test_what_was_refused_is_told_until_the_two_agree(source, target, copy):
    PolicyParameter.objects.filter(key="exchange.owner.household").update(value="here")
    PolicyParameter.objects.create(
        division_id=make.PROVINCE, key="exchange.differences", year=2014, value="refuse",
        source="省级通知", set_by=make.the_operator(),
    )  # fmt: skip
    person = new_person(person_number=MEMBER)
    source.pages += [[household("H1", person, group=group)] for group in ("一组", "二组")]
    for _ in range(2):
        (left,) = relay(source.door(), target, copy).left_behind
        assert (left["number"], left["refused"]) == ("H1", ["/group"])
    Household.everywhere.filter(number="H1").update(group="二组")
    assert relay(source.door(), target, copy).left_behind == []


def test_what_is_gone_at_the_source_is_not_left_behind(source, target, copy):
    source.pages.append([household("H2", village="970123100299")])
    assert relay(source.door(), target, copy).left_behind
    copy.take([{"kind": "household", "key": "H2", "document": None}], cursor="1", more=False)
    assert relay(source.door(), target, copy).left_behind == []


def test_a_page_beyond_what_a_request_holds_goes_in_several(source, copy, monkeypatch):
    monkeypatch.setattr(registry_client.batching, "MOST_BYTES", 1_000)
    sent: list[bytes] = []

    def take(request: httpx.Request) -> httpx.Response:
        sent.append(request.content)
        results = [
            {"index": n, "number": json.loads(line)["number"], "result": "created", "refused": []}
            for n, line in enumerate(request.content.splitlines())
        ]
        return httpx.Response(200, json={"results": results})

    source.pages.append([household(f"H{n}", address="x" * 300) for n in range(9)])
    with Door("http://target", "k", transport=httpx.MockTransport(take)) as target:
        assert relay(source.door(), target, copy).counts == {"created": 9}
    assert max(map(len, sent)) <= 1_000
    items = [json.loads(line) for body in sent for line in body.splitlines()]
    assert [one["number"] for one in items] == [f"H{n}" for n in range(9)]
    assert not any("version" in one for one in items)


def test_the_command_names_what_was_left_behind(source, place, key, tmp_path, monkeypatch, capsys):
    for name, value in {"SITE": place, "KEY": key, "TARGET_SITE": place}.items():
        monkeypatch.setenv(name, value)
    carried = str(tmp_path / "carried.sqlite")
    assert main(["relay", carried]) == 2
    assert "Set TARGET_KEY:" in capsys.readouterr().err
    monkeypatch.setenv("TARGET_KEY", key)
    monkeypatch.setattr(
        "registry_client.__main__.relay", lambda _, to, at: relay(source.door(), to, at)
    )
    source.pages.append([household("H1"), household("H2", village="970123100299")])
    assert main(["relay", carried]) == 3
    assert capsys.readouterr().out == "H2 village_unknown /village\n"
