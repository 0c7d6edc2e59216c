"""`manage.py run_review` and its promises to the outside: exit status, bytes of the report."""

import csv
import os
import signal
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection

from households import codes
from households.models import Household
from households.rules import GUARANTEES, MONEY, Kind, State
from reviews.models import Proposal, Review, ReviewState
from tests import factories as make
from tests.faults.reviews.conftest import decided, slow_down, speed_up, undisturbed
from tests.processes import PROJECT, children_of, wait_for

DATA = PROJECT / "tests" / "data"
GUARANTEE_HEADERS = {
    "food": "不愁吃", "clothing": "不愁穿", "education": "义务教育有保障",
    "medical": "基本医疗有保障", "housing": "住房安全有保障", "water": "饮水安全有保障",
}  # fmt: skip
MONEY_HEADERS = {
    "wage_income": "工资性收入", "business_income": "生产经营性收入",
    "property_income": "财产性收入", "transfer_income": "转移性收入",
    "business_expense": "生产经营性支出",
}  # fmt: skip


def run(processes, *arguments: str) -> tuple[int, str]:
    command = processes.start("manage.py", "run_review", *arguments)
    status = command.wait(120)
    return status, processes.log_of(command)


def arguments(**changed: str) -> list[str]:
    known = {"year": "2019", "division": make.PROVINCE, "workers": "1"} | changed
    return [word for name, value in known.items() for word in (f"--{name}", value)]


def load_sample() -> None:
    """The rows of the sample, without the import that has tests of its own."""
    with (DATA / "register_sample_2019.csv").open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    for number in dict.fromkeys(row["户编号"] for row in rows):
        own = [row for row in rows if row["户编号"] == number]
        first = own[0]
        household = make.make_household(
            first["行政村代码"], number=number, persons=len(own),
            state=State(int(first["脱贫属性"])) if first["脱贫属性"] else State.ORDINARY,
            exit_year=int(first["脱贫年度"]) if first["脱贫年度"] else None,
        )  # fmt: skip
        money = {n: Decimal(first[h]) if first[h] else None for n, h in MONEY_HEADERS.items()}
        stated = codes.by_text("guarantee")
        guarantees = {n: int(stated[first[h]]) for n, h in GUARANTEE_HEADERS.items() if first[h]}
        assert set(money) == set(MONEY)
        assert set(guarantees) <= set(GUARANTEES)
        make.make_survey(household, 2019, **money, **guarantees)


@pytest.fixture
def sample(real_database: str) -> None:
    make.plant_tree()
    load_sample()


def test_the_sample_gives_exactly_the_expected_file(sample, processes, tmp_path):
    out = tmp_path / "out.csv"
    status, said = run(processes, *arguments(division="970000000000", report=str(out)))
    assert status == 0, said
    assert out.read_bytes() == expected_bytes()
    assert Review.everywhere.get().root_id == make.PROVINCE


def expected_bytes() -> bytes:
    """The expected file: UTF-8 without BOM, CRLF."""
    text = (DATA / "register_sample_2019_expected.csv").read_text(encoding="utf-8-sig")
    return "".join(f"{line}\r\n" for line in text.splitlines()).encode()


def test_an_interrupted_run_is_resumed(register, processes):
    slow_down(0.2)
    command = processes.start("manage.py", "run_review", *arguments())
    wait_for(lambda: Review.everywhere.filter(state=ReviewState.RUNNING).exists(), seconds=60)
    [worker] = children_of(command.pid)
    command.send_signal(signal.SIGKILL)
    command.wait()
    wait_for(lambda: not Path(f"/proc/{worker}").exists(), seconds=30)
    speed_up()
    status, said = run(processes, *arguments())
    assert status == 0, said
    review = Review.everywhere.get()
    assert decided(review) == decided(undisturbed(register))


def test_killed_workers_are_started_again(register, processes):
    slow_down(0.2)
    command = processes.start("manage.py", "run_review", *arguments())
    wait_for(lambda: Review.everywhere.filter(state=ReviewState.RUNNING).exists(), seconds=60)
    [worker] = children_of(command.pid)
    os.kill(worker, signal.SIGKILL)
    wait_for(lambda: children_of(command.pid) not in ([], [worker]), seconds=30)
    speed_up()
    assert command.wait(90) == 0, processes.log_of(command)


def test_a_dry_run_with_a_household_that_needs_attention_gives_status_3(
    register, processes, tmp_path
):
    household = Household.everywhere.filter(state=State.POOR).order_by("number").first()
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " RAISE EXCEPTION 'poisoned'; END $$;"
            "CREATE TRIGGER poison BEFORE INSERT ON reviews_proposal FOR EACH ROW"
            f" WHEN (NEW.household_id = {household.pk} AND NEW.kind <> {Kind.ATTENTION.value})"
            " EXECUTE FUNCTION poison()"
        )
    out = tmp_path / "out.csv"
    dry_run = ["--dry-run", "--standard", str(make.make_standard(2019, line="1000.00").pk)]
    status, said = run(processes, *arguments(report=str(out)), *dry_run)
    assert status == 3, said
    review = Review.everywhere.get()
    assert (review.dry_run, review.standard.line) == (True, 1000)
    assert f"{household.number},,,,,,attention" in out.read_text().splitlines()
    assert Proposal.everywhere.get(kind=Kind.ATTENTION).household == household
