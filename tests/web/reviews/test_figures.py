"""The figures of a review: what they count, that they add up, who sees how much of them."""

import csv
import gzip
import re
from io import BytesIO, StringIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from divisions.models import Division
from households.models import YearFreeze
from households.rules import Kind, State
from reviews.actions.chunks import drive
from reviews.actions.proposing import cancel_review
from reviews.actions.refreshing import refresh
from reviews.models import Proposal, Review
from reviews.queries.figures import add_up, counts_of, expected_register
from reviews.queries.histogram import bands_of
from reviews.queries.parts import parts_of
from reviews.queries.totals import reasons_within, whole_totals
from tests import factories as make
from tests.web.reviews.conftest import GOOD_INCOME, POOR_INCOME, RISKY_INCOME
from trail.models import Change

pytestmark = pytest.mark.django_db

PLACES = (make.COUNTY, make.TOWNSHIP, make.OTHER_TOWNSHIP, make.VILLAGE, make.NEXT_VILLAGE)


@pytest.fixture
def many(household_of) -> list:
    """Households of every sort, in three villages of two townships."""
    villages = (make.VILLAGE, make.NEXT_VILLAGE, make.OTHER_TOWNSHIP_VILLAGE)
    return [
        household_of(state, wage, village=village, **facts)
        for village in villages
        for state in (State.POOR, State.EXITED, State.ORDINARY, State.RELAPSED)
        for wage, facts in (
            (GOOD_INCOME, {}),
            (POOR_INCOME, {"housing": 0}),
            (RISKY_INCOME, {}),
            (None, {"water": None}),
        )
    ]


@pytest.fixture
def review(many, committed) -> Review:
    return committed()


def page_of(client, review, query=""):
    return client.get(reverse("reviews:figures", args=[review.pk]) + query)


def brute(review: Review, code: str) -> dict:
    """The same figures from the proposals in force, one by one."""
    found = Proposal.everywhere.in_force().filter(review=review, village__code__startswith=code)
    rows = list(found.values_list("state", "kind", "net_fen", "persons", "lacks", "gaps"))
    return {
        "households": len(rows),
        "persons": sum(row[3] for row in rows),
        "states": {
            key: sum(f"{state}.{kind}" == key for state, kind, *_ in rows)
            for key in {f"{state}.{kind}" for state, kind, *_ in rows}
        },
        "known": sum(row[2] is not None for row in rows),
        "lacking": sum(row[4] > 0 for row in rows),
        "unknown": sum(row[5] > 0 for row in rows),
    }


def assert_they_add_up(review: Review) -> None:
    for code in PLACES:
        counts, expected = counts_of(review, code), brute(review, code)
        assert (counts["households"], counts["persons"]) == (
            expected["households"], expected["persons"],
        )  # fmt: skip
        assert {key: n for key, n in counts["states"].items() if n} == expected["states"]
        assert sum(counts["kinds"].values()) == expected["households"]
        assert sum(counts["bands"].values()) == expected["known"]
        assert sum(bands_of(counts["bands"], tuple(State)).values()) == expected["known"]
        assert (sum(counts["lacks"].values()) > 0) == (expected["lacking"] > 0)
        assert (sum(counts["gaps"].values()) > 0) == (expected["unknown"] > 0)
        assert add_up(counts)


def test_matrix_kinds_and_bands_count_the_same_households_at_each_level(review):
    assert_they_add_up(review)


def test_they_still_add_up_after_a_refresh(review, many, household_of, resurvey):
    resurvey(many[0], wage_income=POOR_INCOME)
    resurvey(many[3], wage_income=GOOD_INCOME)
    household_of(State.POOR, GOOD_INCOME, village=make.NEXT_VILLAGE)
    refresh(review.pk)
    review.refresh_from_db()
    assert brute(review, make.COUNTY)["households"] == len(many) + 1
    assert_they_add_up(review)


def test_a_review_keeps_its_reasons_with_its_totals(review, many, resurvey):
    kept = review.totals
    assert kept == whole_totals(review)
    assert {name: kept[name] for name in ("lacks", "gaps")} == reasons_within(review, make.COUNTY)
    assert kept["lacks"]["housing"] == 12
    resurvey(many[1], housing=1)
    refresh(review.pk)
    review.refresh_from_db()
    assert review.totals["lacks"]["housing"] == 11


def test_the_parts_of_a_place_hold_its_households(cast, review):
    for code in (make.COUNTY, make.TOWNSHIP):
        parts = parts_of(cast.county_clerk, review, code)
        households = sum(int(part.households) for part in parts)
        assert households == counts_of(review, code)["households"]
        exits = sum(int(number) for part in parts for kind, number in part.kinds if kind == 5)
        assert exits == counts_of(review, code)["kinds"]["5"]


def test_counts_that_differ_are_said_not_to_add_up(review):
    counts = counts_of(review, make.COUNTY)
    assert not add_up(counts | {"households": counts["households"] + 1})
    assert not add_up(counts | {"bands": {"0.1": 1000}})


def test_the_expected_register_takes_exits_out_and_brings_others_in(review):
    rows = Proposal.everywhere.in_force().filter(review=review).values_list("state", "kind")
    register = (State.POOR, State.PLANNED_EXIT, State.RELAPSED)
    expected = sum(
        kind != Kind.EXIT if state in register else kind in (Kind.IDENTIFY, Kind.REINCLUDE)
        for state, kind in rows
    )
    assert expected_register(counts_of(review, make.COUNTY)) == expected > 0


def test_the_page_shows_every_table_and_each_number_leads_to_its_households(
    cast, signed_in, review
):
    text = page_of(signed_in(cast.county_clerk), review).text
    listed = reverse("reviews:proposals", args=[review.pk])
    assert f"{listed}?division={make.COUNTY}&amp;kind=5&amp;state=0" in text
    assert f"{listed}?division={make.COUNTY}&amp;lack=housing" in text
    assert f"{listed}?division={make.COUNTY}&amp;gap=water" in text
    assert f"{listed}?division={make.COUNTY}&amp;near=20:20" in text
    assert f"?division={make.TOWNSHIP}" in text


def test_the_matrix_of_the_page_is_that_of_the_proposals(cast, signed_in, review):
    matrix = page_of(signed_in(cast.county_clerk), review).context["figures"].matrix
    shown = {
        f"{row.state}.{cell.kind}": int(cell.number)
        for row in matrix.rows for cell in row.cells if cell.number
    }  # fmt: skip
    assert shown == brute(review, make.COUNTY)["states"]
    assert matrix.total == "48"


@pytest.mark.parametrize("group", ["", "exited", "ordinary"])
def test_each_band_leads_to_as_many_households_as_it_counts(cast, signed_in, review, group):
    client = signed_in(cast.county_clerk)
    listed = reverse("reviews:proposals", args=[review.pk])
    figures = page_of(client, review, f"?division={make.TOWNSHIP}&group={group}").context["figures"]
    for row in figures.histogram.rows:
        page = client.get(f"{listed}?division={make.TOWNSHIP}&{row.wanted}").context["page"]
        assert str(page.count) == row.number, row.label


def test_bands_of_several_states_lead_nowhere(cast, signed_in, review):
    page = page_of(signed_in(cast.county_clerk), review, "?group=register")
    assert {row.wanted for row in page.context["figures"].histogram.rows} == {""}
    assert "near=" not in page.text


def test_each_cell_of_the_matrix_leads_to_as_many_households_as_it_counts(cast, signed_in, review):
    client = signed_in(cast.county_clerk)
    links = re.findall(
        r'<td class="num s\d"><a href="([^"]+)">(\d+)</a>', page_of(client, review).text
    )
    assert len(links) > 8
    for address, number in links:
        page = client.get(address.replace("&amp;", "&")).context["page"]
        assert str(page.count) == number, address


def test_a_place_is_drilled_down_to_the_village(cast, signed_in, review):
    client = signed_in(cast.county_clerk)
    county = page_of(client, review).context["figures"]
    assert [part.division.pk for part in county.parts] == [make.TOWNSHIP, make.OTHER_TOWNSHIP]
    township = page_of(client, review, f"?division={make.TOWNSHIP}").context["figures"]
    assert [part.division.pk for part in township.parts] == [make.VILLAGE, make.NEXT_VILLAGE]
    assert [place.pk for place in township.above] == [make.COUNTY]
    village = page_of(client, review, f"?division={make.VILLAGE}").context["figures"]
    assert (village.parts, village.households) == ([], "16")


def test_the_histogram_counts_the_states_asked_for(cast, signed_in, review):
    client = signed_in(cast.county_clerk)
    found = {
        group: page_of(client, review, f"?group={group}").context["figures"]
        for group in ("", "register", "exited", "ordinary", "nonsense")
    }
    assert {group: figures.histogram.households for group, figures in found.items()} == {
        "": "36", "register": "18", "exited": "9", "ordinary": "9", "nonsense": "36",
    }  # fmt: skip
    assert found["register"].unknown == "6"


def test_the_chart_is_small_and_named_and_described_by_its_table(cast, signed_in, review):
    page = page_of(signed_in(cast.county_clerk), review)
    chart = page.context["figures"].histogram.chart
    assert len(chart.encode()) <= 15_000
    assert 'role="img" aria-label="' in chart
    described = re.search(r'aria-describedby="([^"]+)"', chart)
    assert f'<table id="{described[1]}"' in page.text


def test_the_page_is_light(cast, signed_in, review):
    content = page_of(signed_in(cast.county_clerk), review).content
    assert len(gzip.compress(content)) < 20_000
    assert len(content) < 120_000


def test_an_officer_sees_his_own_part_and_no_place_outside_of_it(cast, signed_in, review):
    client = signed_in(cast.township_reviewer)
    figures = page_of(client, review).context["figures"]
    assert (figures.place.pk, figures.households, figures.above) == (make.TOWNSHIP, "32", [])
    for outside in (make.COUNTY, make.OTHER_TOWNSHIP, "970123100999", "nowhere"):
        assert page_of(client, review, f"?division={outside}").status_code == 404


def test_a_place_outside_the_review_is_not_found(cast, signed_in, review):
    client = signed_in(cast.province_officer)
    assert page_of(client, review).context["figures"].place.pk == make.COUNTY
    assert page_of(client, review, f"?division={make.OTHER_COUNTY}").status_code == 404


def test_few_households_are_hidden_from_a_role_without_names(cast, signed_in, review):
    clerk, city = (
        page_of(signed_in(officer), review, f"?division={make.VILLAGE}").context["figures"]
        for officer in (cast.county_clerk, cast.city_reviewer)
    )
    assert {cell.number for row in clerk.matrix.rows for cell in row.cells} <= {"", "1", "2", "3"}
    assert {cell.number for row in city.matrix.rows for cell in row.cells} <= {"", "<5"}
    assert {row.number for row in city.histogram.rows} == {"0", "<5"} | (
        {row.number for row in clerk.histogram.rows if int(row.number) >= 5}
    )
    assert {one.length for one in city.lacks if one.number == "<5"} == {
        min(one.length for one in city.lacks)
    }


def test_a_stranger_finds_no_figures(cast, signed_in, review):
    client = signed_in(cast.stranger)
    for name, rest in (
        ("figures", []), ("figures_table", ["matrix", "csv"]), ("flow", []), ("report", []),
        ("flow_table", ["csv"]), ("flow_line", ["new"]), ("flow_line_file", ["new", "csv"]),
    ):  # fmt: skip
        assert client.get(reverse(f"reviews:{name}", args=[review.pk, *rest])).status_code == 404


def test_a_role_that_does_not_work_with_reviews_is_told_so(cast, signed_in, review):
    assert page_of(signed_in(cast.village_official), review).status_code == 403


def test_a_review_under_way_has_no_figures_yet(cast, signed_in, household):
    review = make.make_review(proposed_by=cast.county_clerk)
    client = signed_in(cast.county_clerk)
    for name, rest in (("figures", []), ("report", []), ("figures_table", ["matrix", "csv"])):
        answer = client.get(reverse(f"reviews:{name}", args=[review.pk, *rest]))
        assert answer.url == reverse("reviews:review", args=[review.pk])


def test_a_cancelled_review_keeps_its_figures(cast, signed_in, review):
    cancel_review(review.pk, reason="wrong line", by=cast.county_approver)
    assert page_of(signed_in(cast.county_clerk), review).context["figures"].households == "48"


def test_the_page_costs_the_same_queries_whatever_the_households(
    cast, signed_in, review, django_assert_num_queries
):
    client = signed_in(cast.county_clerk)
    page_of(client, review)
    with django_assert_num_queries(13):
        page_of(client, review)


def test_the_figures_of_a_whole_review_read_no_proposal(cast, signed_in, review):
    Proposal.everywhere.filter(review=review).update(kind=Kind.KEEP, lacks=0)
    figures = page_of(signed_in(cast.county_clerk), review).context["figures"]
    assert {bar.kind for bar in figures.kinds} > {int(Kind.KEEP)}
    assert figures.lacks


def csv_of(answer) -> list[list[str]]:
    text = answer.content.decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(StringIO(text.removeprefix("\ufeff"), newline="")))


def table_url(review, name, form="csv", query=""):
    return reverse("reviews:figures_table", args=[review.pk, name, form]) + query


def test_each_table_is_a_file_of_the_rows_shown(cast, signed_in, review):
    client = signed_in(cast.county_clerk)
    figures = page_of(client, review).context["figures"]
    matrix = csv_of(client.get(table_url(review, "matrix")))
    assert matrix[1:-1] == [
        [str(row.name), *(cell.number or "0" for cell in row.cells), row.total]
        for row in figures.matrix.rows
    ]
    assert matrix[-1][-1] == figures.matrix.total
    kinds = csv_of(client.get(table_url(review, "kinds")))
    assert kinds[1:-1] == [[str(bar.name), bar.number] for bar in figures.kinds]
    reasons = csv_of(client.get(table_url(review, "reasons")))
    assert [row[2] for row in reasons[1:]] == [
        one.number for one in (*figures.lacks, *figures.gaps)
    ]
    distance = csv_of(client.get(table_url(review, "distance", query="?group=register")))
    assert sum(int(row[1]) for row in distance[1:]) == 24
    places = csv_of(client.get(table_url(review, "places")))
    assert [row[:4] for row in places[1:]] == [
        [part.division.pk, part.division.name, part.households, part.persons]
        for part in figures.parts
    ]


def test_a_workbook_says_what_it_rests_on(cast, signed_in, review):
    answer = signed_in(cast.county_clerk).get(
        table_url(review, "places", "xlsx", f"?division={make.TOWNSHIP}")
    )
    book = load_workbook(BytesIO(answer.content))
    table, about = book.worksheets
    assert (table["A2"].value, table["A2"].data_type) == (make.VILLAGE, "s")
    assert (table["C2"].value, table["C2"].data_type) == (16, "n")
    values = {str(row[1].value) for row in about}
    assert {make.TOWNSHIP, review.result_hash, "3218.00"} <= values
    assert any(cast.county_clerk.name in value for value in values)


def test_few_households_are_hidden_in_the_file_too(cast, signed_in, review):
    url = table_url(review, "matrix", query=f"?division={make.VILLAGE}")
    cells = {
        cell for row in csv_of(signed_in(cast.city_reviewer).get(url))[1:] for cell in row[1:-1]
    }
    assert "<5" in cells
    assert not cells & {"1", "2", "3", "4"}


def test_the_trace_tells_who_took_which_table(cast, signed_in, review):
    signed_in(cast.county_clerk).get(
        table_url(review, "distance", query=f"?division={make.TOWNSHIP}&group=exited")
    )
    change = Change.objects.get(action="download_figures")
    assert (change.actor_id, change.subject_id) == (cast.county_clerk.pk, str(review.pk))
    assert change.division_code == make.TOWNSHIP
    assert change.after["filter"] == {
        "table": "distance", "division": make.TOWNSHIP, "group": "exited",
    }  # fmt: skip
    assert change.after["rows"] == 43


@pytest.mark.parametrize(("name", "form"), [("nothing", "csv"), ("matrix", "pdf")])
def test_no_other_table_or_form_is_found(cast, signed_in, review, name, form):
    assert signed_in(cast.county_clerk).get(table_url(review, name, form)).status_code == 404


def test_the_report_says_what_the_review_rests_on(cast, signed_in, review):
    review.refresh_from_db()
    url = reverse("reviews:report", args=[review.pk])
    answer = signed_in(cast.county_clerk).get(f"{url}?division={make.TOWNSHIP}")
    for said in (
        review.input_hash, review.standard_hash, review.result_hash, review.standard.source,
        cast.county_clerk.name, cast.county_approver.name, "3,218.00",
    ):  # fmt: skip
        assert said in answer.text
    assert answer.context["figures"].place.pk == make.TOWNSHIP
    share = answer.context["shares"][0]
    assert (share.number, share.whole) == ("8", "16")
    assert share.percent == "50.00"
    assert len(answer.content) < 120_000


def test_the_report_says_when_the_year_was_frozen(cast, signed_in, review):
    county = Division.objects.get(pk=make.COUNTY)
    YearFreeze.objects.create(division=county, year=2019, frozen_by=cast.county_approver)
    url = reverse("reviews:report", args=[review.pk])
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
