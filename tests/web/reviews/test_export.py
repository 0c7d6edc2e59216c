"""Who takes households away as a file, how many of them, and who takes totals alone."""

import csv
from io import StringIO

import pytest
from django.urls import reverse

from households.models import Household
from households.rules import Kind, State
from reviews.actions.batches import confirm_batch, download_batch
from reviews.actions.chunks import drive
from reviews.actions.downloading import download_proposals
from reviews.actions.proposing import commit_review, propose_dry_run
from reviews.actions.taking import take_households
from reviews.models import BatchAcceptance, Review
from reviews.queries.acting import CAN_BE_ACCEPTED, chosen_proposals
from reviews.queries.proposals import Wanted
from reviews.rights import MOST_EXPORTED, most_exported, require_export
from tests import factories as make
from tests.web.reviews.conftest import GOOD_INCOME, POOR_INCOME
from tests.web.reviews.pages import page_of
from trail.errors import NotAllowed
from trail.models import Change
from trail.sheets import Sheet

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

ROW_ROLES = ("township_reviewer", "county_clerk", "county_approver", "auditor")
TOTAL_ROLES = ("city_reviewer", "province_officer", "province_approver", "reader")


@pytest.fixture
def review(cast, household_of, proposed) -> Review:
    """Three exits and a household that stays, one of them exited within the year; committed."""
    for _ in range(3):
        household_of(State.POOR, GOOD_INCOME)
    household_of(State.POOR, POOR_INCOME)
    gone = household_of(State.EXITED, GOOD_INCOME)
    gone.exit_year = 2019
    gone.save(update_fields=["exit_year"])
    return commit_review(proposed().pk, by=cast.county_approver)


@pytest.fixture
def batch(cast, review) -> BatchAcceptance:
    wanted = Wanted(kind=Kind.EXIT)
    chosen = chosen_proposals(cast.county_clerk, review, wanted, CAN_BE_ACCEPTED)
    return confirm_batch(review.pk, wanted, seen=chosen.seen, by=cast.county_clerk)


@pytest.fixture
def dry_run(cast, county, review) -> Review:
    found = propose_dry_run(root=county, year=2019, by=cast.county_clerk)
    drive(found.pk)
    return Review.everywhere.get(pk=found.pk)


def urls_of(review: Review, batch: BatchAcceptance, other: Review) -> list[str]:
    """The addresses of every file whose rows are households."""
    return [
        reverse("reviews:download", args=[review.pk, "csv"]),
        reverse("reviews:flow_line_file", args=[review.pk, "exited", "csv"])
        + f"?division={make.COUNTY}",
        reverse("reviews:batch_rows", args=[review.pk, batch.pk]),
        reverse("reviews:flips_file", args=[review.pk, "csv"])
        + f"?with={other.pk}&before=5&after=5",
    ]


def rows_in(answer) -> int:
    text = answer.getvalue().decode("utf-8-sig")
    return len(list(csv.reader(StringIO(text, newline="")))) - 1


@pytest.mark.parametrize(
    ("part", "most"),
    [("township_reviewer", 1000), *((part, 5000) for part in ROW_ROLES[1:])],
)
def test_roles_of_the_field_take_households_up_to_their_limit(cast, part, most):
    assert require_export(getattr(cast, part)) == most_exported(getattr(cast, part)) == most


@pytest.mark.parametrize("part", [*TOTAL_ROLES, "village_official", "first_secretary"])
def test_other_roles_take_no_households(cast, part):
    assert most_exported(getattr(cast, part)) == 0
    with pytest.raises(NotAllowed):
        require_export(getattr(cast, part))


@pytest.mark.parametrize("part", ["city_reviewer", "province_officer", "province_approver"])
def test_no_file_of_households_is_given_to_a_role_of_totals(
    cast, signed_in, review, batch, dry_run, part
):
    client = signed_in(getattr(cast, part))
    for url in urls_of(review, batch, dry_run):
        answer = client.get(url)
        assert answer.status_code == 403, url
        assert "Your role takes totals as a file, not households." in answer.text
    assert not Change.objects.filter(action__startswith="download").exists()


def test_each_file_of_households_is_given_to_a_clerk(cast, signed_in, review, batch, dry_run):
    client = signed_in(cast.county_clerk)
    found = [rows_in(client.get(url)) for url in urls_of(review, batch, dry_run)]
    assert found == [5, 1, 3, 3]


def test_no_file_of_households_goes_beyond_the_limit_of_the_role(
    cast, signed_in, review, batch, dry_run, monkeypatch
):
    monkeypatch.setitem(MOST_EXPORTED, cast.county_clerk.acting_role, 2)
    client = signed_in(cast.county_clerk)
    for url in urls_of(review, batch, dry_run):
        assert rows_in(client.get(url)) <= 2, url
    taken = Change.objects.filter(action__startswith="download").values_list("after", flat=True)
    assert {after["rows"] for after in taken} == {1, 2}


def test_the_actions_refuse_by_themselves(cast, review, batch):
    by, empty = cast.city_reviewer, Sheet("", [], [])
    with pytest.raises(NotAllowed):
        download_proposals(review, Wanted(), filters=[], by=by)
    with pytest.raises(NotAllowed):
        take_households(review, empty, division=make.COUNTY, wanted={}, by=by)
    with pytest.raises(NotAllowed):
        download_batch(batch, by=by)


def test_a_page_offers_a_file_only_to_whom_it_is_given(cast, signed_in, review, batch, dry_run):
    cells = f"?with={dry_run.pk}&before=5&after=5"
    pages = [
        reverse("reviews:proposals", args=[review.pk]),
        reverse("reviews:flow_line", args=[review.pk, "exited"]) + f"?division={make.COUNTY}",
        reverse("reviews:batch", args=[review.pk, batch.pk]),
        reverse("reviews:flips", args=[review.pk]) + cells,
    ]
    files = [url.partition("?")[0] for url in urls_of(review, batch, dry_run)]
    for page, file in zip(pages, files, strict=True):
        assert file in signed_in(cast.county_clerk).get(page).text
        assert file not in signed_in(cast.city_reviewer).get(page).text


@pytest.mark.parametrize(
    ("part", "said"), [("township_reviewer", "at most 1,000"), ("county_clerk", "at most 5,000")]
)
def test_a_page_says_the_limit_of_its_reader(cast, signed_in, review, part, said):
    assert said in page_of(signed_in(getattr(cast, part)), "proposals", review).text


def test_tables_of_totals_stay_open_to_every_reader(cast, signed_in, review, dry_run):
    client = signed_in(cast.city_reviewer)
    for url in (
        reverse("reviews:figures_table", args=[review.pk, "kinds", "csv"]),
        reverse("reviews:flow_table", args=[review.pk, "csv"]) + f"?division={make.COUNTY}",
        reverse("reviews:compare_matrix", args=[review.pk, "csv"]) + f"?with={dry_run.pk}",
        reverse("reviews:readiness_download"),
    ):
        assert client.get(url).status_code == 200, url


def test_a_list_tells_a_role_without_names_no_number_that_a_table_withholds(
    cast, signed_in, review
):
    client, clerk = signed_in(cast.city_reviewer), signed_in(cast.county_clerk)
    few = page_of(client, "proposals", review, f"?kind={Kind.EXIT.value}").text
    assert "&lt;5 proposals" in few
    assert "5 proposals ·" in page_of(clerk, "proposals", review).text
    assert "5 proposals ·" not in page_of(client, "proposals", review).text


def column(answer, name: str) -> list[str]:
    """The cells of a column, in the order of the file."""
    text = answer.getvalue().decode("utf-8-sig")
    return [row[name] for row in csv.DictReader(StringIO(text, newline=""))]


def test_list_and_files_tell_whom_of_the_register_no_help_ever_reached(
    cast, signed_in, review, batch
):
    poor = list(Household.everywhere.registered().order_by("pk"))
    make.make_help(poor[0])
    client = signed_in(cast.county_clerk)
    rows = page_of(client, "proposals", review).context["page"].rows
    told = {row.proposal.household_id: row.never_helped for row in rows}
    assert told == {one.pk: one in poor[1:] for one in Household.everywhere.all()}
    file, of_batch = (
        client.get(reverse("reviews:download", args=[review.pk, "csv"])),
        client.get(reverse("reviews:batch_rows", args=[review.pk, batch.pk])),
    )
    assert column(file, "Never helped").count("yes") == 3
    assert sorted(column(of_batch, "Never helped")) == ["", "yes", "yes"]
