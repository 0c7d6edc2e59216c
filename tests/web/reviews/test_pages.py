import gzip

import pytest
from django.urls import reverse

from households.rules import Kind, State
from reviews.actions.accepting import digest_of
from reviews.actions.refreshing import refresh
from reviews.models import Proposal, Review, ReviewState
from reviews.rights import most_exported
from tests import factories as make
from tests.web.reviews.conftest import GOOD_INCOME, POOR_INCOME
from trail.models import Change
from trail.sheets import as_text
from workflow.models import Case

pytestmark = pytest.mark.django_db

READERS = [
    "township_reviewer", "county_clerk", "county_approver", "city_reviewer", "province_officer",
    "province_approver", "auditor",
]  # fmt: skip


@pytest.fixture
def review(household_of, committed) -> Review:
    household_of(State.POOR, GOOD_INCOME)
    return committed()


@pytest.fixture
def proposal(review) -> Proposal:
    return Proposal.everywhere.get(review=review)


def addresses(review, proposal) -> list[str]:
    return [
        reverse("reviews:review", args=[review.pk]),
        reverse("reviews:progress", args=[review.pk]),
        reverse("reviews:cancel", args=[review.pk]),
        reverse("reviews:proposals", args=[review.pk]),
        reverse("reviews:proposal", args=[review.pk, proposal.pk]),
        reverse("reviews:download", args=[review.pk, "csv"]),
    ]


def posts(review, proposal) -> list[str]:
    return [
        reverse("reviews:commit", args=[review.pk]),
        reverse("reviews:cancel", args=[review.pk]),
        reverse("reviews:accept", args=[review.pk, proposal.pk]),
    ]


def test_a_stranger_finds_nothing(cast, signed_in, review, proposal):
    client = signed_in(cast.stranger)
    assert [client.get(url).status_code for url in addresses(review, proposal)] == [404] * 6
    assert [client.post(url).status_code for url in posts(review, proposal)] == [404] * 3
    assert str(review.root.name) not in client.get(reverse("reviews:list")).text


def test_a_visitor_is_sent_to_the_sign_in(client, review, proposal):
    for url in addresses(review, proposal):
        assert "sign-in" in client.get(url).url


@pytest.mark.parametrize("part", READERS)
def test_those_who_work_with_reviews_read_every_page(cast, signed_in, review, proposal, part):
    client = signed_in(getattr(cast, part))
    urls = [reverse("reviews:list"), *addresses(review, proposal)]
    *pages, file = [client.get(url).status_code for url in urls]
    assert pages == [200] * 6
    assert file == (200 if most_exported(getattr(cast, part)) else 403)


@pytest.mark.parametrize("part", ["village_official", "helper", "reader", "account_admin"])
def test_others_are_told_that_their_role_does_not(cast, signed_in, review, proposal, part):
    client = signed_in(getattr(cast, part))
    assert client.get(reverse("reviews:list")).status_code == 403
    assert client.get(addresses(review, proposal)[3]).status_code == 403


def test_an_officer_reads_his_part_of_a_review_above(cast, signed_in, household_of, proposed):
    household_of(village=make.VILLAGE)
    household_of(village=make.OTHER_TOWNSHIP_VILLAGE)
    review = proposed()
    client = signed_in(cast.township_reviewer)
    page = client.get(reverse("reviews:review", args=[review.pk]))
    assert page.context["overview"].households == "1"
    rows = client.get(reverse("reviews:proposals", args=[review.pk])).context["page"].rows
    assert [row.proposal.village_id for row in rows] == [make.VILLAGE]


def test_the_list_offers_to_propose_only_to_those_who_may(cast, signed_in, review):
    url = reverse("reviews:propose")
    assert url in signed_in(cast.county_clerk).get(reverse("reviews:list")).text
    assert url not in signed_in(cast.county_approver).get(reverse("reviews:list")).text
    assert signed_in(cast.county_approver).get(url).status_code == 403


def propose(client, **data):
    known = {"year": "2019", "division": make.COUNTY} | data
    return client.post(reverse("reviews:propose"), known)


def test_a_clerk_proposes_on_the_page(cast, signed_in, household):
    answer = propose(signed_in(cast.county_clerk))
    review = Review.everywhere.get()
    assert answer.url == reverse("reviews:review", args=[review.pk])
    assert (review.root_id, review.year, review.dry_run) == (make.COUNTY, 2019, False)


def test_a_dry_run_is_proposed_on_the_page(cast, signed_in, household):
    propose(signed_in(cast.county_clerk), dry_run="on")
    assert Review.everywhere.get().dry_run


def test_a_second_review_of_the_scope_and_year_names_the_first(cast, signed_in, household):
    client = signed_in(cast.county_clerk)
    propose(client)
    answer = propose(client)
    assert answer.status_code == 400
    first = Review.everywhere.get()
    assert str(first.pk) in answer.context["form"].non_field_errors()[0]


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"division": make.OTHER_COUNTY}, "division"),
        ({"division": "nowhere"}, "division"),
        ({"year": "1999"}, "year"),
        ({"year": "2018"}, "__all__"),
    ],
)
def test_bad_input_is_named_and_nothing_is_proposed(cast, signed_in, household, data, field):
    answer = propose(signed_in(cast.county_clerk), **data)
    assert field in answer.context["form"].errors
    assert not Review.everywhere.exists()


def test_a_review_under_way_shows_its_progress_and_asks_again(cast, signed_in, household):
    propose(signed_in(cast.county_clerk))
    page = signed_in(cast.county_clerk).get(reverse("reviews:review", args=[latest().pk]))
    assert 'http-equiv="refresh"' in page.text
    assert "hx-get" in page.text
    assert page.context["overview"].progress.households_all == 1


def latest() -> Review:
    return Review.everywhere.latest("pk")


def test_the_fragment_of_a_finished_review_reloads_the_page(cast, signed_in, review):
    answer = signed_in(cast.county_clerk).get(reverse("reviews:progress", args=[review.pk]))
    assert answer["HX-Refresh"] == "true"


def test_the_approver_commits_on_the_page(cast, signed_in, household_of, proposed):
    household_of()
    review = proposed()
    url = reverse("reviews:commit", args=[review.pk])
    client = signed_in(cast.county_approver)
    assert url in client.get(reverse("reviews:review", args=[review.pk])).text
    client.post(url)
    review.refresh_from_db()
    assert review.state == ReviewState.COMMITTED


def test_the_proposer_sees_why_he_cannot_commit(cast, signed_in, household_of, proposed):
    household_of()
    review = proposed()
    page = signed_in(cast.county_clerk).get(reverse("reviews:review", args=[review.pk]))
    assert reverse("reviews:commit", args=[review.pk]) not in page.text
    assert page.context["why_not_commit"] in page.text
    answer = signed_in(cast.county_clerk).post(reverse("reviews:commit", args=[review.pk]))
    assert answer.status_code == 403


def test_cancelling_asks_for_the_reason(cast, signed_in, household_of, proposed):
    household_of()
    review = proposed()
    url = reverse("reviews:cancel", args=[review.pk])
    client = signed_in(cast.county_clerk)
    assert client.post(url, {"reason": ""}).context["form"].errors
    client.post(url, {"reason": "wrong line"})
    review.refresh_from_db()
    assert review.state == ReviewState.CANCELLED


@pytest.fixture
def three(household_of, committed) -> Review:
    household_of(State.POOR, GOOD_INCOME)
    household_of(State.EXITED, POOR_INCOME, housing=0)
    household_of(State.POOR, None, village=make.OTHER_TOWNSHIP_VILLAGE)
    return committed()


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        ("", [Kind.EXIT, Kind.REINCLUDE, Kind.COMPLETE]),
        ("kind=5", [Kind.EXIT]),
        ("lack=housing", [Kind.REINCLUDE]),
        ("gap=wage_income", [Kind.COMPLETE]),
        (f"division={make.TOWNSHIP}", [Kind.EXIT, Kind.REINCLUDE]),
        (f"division={make.TOWNSHIP}&kind=6", [Kind.REINCLUDE]),
        ("kind=2", []),
        ("kind=99&lack=money", [Kind.EXIT, Kind.REINCLUDE, Kind.COMPLETE]),
    ],
)
def test_the_list_is_narrowed_by_place_kind_lack_and_gap(cast, signed_in, three, query, kinds):
    url = reverse("reviews:proposals", args=[three.pk])
    page = signed_in(cast.county_clerk).get(f"{url}?{query}").context["page"]
    assert [row.proposal.kind for row in page.rows] == kinds
    assert page.count == len(kinds)


def test_a_place_outside_the_posting_is_an_error_of_the_filter(cast, signed_in, three):
    url = reverse("reviews:proposals", args=[three.pk])
    answer = signed_in(cast.county_clerk).get(f"{url}?division={make.OTHER_COUNTY}")
    assert "division" in answer.context["form"].errors


def test_pages_follow_each_other_without_gap_or_double(
    cast, signed_in, household_of, proposed, monkeypatch
):
    monkeypatch.setattr("reviews.queries.proposals.PAGE_ROWS", 2)
    for village in (make.VILLAGE, make.NEXT_VILLAGE, make.OTHER_TOWNSHIP_VILLAGE):
        household_of(village=village)
        household_of(village=village)
    url = reverse("reviews:proposals", args=[proposed().pk])
    client, seen, turn = signed_in(cast.county_clerk), [], ""
    while True:
        context = client.get(url + turn).context
        seen.append([row.proposal.pk for row in context["page"].rows])
        if not (turn := context["next_url"]):
            break
    assert [len(page) for page in seen] == [2, 2, 2]
    assert len({pk for page in seen for pk in page}) == 6
    back = client.get(url + context["previous_url"]).context
    assert [row.proposal.pk for row in back["page"].rows] == seen[1]


def test_the_list_costs_the_same_queries_for_any_number(
    cast, signed_in, household_of, proposed, django_assert_num_queries
):
    for _ in range(8):
        household_of()
    url = reverse("reviews:proposals", args=[proposed().pk])
    client = signed_in(cast.county_clerk)
    client.get(url)
    with django_assert_num_queries(14):
        client.get(url)


def test_superseded_proposals_leave_the_list_but_keep_their_page(
    cast, signed_in, household_of, proposed, resurvey
):
    household = household_of()
    review = proposed()
    old = Proposal.everywhere.get(review=review)
    resurvey(household, wage_income=POOR_INCOME)
    refresh(review.pk)
    client = signed_in(cast.county_clerk)
    page = client.get(reverse("reviews:proposals", args=[review.pk])).context["page"]
    assert [row.proposal.kind for row in page.rows] == [Kind.KEEP]
    assert client.get(reverse("reviews:proposal", args=[review.pk, old.pk])).status_code == 200


def test_a_province_officer_sees_no_names(cast, signed_in, three):
    url = reverse("reviews:proposals", args=[three.pk])
    assert "陈大山" in signed_in(cast.county_clerk).get(url).text
    assert "陈大山" not in signed_in(cast.province_officer).get(url).text


def test_the_clerk_accepts_what_he_saw(cast, signed_in, review, proposal):
    client = signed_in(cast.county_clerk)
    page = client.get(reverse("reviews:proposal", args=[review.pk, proposal.pk]))
    seen = page.context["seen"]
    assert seen == digest_of(proposal, proposal.survey, review)
    assert seen in page.text
    client.post(reverse("reviews:accept", args=[review.pk, proposal.pk]), {"seen": seen})
    assert Case.everywhere.get().subject == proposal.household.number


def test_a_stale_acceptance_shows_the_difference(cast, signed_in, review, proposal, resurvey):
    client = signed_in(cast.county_clerk)
    page = client.get(reverse("reviews:proposal", args=[review.pk, proposal.pk]))
    resurvey(proposal.household, wage_income=POOR_INCOME)
    answer = client.post(
        reverse("reviews:accept", args=[review.pk, proposal.pk]), {"seen": page.context["seen"]}
    )
    assert answer.status_code == 409
    assert "9,000.00" in answer.text
    assert "1,000.00" in answer.text
    assert not Case.everywhere.exists()


def test_a_stale_acceptance_has_the_review_renewed(
    cast, signed_in, review, proposal, resurvey, monkeypatch
):
    renewed = []
    monkeypatch.setattr("reviews.tasks.refresh.delay", renewed.append)
    client = signed_in(cast.county_clerk)
    address = reverse("reviews:accept", args=[review.pk, proposal.pk])
    resurvey(proposal.household, wage_income=POOR_INCOME)
    assert client.post(address, {"seen": ""}).status_code == 409
    assert renewed == [review.pk]


@pytest.mark.parametrize("part", ["county_approver", "province_officer", "auditor"])
def test_others_see_no_button_to_accept(cast, signed_in, review, proposal, part):
    client = signed_in(getattr(cast, part))
    page = client.get(reverse("reviews:proposal", args=[review.pk, proposal.pk]))
    assert reverse("reviews:accept", args=[review.pk, proposal.pk]) not in page.text
    answer = client.post(reverse("reviews:accept", args=[review.pk, proposal.pk]), {"seen": ""})
    assert answer.status_code == 403


def test_a_review_of_few_households_hides_its_counts_from_a_role_without_names(
    cast, signed_in, three
):
    url = reverse("reviews:review", args=[three.pk])
    overview = signed_in(cast.city_reviewer).get(url).context["overview"]
    assert (overview.households, overview.persons) == ("<5", "<5")
    assert {(bar.number, bar.length) for bar in overview.bars} == {("<5", 100.0)}
    overview = signed_in(cast.county_clerk).get(url).context["overview"]
    assert (overview.households, overview.bars[0].number) == ("3", "1")


def test_the_list_of_reviews_hides_few_households_from_a_role_without_names(cast, signed_in, three):
    url = reverse("reviews:list")
    assert "&lt;5</td>" in signed_in(cast.city_reviewer).get(url).text
    assert "&lt;5</td>" not in signed_in(cast.county_clerk).get(url).text


def test_the_list_of_reviews_shows_no_count_of_an_unfinished_one(cast, signed_in):
    make.make_review(proposed_by=cast.county_clerk)
    assert signed_in(cast.city_reviewer).get(reverse("reviews:list")).status_code == 200


def test_the_download_holds_the_narrowed_list_without_names(cast, signed_in, three):
    url = reverse("reviews:download", args=[three.pk, "csv"])
    answer = signed_in(cast.county_clerk).get(f"{url}?lack=housing")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    _header, row = answer.content.decode("utf-8-sig").splitlines()
    proposal = Proposal.everywhere.get(review=three, kind=Kind.REINCLUDE)
    assert row.split(",")[0] == proposal.household.number
    assert ",1000.00,1000.00,3218.00,-2218.00,-68.92," in row
    assert "陈" not in row


def test_the_trace_tells_who_took_a_download_of_what(cast, signed_in, three):
    url = reverse("reviews:download", args=[three.pk, "csv"])
    signed_in(cast.county_clerk).get(f"{url}?lack=housing")
    change = Change.objects.get(action="download_proposals")
    assert (change.actor_id, change.subject_id) == (cast.county_clerk.pk, str(three.pk))
    assert change.after["rows"] == 1
    assert change.after["filter"]["lack"] == "housing"


def test_no_cell_of_a_download_is_a_formula():
    assert as_text("-1") == "'-1"
    assert as_text("9701231002000001") == "9701231002000001"


def test_pages_are_light(cast, signed_in, household_of, proposed):
    for _ in range(50):
        household_of(State.EXITED, None, housing=0)
    url = reverse("reviews:proposals", args=[proposed().pk])
    answer = signed_in(cast.county_clerk).get(url)
    assert len(gzip.compress(answer.content)) < 20_000
