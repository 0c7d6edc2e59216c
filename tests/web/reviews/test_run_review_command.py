"""What `manage.py run_review` refuses, and what it does without workers."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from households.rules import State
from reviews.actions.proposing import commit_review
from reviews.models import Review, ReviewState
from tests import factories as make
from tests.web.reviews.conftest import GOOD_INCOME, POOR_INCOME

pytestmark = pytest.mark.django_db


def run(*more: str, **changed: str) -> None:
    known = {"year": "2019", "division": make.COUNTY, "workers": "1"} | changed
    call_command("run_review", *(f"--{name}={value}" for name, value in known.items()), *more)


@pytest.mark.parametrize(
    ("changed", "more"),
    [
        ({"year": "2013"}, []),
        ({"year": "2018"}, []),
        ({"division": "0"}, []),
        ({"division": "9799"}, []),
        ({"by": "nobody-here"}, []),
        ({"by": "auditor"}, []),
        ({"by": "stranger"}, []),
        ({"by": "county-clerk", "division": make.PROVINCE}, []),
        ({"workers": "0"}, []),
        ({"standard": "1"}, []),
        ({"standard": "999999"}, ["--dry-run"]),
        ({"report": "/nowhere/out.csv"}, []),
    ],
)
def test_bad_input_is_refused_with_status_2_and_leaves_nothing(cast, household, changed, more):
    with pytest.raises(CommandError) as refusal:
        run(*more, **changed)
    assert refusal.value.returncode == 2
    assert not Review.everywhere.exists()


@pytest.mark.parametrize("year", ["next", "20190", "２０１９", "1019"])
def test_a_year_that_is_none_is_refused(cast, household, year):
    with pytest.raises(CommandError):
        run(year=year)


def test_an_overlapping_review_is_refused_and_named(cast, household):
    first = make.make_review(make.PROVINCE, 2019)
    with pytest.raises(CommandError) as refusal:
        run()
    assert refusal.value.returncode == 2
    assert f"{first.pk} " in str(refusal.value)


def test_who_may_not_propose_does_not_renew_either(household_of, proposed):
    household_of()
    proposed()
    with pytest.raises(CommandError):
        run(by="stranger")


@pytest.mark.parametrize("state", [ReviewState.FINISHED, ReviewState.COMMITTED])
def test_a_finished_review_is_renewed_and_reported(
    cast, household_of, proposed, resurvey, tmp_path: Path, state
):
    household = household_of(State.EXITED, GOOD_INCOME)
    review = proposed()
    if state == ReviewState.COMMITTED:
        commit_review(review.pk, by=cast.county_approver)
    resurvey(household, wage_income=POOR_INCOME)
    out = tmp_path / "out.csv"
    run(report=str(out))
    assert Review.everywhere.get() == review
    row = f"{household.number},1,1000.00,1000.00,income,,reinclude"
    assert out.read_bytes().decode().split("\r\n") == [
        "household_number,persons,net_income,per_capita,lacks,gaps,proposal", row, "",
    ]  # fmt: skip


def test_the_report_is_ordered_bytewise_and_zero_is_never_signed(
    household_of, proposed, tmp_path: Path
):
    for number in ("b1", "B1", "a-1", "10", "9"):
        make.make_survey(make.make_household(number=number, state=State.POOR), 2019)
    debtor = make.make_household(number="z", state=State.POOR, persons=3)
    make.make_survey(debtor, 2019, business_expense="0.01")
    proposed()
    out = tmp_path / "out.csv"
    run(report=str(out))
    rows = out.read_text().splitlines()[1:]
    assert [row.split(",")[0] for row in rows] == ["10", "9", "B1", "a-1", "b1", "z"]
    assert rows[-1] == "z,3,-0.01,0.00,income,,keep"
