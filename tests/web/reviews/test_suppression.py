"""Few households never come back by subtraction: on a page, in a chart, in a file."""

import csv
import re
from io import StringIO

import pytest
from django.urls import reverse

from households.rules import Kind, State
from reviews.models import Review, Verification
from reviews.queries.figure_counts import shown_figures
from reviews.queries.figures import counts_of, figures_of
from reviews.queries.flow_pages import flow_table
from reviews.queries.histogram import histogram_of
from reviews.queries.overview import overview_of
from reviews.queries.parts import counted_parts
from reviews.queries.readiness import shown_readiness
from tests import factories as make
from tests.web.reviews.conftest import GOOD_INCOME, POOR_INCOME
from tests.web.reviews.pages import page_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def review(household_of, proposed) -> Review:
    """Eight poor households that stay, and two that are proposed to exit."""
    for wage in (*[POOR_INCOME] * 8, *[GOOD_INCOME] * 2):
        household_of(State.POOR, wage)
    return proposed()


def rows_of(client, review: Review, name: str) -> list[list[str]]:
    answer = client.get(reverse("reviews:figures_table", args=[review.pk, name, "csv"]))
    text = answer.getvalue().decode().removeprefix("\ufeff")
    return list(csv.reader(StringIO(text, newline="")))[1:]


def test_two_exits_of_ten_are_told_neither_by_page_nor_by_file(cast, signed_in, review):
    client = signed_in(cast.city_reviewer)
    assert [row[1] for row in rows_of(client, review, "kinds")] == ["hidden", "<5", "10"]
    for name in ("review", "figures", "report"):
        page = page_of(client, name, review).text
        assert not re.search(r"<t[dh][^>]*>(<a[^>]*>)?[28]<", page)
        assert not re.search(r"<title>[28]<", page)
    named = rows_of(signed_in(cast.county_clerk), review, "kinds")
    assert [row[1] for row in named] == ["8", "2", "10"]


def test_bars_and_shades_of_hidden_counts_are_alike(cast, review):
    figures = figures_of(cast.city_reviewer, review, make.COUNTY)
    assert {bar.length for bar in figures.kinds} == {100.0}
    [row] = figures.matrix.rows
    assert {cell.shade for cell in row.cells} == {1}
    assert {one.changes for one in figures.parts} == {100.0}


@pytest.mark.parametrize("name", ["kinds", "matrix", "distance", "places"])
def test_no_table_of_the_figures_gives_the_exits_back(cast, signed_in, review, name):
    cells = {cell for row in rows_of(signed_in(cast.city_reviewer), review, name) for cell in row}
    assert not cells & {"2", "8"}
    assert "hidden" in cells or name == "places"


def test_the_page_of_a_review_and_its_figures_hide_the_same(cast, review):
    overview = overview_of(cast.city_reviewer, review)
    figures = figures_of(cast.city_reviewer, review, make.COUNTY)
    assert overview.bars == figures.kinds


def test_parts_of_a_shown_total_are_no_sum_with_one_unknown(cast, household_of, proposed):
    for village, exits in ((make.VILLAGE, 2), (make.OTHER_TOWNSHIP_VILLAGE, 7)):
        for wage in (*[POOR_INCOME] * 9, *[GOOD_INCOME] * exits):
            household_of(State.POOR, wage, village=village)
    review = proposed()
    figures = figures_of(cast.city_reviewer, review, make.COUNTY)
    exits = [dict(part.kinds)[int(Kind.EXIT)] for part in figures.parts]
    assert exits == ["<5", "hidden"]
    assert [bar.number for bar in figures.kinds] == ["18", "9"]


def test_the_expected_register_does_not_tell_a_hidden_exit(cast, review):
    shown = shown_figures(
        cast.city_reviewer, counts_of(review, make.COUNTY), counted_parts(review, make.COUNTY)
    )
    assert shown.is_hidden("exits")
    assert {shown.text("register"), shown.text("expected")} & {"hidden"}


def test_a_flow_does_not_tell_few_by_its_two_ends(cast, household_of):
    for _ in range(8):
        household_of(State.POOR, POOR_INCOME)
    for _ in range(2):
        household = household_of(State.EXITED, GOOD_INCOME)
        household.exit_year = 2019
        household.save(update_fields=["exit_year"])
    flow = flow_table(cast.city_reviewer, make.COUNTY, 2019)
    exited = {row.line: row.households for row in flow.rows}["exited"]
    assert (flow.opening[0], exited, flow.closing[0]) == ("10", "−<5", "hidden")


def test_townships_beside_a_total_do_not_tell_what_one_of_them_hides(cast):
    parts = {
        make.TOWNSHIP: {"due": 30, "surveyed": 10, "gap": 2},
        make.OTHER_TOWNSHIP: {"due": 30, "surveyed": 28, "gap": 9},
    }
    shown = shown_readiness(cast.city_reviewer, make.COUNTY, parts, [])
    missing = [shown.text((code, "missing")) for code in (*parts, make.COUNTY)]
    assert missing == ["hidden", "<5", "22"]
    surveyed = [shown.text((code, "surveyed")) for code in (*parts, make.COUNTY)]
    assert surveyed == ["hidden", "hidden", "38"]


def test_a_reader_of_a_part_learns_only_whether_the_whole_came_out_the_same(
    cast, signed_in, review
):
    make_verification(review, cast, differences=3)
    page = page_of(signed_in(cast.township_reviewer), "proof", review).text
    assert "the whole review did not come out the same" in page
    assert "Differences" not in page
    assert (
        "of 10 proposals, 3 do not follow"
        in page_of(signed_in(cast.county_clerk), "proof", review).text
    )


def make_verification(review: Review, cast, *, differences: int) -> Verification:
    return review.verifications.create(
        by=cast.county_approver,
        proposals=10,
        differences=differences,
        input_hash=review.input_hash,
        standard_hash=review.standard_hash,
        result_hash=review.result_hash,
    )


def test_a_heap_is_told_without_the_few_beside_it(cast):
    counts = {"0.0": 40, "0.1": 3, "0.-1": 2}
    texts = {}
    for officer in (cast.city_reviewer, cast.county_clerk):
        shown = shown_figures(officer, {"households": 45, "bands": counts}, {})
        texts[officer] = histogram_of(shown, counts, "").heap
    assert "1 on average" in texts[cast.county_clerk]
    assert "Many more households" in texts[cast.city_reviewer]
    assert not re.search(r"\b(1|2|3|40)\b", texts[cast.city_reviewer].replace("2.5", ""))


def test_a_run_over_few_households_does_not_tell_how_many(cast, signed_in, begun):
    page = page_of(signed_in(cast.city_reviewer), "progress", begun).text
    assert 'max="2"' not in page
    assert "of &lt;5 households" in page
    assert 'max="2"' in page_of(signed_in(cast.county_clerk), "progress", begun).text
