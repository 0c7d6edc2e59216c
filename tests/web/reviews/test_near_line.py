"""The list of proposals narrowed by state, decision and distance to the line; the same as files."""

from decimal import Decimal
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from households.models import Household
from households.rules import Kind, State
from reviews.actions.answering import answer_proposal
from reviews.actions.batches import confirm_batch
from reviews.actions.refreshing import refresh
from reviews.models import Answer, Proposal, Review
from reviews.queries.acting import CAN_BE_ACCEPTED, chosen_proposals
from reviews.queries.proposals import Wanted, proposals, sum_of_villages
from reviews.rights import MOST_EXPORTED
from tests import factories as make
from trail.models import Change

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

LINE = Decimal(3218)
WAGES = {"far": Decimal(9000), "above": LINE + 10, "on": LINE, "below": LINE - 10}


@pytest.fixture
def households(household_of) -> dict[str, Household]:
    """Poor households by where they lie, one ordinary just above, one with an unknown income."""
    made = {name: household_of(State.POOR, wage) for name, wage in WAGES.items()}
    made["ordinary"] = household_of(State.ORDINARY, LINE + 20)
    made["unknown"] = household_of(State.POOR, None)
    return made


@pytest.fixture
def review(households, committed) -> Review:
    return committed()


def listed(client, review: Review, query: str) -> set[int]:
    page = client.get(reverse("reviews:proposals", args=[review.pk]) + f"?{query}").context["page"]
    assert page.count == len(page.rows)
    return {row.proposal.household_id for row in page.rows}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("near=0:0", ["above", "on", "ordinary"]),
        ("near=-1:-1", ["below"]),
        ("near=-1:0", ["above", "on", "below", "ordinary"]),
        ("near=20:20", ["far"]),
        ("near=-21:20", ["far", "above", "on", "below", "ordinary"]),
        ("near=0:0&state=4", ["ordinary"]),
        ("near=0:0&kind=5", ["above"]),
        ("state=0", ["far", "above", "on", "below", "unknown"]),
        ("near=1:0", [*WAGES, "ordinary", "unknown"]),
        ("answer=waiting&near=20:20", ["far"]),
        ("answer=refused", []),
    ],
)
def test_the_list_is_narrowed_by_distance_state_and_decision(
    cast, signed_in, review, households, query, names
):
    found = listed(signed_in(cast.county_clerk), review, query)
    assert found == {households[name].pk for name in names}


@pytest.mark.parametrize("division", ["", make.TOWNSHIP, make.OTHER_TOWNSHIP_VILLAGE])
@pytest.mark.parametrize("near", ["", "0:0", "-1:0", "-21:20"])
@pytest.mark.parametrize("state", [None, 0, 4])
def test_the_villages_count_as_many_as_the_list_holds(
    cast, review, household_of, resurvey, households, division, near, state
):
    household_of(State.POOR, LINE + 5, make.OTHER_TOWNSHIP_VILLAGE)
    resurvey(households["far"], wage_income=LINE + 1)
    refresh(review.pk)
    review.refresh_from_db()
    wanted = Wanted(division=division, near=near, state=state)
    found = proposals(cast.county_clerk, review, wanted)
    assert sum_of_villages(cast.county_clerk, review, wanted) == found.count()


@pytest.mark.parametrize("kind", [Kind.EXIT, Kind.KEEP])
@pytest.mark.parametrize("state", [None, 0])
def test_the_villages_count_kinds_as_the_list_does(cast, review, kind, state):
    wanted = Wanted(kind=int(kind), state=state)
    found = proposals(cast.county_clerk, review, wanted)
    assert sum_of_villages(cast.county_clerk, review, wanted) == found.count()


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(lack="water"),
        Wanted(gap="food"),
        Wanted(answer="waiting"),
        Wanted(near="0:0", kind=int(Kind.EXIT)),
    ],
)
def test_what_the_villages_do_not_count_is_counted_by_the_list(cast, review, wanted):
    assert sum_of_villages(cast.county_clerk, review, wanted) is None


def test_a_range_that_is_none_is_an_error_of_the_field(cast, signed_in, review):
    url = reverse("reviews:proposals", args=[review.pk]) + "?near=1:0"
    assert "near" in signed_in(cast.county_clerk).get(url).context["form"].errors


def test_a_range_that_a_histogram_links_to_is_offered_in_words(cast, signed_in, review):
    url = reverse("reviews:proposals", args=[review.pk]) + "?near=3:3"
    page = signed_in(cast.county_clerk).get(url)
    assert '<option value="3:3" selected>+7.5 to +10 %</option>' in page.text


def test_what_an_officer_said_narrows_the_list(cast, signed_in, review, households):
    far = Proposal.everywhere.get(review=review, household=households["far"])
    unknown = Proposal.everywhere.get(review=review, household=households["unknown"])
    for one, answer, reason in (
        (far, Answer.REFUSED, "other"),
        (unknown, Answer.SENT_BACK, "other"),
    ):
        answer_proposal(one.pk, answer=answer, reason=reason, text="see", by=cast.county_clerk)
    client = signed_in(cast.county_clerk)
    assert listed(client, review, "answer=refused") == {households["far"].pk}
    assert listed(client, review, "answer=sent_back") == {households["unknown"].pk}
    assert households["far"].pk not in listed(client, review, "answer=waiting")


def test_a_batch_takes_the_households_near_the_line_alone(cast, review, households):
    wanted = Wanted(near="0:0", kind=Kind.EXIT)
    chosen = chosen_proposals(cast.county_clerk, review, wanted, CAN_BE_ACCEPTED)
    batch = confirm_batch(review.pk, wanted, seen=chosen.seen, by=cast.county_clerk)
    near = Proposal.everywhere.get(review=review, household=households["above"])
    assert batch.proposals == [near.pk]
    assert batch.wanted["near"] == "0:0"


@pytest.mark.parametrize("few", [0, 1000])
def test_pages_follow_each_other_under_a_filter_whether_few_match_or_many(
    cast, signed_in, review, monkeypatch, households, few
):
    monkeypatch.setattr("reviews.queries.proposals.PAGE_ROWS", 2)
    monkeypatch.setattr("reviews.queries.proposals.FEW", few)
    client, url = signed_in(cast.county_clerk), reverse("reviews:proposals", args=[review.pk])
    first = client.get(f"{url}?near=0:0&answer=waiting").context
    second = client.get(url + first["next_url"]).context
    seen = [row.proposal.household_id for one in (first, second) for row in one["page"].rows]
    assert seen == sorted(households[name].pk for name in ("above", "on", "ordinary"))
    assert (first["page"].count, second["page"].count) == (3, 3)
    assert (first["previous_url"], second["next_url"]) == ("", "")
    back = client.get(url + second["previous_url"]).context
    assert [row.proposal.household_id for row in back["page"].rows] == seen[:2]
    assert back["previous_url"] == ""


def test_near_the_line_the_year_before_stands_beside(cast, signed_in, review, households):
    make.make_survey(households["on"], 2018, wage_income=Decimal(2000))
    make.make_survey(households["above"], 2018, wage_income=None)
    url = reverse("reviews:proposals", args=[review.pk]) + "?near=-1:0"
    rows = signed_in(cast.county_clerk).get(url).context["page"].rows
    before = {row.proposal.household_id: row for row in rows}
    told = before[households["on"].pk]
    assert (told.per_capita_before_fen, told.change_fen) == (200_000, 121_800)
    for name in ("above", "below"):
        assert before[households[name].pk].per_capita_before_fen is None


def test_the_distance_is_told_in_yuan_and_in_percent(cast, signed_in, review, households):
    url = reverse("reviews:proposals", args=[review.pk]) + "?near=-1:0"
    rows = signed_in(cast.county_clerk).get(url).context["page"].rows
    told = {row.proposal.household_id: (row.distance_fen, row.distance_hundredths) for row in rows}
    assert told[households["above"].pk] == (1000, 31)
    assert told[households["below"].pk] == (-1000, -31)


def test_the_near_list_costs_the_same_queries_for_any_number(
    cast, signed_in, review, django_assert_num_queries
):
    url = reverse("reviews:proposals", args=[review.pk]) + "?near=-1:0"
    client = signed_in(cast.county_clerk)
    client.get(url)
    with django_assert_num_queries(17):
        client.get(url)


def test_the_workbook_holds_the_same_rows_and_says_what_they_are(
    cast, signed_in, review, households
):
    make.make_survey(households["on"], 2018, wage_income=Decimal(2000))
    url = reverse("reviews:download", args=[review.pk, "xlsx"])
    answer = signed_in(cast.county_clerk).get(f"{url}?near=-1:0&state=0")
    table, about = load_workbook(BytesIO(answer.content)).worksheets
    heading, *rows = table.values
    numbers = {households[name].number for name in ("above", "on", "below")}
    assert {row[0] for row in rows} == numbers
    on = next(row for row in rows if row[0] == households["on"].number)
    told = dict(zip(heading, on, strict=True))
    assert (told["Per person, year before"], told["Change of income"]) == (2000, 1218)
    assert "陈" not in str(rows)
    said = dict(row[:2] for row in about.values)
    assert said["Distance to the line"] == "within 2.5 %"
    assert said["Rows"] == "3"
    taken = Change.objects.get(action="download_proposals").after
    assert (taken["rows"], taken["filter"]["near"]) == (3, "-1:0")


def test_a_file_ends_at_its_limit_and_says_so(cast, signed_in, review, monkeypatch):
    monkeypatch.setitem(MOST_EXPORTED, cast.county_clerk.acting_role, 2)
    url = reverse("reviews:download", args=[review.pk, "xlsx"])
    table, about = load_workbook(BytesIO(signed_in(cast.county_clerk).get(url).content)).worksheets
    assert len(list(table.values)) == 3
    assert dict(row[:2] for row in about.values)["Rows"] == "the first 2"


def test_a_form_of_file_that_is_none_is_not_found(cast, signed_in, review):
    url = reverse("reviews:download", args=[review.pk, "pdf"])
    assert signed_in(cast.county_clerk).get(url).status_code == 404
