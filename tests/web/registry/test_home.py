from datetime import timedelta

import pytest

from households.counting import recount
from households.models.batches import BatchState
from households.rules import Kind, State
from registry.pages.queries.home import register_figures, tasks_of
from reviews.models import ReviewState
from tests import factories as make
from trail.dates import business_date
from workflow.models import Notice

pytestmark = pytest.mark.django_db
PARTS = ["village_official", "first_secretary", "helper", "township_reviewer", "county_clerk",
         "county_approver", "city_reviewer", "province_officer", "province_approver", "reader",
         "auditor", "account_admin"]  # fmt: skip


def waiting(officer) -> dict[str, int]:
    return {str(task.title): task.count for task in tasks_of(officer)}


@pytest.mark.parametrize("part", PARTS)
def test_every_role_has_a_home_with_a_first_thing_to_do(cast, signed_in, part):
    response = signed_in(getattr(cast, part)).get("/")
    assert response.status_code == 200
    assert response.context["start_url"]
    assert response.context["start"].steps


def test_an_officer_without_posting_is_told_whom_to_ask(cast, signed_in):
    body = signed_in(cast.nobody).get("/", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "You have no posting today" in body


def test_the_clerk_has_the_proposals_of_committed_reviews_to_accept(cast, household, active_en):
    review = make.make_review(state=ReviewState.FINISHED)
    make.make_proposal(review, household, Kind.EXIT)
    assert waiting(cast.county_clerk)["Proposals to accept"] == 0
    review.state, review.committed_by = ReviewState.COMMITTED, cast.county_approver
    review.committed_at = household.created_at
    review.save()
    assert waiting(cast.county_clerk)["Proposals to accept"] == 1


def test_a_proposal_to_keep_waits_for_nobody(cast, household, active_en):
    review = make.make_review(
        state=ReviewState.COMMITTED,
        committed_by=cast.county_approver,
        committed_at=household.created_at,
    )
    make.make_proposal(review, household, Kind.KEEP)
    assert waiting(cast.county_clerk)["Proposals to accept"] == 0


def test_the_approver_has_the_finished_reviews_of_others_to_commit(cast, active_en):
    make.make_review(state=ReviewState.FINISHED)
    make.make_review(year=2018, state=ReviewState.FINISHED, proposed_by=cast.county_approver)
    make.make_review(year=2017, state=ReviewState.FINISHED, dry_run=True)
    make.make_review(make.OTHER_COUNTY, state=ReviewState.FINISHED)
    make.make_review(make.PROVINCE, 2016, state=ReviewState.FINISHED)
    assert waiting(cast.county_approver)["Finished reviews to commit"] == 1
    assert waiting(cast.province_approver)["Finished reviews to commit"] == 4


def test_an_officer_has_his_own_checked_imports_to_confirm(cast, active_en):
    make.make_batch(imported_by=cast.village_official, state=BatchState.JUDGED)
    make.make_batch(imported_by=cast.county_clerk, state=BatchState.JUDGED)
    make.make_batch(imported_by=cast.village_official, state=BatchState.SAVED)
    assert waiting(cast.village_official)["Imports to confirm"] == 1


def test_the_register_is_counted_by_state_within_the_posting(cast, signed_in, household):
    make.make_household(make.OTHER_COUNTY_VILLAGE, state=State.POOR)
    figures = signed_in(cast.county_clerk).get("/").context["figures"]
    assert {one.state: one.figure for one in figures}[State.POOR] == "1"


@pytest.mark.parametrize("part", ["city_reviewer", "province_officer", "reader"])
def test_a_role_without_names_is_told_no_count_below_five(cast, signed_in, household, part):
    client = signed_in(getattr(cast, part))

    def figures() -> dict[State, str]:
        return {one.state: one.figure for one in client.get("/").context["figures"]}

    assert (figures()[State.POOR], figures()[State.EXITED]) == ("<5", "0")
    for _ in range(4):
        make.make_household(state=State.POOR)
    assert figures()[State.POOR] == "5"


def test_a_large_register_is_told_as_the_summary_counted_it(cast, household, monkeypatch):
    monkeypatch.setattr("registry.pages.queries.home.COUNT_CAP", 2)
    for _ in range(6):
        make.make_household(state=State.POOR)

    def poor() -> str:
        figures = register_figures(cast.province_officer)
        return next(one.figure for one in figures if one.state == State.POOR)

    assert poor() == "2+"
    recount(make.PROVINCE)
    assert poor() == "7"


def test_the_households_opened_last_come_first_and_only_while_visible(cast, signed_in, household):
    other = make.make_household()
    client = signed_in(cast.county_clerk)
    for one in (household, other, household):
        client.get(f"/households/{one.number}/")
    assert client.get("/").context["opened"] == [household, other]
    cast.county_clerk.postings.update(division=make.OTHER_COUNTY)
    assert client.get("/").context["opened"] == []


def test_a_notice_that_stands_shows_its_last_day(cast, signed_in):
    today = business_date()
    Notice.everywhere.create(
        division_id=make.VILLAGE, kind="exit", step="post", place="board", posted_on=today,
        counted_from=today, days=7, last_day=today + timedelta(days=7),
        posted_by=cast.village_official,
    )  # fmt: skip
    notices = signed_in(cast.county_clerk).get("/").context["notices"]
    assert [notice.last_day for notice in notices] == [today + timedelta(days=7)]
    assert signed_in(cast.stranger).get("/").context["notices"] == []
