"""Large loads as the register template: the file that the pages import, sent by a system."""

import csv
import gzip
import io
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction

from exchange import uploaded
from exchange.actions import uploading
from exchange.models import Difference, Push, Upload
from households.entry.content import MOST_ROWS
from households.models import Household, Member, Survey
from households.rules import State
from officers.rules import Scope
from tests import factories as make
from tests.api.conftest import Door
from tests.api.pushing import say

pytestmark = pytest.mark.django_db
SAMPLE = Path("tests/data/register_sample_2019.csv")
PROVINCE = "97"
HEAD = {"行政村代码": make.VILLAGE, "户编号": "H1", "姓名": "陈大山", "与户主关系": "户主"}
WORKBOOK = b"PK\x03\x04 and so on"


def person(**values: str) -> dict[str, str]:
    """A row of the file: a head with an ID number of his own unless said otherwise."""
    return HEAD | {"证件号码": make.make_id_number()} | values


def table(*rows: dict[str, str], encoding: str = "utf-8") -> bytes:
    headings = [*dict.fromkeys(name for row in rows for name in row)]
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, headings)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode(encoding)


Send = Callable[..., dict[str, Any]]


def sent(
    door: Door, content: bytes, *, packing: str = "none", year: int = 2019, **headers: str
) -> str:
    """The uuid of a table whose parts are sent and that is closed."""
    body = {"format": "csv", "year": year, "packing": packing}
    key = {"Idempotency_Key": f"load-{next(make.serials)}"}
    uuid = door.post("sync/uploads/", body, **key, **headers).body["uuid"]
    parts = [content[at : at + 700] for at in range(0, len(content), 700)]
    for number, part in enumerate(parts, 1):
        assert door.send("PUT", f"sync/uploads/{uuid}/parts/{number}/", part).status_code == 200
    end = {"parts": len(parts), "sha256": sha256(content).hexdigest()}
    assert door.post(f"sync/uploads/{uuid}/close/", end).status_code == 202
    return uuid


def told(door: Door, uuid: str) -> dict[str, Any]:
    return door.get(f"sync/uploads/{uuid}/").body


def report(door: Door, uuid: str) -> list[dict[str, Any]]:
    path, found = f"sync/uploads/{uuid}/report/", []
    while path:
        page = door.get(path.replace("http://testserver/api/v1/", "")).body
        found += page["results"]
        path = page["next"]
    return found


def take_in(uuid: str) -> None:
    uploading.take_in(Upload.objects.get(uuid=uuid).pk)


@pytest.fixture
def taken(door: Door) -> Send:
    """What became of a file: the upload with its report as `report`."""

    def send(content: bytes, by: Door = door, **more: Any) -> dict[str, Any]:
        uuid = sent(by, content, **more)
        take_in(uuid)
        return told(by, uuid) | {"report": report(by, uuid)}

    return send


def faults(answer: dict[str, Any], place: int = 0) -> list[tuple[str, str]]:
    return [(one["pointer"], one["code"]) for one in answer["report"][place]["errors"]]


def on_record() -> list[Any]:
    """Households, people and facts, but for keys and for what came beside them."""
    households = Household.everywhere.order_by("number").values_list(
        "number", "village_id", "group", "attribute", "main_cause", "other_causes", "housing_grade",
        "phone_blind", "state", "exit_year",
    )  # fmt: skip
    people = Member.objects.order_by("person_number").values_list(
        "household__number", "person_number", "name", "relation", "sex", "birth_date", "id_digest",
        "health", "in_school", "labour", "work_months", "medical_insurance", "end_reason",
    )  # fmt: skip
    facts = Survey.objects.order_by("household__number").values_list(
        "household__number", "year", "wage_income", "business_expense", "food", "education",
        "water", "persons",
    )  # fmt: skip
    return [*households, *people, *facts]


def imported() -> list[Any]:
    """What the import makes of the sample."""
    with transaction.atomic():
        call_command("import_households", str(SAMPLE), "--year", "2019", stdout=io.StringIO())
        found = on_record()
        transaction.set_rollback(True)
    return found


@pytest.mark.parametrize("packing", ["none", "gzip"])
def test_a_table_says_what_the_import_of_the_same_file_says(cast, open_door, taken, packing):
    for county in ("970123", "970124"):
        say("exchange.loaded_states", "load", county)
    content = SAMPLE.read_bytes()
    content = gzip.compress(content) if packing == "gzip" else content
    answer = taken(content, open_door(PROVINCE, Scope.WRITE), packing=packing)
    assert (answer["state"], answer["counts"], answer["lines_done"]) == ("done", {"created": 6}, 13)
    assert on_record() == imported()


def test_the_same_table_again_changes_nothing(taken):
    content = table(person(工资性收入="8000", 脱贫属性="未脱贫"))
    assert taken(content)["counts"] == {"created": 1}
    assert taken(content)["counts"] == {"unchanged": 1}


def test_faults_point_at_row_and_heading_of_the_file(taken):
    answer = taken(
        table(
            person(),
            person(户编号="H2", 出生日期="2001-02-30"),
            person(户编号="H2", 与户主关系="配偶", 村民小组="x" * 51),
            person(户编号="H3", 证件号码=""),
            person(户编号="H4", 行政村代码=make.OTHER_COUNTY_VILLAGE),
        )
    )
    assert [(one["index"], one["number"], one["result"]) for one in answer["report"]] == [
        (2, "H1", "created"),
        (3, "H2", "rejected"),
        (5, "H3", "rejected"),
        (6, "H4", "rejected"),
    ]
    assert faults(answer, 1) == [("/3/出生日期", "date_form"), ("/4/村民小组", "too_long")]
    assert faults(answer, 2) == [
        ("/5/no_id_reason", "needed_without_id"),
        ("/5/sex", "needed_without_id"),
        ("/5/出生日期", "needed_without_id"),
    ]
    assert faults(answer, 3) == [("/6/行政村代码", "village_outside")]


def test_a_row_without_a_number_is_told_alone(taken):
    answer = taken(table(person(), person(户编号=""), person(户编号="第三户")))
    assert [one["number"] for one in answer["report"]] == [None, None, "H1"]
    assert (faults(answer, 0), faults(answer, 1)) == (
        [("/3/户编号", "blank")],
        [("/4/户编号", "number_form")],
    )
    assert answer["lines_done"] == 3


def test_who_stands_in_two_households_is_in_neither(taken):
    both = make.make_id_number()
    answer = taken(table(person(证件号码=both), person(户编号="H2", 证件号码=both)))
    assert (faults(answer, 0), faults(answer, 1)) == (
        [("/2/证件号码", "shared")],
        [("/3/证件号码", "shared")],
    )


def test_what_a_county_shares_waits_for_it(taken):
    one = person(村民小组="一组")
    taken(table(one))
    answer = taken(table(one | {"村民小组": "二组"}))
    assert (answer["report"][0]["result"], answer["report"][0]["queued"]) == (
        "queued",
        ["/2/村民小组"],
    )
    assert Difference.objects.get().field == "group"
    assert Household.everywhere.get().group == "一组"


def test_a_status_stays_history_that_the_county_must_take(taken):
    answer = taken(table(person(脱贫属性="未脱贫")))
    assert [one["code"] for one in answer["report"][0]["warnings"]] == ["status_left"]
    assert Household.everywhere.get().state == State.ORDINARY


def test_a_figure_that_jumped_needs_no_reason(taken):
    row = person(工资性收入="9000")
    taken(table(row), year=2018)
    assert taken(table(row | {"工资性收入": "90000"}))["counts"] == {"updated": 1}


def test_a_killed_worker_goes_on_behind_what_it_committed(door, monkeypatch):
    monkeypatch.setattr(uploading, "ITEMS_AT_ONCE", 2)
    rows = [person(户编号=f"H{place}") for place in range(5)]
    uuid = sent(door, table(*rows[:2], person(户编号=""), *rows[2:]))
    push, calls = uploading.push_items, []

    def dying(*args: Any, **kwargs: Any) -> Any:
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return push(*args, **kwargs)

    monkeypatch.setattr(uploading, "push_items", dying)
    with pytest.raises(KeyboardInterrupt):
        take_in(uuid)
    assert Upload.objects.get().lines_done == 4
    take_in(uuid)
    assert told(door, uuid)["counts"] == {"created": 5, "rejected": 1}
    assert [one["number"] for one in report(door, uuid)] == [None, "H0", "H1", "H2", "H3", "H4"]
    assert Push.objects.count() == 3


def test_a_heading_that_no_template_has_is_named(taken):
    answer = taken(table(person(备注="无")))
    assert (answer["unknown"], answer["counts"]) == (["备注"], {"created": 1})


def test_a_household_of_too_many_rows_is_rejected(taken):
    rows = [person(与户主关系="其他") for _ in range(MOST_ROWS)]
    assert faults(taken(table(person(), *rows))) == [("/2", "out_of_range")]


@pytest.mark.parametrize(
    ("content", "packing", "fault"),
    [
        (WORKBOOK, "none", "workbook"),
        (b"no gzip at all", "gzip", "not_gzip"),
        ("户编号,姓名\nH1,陈大山\n".encode(), "none", "column_missing"),
        (table(HEAD)[:-8] + b'"\xff', "none", "encoding"),
        (table(HEAD) + b'"open', "none", "quotes"),
        (table(HEAD).splitlines()[0], "none", "no_rows"),
    ],
    ids=["workbook", "no gzip", "column missing", "encoding", "quotes", "headings alone"],
)
def test_what_is_no_table_fails_with_its_reason_and_changes_nothing(taken, content, packing, fault):
    answer = taken(content, packing=packing)
    assert (answer["state"], answer["fault"], answer["report"]) == ("failed", fault, [])
    assert answer["detail"]
    assert not Household.everywhere.exists()


def test_missing_columns_are_named(taken):
    assert "行政村代码" in taken("户编号,姓名\nH1,陈大山\n".encode())["detail"]


def test_a_table_that_unpacks_to_too_much_is_refused(taken, monkeypatch):
    monkeypatch.setattr(uploaded, "MOST_TABLE_MEGABYTES", 1)
    content = gzip.compress(table(person()) + b"\n" * 2_000_000)
    assert taken(content, packing="gzip")["fault"] == "too_large"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_the_encodings_of_spreadsheets_are_read(taken, encoding):
    assert taken(table(person(), encoding=encoding))["counts"] == {"created": 1}


@pytest.mark.parametrize(("language", "word"), [("zh", "村"), ("en", "village")])
def test_the_report_is_in_the_language_in_which_the_upload_was_opened(taken, language, word):
    answer = taken(table(person(行政村代码=make.OTHER_COUNTY_VILLAGE)), Accept_Language=language)
    assert word in answer["report"][0]["errors"][0]["detail"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"format": "csv"}, "required"),
        ({"year": 2019}, "unknown_field"),
        ({"format": "csv", "year": 2099}, "year_late"),
        ({"format": "csv", "year": 1949}, "out_of_range"),
    ],
    ids=["no year", "lines of a year", "a year to come", "a year long ago"],
)
def test_a_table_and_no_lines_speak_of_a_year(door, body, code):
    answer = door.post("sync/uploads/", body, Idempotency_Key="k")
    assert [(one["pointer"], one["code"]) for one in answer.body["errors"]] == [("/year", code)]
