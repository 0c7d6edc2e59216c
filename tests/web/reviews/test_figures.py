"""The figures of a review: what they count, that they add up, who sees how much of them."""

import gzip
import re

import pytest
from django.urls import reverse

from households.rules import Kind, State
from reviews.actions.proposing import cancel_review
from reviews.actions.refreshing import refresh
from reviews.models import Proposal, Review
from reviews.queries.figure_counts import expected_register
from reviews.queries.figures import add_up, counts_of, figures_of
from reviews.queries.histogram import bands_of
from reviews.queries.totals import reasons_within, whole_totals
from tests import factories as make
from tests.web.reviews.conftest import GOOD_INCOME, POOR_INCOME
from tests.web.reviews.pages import page_of

pytestmark = pytest.mark.django_db

PLACES = (make.COUNTY, make.TOWNSHIP, make.OTHER_TOWNSHIP, make.VILLAGE, make.NEXT_VILLAGE)


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


def test_matrix_kinds_and_bands_count_the_same_households_at_each_level(review_of_many):
    assert_they_add_up(review_of_many)


def test_they_still_add_up_after_a_refresh(review_of_many, many, household_of, resurvey):
    resurvey(many[0], wage_income=POOR_INCOME)
    resurvey(many[3], wage_income=GOOD_INCOME)
    household_of(State.POOR, GOOD_INCOME, village=make.NEXT_VILLAGE)
    refresh(review_of_many.pk)
    review_of_many.refresh_from_db()
    assert brute(review_of_many, make.COUNTY)["households"] == len(many) + 1
    assert_they_add_up(review_of_many)


def test_a_review_keeps_its_reasons_with_its_totals(review_of_many, many, resurvey):
    kept = review_of_many.totals
    assert kept == whole_totals(review_of_many)
    assert {name: kept[name] for name in ("lacks", "gaps")} == reasons_within(
        review_of_many, make.COUNTY
    )
    assert kept["lacks"]["housing"] == 12
    resurvey(many[1], housing=1)
    refresh(review_of_many.pk)
    review_of_many.refresh_from_db()
    assert review_of_many.totals["lacks"]["housing"] == 11


def test_the_parts_of_a_place_hold_its_households(cast, review_of_many):
    for code in (make.COUNTY, make.TOWNSHIP):
        parts = figures_of(cast.county_clerk, review_of_many, code).parts
        households = sum(int(part.households) for part in parts)
        assert households == counts_of(review_of_many, code)["households"]
        exits = sum(int(number) for part in parts for kind, number in part.kinds if kind == 5)
        assert exits == counts_of(review_of_many, code)["kinds"]["5"]


def test_counts_that_differ_are_said_not_to_add_up(review_of_many):
    counts = counts_of(review_of_many, make.COUNTY)
    assert not add_up(counts | {"households": counts["households"] + 1})
    assert not add_up(counts | {"bands": {"0.1": 1000}})


def test_the_expected_register_takes_exits_out_and_brings_others_in(review_of_many):
    rows = Proposal.everywhere.in_force().filter(review=review_of_many).values_list("state", "kind")
    register = (State.POOR, State.PLANNED_EXIT, State.RELAPSED)
    expected = sum(
        kind != Kind.EXIT if state in register else kind in (Kind.IDENTIFY, Kind.REINCLUDE)
        for state, kind in rows
    )
    assert expected_register(counts_of(review_of_many, make.COUNTY)["states"]) == expected > 0


def test_the_page_shows_every_table_and_each_number_leads_to_its_households(
    cast, signed_in, review_of_many
):
    text = page_of(signed_in(cast.county_clerk), "figures", review_of_many).text
    listed = reverse("reviews:proposals", args=[review_of_many.pk])
    assert f"{listed}?division={make.COUNTY}&amp;kind=5&amp;state=0" in text
    assert f"{listed}?division={make.COUNTY}&amp;lack=housing" in text
    assert f"{listed}?division={make.COUNTY}&amp;gap=water" in text
    assert f"{listed}?division={make.COUNTY}&amp;near=20:20" in text
    assert f"?division={make.TOWNSHIP}" in text


def test_the_matrix_of_the_page_is_that_of_the_proposals(cast, signed_in, review_of_many):
    matrix = (
        page_of(signed_in(cast.county_clerk), "figures", review_of_many).context["figures"].matrix
    )
    shown = {
        f"{row.state}.{cell.kind}": int(cell.number)
        for row in matrix.rows for cell in row.cells if cell.number
    }  # fmt: skip
    assert shown == brute(review_of_many, make.COUNTY)["states"]
    assert matrix.total == "48"


@pytest.mark.parametrize("group", ["", "exited", "ordinary"])
def test_each_band_leads_to_as_many_households_as_it_counts(cast, signed_in, review_of_many, group):
    client = signed_in(cast.county_clerk)
    listed = reverse("reviews:proposals", args=[review_of_many.pk])
    figures = page_of(
        client, "figures", review_of_many, f"?division={make.TOWNSHIP}&group={group}"
    ).context["figures"]
    for row in figures.histogram.rows:
        page = client.get(f"{listed}?division={make.TOWNSHIP}&{row.wanted}").context["page"]
        assert str(page.count) == row.number, row.label


def test_bands_of_several_states_lead_nowhere(cast, signed_in, review_of_many):
    page = page_of(signed_in(cast.county_clerk), "figures", review_of_many, "?group=register")
    assert {row.wanted for row in page.context["figures"].histogram.rows} == {""}
    assert "near=" not in page.text


def test_each_cell_of_the_matrix_leads_to_as_many_households_as_it_counts(
    cast, signed_in, review_of_many
):
    client = signed_in(cast.county_clerk)
    links = re.findall(
        r'<td class="num s\d"><a href="([^"]+)">(\d+)</a>',
        page_of(client, "figures", review_of_many).text,
    )
    assert len(links) > 8
    for address, number in links:
        page = client.get(address.replace("&amp;", "&")).context["page"]
        assert str(page.count) == number, address


def test_a_place_is_drilled_down_to_the_village(cast, signed_in, review_of_many):
    client = signed_in(cast.county_clerk)
    county = page_of(client, "figures", review_of_many).context["figures"]
    assert [part.division.pk for part in county.parts] == [make.TOWNSHIP, make.OTHER_TOWNSHIP]
    township = page_of(client, "figures", review_of_many, f"?division={make.TOWNSHIP}").context[
        "figures"
    ]
    assert [part.division.pk for part in township.parts] == [make.VILLAGE, make.NEXT_VILLAGE]
    assert [place.pk for place in township.above] == [make.COUNTY]
    village = page_of(client, "figures", review_of_many, f"?division={make.VILLAGE}").context[
        "figures"
    ]
    assert (village.parts, village.households) == ([], "16")


def test_the_histogram_counts_the_states_asked_for(cast, signed_in, review_of_many):
    client = signed_in(cast.county_clerk)
    found = {
        group: page_of(client, "figures", review_of_many, f"?group={group}").context["figures"]
        for group in ("", "register", "exited", "ordinary", "nonsense")
    }
    assert {group: figures.histogram.households for group, figures in found.items()} == {
        "": "36", "register": "18", "exited": "9", "ordinary": "9", "nonsense": "36",
    }  # fmt: skip
    assert found["register"].unknown == "6"


def test_the_chart_is_small_and_named_and_described_by_its_table(cast, signed_in, review_of_many):
    page = page_of(signed_in(cast.county_clerk), "figures", review_of_many)
    chart = page.context["figures"].histogram.chart
    assert len(chart.encode()) <= 15_000
    assert 'role="img" aria-label="' in chart
    described = re.search(r'aria-describedby="([^"]+)"', chart)
    assert f'<table id="{described[1]}"' in page.text


def test_the_page_is_light(cast, signed_in, review_of_many):
    content = page_of(signed_in(cast.county_clerk), "figures", review_of_many).content
    assert len(gzip.compress(content)) < 20_000
    assert len(content) < 120_000


def test_an_officer_sees_his_own_part_and_no_place_outside_of_it(cast, signed_in, review_of_many):
    client = signed_in(cast.township_reviewer)
    figures = page_of(client, "figures", review_of_many).context["figures"]
    assert (figures.place.pk, figures.households, figures.above) == (make.TOWNSHIP, "32", [])
    for outside in (make.COUNTY, make.OTHER_TOWNSHIP, "970123100999", "nowhere"):
        assert page_of(client, "figures", review_of_many, f"?division={outside}").status_code == 404


def test_a_place_outside_the_review_is_not_found(cast, signed_in, review_of_many):
    client = signed_in(cast.province_officer)
    assert page_of(client, "figures", review_of_many).context["figures"].place.pk == make.COUNTY
    assert (
        page_of(client, "figures", review_of_many, f"?division={make.OTHER_COUNTY}").status_code
        == 404
    )


def test_few_households_are_hidden_from_a_role_without_names(
    cast, signed_in, in_english, review_of_many
):
    clerk, city = (
        page_of(signed_in(officer), "figures", review_of_many, f"?division={make.VILLAGE}").context[
            "figures"
        ]
        for officer in (cast.county_clerk, cast.city_reviewer)
    )
    assert {cell.number for row in clerk.matrix.rows for cell in row.cells} <= {"", "1", "2", "3"}
    assert {cell.number for row in city.matrix.rows for cell in row.cells} <= {"", "<5", "hidden"}
    assert {row.number for row in city.histogram.rows} <= {"0", "<5", "hidden"} | (
        {row.number for row in clerk.histogram.rows if int(row.number) >= 5}
    )
    assert {one.length for one in city.lacks if one.number == "<5"} == {
        min(one.length for one in city.lacks)
    }


def test_a_stranger_finds_no_figures(cast, signed_in, review_of_many):
    client = signed_in(cast.stranger)
    for name, rest in (
        ("figures", []), ("figures_table", ["matrix", "csv"]), ("flow", []), ("report", []),
        ("flow_table", ["csv"]), ("flow_line", ["new"]), ("flow_line_file", ["new", "csv"]),
    ):  # fmt: skip
        assert (
            client.get(reverse(f"reviews:{name}", args=[review_of_many.pk, *rest])).status_code
            == 404
        )


def test_a_role_that_does_not_work_with_reviews_is_told_so(cast, signed_in, review_of_many):
    assert page_of(signed_in(cast.village_official), "figures", review_of_many).status_code == 403


def test_a_review_under_way_has_no_figures_yet(cast, signed_in, household):
    review = make.make_review(proposed_by=cast.county_clerk)
    client = signed_in(cast.county_clerk)
    for name, rest in (("figures", []), ("report", []), ("figures_table", ["matrix", "csv"])):
        answer = client.get(reverse(f"reviews:{name}", args=[review.pk, *rest]))
        assert answer.url == reverse("reviews:review", args=[review.pk])


def test_a_cancelled_review_keeps_its_figures(cast, signed_in, review_of_many):
    cancel_review(review_of_many.pk, reason="wrong line", by=cast.county_approver)
    assert (
        page_of(signed_in(cast.county_clerk), "figures", review_of_many)
        .context["figures"]
        .households
        == "48"
    )


def test_the_page_costs_the_same_queries_whatever_the_households(
    cast, signed_in, review_of_many, django_assert_num_queries
):
    client = signed_in(cast.county_clerk)
    page_of(client, "figures", review_of_many)
    with django_assert_num_queries(13):
        page_of(client, "figures", review_of_many)


def test_the_figures_of_a_whole_review_read_no_proposal(cast, signed_in, review_of_many):
    Proposal.everywhere.filter(review=review_of_many).update(kind=Kind.KEEP, lacks=0)
    figures = page_of(signed_in(cast.county_clerk), "figures", review_of_many).context["figures"]
    assert {bar.kind for bar in figures.kinds} > {int(Kind.KEEP)}
    assert figures.lacks
