"""The client's way of sending a large file: in parts, resumed after whatever broke off."""

import csv
import gzip
import io
import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import registry_client.uploading
from django.conf import LazySettings
from django.db import transaction
from registry_client import Door, UploadFailed, upload_file
from registry_client.__main__ import main

import exchange.api.uploads
from exchange.models import Upload
from households.models import Household
from officers.rules import Scope
from tests import factories as make
from tests.api.conftest import issue, new_person

HOUSEHOLDS = 12


class Stopped(Exception):
    """The run was killed."""


@pytest.fixture
def place(site: str, settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> str:
    """A site whose worker takes an upload in as soon as it is closed; small parts."""
    settings.PLAIN_HTTP = True
    make.plant_tree()
    monkeypatch.setattr(
        exchange.api.uploads,
        "nudge_later",
        lambda task, pk: transaction.on_commit(partial(task, pk)),
    )
    monkeypatch.setattr(registry_client.uploading, "PART_BYTES", 150)
    monkeypatch.setattr(registry_client.uploading, "FIRST_PAUSE_SECONDS", 0.05)
    return site


@pytest.fixture
def key(place: str) -> str:
    return issue(make.COUNTY, Scope.WRITE).text


@pytest.fixture
def door(place: str, key: str) -> Iterator[Door]:
    with Door(place, key, patience=20) as door:
        yield door


def lines() -> bytes:
    items = [
        {
            "number": f"H{place:04d}",
            "village": make.VILLAGE,
            "group": "一组",
            "members": [new_person()],
        }
        for place in range(HOUSEHOLDS)
    ]
    return "\n".join(json.dumps(one, ensure_ascii=False) for one in items).encode()


def table() -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(["行政村代码", "户编号", "姓名", "证件号码", "与户主关系", "工资性收入"])
    for place in range(HOUSEHOLDS):
        head = ["陈大山", make.make_id_number(), "户主", "8000"]
        writer.writerow([make.VILLAGE, f"H{place:04d}", *head])
    return out.getvalue().encode()


Write = Callable[[str], Path]


@pytest.fixture
def file(tmp_path: Path) -> Write:
    """A file of HOUSEHOLDS by its name: .ndjson or .csv, packed or not."""

    def write(name: str) -> Path:
        content = table() if ".csv" in name else lines()
        path = tmp_path / name
        path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
        return path

    return write


def year_of(path: Path) -> int | None:
    return 2019 if ".csv" in path.name else None


def results_of(path: Path) -> list[dict[str, Any]]:
    text = path.with_name(f"{path.name}.results.ndjson").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


@pytest.mark.parametrize("name", ["h.ndjson", "h.ndjson.gz", "h.csv", "h.csv.gz"])
def test_a_file_of_each_kind_is_sent_in_parts_and_taken_in(door, file, name):
    path = file(name)
    upload = upload_file(door, path, year=year_of(path))
    assert (upload["state"], upload["counts"]) == ("done", {"created": HOUSEHOLDS})
    assert len(upload["parts"]) > 1
    assert [one["number"] for one in results_of(path)] == [f"H{n:04d}" for n in range(HOUSEHOLDS)]
    assert Household.everywhere.count() == HOUSEHOLDS


@pytest.mark.parametrize("name", ["h.ndjson", "h.csv"])
def test_an_upload_that_was_stopped_sends_only_what_lacks(door, file, name):
    path, sent = file(name), []

    def stop(upload: dict[str, Any]) -> None:
        if len(upload["parts"]) == 2:
            raise Stopped

    with pytest.raises(Stopped):
        upload_file(door, path, year=year_of(path), told=stop)
    upload = upload_file(
        door, path, year=year_of(path), told=lambda one: sent.append(one["parts"][-1])
    )
    assert sent[0] == 3
    assert upload["counts"] == {"created": HOUSEHOLDS}
    assert Upload.objects.count() == 1


def test_a_file_that_was_taken_in_is_judged_anew_the_next_night(door, file):
    path = file("h.ndjson")
    upload_file(door, path)
    Household.everywhere.filter(number="H0001").update(group="别组")
    again = upload_file(door, path)
    assert again["counts"] == {"unchanged": HOUSEHOLDS - 1, "queued": 1}
    assert Upload.objects.count() == 2


def test_an_upload_whose_report_was_lost_is_not_sent_again(door, file, monkeypatch):
    path = file("h.ndjson")

    def lost(*_: object) -> None:
        raise Stopped

    with monkeypatch.context() as patched:
        patched.setattr(registry_client.uploading, "_write_report", lost)
        with pytest.raises(Stopped):
            upload_file(door, path)
    assert upload_file(door, path)["counts"] == {"created": HOUSEHOLDS}
    assert Upload.objects.count() == 1


def test_a_file_that_failed_says_why_and_is_begun_anew_when_it_is_mended(door, file):
    path = file("h.csv")
    good = path.read_bytes()
    path.write_bytes(good.replace("户编号".encode(), "编号".encode()))
    for _ in range(2):
        with pytest.raises(UploadFailed, match=r"column_missing: .*户编号"):
            upload_file(door, path, year=2019)
    path.write_bytes(good)
    assert upload_file(door, path, year=2019)["counts"] == {"created": HOUSEHOLDS}
    assert Upload.objects.count() == 3


def test_the_command_tells_what_came_of_it(place, key, file, monkeypatch, capsys):
    monkeypatch.setenv("SITE", place)
    monkeypatch.setenv("KEY", key)
    path = file("h.csv")
    assert main(["upload", str(path)]) == 2
    assert "/year: this is needed" in capsys.readouterr().err
    path.write_bytes(path.read_bytes().replace("户主,8000".encode(), "户主,-8".encode(), 1))
    assert main(["upload", str(path), "--year", "2019"]) == 3
    said = capsys.readouterr().err
    assert f"{HOUSEHOLDS - 1} created · 1 rejected: see {path}.results.ndjson" in said
    (wrong,) = [one for one in results_of(path) if one["result"] == "rejected"]
    assert [one["pointer"] for one in wrong["errors"]] == ["/2/工资性收入"]
