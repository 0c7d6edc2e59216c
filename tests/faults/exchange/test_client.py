"""The client of other systems against a running site: it pushes, pulls, compares, and resumes."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import registry_client.batching
from django.conf import LazySettings
from registry_client import Copy, Door, Refusal, Unreachable, pull, push_file, reconcile, try_file
from registry_client.__main__ import main

from exchange.actions.feed import renew_epoch
from households.models import Household
from officers.rules import Scope
from tests import factories as make
from tests.api.conftest import issue, new_person

HOUSEHOLDS = 25
BATCH = 10


class Stopped(Exception):
    """The run was killed."""


@pytest.fixture
def place(site: str, settings: LazySettings) -> str:
    settings.API_RATES = {"read": 10**6, "write": 10**6}
    settings.PLAIN_HTTP = True
    make.plant_tree()
    return site


@pytest.fixture
def door(place: str) -> Iterator[Door]:
    key = issue(make.COUNTY, Scope.READ, Scope.WRITE, Scope.IDENTITY).text
    with Door(place, key, patience=20) as door:
        yield door


@pytest.fixture
def copy(tmp_path: Path) -> Iterator[Copy]:
    copy = Copy(tmp_path / "copy.sqlite")
    yield copy
    copy.close()


def item(place: int) -> dict[str, Any]:
    """A household as other systems send it."""
    return {
        "number": f"H{place:04d}",
        "village": make.VILLAGE,
        "group": "一组",
        "members": [new_person(person_number=f"P{place:04d}")],
        "surveys": [{"year": 2019, "wage_income": "8000.00"}],
    }


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(registry_client.batching, "MOST_HOUSEHOLDS", BATCH)
    path = tmp_path / "households.ndjson"
    lines = [json.dumps(item(place), ensure_ascii=False) for place in range(HOUSEHOLDS)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def results_of(file: Path, ending: str = "results.ndjson") -> list[dict[str, Any]]:
    path = file.with_name(f"{file.name}.{ending}")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_push_that_was_stopped_goes_on_behind_what_was_answered(door, file):
    def stop(_: object) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        push_file(door, file, told=stop)
    assert Household.everywhere.count() == BATCH
    progress = push_file(door, file)
    assert dict(progress.counts) == {"created": HOUSEHOLDS}
    assert [one["index"] for one in results_of(file)] == [*range(HOUSEHOLDS)]
    assert Household.everywhere.count() == HOUSEHOLDS


def answering(*answers: httpx.Response) -> httpx.MockTransport:
    """A registry that gives these answers, one for each request."""
    rest = iter(answers)
    return httpx.MockTransport(lambda _: next(rest))


def test_a_push_that_was_stopped_begins_anew_at_another_site(door, file):
    first = [{"index": place, "result": "created"} for place in range(BATCH)]
    transport = answering(httpx.Response(200, json={"results": first}))

    def stop(_: object) -> None:
        raise Stopped

    with (
        Door("http://elsewhere", "pr_1_secret", transport=transport) as other,
        pytest.raises(Stopped),
    ):
        push_file(other, file, told=stop)
    progress = push_file(door, file)
    assert dict(progress.counts) == {"created": HOUSEHOLDS}
    assert Household.everywhere.count() == len(results_of(file)) == HOUSEHOLDS


def test_a_push_that_was_stopped_begins_anew_for_another_system(place, door, file):
    def stop(_: object) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        push_file(door, file, told=stop)
    with Door(place, issue(make.COUNTY, Scope.WRITE).text, patience=20) as other:
        counts = push_file(other, file).counts
    assert dict(counts) == {"unchanged": BATCH, "created": HOUSEHOLDS - BATCH}


def test_what_is_kept_of_a_run_holds_no_secret(file):
    transport = answering(httpx.Response(200, json={"results": []}))

    def stop(_: object) -> None:
        raise Stopped

    with (
        Door("http://registry", "pr_1_a_b", transport=transport) as door,
        pytest.raises(Stopped),
    ):
        push_file(door, file, told=stop)
    kept = json.loads(file.with_name(f"{file.name}.progress.json").read_text())
    assert kept["door"] == "http://registry 1"


def test_a_file_with_the_mark_of_utf_8_is_pushed_from_its_first_line(door, file):
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert dict(push_file(door, file).counts) == {"created": HOUSEHOLDS}


def test_what_is_wrong_stands_in_the_results_at_its_line(door, file):
    lines = file.read_text(encoding="utf-8").splitlines()
    lines[12] = json.dumps(item(12) | {"village": make.OTHER_COUNTY_VILLAGE})
    file.write_text("\n".join(lines), encoding="utf-8")
    progress = push_file(door, file)
    assert dict(progress.counts) == {"created": HOUSEHOLDS - 1, "rejected": 1}
    (wrong,) = [one for one in results_of(file) if one["result"] == "rejected"]
    assert (wrong["index"], wrong["errors"][0]["pointer"]) == (12, "/village")


def test_what_was_only_tried_is_pushed_afterwards(door, file):
    assert dict(try_file(door, file).counts) == {"created": HOUSEHOLDS}
    assert not Household.everywhere.exists()
    assert len(results_of(file, "tried.ndjson")) == HOUSEHOLDS
    assert dict(push_file(door, file).counts) == {"created": HOUSEHOLDS}
    assert Household.everywhere.count() == len(results_of(file)) == HOUSEHOLDS


def test_a_try_amid_a_push_leaves_its_place_alone(door, file):
    def stop(_: object) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        push_file(door, file, told=stop)
    assert dict(try_file(door, file).counts) == {"unchanged": BATCH, "created": HOUSEHOLDS - BATCH}
    assert dict(push_file(door, file).counts) == {"created": HOUSEHOLDS}


def test_a_file_that_did_not_change_is_judged_anew_the_next_night(door, file):
    lines = file.read_text(encoding="utf-8").splitlines()
    lines[3] = json.dumps(item(3) | {"members": [new_person(relation="02")]})
    file.write_text("\n".join(lines), encoding="utf-8")
    for _ in range(2):
        assert push_file(door, file).counts["rejected"] == 1
    Household.everywhere.filter(number="H0001").update(group="别组")
    progress = push_file(door, file)
    assert dict(progress.counts) == {"queued": 1, "unchanged": HOUSEHOLDS - 2, "rejected": 1}
    assert len(results_of(file)) == HOUSEHOLDS


def test_a_broken_line_is_rejected_alone_and_a_blank_one_passed_over(door, file):
    lines = file.read_text(encoding="utf-8").splitlines()
    lines[1:3] = ["", '{"number": "H0001", "village"']
    lines[14] = "  "
    file.write_text("\n".join(lines) + "\n\n", encoding="utf-8")
    progress = push_file(door, file)
    assert dict(progress.counts) == {"created": HOUSEHOLDS - 3, "rejected": 1}
    told = results_of(file)
    assert [one["index"] for one in told] == [n for n in range(HOUSEHOLDS) if n not in (1, 14)]
    (wrong,) = [one for one in told if one["result"] == "rejected"]
    assert (wrong["index"], wrong["errors"][0]["code"]) == (2, "broken_line")


def test_a_line_that_no_request_holds_is_rejected_alone(door, file, monkeypatch):
    monkeypatch.setattr(registry_client.batching, "MOST_BYTES", 2_000)
    lines = file.read_text(encoding="utf-8").splitlines()
    lines[2] = json.dumps(item(2) | {"address": "x" * 2_000})
    file.write_text("\n".join(lines), encoding="utf-8")
    assert dict(push_file(door, file).counts) == {"created": HOUSEHOLDS - 1, "rejected": 1}


def test_the_push_command_tells_what_came_of_it(place, file, monkeypatch, capsys):
    monkeypatch.setenv("SITE", place)
    monkeypatch.setenv("KEY", issue(make.COUNTY, Scope.WRITE).text)
    assert main(["push", str(file), "--dry-run"]) == 0
    assert main(["push", str(file)]) == 0
    assert f"{HOUSEHOLDS} created" in capsys.readouterr().err
    monkeypatch.delenv("KEY")
    assert main(["push", str(file)]) == 2
    assert "Set KEY:" in capsys.readouterr().err


def test_the_copy_follows_and_the_two_hold_the_same(door, file, copy, tmp_path):
    push_file(door, file)
    folder = tmp_path / "changes"
    folder.mkdir()
    assert pull(door, copy, files=folder) >= HOUSEHOLDS
    assert reconcile(door, copy, division=make.COUNTY) == []
    told = [
        json.loads(line)["key"]
        for page in sorted(folder.glob("*.ndjson"))
        for line in page.read_text(encoding="utf-8").splitlines()
    ]
    assert {f"H{place:04d}" for place in range(HOUSEHOLDS)} <= set(told)


def test_what_differs_is_found_until_it_is_pulled(door, file, copy):
    push_file(door, file)
    pull(door, copy)
    Household.everywhere.filter(number="H0003").update(group="别组")
    Household.everywhere.filter(number="H0007").update(withdrawn_at="2020-01-01T00:00Z")
    found = {one.number: one for one in reconcile(door, copy, division=make.COUNTY)}
    assert [*found] == ["H0003", "H0007"]
    assert (found["H0003"].ours != found["H0003"].theirs, found["H0007"].theirs) == (True, "")
    pull(door, copy)
    assert reconcile(door, copy, division=make.COUNTY) == []


def test_a_padded_code_names_its_county(door, file, copy):
    push_file(door, file)
    pull(door, copy)
    assert reconcile(door, copy, division=make.COUNTY.ljust(12, "0")) == []


def test_after_a_restore_the_copy_begins_anew_and_keeps_nothing_that_is_gone(door, file, copy):
    push_file(door, file)
    pull(door, copy)
    Household.everywhere.filter(number="H0007").update(withdrawn_at="2020-01-01T00:00Z")
    renew_epoch(reason="演练", by=make.the_operator())
    pull(door, copy)
    assert copy.document("household", "H0007") is None
    assert len([*copy.documents("household")]) == HOUSEHOLDS - 1


def test_what_is_pulled_can_be_pushed_back_and_changes_nothing(door, file, copy, tmp_path):
    push_file(door, file)
    pull(door, copy)
    back = tmp_path / "back.ndjson"
    lines = [json.dumps(one, ensure_ascii=False) for one in copy.documents("household")]
    back.write_text("\n".join(lines), encoding="utf-8")
    assert dict(push_file(door, back).counts) == {"unchanged": HOUSEHOLDS}


def test_a_refusal_carries_the_registrys_reason(place):
    with Door(place, "pr_0_0", patience=1) as door, pytest.raises(Refusal) as refusal:
        door.get("households/")
    assert (refusal.value.status, refusal.value.code) == (401, "no_key")


def test_a_busy_registry_is_asked_again_and_a_silent_one_given_up():
    answers = iter([httpx.Response(503), httpx.Response(200, json={"ok": True})])
    transport = httpx.MockTransport(lambda _: next(answers))
    with Door("http://registry", "k", patience=20, transport=transport) as door:
        assert door.get("codes/") == {"ok": True}

    def silent(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("cut")

    with (
        Door("http://registry", "k", patience=0.1, transport=httpx.MockTransport(silent)) as door,
        pytest.raises(Unreachable),
    ):
        door.get("codes/")


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, html="<p>Sign in</p>"),
        httpx.Response(302, headers={"Location": "http://proxy/"}),
        httpx.Response(302, json={}),
        httpx.Response(200, content=b'{"ok": tr', headers={"Content-Type": "application/json"}),
        httpx.Response(200, json=[]),
    ],
)
def test_what_is_no_answer_of_a_registry_passes_or_makes_it_unreachable(answer):
    transport = answering(answer, httpx.Response(200, json={"ok": True}))
    with Door("http://registry", "k", patience=20, transport=transport) as door:
        assert door.get("codes/") == {"ok": True}
    always = httpx.MockTransport(lambda _: answer)
    with (
        Door("http://registry", "k", patience=0.1, transport=always) as door,
        pytest.raises(Unreachable),
    ):
        door.get("codes/")


def test_a_refusal_says_where_in_the_request(door):
    with pytest.raises(Refusal, match=r"/year: this is needed"):
        door.post("sync/uploads/", b'{"format": "csv"}', key="k")


def test_a_first_page_that_is_gone_is_asked_for_anew(copy):
    page = {"results": [], "next": "c1", "more": False}
    gone = httpx.Response(
        410,
        json={"code": "cursor_gone"},
        headers={"Content-Type": "application/problem+json"},
    )
    answers = iter([gone, httpx.Response(200, json=page)])
    transport = httpx.MockTransport(lambda _: next(answers))
    with Door("http://registry", "k", patience=1, transport=transport) as door:
        assert pull(door, copy) == 0
    assert copy.cursor == "c1"
