"""A dry run under another standard, proposed on the page and held against what counts."""

import pytest
from django.urls import reverse

from households.models import Standard
from households.rules import State
from reviews.actions.chunks import drive
from reviews.models import Review
from tests import factories as make
from tests.web.reviews.conftest import GOOD_INCOME

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def propose(client, **data):
    known = {"year": "2019", "division": make.COUNTY} | data
    return client.post(reverse("reviews:propose"), known)


def offered(client) -> dict[int, str]:
    form = client.get(reverse("reviews:propose")).context["form"]
    return {key.value: label for key, label in form.fields["standard"].choices if key}


def test_a_dry_run_names_another_standard_on_the_page(cast, signed_in, household):
    other = make.make_standard(2019, line="8000.00")
    propose(signed_in(cast.county_clerk), dry_run="on", standard=other.pk)
    review = Review.everywhere.get()
    assert (review.standard, review.dry_run) == (other, True)


def test_a_review_that_counts_names_no_standard(cast, signed_in, household):
    other = make.make_standard(2018, line="8000.00")
    answer = propose(signed_in(cast.county_clerk), standard=other.pk)
    assert "Only a dry run" in answer.context["form"].errors["standard"][0]
    assert answer.context["form"]["standard"].value() == str(other.pk)
    assert not Review.everywhere.exists()


def test_standards_are_offered_by_year_line_and_number(cast, signed_in):
    held = make.make_standard(2019, line="8000.00")
    label = offered(signed_in(cast.county_clerk))[held.pk]
    assert label == f"2019 · 8,000.00 yuan · no. {held.number} · {held.division.name}"


def test_a_draft_is_offered_to_its_province_alone(cast, signed_in):
    draft = make.make_draft(2019, line="8000.00")
    gone = make.make_draft(2019, discarded_at=draft.prepared_at)
    found = offered(signed_in(cast.province_officer))
    assert "draft" in found[draft.pk]
    assert gone.pk not in found
    assert draft.pk not in offered(signed_in(cast.county_clerk))


def test_a_draft_that_is_not_offered_is_an_error_of_the_field(cast, signed_in, household):
    draft = make.make_draft(2019)
    answer = propose(signed_in(cast.county_clerk), dry_run="on", standard=draft.pk)
    assert answer.context["form"].errors["standard"] == ["Choose a standard of the list."]
    assert not Review.everywhere.exists()


def test_a_finished_dry_run_offers_to_be_held_against_the_review_that_counts(
    cast, signed_in, household_of, proposed
):
    household_of(State.POOR, GOOD_INCOME)
    binding = proposed()
    client = signed_in(cast.county_clerk)
    for _ in range(2):
        propose(client, dry_run="on", standard=Standard.objects.get(year=2020, division="0").pk)
        run = Review.everywhere.latest("pk")
        assert client.get(reverse("reviews:review", args=[run.pk])).context["nearest"] is None
        drive(run.pk)
    page = client.get(reverse("reviews:review", args=[run.pk]))
    link = reverse("reviews:compare", args=[run.pk]) + f"?with={binding.pk}"
    assert link in page.text
    assert client.get(link).context["effect"].households == "1"


def test_without_a_review_that_counts_the_latest_dry_run_is_offered(cast, signed_in, household_of):
    household_of(State.POOR, GOOD_INCOME)
    client = signed_in(cast.county_clerk)
    for _ in range(3):
        propose(client, dry_run="on")
        drive(Review.everywhere.latest("pk").pk)
    first, second, third = Review.everywhere.order_by("pk")
    page = client.get(reverse("reviews:review", args=[third.pk]))
    assert page.context["nearest"] == second
    assert client.get(reverse("reviews:review", args=[first.pk])).context["nearest"] == third
