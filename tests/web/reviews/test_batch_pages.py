"""Acting on a filter: confirmed on one page, followed on another, and answered at once."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from households.rules import Kind, State
from reviews.actions import answering, batches
from reviews.actions.accepting import accept_proposals
from reviews.actions.answering import answer_proposal
from reviews.actions.batches import accept_part, drive
from reviews.models import Answer, BatchAcceptance, LeftOutRow, Proposal, Review
from tests import factories as make
from tests.web.reviews.conftest import GOOD_INCOME, POOR_INCOME, RISKY_INCOME
from trail.models import Change
from workflow.models import Case

pytestmark = pytest.mark.django_db
EXITS = f"?kind={int(Kind.EXIT)}"


@pytest.fixture
def review(household_of, committed) -> Review:
    """Three exits in two villages, a household to watch and one that stays."""
    household_of(State.POOR, GOOD_INCOME)
    household_of(State.POOR, GOOD_INCOME)
    household_of(State.POOR, GOOD_INCOME, village=make.OTHER_TOWNSHIP_VILLAGE)
    household_of(State.EXITED, RISKY_INCOME)
    household_of(State.POOR, POOR_INCOME)
    return committed()


@pytest.fixture
def exits(review) -> list[Proposal]:
    found = Proposal.everywhere.filter(review=review, kind=Kind.EXIT)
    return list(found.order_by("village_id", "household_id"))


@pytest.fixture
def nudged(monkeypatch) -> list[int]:
    """The batches that a worker was called for; none comes."""
    called: list[int] = []
    monkeypatch.setattr("reviews.tasks.accept_batch.delay", called.append)
    return called


@pytest.fixture
def clerk(cast, signed_in):
    return signed_in(cast.county_clerk)


def accept_url(review: Review, query: str = "") -> str:
    return reverse("reviews:accept_batch", args=[review.pk]) + query


def answer_url(review: Review, answer: str, query: str = "") -> str:
    return reverse("reviews:answer_batch", args=[review.pk, answer]) + query


def batch_url(batch: BatchAcceptance, name: str = "batch") -> str:
    return reverse(f"reviews:{name}", args=[batch.review_id, batch.pk])


def shown(client, url: str) -> dict[str, str]:
    """What the form of a page of confirmation sends back."""
    confirmation = client.get(url).context["confirmation"]
    return {"seen": confirmation.chosen.seen, "count": str(confirmation.count)}


@pytest.fixture
def begun(clerk, review, nudged) -> Callable[..., BatchAcceptance]:
    """The clerk's batch of a filter, confirmed on the page."""

    def made(query: str = "") -> BatchAcceptance:
        url = accept_url(review, query)
        response = clerk.post(url, shown(clerk, url))
        return BatchAcceptance.everywhere.get(pk=response.url.split("/")[-2])

    return made


def test_the_list_says_how_many_wait_and_leads_to_the_acts(clerk, review, in_english):
    url = reverse("reviews:proposals", args=[review.pk])
    page = clerk.get(url + EXITS)
    assert (page.context["waiting"].all, page.context["waiting"].acceptable) == (3, 3)
    for act in (accept_url(review), answer_url(review, "refuse"), answer_url(review, "send-back")):
        assert act + EXITS in page.text
    page = clerk.get(url)
    assert (page.context["waiting"].all, page.context["waiting"].acceptable) == (5, 4)
    assert "4 of these wait for you" in page.text
    assert answer_url(review, "send-back") not in page.text
    page = clerk.get(f"{url}?kind={int(Kind.KEEP)}")
    assert accept_url(review) not in page.text
    assert "None of these waits for you" in page.text
    assert answer_url(review, "send-back") in page.text


@pytest.mark.parametrize("query", ["?near=5", "?kind=99", f"?division={make.OTHER_COUNTY}"])
def test_under_a_faulty_filter_no_act_is_offered(clerk, review, query):
    page = clerk.get(reverse("reviews:proposals", args=[review.pk]) + query)
    assert page.context["form"].errors
    assert page.context["waiting"] is None
    for act in (accept_url(review), answer_url(review, "refuse"), answer_url(review, "send-back")):
        assert act not in page.text


@pytest.mark.parametrize("part", ["county_approver", "auditor", "province_officer"])
def test_others_see_why_they_cannot_act_and_no_count(cast, signed_in, review, part, in_english):
    client = signed_in(getattr(cast, part))
    page = client.get(reverse("reviews:proposals", args=[review.pk])).text
    assert accept_url(review) not in page
    assert "The county clerk accepts proposals." in page
    for url in (accept_url(review), answer_url(review, "refuse")):
        page = client.get(url)
        assert page.context["confirmation"] is None
        assert "The county clerk accepts proposals." in page.text
        assert client.post(url, {"seen": "", "reason": "other"}).status_code == 403


def test_the_page_of_confirmation_counts_what_it_touches_and_what_it_leaves(
    cast, clerk, review, exits
):
    accept_proposals(review.pk, [exits[0].pk], by=cast.county_clerk)
    watch = Proposal.everywhere.get(kind=Kind.WATCH)
    answer_proposal(watch.pk, answer=Answer.REFUSED, reason="other", text="", by=cast.county_clerk)
    make.make_case(exits[1].household)
    found = clerk.get(accept_url(review)).context["confirmation"]
    assert (found.count, found.accepted, found.answered, found.others, found.busy) == (
        2,
        1,
        1,
        1,
        1,
    )
    assert len(found.villages) == 2
    assert [number for _kind, number in found.kinds] == [2]


def test_confirming_begins_one_batch_and_calls_a_worker(clerk, review, begun, nudged):
    batch = begun(EXITS)
    assert batch.expected == 3
    assert batch.wanted["kind"] == int(Kind.EXIT)
    assert nudged == [batch.pk]
    assert not Case.everywhere.exists()
    drive(batch.pk)
    assert Case.everywhere.filter(kind="exit").count() == 3


def test_a_double_press_begins_one_batch(clerk, review, nudged):
    url = accept_url(review, EXITS)
    sent = shown(clerk, url)
    first, second = clerk.post(url, sent), clerk.post(url, sent)
    assert first.url == second.url
    assert BatchAcceptance.everywhere.count() == 1


def test_another_set_than_was_shown_is_refused_with_the_counts(
    cast, clerk, review, exits, nudged, in_english
):
    url = accept_url(review, EXITS)
    sent = shown(clerk, url)
    accept_proposals(review.pk, [exits[0].pk], by=cast.county_clerk)
    response = clerk.post(url, sent)
    assert response.status_code == 409
    assert "<td>3</td>" in response.text
    assert '<td class="changed">2</td>' in response.text
    assert "Nothing was saved." in response.text
    assert shown(clerk, url)["seen"] in response.text, "it can be confirmed anew at once"
    assert not BatchAcceptance.everywhere.exists()
    assert nudged == []


def test_a_filter_without_a_waiting_one_has_no_button_but_a_way_back(clerk, review):
    page = clerk.get(accept_url(review, f"?kind={int(Kind.IDENTIFY)}"))
    assert page.context["confirmation"].count == 0
    assert 'name="seen"' not in page.text
    assert reverse("reviews:proposals", args=[review.pk]) in page.text


def test_a_faulty_filter_never_acts_on_more_than_was_meant(clerk, review):
    for query in ("?kind=99", f"?division={make.OTHER_COUNTY}"):
        assert clerk.get(accept_url(review, query)).status_code == 409
        response = clerk.post(answer_url(review, "refuse", query), {"reason": "other"})
        assert response.status_code == 409
    assert Proposal.everywhere.waiting().count() == 5


def test_a_running_batch_shows_how_far_it_is_and_renews_itself(
    clerk, begun, monkeypatch, in_english
):
    monkeypatch.setattr(batches, "PART_ROWS", 2)
    batch = begun(EXITS)
    page = clerk.get(batch_url(batch))
    assert "0 of 3 proposals" in page.text
    assert "waiting for a worker" in page.text
    accept_part(batch.pk)
    page = clerk.get(batch_url(batch))
    assert "2 of 3 proposals" in page.text
    assert page.context["advance"].rate
    assert '<noscript><meta http-equiv="refresh"' in page.text
    assert batch_url(batch, "batch_progress") in page.text
    assert "HX-Refresh" not in clerk.get(batch_url(batch, "batch_progress"))
    drive(batch.pk)
    assert clerk.get(batch_url(batch, "batch_progress"))["HX-Refresh"] == "true"
    page = clerk.get(batch_url(batch))
    assert "3 accepted · 0 left out" in page.text
    assert "http-equiv" not in page.text


def test_what_was_left_out_is_told_in_the_language_of_the_reader(cast, clerk, exits, begun):
    batch = begun(EXITS)
    accept_proposals(exits[0].review_id, [exits[0].pk], by=cast.county_clerk)
    make.make_case(exits[1].household)
    with translation.override("en"):
        drive(batch.pk)
    page = clerk.get(batch_url(batch)).text
    assert "其他人已将其受理" in page
    assert "meanwhile" not in page
    clerk.cookies["django_language"] = "en"
    page = clerk.get(batch_url(batch)).text
    assert "Somebody accepted it meanwhile." in page
    assert "The household has an open case of this kind already." in page
    for one in exits[:2]:
        assert reverse("reviews:proposal", args=[one.review_id, one.pk]) in page


def test_a_code_that_nobody_knows_any_more_keeps_its_stored_words(clerk, exits, begun):
    batch = begun(EXITS)
    LeftOutRow.objects.create(batch=batch, proposal=exits[0], code="old", message="an old reason")
    assert "an old reason" in clerk.get(batch_url(batch)).text


def test_a_stopped_batch_says_why_and_is_begun_again(cast, clerk, begun, signed_in, in_english):
    batch = begun(EXITS)
    cast.county_clerk.postings.update(ends_on=timezone.localdate() - timedelta(days=1))
    drive(batch.pk)
    second = signed_in(make.make_officer(make.Role.COUNTY_CLERK, make.COUNTY))
    page = second.get(batch_url(batch)).text
    assert "The posting of the clerk who confirmed it has ended." in page
    assert accept_url(batch.review, EXITS) in page
    page = signed_in(cast.auditor).get(batch_url(batch)).text
    assert accept_url(batch.review) not in page


def test_the_file_of_a_batch_tells_what_became_of_each(
    cast, clerk, exits, begun, monkeypatch, in_english
):
    monkeypatch.setattr(batches, "PART_ROWS", 2)
    monkeypatch.setattr("reviews.queries.batches.READ_AT_ONCE", 2)
    batch = begun(EXITS)
    accept_proposals(exits[0].review_id, [exits[0].pk], by=cast.county_clerk)
    accept_part(batch.pk)
    answer = clerk.get(batch_url(batch, "batch_rows"))
    _header, *rows = answer.content.decode("utf-8-sig").splitlines()
    assert [row.split(",")[0] for row in rows] == [one.household.number for one in exits]
    assert [row.split(",")[3] for row in rows] == ["left out", "accepted", "not yet"]
    exits[1].refresh_from_db()
    assert [row.split(",")[4] for row in rows] == ["", str(exits[1].case_id), ""]
    assert rows[0].endswith("Somebody accepted it meanwhile.")
    change = Change.objects.get(action="download_batch")
    assert (change.subject_id, change.actor_id) == (str(batch.pk), cast.county_clerk.pk)


def test_the_batches_of_a_review_are_listed_the_latest_first(cast, clerk, review, begun, signed_in):
    first = begun(EXITS)
    drive(first.pk)
    second = begun(f"?kind={int(Kind.WATCH)}")
    url = reverse("reviews:batches", args=[review.pk])
    for client in (clerk, signed_in(cast.auditor)):
        page = client.get(url)
        assert [row.batch for row in page.context["rows"]] == [second, first]
        assert batch_url(first) in page.text
    assert url in clerk.get(reverse("reviews:review", args=[review.pk])).text


def test_a_list_without_a_batch_says_what_to_do(clerk, review):
    page = clerk.get(reverse("reviews:batches", args=[review.pk])).text
    assert reverse("reviews:proposals", args=[review.pk]) in page


def test_a_batch_of_a_county_is_not_for_its_township(cast, signed_in, begun):
    assert signed_in(cast.township_reviewer).get(batch_url(begun(EXITS))).status_code == 404


def test_few_households_are_hidden_from_a_role_without_names(cast, signed_in, begun):
    batch = begun(EXITS)
    drive(batch.pk)
    client = signed_in(cast.province_officer)
    for url in (batch_url(batch), reverse("reviews:batches", args=[batch.review_id])):
        page = client.get(url).text
        assert "&lt;5" in page
        assert ">3<" not in page


def test_the_list_of_batches_costs_the_same_queries_for_any_number(
    clerk, cast, review, django_assert_num_queries
):
    for _ in range(4):
        make.make_acceptance(review, division_id=make.COUNTY, expected=3)
    url = reverse("reviews:batches", args=[review.pk])
    clerk.get(url)
    with django_assert_num_queries(10):
        clerk.get(url)


@pytest.mark.parametrize(
    ("answer", "reason", "kept"),
    [("refuse", "unstable", Answer.REFUSED), ("send-back", "income", Answer.SENT_BACK)],
)
def test_the_same_answer_goes_to_all_of_a_filter(clerk, review, exits, answer, reason, kept):
    url = answer_url(review, answer, EXITS)
    response = clerk.post(url, shown(clerk, url) | {"reason": reason, "text": "全村"})
    assert response.url == reverse("reviews:proposals", args=[review.pk]) + EXITS
    answered = Proposal.everywhere.filter(answer=kept, answer_reason=f"{reason}: 全村")
    assert set(answered) == set(exits)


def test_sending_back_reaches_every_kind_and_refusing_only_what_opens_a_case(clerk, review):
    assert shown(clerk, answer_url(review, "send-back"))["count"] == "5"
    assert shown(clerk, answer_url(review, "refuse"))["count"] == "4"


def test_an_answer_to_a_filter_needs_its_reason_and_keeps_the_text(clerk, review):
    url = answer_url(review, "refuse", EXITS)
    response = clerk.post(url, shown(clerk, url) | {"text": "全村"})
    assert response.status_code == 400
    assert "全村" in response.text
    assert Proposal.everywhere.waiting().count() == 5


def test_a_set_that_changed_is_not_answered_and_what_was_typed_is_kept(
    cast, clerk, review, exits, in_english
):
    url = answer_url(review, "refuse", EXITS)
    sent = shown(clerk, url)
    accept_proposals(review.pk, [exits[0].pk], by=cast.county_clerk)
    response = clerk.post(url, sent | {"reason": "unstable", "text": "全村"})
    assert response.status_code == 409
    assert "全村" in response.text
    assert '<option value="unstable" selected>' in response.text
    assert "The proposals changed since you looked." in response.text
    assert not Proposal.everywhere.exclude(answer=None).exists()


def test_too_many_to_answer_at_once_are_refused_before_anything_is_typed(
    clerk, review, monkeypatch, in_english
):
    monkeypatch.setattr(answering, "MOST_ANSWERED", 2)
    monkeypatch.setattr("reviews.views.batches.MOST_ANSWERED", 2)
    url = answer_url(review, "refuse", EXITS)
    page = clerk.get(url).text
    assert "At most 2 proposals are answered at once" in page
    assert 'name="reason"' not in page
    response = clerk.post(url, shown(clerk, url) | {"reason": "other"})
    assert response.status_code == 409


def test_there_is_no_other_answer_to_a_filter(clerk, review):
    assert clerk.get(answer_url(review, "delete")).status_code == 404


def test_the_poorest_state_is_kept_as_a_filter_though_its_number_is_zero(clerk, review, begun):
    query = f"?state={int(State.POOR)}"
    page = clerk.get(reverse("reviews:proposals", args=[review.pk]) + query).text
    assert accept_url(review, query) in page
    batch = begun(query)
    assert batch.expected == 3
    page = clerk.get(batch_url(batch))
    assert page.context["filter_query"] == query
    assert len(page.context["filter"]) == 1
