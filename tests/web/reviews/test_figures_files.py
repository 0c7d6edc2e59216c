"""The figures of a review to take away: each table as a file, and the report."""

import csv
from io import BytesIO, StringIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from divisions.models import Division
from households.models import YearFreeze
from reviews.actions.chunks import drive
from tests import factories as make
from tests.web.reviews.pages import page_of
from trail.models import Change

pytestmark = pytest.mark.django_db


def csv_of(answer) -> list[list[str]]:
    text = answer.content.decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(StringIO(text.removeprefix("\ufeff"), newline="")))


def table_url(review, name, form="csv", query=""):
    return reverse("reviews:figures_table", args=[review.pk, name, form]) + query


def test_each_table_is_a_file_of_the_rows_shown(cast, signed_in, review_of_many):
    client = signed_in(cast.county_clerk)
    figures = page_of(client, "figures", review_of_many).context["figures"]
    matrix = csv_of(client.get(table_url(review_of_many, "matrix")))
    assert matrix[1:-1] == [
        [str(row.name), *(cell.number or "0" for cell in row.cells), row.total]
        for row in figures.matrix.rows
    ]
    assert matrix[-1][-1] == figures.matrix.total
    kinds = csv_of(client.get(table_url(review_of_many, "kinds")))
    assert kinds[1:-1] == [[str(bar.name), bar.number] for bar in figures.kinds]
    reasons = csv_of(client.get(table_url(review_of_many, "reasons")))
    assert [row[2] for row in reasons[1:]] == [
        one.number for one in (*figures.lacks, *figures.gaps)
    ]
    distance = csv_of(client.get(table_url(review_of_many, "distance", query="?group=register")))
    assert sum(int(row[1]) for row in distance[1:]) == 24
    places = csv_of(client.get(table_url(review_of_many, "places")))
    assert [row[:4] for row in places[1:]] == [
        [part.division.pk, part.division.name, part.households, part.persons]
        for part in figures.parts
    ]


def test_a_workbook_says_what_it_rests_on(cast, signed_in, review_of_many):
    answer = signed_in(cast.county_clerk).get(
        table_url(review_of_many, "places", "xlsx", f"?division={make.TOWNSHIP}")
    )
    book = load_workbook(BytesIO(answer.content))
    table, about = book.worksheets
    assert (table["A2"].value, table["A2"].data_type) == (make.VILLAGE, "s")
    assert (table["C2"].value, table["C2"].data_type) == (16, "n")
    values = {str(row[1].value) for row in about}
    assert {make.TOWNSHIP, review_of_many.result_hash, "3218.00"} <= values
    assert any(cast.county_clerk.name in value for value in values)


def test_few_households_are_hidden_in_the_file_too(cast, signed_in, review_of_many):
    url = table_url(review_of_many, "matrix", query=f"?division={make.VILLAGE}")
    cells = {
        cell for row in csv_of(signed_in(cast.city_reviewer).get(url))[1:] for cell in row[1:-1]
    }
    assert "<5" in cells
    assert not cells & {"1", "2", "3", "4"}


def test_the_trace_tells_who_took_which_table(cast, signed_in, review_of_many):
    signed_in(cast.county_clerk).get(
        table_url(review_of_many, "distance", query=f"?division={make.TOWNSHIP}&group=exited")
    )
    change = Change.objects.get(action="download_figures")
    assert (change.actor_id, change.subject_id) == (cast.county_clerk.pk, str(review_of_many.pk))
    assert change.division_code == make.TOWNSHIP
    assert change.after["filter"] == {
        "table": "distance", "division": make.TOWNSHIP, "group": "exited",
    }  # fmt: skip
    assert change.after["rows"] == 43


@pytest.mark.parametrize(("name", "form"), [("nothing", "csv"), ("matrix", "pdf")])
def test_no_other_table_or_form_is_found(cast, signed_in, review_of_many, name, form):
    assert (
        signed_in(cast.county_clerk).get(table_url(review_of_many, name, form)).status_code == 404
    )


def test_the_report_says_what_the_review_rests_on(cast, signed_in, review_of_many):
    review_of_many.refresh_from_db()
    url = reverse("reviews:report", args=[review_of_many.pk])
    answer = signed_in(cast.county_clerk).get(f"{url}?division={make.TOWNSHIP}")
    for said in (
        review_of_many.input_hash, review_of_many.standard_hash, review_of_many.result_hash,
        review_of_many.standard.source,
        cast.county_clerk.name, cast.county_approver.name, "3,218.00",
    ):  # fmt: skip
        assert said in answer.text
    assert answer.context["figures"].place.pk == make.TOWNSHIP
    share = answer.context["shares"][0]
    assert (share.number, share.whole) == ("8", "16")
    assert share.percent == "50.00"
    assert len(answer.content) < 120_000


def test_the_report_says_when_the_year_was_frozen(cast, signed_in, review_of_many):
    county = Division.objects.get(pk=make.COUNTY)
    YearFreeze.objects.create(division=county, year=2019, frozen_by=cast.county_approver)
    url = reverse("reviews:report", args=[review_of_many.pk])
    answer = signed_in(cast.county_clerk).get(f"{url}?division={make.TOWNSHIP}")
    assert county.name in answer.context["freeze"]
    assert cast.county_approver.name in answer.context["freeze"]


def test_a_file_of_a_dry_run_under_a_draft_says_so(cast, signed_in, many):
    draft = make.make_draft(2019)
    review = make.make_review(
        standard=draft, standard_hash="0" * 64, dry_run=True, proposed_by=cast.province_officer
    )
    drive(review.pk)
    answer = signed_in(cast.province_officer).get(table_url(review, "kinds", "xlsx"))
    about = {row[0].value: row[1].value for row in load_workbook(BytesIO(answer.content))["说明"]}
    assert about["标准"] == "2019 年标准草案，尚未发布"
    assert about["试算"] == "是"
