"""A review says that it rests on facts of a frozen year that were corrected since."""

from decimal import Decimal

import pytest
from django.urls import reverse

from divisions.models import Division
from households.actions.corrections import advance, propose_correction
from households.actions.freezing import freeze_year
from households.models import Household, Survey
from households.rules import GUARANTEES, MONEY, Kind, State
from reviews.actions.accepting import accept_proposal, digest_of
from reviews.actions.chunks import drive
from reviews.actions.proposing import propose_dry_run
from reviews.actions.refreshing import refresh
from reviews.models import Proposal, Review
from reviews.queries.corrected import (
    Standing,
    corrected_counts,
    corrected_proposals,
    corrected_rows,
    corrected_since,
    rests_of,
)
from tests import factories as make
from workflow.models import Case

pytestmark = pytest.mark.django_db
LIST_QUERIES = 25


@pytest.fixture
def freeze(cast):
    def frozen(code: str = make.COUNTY) -> None:
        place = Division.objects.get(pk=code)
        freeze_year(place, year=2019, reason="核对无误", by=cast.county_approver)

    return frozen


@pytest.fixture
def correct(cast):
    """Has a correction of 2019 proposed by the clerk and approved by the county."""

    def done(household: Household, **changed: object) -> Case:
        survey = Survey.objects.filter(household=household, year=2019).in_force().first()
        figures = {name: getattr(survey, name, None) for name in (*MONEY, *GUARANTEES)} | changed
        case = propose_correction(
            household, year=2019, seen=survey.pk if survey else None, figures=figures,
            reason="抄录有误", proof="y", by=cast.county_clerk,
        )  # fmt: skip
        advance(case.pk, "approve", by=cast.county_approver, version=case.version)
        return case

    return done


@pytest.fixture
def leaving(household_of) -> Household:
    """A poor household whose year says that it can leave."""
    return household_of(State.POOR)


@pytest.fixture
def review(leaving, committed, freeze) -> Review:
    done = committed()
    freeze()
    return done


def proposal_of(review: Review, household: Household) -> Proposal:
    return Proposal.everywhere.in_force().get(review=review, household=household)


def accept(review: Review, household: Household, by) -> Case:
    proposal = proposal_of(review, household)
    return accept_proposal(proposal.pk, seen=digest_of(proposal, proposal.survey, review), by=by)


def rows(officer, review):
    return corrected_rows(
        officer, review, corrected_proposals(officer, review).select_related("household", "village")
    )


def test_without_a_correction_nothing_is_said(cast, review, signed_in):
    assert corrected_counts(cast.county_clerk, review).households == 0
    page = signed_in(cast.county_clerk).get(reverse("reviews:review", args=[review.pk]))
    assert reverse("reviews:corrected", args=[review.pk]) not in page.content.decode()


def test_an_acceptance_before_the_correction_is_decided_on_facts_since_corrected(
    cast, review, leaving, correct
):
    accept(review, leaving, cast.county_clerk)
    case = correct(leaving, wage_income=Decimal(1000))
    [row] = rows(cast.county_clerk, review)
    assert (row.standing, row.is_other) == (Standing.DECIDED, True)
    assert (row.kind_before, row.kind_after) == (kind_name(Kind.EXIT), kind_name(Kind.KEEP))
    [change] = row.changes
    assert (change["before"], change["after"]) == ("9,000.00", "1,000.00")
    [act] = row.acts
    assert (act.case, act.proposed_by, act.approved_by) == (
        case, cast.county_clerk.name, cast.county_approver.name,
    )  # fmt: skip


def kind_name(kind: Kind) -> str:
    return str(dict(Proposal._meta.get_field("kind").choices)[kind])


def test_an_undecided_proposal_waits_to_be_renewed_and_then_is(cast, review, leaving, correct):
    correct(leaving, wage_income=Decimal(1000))
    [row] = rows(cast.county_clerk, review)
    assert (row.standing, row.kind_after) == (Standing.WAITING, kind_name(Kind.KEEP))
    refresh(review.pk)
    [row] = rows(cast.county_clerk, review)
    assert (row.standing, row.kind_before, row.kind_after) == (
        Standing.RENEWED, kind_name(Kind.EXIT), kind_name(Kind.KEEP),
    )  # fmt: skip
    [change] = row.changes
    assert (change["before"], change["after"]) == ("9,000.00", "1,000.00")


def test_a_refresh_leaves_the_accepted_proposal_and_its_mark(cast, review, leaving, correct):
    accept(review, leaving, cast.county_clerk)
    correct(leaving, wage_income=Decimal(1000))
    refresh(review.pk)
    assert [row.standing for row in rows(cast.county_clerk, review)] == [Standing.DECIDED]


def test_a_correction_that_gives_the_same_proposal_says_so(cast, review, leaving, correct):
    correct(leaving, wage_income=Decimal(9500))
    [row] = rows(cast.county_clerk, review)
    assert not row.is_other


def test_two_corrections_of_a_household_are_one_row_with_both_cases(cast, review, leaving, correct):
    first = correct(leaving, wage_income=Decimal(1000))
    second = correct(leaving, wage_income=Decimal(2000))
    [row] = rows(cast.county_clerk, review)
    assert [act.case for act in row.acts] == [first, second]
    assert [one["after"] for one in row.changes] == ["2,000.00"]
    assert corrected_counts(cast.county_clerk, review).households == 1


def test_a_household_surveyed_first_by_a_correction_is_named(
    cast, leaving, committed, freeze, correct
):
    unsurveyed = make.make_household(state=State.POOR)
    review = committed()
    freeze()
    correct(unsurveyed, wage_income=Decimal(100))
    [row] = rows(cast.county_clerk, review)
    assert row.kind_before == kind_name(Kind.COMPLETE)
    assert row.changes[0]["before"] in ("unknown", "未知")


def test_a_correction_before_the_review_read_its_facts_is_no_news(
    cast, leaving, freeze, correct, committed
):
    freeze()
    correct(leaving, wage_income=Decimal(1000))
    review = committed()
    assert corrected_counts(cast.county_clerk, review).households == 0


def test_a_correction_of_another_year_is_no_news(cast, review, leaving, correct, freeze):
    make.make_survey(leaving, 2018)
    place = Division.objects.get(pk=make.COUNTY)
    freeze_year(place, year=2018, reason="x", by=cast.county_approver)
    survey = Survey.objects.get(household=leaving, year=2018)
    figures = {name: getattr(survey, name) for name in (*MONEY, *GUARANTEES)} | {"water": None}
    case = propose_correction(
        leaving, year=2018, seen=survey.pk, figures=figures, reason="x", proof="y",
        by=cast.county_clerk,
    )  # fmt: skip
    advance(case.pk, "approve", by=cast.county_approver, version=1)
    assert corrected_counts(cast.county_clerk, review).households == 0


@pytest.mark.parametrize("end", ["reject", "withdraw"])
def test_a_correction_that_was_not_approved_is_no_news(cast, review, leaving, end):
    survey = Survey.objects.get(household=leaving, year=2019)
    figures = {name: getattr(survey, name) for name in (*MONEY, *GUARANTEES)} | {"water": None}
    case = propose_correction(
        leaving, year=2019, seen=survey.pk, figures=figures, reason="x", proof="y",
        by=cast.county_clerk,
    )  # fmt: skip
    by = cast.county_approver if end == "reject" else cast.county_clerk
    advance(case.pk, end, by=by, version=1, note="不实")
    assert corrected_counts(cast.county_clerk, review).households == 0


def test_an_officer_sees_the_corrections_of_his_part_alone(
    cast, county, leaving, household_of, committed, freeze, correct
):
    other = household_of(State.POOR, village=make.OTHER_TOWNSHIP_VILLAGE)
    review = committed()
    freeze()
    for one in (leaving, other):
        correct(one, wage_income=Decimal(1000))
    assert corrected_counts(cast.county_clerk, review).households == 2
    assert [row.proposal.household_id for row in rows(cast.township_reviewer, review)] == [
        leaving.pk
    ]


def test_few_are_not_counted_for_a_role_without_names(cast, review, leaving, correct):
    correct(leaving, wage_income=Decimal(1000))
    counts = corrected_counts(cast.province_officer, review)
    assert (counts.shown, counts.waiting, counts.renewed) == ("<5", "<5", "0")


def test_counting_takes_few_queries(cast, review, leaving, django_assert_num_queries, correct):
    with django_assert_num_queries(1):
        corrected_counts(cast.county_clerk, review)
    correct(leaving, wage_income=Decimal(1000))
    with django_assert_num_queries(2):
        corrected_counts(cast.county_clerk, review)


def test_the_review_page_says_how_many_and_leads_to_the_list(
    cast, review, leaving, correct, signed_in, in_english
):
    correct(leaving, wage_income=Decimal(1000))
    client = signed_in(cast.county_clerk)
    text = client.get(reverse("reviews:review", args=[review.pk])).content.decode()
    assert "This review rests on facts since corrected" in text
    assert reverse("reviews:corrected", args=[review.pk]) in text


def test_the_review_page_says_whether_its_year_is_frozen(
    cast, leaving, committed, freeze, signed_in, in_english
):
    review = committed()
    url, client = reverse("reviews:review", args=[review.pk]), signed_in(cast.county_clerk)
    assert "Not frozen" in client.get(url).content.decode()
    freeze(make.TOWNSHIP)
    assert "Frozen for 1 place within it" in client.get(url).content.decode()
    freeze()
    assert rests_of(cast.county_clerk, review).freeze.division_id == make.COUNTY
    assert "They change only by approved corrections" in client.get(url).content.decode()


def test_the_list_names_what_changed_by_whom_and_the_case(
    cast, review, leaving, correct, signed_in, in_english
):
    accept(review, leaving, cast.county_clerk)
    case = correct(leaving, wage_income=Decimal(1000))
    page = signed_in(cast.county_clerk).get(reverse("reviews:corrected", args=[review.pk]))
    text = page.content.decode()
    for said in (
        "9,000.00 → 1,000.00", "on facts since corrected", cast.county_approver.name,
        reverse("pages:case", args=[case.pk]), "陈大山",
    ):  # fmt: skip
        assert said in text


def test_the_list_is_taken_as_a_file_without_names(
    cast, review, leaving, correct, signed_in, in_english
):
    correct(leaving, wage_income=Decimal(1000))
    client = signed_in(cast.county_clerk)
    address = reverse("reviews:corrected_file", args=[review.pk, "csv"])
    assert address in client.get(reverse("reviews:corrected", args=[review.pk])).text
    text = client.get(address).getvalue().decode("utf-8-sig")
    assert leaving.number in text
    assert "9,000.00 → 1,000.00" in text
    assert "陈大山" not in text


def test_a_role_without_names_reads_no_name(cast, review, leaving, correct, signed_in):
    correct(leaving, wage_income=Decimal(1000))
    page = signed_in(cast.province_officer).get(reverse("reviews:corrected", args=[review.pk]))
    assert "陈大山" not in page.content.decode()
    assert "陈**" in page.content.decode()


def test_the_list_of_nothing_leads_back(cast, review, signed_in, in_english):
    page = signed_in(cast.county_clerk).get(reverse("reviews:corrected", args=[review.pk]))
    assert "No facts that this review rests on were corrected." in page.content.decode()


@pytest.mark.parametrize("part", ["village_official", "first_secretary", "helper", "reader"])
def test_a_role_that_reads_no_reviews_is_told_so(cast, review, signed_in, part):
    client = signed_in(getattr(cast, part))
    assert client.get(reverse("reviews:corrected", args=[review.pk])).status_code == 403


def test_the_list_costs_the_same_queries_for_any_number(
    cast, household_of, committed, freeze, correct, signed_in, django_assert_max_num_queries
):
    households = [household_of(State.POOR) for _ in range(8)]
    review = committed()
    freeze()
    for one in households:
        correct(one, wage_income=Decimal(1000))
    client = signed_in(cast.county_clerk)
    with django_assert_max_num_queries(LIST_QUERIES):
        page = client.get(reverse("reviews:corrected", args=[review.pk]))
    assert len(page.context["rows"]) == 8


def test_the_page_of_a_proposal_says_that_its_facts_were_corrected(
    cast, review, leaving, correct, signed_in, in_english
):
    accept(review, leaving, cast.county_clerk)
    correct(leaving, wage_income=Decimal(1000))
    proposal = proposal_of(review, leaving)
    assert corrected_since(cast.county_clerk, review, proposal).standing == Standing.DECIDED
    page = signed_in(cast.county_clerk).get(
        reverse("reviews:proposal", args=[review.pk, proposal.pk])
    )
    assert "Decided on facts since corrected" in page.content.decode()


def test_a_dry_run_keeps_the_facts_that_it_read(
    cast, county, leaving, freeze, correct, signed_in, in_english
):
    dry = propose_dry_run(root=county, year=2019, by=cast.county_clerk)
    drive(dry.pk)
    freeze()
    correct(leaving, wage_income=Decimal(1000))
    client, proposal = signed_in(cast.county_clerk), proposal_of(dry, leaving)
    listed = client.get(reverse("reviews:corrected", args=[dry.pk])).content.decode()
    assert "on the facts before" in listed
    assert "o be renewed" not in listed
    page = client.get(reverse("reviews:proposal", args=[dry.pk, proposal.pk])).content.decode()
    assert "A dry run keeps the facts that it read." in page


def test_the_page_of_a_renewed_proposal_says_nothing_of_it(cast, review, leaving, correct):
    first = proposal_of(review, leaving)
    correct(leaving, wage_income=Decimal(1000))
    refresh(review.pk)
    first.refresh_from_db()
    assert corrected_since(cast.county_clerk, review, first) is None
    assert corrected_since(cast.county_clerk, review, proposal_of(review, leaving)) is None
