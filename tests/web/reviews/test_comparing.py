"""Two reviews held against each other: the matrix, who flips, and what is kept of large parts."""

from collections import Counter
from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from divisions.models import Division
from households.rules import Kind, State
from reviews.actions import comparing
from reviews.actions.chunks import drive
from reviews.actions.proposing import cancel_review, propose_dry_run
from reviews.actions.refreshing import refresh
from reviews.models import Comparison, Proposal, Review
from reviews.queries.comparing import Pair, effect_of_turns, turns_of
from tests import factories as make
from tests.web.reviews.conftest import GOOD_INCOME, POOR_INCOME, RISKY_INCOME
from trail.models import Change

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

HIGHER_LINE = "8000.00"


@pytest.fixture
def dry_run(cast, county):
    """Drives a dry run of 2019 below a division, under a standard or the one that holds."""

    def finished(line: str | None = None, root: Division = county) -> Review:
        standard = None if line is None else make.make_standard(2019, line=line)
        review = propose_dry_run(root=root, year=2019, by=cast.county_clerk, standard=standard)
        drive(review.pk)
        return Review.everywhere.get(pk=review.pk)

    return finished


@pytest.fixture
def pair(household_of, dry_run) -> tuple[Review, Review]:
    """Six poor households whose exits end under a higher line, two that stay poor under both."""
    before = None
    for village in (make.VILLAGE, make.OTHER_TOWNSHIP_VILLAGE):
        household_of(State.POOR, POOR_INCOME, village=village)
        for _ in range(3):
            household_of(State.POOR, Decimal(5000), village=village)
    household_of(State.EXITED, RISKY_INCOME)
    before = dry_run()
    return before, dry_run(HIGHER_LINE)


def address(name: str, new: Review, old: Review, /, **query: object) -> str:
    given = "&".join(f"{key}={value}" for key, value in ({"with": old.pk} | query).items())
    return reverse(f"reviews:{name}", args=[new.pk]) + f"?{given}"


def kinds(review: Review) -> dict[int, int]:
    found = Proposal.everywhere.in_force().filter(review=review)
    return dict(found.values_list("household_id", "kind"))


def brute_force(before: Review, after: Review) -> Counter[tuple[int, int]]:
    old, new = kinds(before), kinds(after)
    return Counter((old.get(key, 0), new.get(key, 0)) for key in old | new)


def test_the_matrix_counts_what_brute_force_counts(pair):
    before, after = pair
    turns = turns_of(Pair(before, after, make.COUNTY))
    assert {cell: count.households for cell, count in turns.items()} == brute_force(before, after)
    assert turns[(Kind.EXIT, Kind.KEEP)].households == 6


def test_rows_and_columns_add_up_to_the_totals_of_each_review(cast, pair):
    before, after = pair
    effect = effect_of_turns(cast.county_clerk, turns_of(Pair(before, after, make.COUNTY)))
    for place, review in enumerate(pair):
        told = {str(side.name): int(side.households[place]) for side in effect.sides}
        counted = {
            str(Proposal(kind=int(kind)).get_kind_display()): number
            for kind, number in review.totals["kinds"].items()
            if number
        }
        assert {name: number for name, number in told.items() if number} == counted
        persons = sum(int(side.persons[place]) for side in effect.sides)
        assert persons == review.totals["persons"]


def test_people_count_as_either_review_counts_them(cast, household_of, dry_run, resurvey):
    household = household_of(State.POOR, GOOD_INCOME)
    before = dry_run()
    make.make_member(household)
    resurvey(household, wage_income=Decimal(30_000))
    effect = effect_of_turns(cast.county_clerk, turns_of(Pair(before, dry_run(), make.COUNTY)))
    assert effect.sides[0].persons == ("1", "2")


def test_a_household_that_came_in_has_no_proposal_before(household_of, dry_run):
    household_of()
    before = dry_run()
    household_of(State.POOR, POOR_INCOME)
    turns = turns_of(Pair(before, dry_run(), make.COUNTY))
    assert turns[(Kind.NONE, Kind.KEEP)].households == 1


def test_each_cell_of_the_page_leads_to_its_households(cast, signed_in, pair):
    before, after = pair
    client = signed_in(cast.county_clerk)
    page = client.get(address("compare", after, before))
    for (old, new), number in brute_force(before, after).items():
        link = address("flips", after, before, division=make.COUNTY, before=old, after=new)
        assert link.replace("&", "&amp;") in page.text
        rows = client.get(link).context["page"].rows
        flipped = {row.shown.proposal.household_id for row in rows}
        was, now = kinds(before), kinds(after)
        assert flipped == {key for key in was if (was[key], now[key]) == (old, new)}
        assert len(rows) == number


def test_the_households_show_the_figures_of_both_reviews(cast, signed_in, pair):
    before, after = pair
    flipped = address("flips", after, before, before=5, after=4)
    row = signed_in(cast.county_clerk).get(flipped).context["page"].rows[0]
    assert (row.before.kind, row.after.kind) == ("exit", "keep")
    assert row.before.distance_fen == 500_000 - 321_800
    assert row.after.distance_fen == 500_000 - 800_000
    assert row.change_fen == 0


@pytest.mark.parametrize(("old", "new"), [(0, 5), (5, 0)])
def test_a_cell_without_proposal_on_one_side_lists_the_other(
    cast, signed_in, household_of, dry_run, old, new
):
    household_of(State.POOR, GOOD_INCOME)
    before = dry_run()
    Proposal.everywhere.filter(review=before).update(superseded_at=timezone.now())
    after = dry_run()
    first, second = (before, after) if new else (after, before)
    url = address("flips", second, first, before=old, after=new)
    rows = signed_in(cast.county_clerk).get(url).context["page"].rows
    assert [row.shown.proposal.review_id for row in rows] == [after.pk]
    assert [(row.before is None, row.after is None) for row in rows] == [(not old, not new)]


@pytest.mark.parametrize("few", [0, 1000])
def test_pages_of_a_cell_follow_each_other_without_gap_or_double(
    cast, signed_in, pair, monkeypatch, few
):
    monkeypatch.setattr("reviews.queries.flips.FEW", few)
    monkeypatch.setattr("reviews.queries.proposals.PAGE_ROWS", 2)
    before, after = pair
    client, seen = signed_in(cast.county_clerk), []
    path, turn = reverse("reviews:flips", args=[after.pk]), f"?with={before.pk}&before=5&after=4"
    while turn:
        context = client.get(path + turn).context
        shown = [row.shown.proposal for row in context["page"].rows]
        seen.append([(one.village_id, one.household_id) for one in shown])
        turn = context["next_url"]
    assert [len(page) for page in seen] == [2, 2, 2]
    flat = [one for page in seen for one in page]
    assert flat == sorted(set(flat))
    back = client.get(path + context["previous_url"]).context["page"].rows
    assert [row.shown.proposal.household_id for row in back] == [key for _village, key in seen[1]]


def test_an_officer_of_a_township_compares_his_part_alone(cast, signed_in, pair):
    before, after = pair
    page = signed_in(cast.township_reviewer).get(address("compare", after, before))
    assert page.context["pair"].part == make.TOWNSHIP
    assert page.context["effect"].households == "5"
    outside = address("compare", after, before, division=make.OTHER_TOWNSHIP)
    assert signed_in(cast.township_reviewer).get(outside).status_code == 404


def test_a_review_of_another_county_is_not_found_beside_ones_own(cast, signed_in, pair, dry_run):
    own, _after = pair
    foreign = make.make_review(make.OTHER_COUNTY, state="finished", finished_at=timezone.now())
    url = address("compare", own, foreign)
    assert signed_in(cast.county_clerk).get(url).status_code == 404
    assert signed_in(cast.province_officer).get(url).status_code == 404


@pytest.mark.parametrize(
    "query", ["with=x", "with=0", "division=970124", "division=x", "before=8&after=4",
              "before=0&after=0", "before=5"]
)  # fmt: skip
def test_an_address_that_names_nothing_is_not_found(cast, signed_in, pair, query):
    before, after = pair
    path = reverse("reviews:flips", args=[after.pk])
    whole = query if query.startswith("with") else f"with={before.pk}&{query}"
    if "division" in query:
        whole += "&before=5&after=4"
    assert signed_in(cast.county_clerk).get(f"{path}?{whole}").status_code == 404


def test_few_households_and_what_would_tell_them_are_hidden_without_names(
    cast, signed_in, in_english, pair
):
    before, after = pair
    effect = signed_in(cast.city_reviewer).get(address("compare", after, before)).context["effect"]
    cells = {turn.households for _name, turns, _all in effect.rows for turn in turns}
    assert cells == {"<5", "hidden", "0"}
    page = signed_in(cast.city_reviewer).get(address("flips", after, before, before=5, after=4))
    assert page.context["cell"].households == "hidden"
    named = signed_in(cast.county_clerk).get(address("compare", after, before)).context["effect"]
    assert {"2", "1", "6"} <= {
        turn.households for _name, turns, _all in named.rows for turn in turns
    }


def test_names_are_masked_for_a_role_that_reads_none(cast, signed_in, pair):
    before, after = pair
    url = address("flips", after, before, before=5, after=4)
    assert "陈大山" in signed_in(cast.county_clerk).get(url).text
    assert "陈大山" not in signed_in(cast.province_officer).get(url).text


def test_the_choice_offers_finished_reviews_of_the_place(cast, signed_in, pair, dry_run, county):
    before, after = pair
    running = propose_dry_run(root=county, year=2019, by=cast.county_clerk)
    gone = dry_run()
    cancel_review(gone.pk, reason="test", by=cast.county_clerk)
    page = signed_in(cast.county_clerk).get(reverse("reviews:compare", args=[after.pk]))
    assert [one.pk for one in page.context["offered"]] == [before.pk]
    assert f"?with={before.pk}" in page.text
    assert f"?with={running.pk}" not in page.text


def test_the_terms_tell_what_differs(cast, signed_in, pair):
    before, after = pair
    terms = signed_in(cast.county_clerk).get(address("compare", after, before)).context["terms"]
    changed = {str(term.label) for term in terms if term.is_changed}
    assert {"Poverty line", "Monitoring line", "Standard"} <= changed
    assert "Year" not in changed


def test_a_comparison_costs_the_same_queries_for_any_number(
    cast, signed_in, pair, django_assert_num_queries
):
    before, after = pair
    client = signed_in(cast.county_clerk)
    client.get(address("compare", after, before))
    with django_assert_num_queries(14):
        client.get(address("compare", after, before))
    with django_assert_num_queries(18):
        client.get(address("flips", after, before, before=5, after=4))


@pytest.fixture
def large(monkeypatch):
    """Every part is too large to be counted while a page waits."""
    monkeypatch.setattr("reviews.queries.comparing.COUNTED_AT_ONCE", 0)


@pytest.fixture
def asked(monkeypatch) -> list[int]:
    """The comparisons that a worker was asked to count."""
    keys: list[int] = []
    monkeypatch.setattr("reviews.tasks.count_comparison.delay", keys.append)
    return keys


def test_a_large_part_is_counted_by_a_worker_and_kept(cast, signed_in, pair, large, asked):
    before, after = pair
    client = signed_in(cast.county_clerk)
    page = client.get(address("compare", after, before))
    assert "effect" not in page.context
    client.post(address("compare_count", after, before))
    [key] = asked
    comparing.count_comparison(key)
    page = client.get(address("compare", after, before))
    assert page.context["effect"].changed == "7"
    kept = Comparison.everywhere.get()
    assert kept.matrix == {f"{a}.{b}": n for (a, b), n in brute_force(before, after).items()}
    client.post(address("compare_count", after, before))
    kept.refresh_from_db()
    assert kept.matrix
    trace = Change.objects.filter(action="compare")
    assert [one.actor_id for one in trace] == [cast.county_clerk.pk]


def test_a_comparison_is_counted_again_once_a_review_was_refreshed(
    cast, signed_in, pair, large, asked, household_of
):
    before, after = pair
    client = signed_in(cast.county_clerk)
    client.post(address("compare_count", after, before))
    comparing.count_comparison(asked[0])
    household_of(State.POOR, POOR_INCOME)
    refresh(after.pk)
    assert "effect" not in client.get(address("compare", after, before)).context
    client.post(address("compare_count", after, before))
    comparing.count_comparison(asked[1])
    assert client.get(address("compare", after, before)).context["effect"].households == "10"


def test_a_comparison_that_no_worker_came_for_is_asked_again(cast, signed_in, pair, large, asked):
    before, after = pair
    client = signed_in(cast.county_clerk)
    client.post(address("compare_count", after, before))
    waiting = client.get(address("compare", after, before))
    assert "hx-get" in waiting.text
    assert 'http-equiv="refresh"' in waiting.text
    assert "HX-Refresh" not in client.get(address("compare_progress", after, before))
    long_ago = timezone.now() - 2 * comparing.PATIENCE
    Comparison.everywhere.update(counted_at=long_ago)
    assert client.get(address("compare_progress", after, before))["HX-Refresh"] == "true"
    page = client.get(address("compare", after, before))
    assert reverse("reviews:compare_count", args=[after.pk]) in page.text
    client.post(address("compare_count", after, before))
    assert len(asked) == 2
    assert Comparison.everywhere.get().counted_at > long_ago + timedelta(seconds=1)


def test_counting_twice_changes_nothing(cast, pair):
    before, after = pair
    kept = comparing.ask_comparison(Pair(before, after, make.COUNTY), by=cast.county_clerk)
    comparing.count_comparison(kept.pk)
    first = Comparison.everywhere.get()
    comparing.count_comparison(kept.pk)
    second = Comparison.everywhere.get()
    assert (first.matrix, first.persons) == (second.matrix, second.persons)


def test_the_households_of_a_cell_can_be_taken_as_files(cast, signed_in, pair):
    before, after = pair
    client = signed_in(cast.county_clerk)
    path = reverse("reviews:flips_file", args=[after.pk, "csv"])
    query = f"?with={before.pk}&before=5&after=4"
    lines = b"".join(client.get(path + query)).decode("utf-8-sig").splitlines()
    assert len(lines) == 7
    assert "陈" not in "".join(lines)
    path = reverse("reviews:flips_file", args=[after.pk, "xlsx"])
    book = load_workbook(BytesIO(client.get(path + query).content))
    assert len(list(book.worksheets[0].rows)) == 7
    about = dict(row[:2] for row in book.worksheets[1].values)
    assert about["Compared with review"].startswith(str(before.pk))
    trace = Change.objects.filter(action="download_figures").latest("pk")
    assert trace.after["rows"] == 6
    assert trace.after["filter"]["with"] == str(before.pk)


def test_the_matrix_can_be_taken_as_a_file(cast, signed_in, pair):
    before, after = pair
    path = reverse("reviews:compare_matrix", args=[after.pk, "csv"])
    answer = signed_in(cast.county_clerk).get(f"{path}?with={before.pk}")
    assert "exit,keep,6,6,yes" in b"".join(answer).decode("utf-8-sig").splitlines()
