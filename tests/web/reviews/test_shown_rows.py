"""The tables of comparisons, changes, corrections and batches, taken as files."""

import csv
from io import BytesIO, StringIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from households.rules import Kind, State
from reviews.actions.accepting import accept_proposals
from reviews.actions.batches import confirm_batch
from reviews.actions.batches import drive as drive_batch
from reviews.actions.chunks import drive
from reviews.actions.proposing import propose_dry_run
from reviews.actions.refreshing import refresh
from reviews.models import BatchAcceptance, Review
from reviews.queries.acting import CAN_BE_ACCEPTED, chosen_proposals
from reviews.queries.proposals import Wanted
from tests import factories as make
from tests.web.reviews.conftest import GOOD_INCOME, POOR_INCOME
from trail.models import Change

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(cast, county, draft, household_of) -> tuple[Review, Review]:
    """Six households that leave under the standard that holds, tried under a higher line."""
    for _number in range(6):
        household_of(State.POOR, GOOD_INCOME)
    runs = [
        propose_dry_run(root=county, year=2019, by=cast.province_officer, standard=standard)
        for standard in (None, draft)
    ]
    for run in runs:
        drive(run.pk)
    before, after = (Review.everywhere.get(pk=run.pk) for run in runs)
    return before, after


@pytest.fixture
def changed(household_of, proposed, resurvey) -> Review:
    household = household_of(State.EXITED, GOOD_INCOME)
    review = proposed()
    resurvey(household, wage_income=POOR_INCOME)
    refresh(review.pk)
    return review


@pytest.fixture
def left_out(cast, household_of, committed) -> BatchAcceptance:
    """A batch of two exits, one of which somebody accepted meanwhile."""
    for _number in range(2):
        household_of(State.POOR, GOOD_INCOME)
    review = committed()
    wanted = Wanted(kind=Kind.EXIT)
    chosen = chosen_proposals(cast.county_clerk, review, wanted, CAN_BE_ACCEPTED)
    batch = confirm_batch(review.pk, wanted, seen=chosen.seen, by=cast.county_clerk)
    accept_proposals(review.pk, [batch.proposals[0]], by=cast.county_clerk)
    drive_batch(batch.pk)
    return batch


def lines(answer) -> list[list[str]]:
    assert answer.status_code == 200
    text = answer.getvalue().decode("utf-8-sig")
    return list(csv.reader(StringIO(text, newline="")))


def compared(name: str, form: str, pair: tuple[Review, Review]) -> str:
    before, after = pair
    address = reverse("reviews:compare_table", args=[after.pk, name, form])
    return f"{address}?with={before.pk}&division={make.COUNTY}"


def test_who_gains_and_loses_is_taken_as_shown(cast, signed_in, pair, in_english):
    client = signed_in(cast.province_officer)
    heading, *rows = lines(client.get(compared("sides", "csv", pair)))
    assert heading[:3] == ["Proposal", "Households before", "Households after"]
    assert sum(int(row[1].strip("<")) for row in rows) >= 6
    trace = Change.objects.filter(action="download_figures").latest("pk")
    assert trace.after["filter"]["table"] == "sides"


def test_where_proposals_change_is_taken_by_place(cast, signed_in, pair, in_english):
    answer = signed_in(cast.province_officer).get(compared("places", "xlsx", pair))
    rows = list(load_workbook(BytesIO(answer.content)).worksheets[0].values)
    assert rows[0] == ("Code", "Place", "Households", "With another proposal")
    assert [row[0] for row in rows[1:]] == [make.TOWNSHIP]


def test_a_table_that_no_page_shows_is_not_there(cast, signed_in, pair):
    client = signed_in(cast.province_officer)
    assert client.get(compared("nonsense", "csv", pair)).status_code == 404
    assert client.get(compared("sides", "pdf", pair)).status_code == 404


def test_the_comparison_leads_to_its_files(cast, signed_in, pair):
    before, after = pair
    address = reverse("reviews:compare", args=[after.pk]) + f"?with={before.pk}"
    page = signed_in(cast.province_officer).get(address).text
    for name in ("sides", "places"):
        assert reverse("reviews:compare_table", args=[after.pk, name, "xlsx"]) in page


def test_the_changes_shown_are_taken_without_names(cast, signed_in, changed, in_english):
    client = signed_in(cast.county_clerk)
    page = client.get(reverse("reviews:changes", args=[changed.pk])).text
    address = reverse("reviews:changes_file", args=[changed.pk, "csv"])
    assert address in page
    _heading, row = lines(client.get(f"{address}?reason=corrected"))
    assert row[3:6] == ["survey corrected", "keep", "re-include"]
    assert "陈" not in "".join(row)
    trace = Change.objects.filter(action="download_figures").latest("pk")
    assert (trace.after["rows"], trace.after["filter"]["reason"]) == (1, "corrected")


def test_a_filter_narrows_the_file_of_changes_too(cast, signed_in, changed):
    address = reverse("reviews:changes_file", args=[changed.pk, "csv"])
    [_heading] = lines(signed_in(cast.county_clerk).get(f"{address}?reason=moved"))


def test_what_a_batch_left_out_is_taken_in_both_forms(cast, signed_in, left_out, in_english):
    client = signed_in(cast.county_clerk)
    page = client.get(reverse("reviews:batch", args=[left_out.review_id, left_out.pk])).text
    for form in ("csv", "xlsx"):
        address = reverse("reviews:left_out_file", args=[left_out.review_id, left_out.pk, form])
        assert address in page
        assert client.get(address).status_code == 200
    [_heading, row] = lines(client.get(address.replace("xlsx", "csv")))
    assert row[4] == "Somebody accepted it meanwhile."


def test_the_files_of_households_are_for_roles_that_take_them(cast, signed_in, changed, in_english):
    client = signed_in(cast.province_officer)
    for name in ("changes", "corrected"):
        assert (
            client.get(reverse(f"reviews:{name}_file", args=[changed.pk, "csv"])).status_code == 403
        )
        assert (
            "Take this page" not in client.get(reverse(f"reviews:{name}", args=[changed.pk])).text
        )


def test_what_a_batch_left_out_is_not_for_roles_that_take_totals(cast, signed_in, left_out):
    address = reverse("reviews:left_out_file", args=[left_out.review_id, left_out.pk, "csv"])
    assert signed_in(cast.province_officer).get(address).status_code == 403
