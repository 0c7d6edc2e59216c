"""What the home page tells those above the counties: how far these are, and what to publish."""

from datetime import date

import pytest
from django.utils import timezone

from households.rules import State
from registry.pages.queries.home import tasks_of
from reviews.actions.chunks import drive
from reviews.actions.counting import count_year
from reviews.actions.standards import prepare_standard, preview_standard, publish_standard
from reviews.models import ReviewState
from reviews.queries.deadlines import counties_behind
from tests import factories as make
from tests.procedures import move_to
from tests.web.reviews.standards import HIGHER
from trail.dates import business_date

pytestmark = pytest.mark.django_db


@pytest.fixture
def surveyed(cast, calendar):
    """In December 2019, households surveyed in two counties of one city."""
    for village in (make.VILLAGE, make.OTHER_COUNTY_VILLAGE):
        make.make_survey(make.make_household(village, state=State.POOR), 2019)
    move_to(date(2019, 12, 15))
    count_year(make.PROVINCE, 2019)


def behind(officer) -> tuple[int, int, int]:
    found = counties_behind(officer, today=business_date())
    return found.counties, found.unfinished, found.uncommitted


@pytest.mark.parametrize("part", ["city_reviewer", "province_officer"])
def test_counties_without_a_finished_or_committed_review_are_counted(cast, surveyed, part):
    officer = getattr(cast, part)
    assert behind(officer) == (2, 2, 2)
    make.make_review(make.COUNTY, 2019, state=ReviewState.FINISHED)
    assert behind(officer) == (2, 1, 2)
    make.make_review(
        make.OTHER_COUNTY, 2019, state=ReviewState.COMMITTED, committed_at=timezone.now(),
        committed_by=cast.province_approver, proposed_by=cast.province_officer,
    )  # fmt: skip
    assert behind(officer) == (2, 0, 1)


def test_dry_runs_and_other_years_do_not_count(cast, surveyed):
    make.make_review(make.COUNTY, 2019, state=ReviewState.FINISHED, dry_run=True)
    make.make_review(make.COUNTY, 2018, state=ReviewState.FINISHED)
    assert behind(cast.province_officer) == (2, 2, 2)


def test_the_line_leads_to_the_readiness_of_the_place(cast, surveyed, signed_in):
    text = signed_in(cast.city_reviewer).get("/", HTTP_ACCEPT_LANGUAGE="en").text
    assert "Of 2 counties with households to survey for 2019, 2 have no finished review" in text
    assert f"/reviews/readiness/?year=2019&amp;division={make.CITY}" in text


@pytest.mark.parametrize("part", ["county_clerk", "county_approver", "auditor"])
def test_others_have_no_counties_below(cast, surveyed, part):
    assert counties_behind(getattr(cast, part), today=business_date()) is None


def to_publish(officer) -> int:
    [found] = [one.count for one in tasks_of(officer) if one.place == "standards"]
    return found


def test_a_draft_waits_for_the_approver_from_its_sound_preview_to_its_publication(cast, surveyed):
    draft = prepare_standard(HIGHER, by=cast.province_officer)
    assert to_publish(cast.province_approver) == 0
    first, second = preview_standard(draft.pk, by=cast.province_officer).runs
    drive(first.pk)
    assert to_publish(cast.province_approver) == 0
    drive(second.pk)
    assert to_publish(cast.province_approver) == 1
    publish_standard(draft.pk, by=cast.province_approver)
    assert to_publish(cast.province_approver) == 0
