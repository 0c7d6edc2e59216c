"""What an exit rests on beside the survey stands in its facts, under their hash, and is told."""

from decimal import Decimal

import pytest
from django.urls import reverse

from exits.queries.kept import households_again
from households.rules import State
from tests import factories as make
from tests.procedures import carry, kept_at, open_for, take
from tests.unguarded import unguarded
from trail.rules import digest
from workflow.models import Attachment
from workflow.rules import differences

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendar", "in_english")]
PREPARED = ("plan", "appraise", "verify", "confirm", "post", "check")


@pytest.fixture
def case(cast):
    household = make.make_household(state=State.POOR, persons=2)
    make.make_survey(household, 2019, wage_income=Decimal(20_000))
    return open_for(household, "exit", by=cast.county_clerk)


def approval(case):
    return case.events.get(step="approve")


def values_again(event):
    return {one.label: one for one in households_again([event])[event.pk]}


def test_the_digests_of_minutes_and_signature_stand_in_the_facts(case, cast):
    carry(case, cast, "plan")
    photo = kept_at(case, "appraisal", by=cast.village_official)
    take(case, "appraise", by=cast.village_official)
    files = case.facts["steps"]["appraise"]["files"]
    assert photo.digest in files
    assert len(files) == 2
    carry(case, cast, "verify", "confirm")
    [signed] = Attachment.everywhere.filter(purpose="signature")
    assert case.facts["steps"]["confirm"]["files"] == [signed.digest]


def test_the_approval_keeps_what_help_there_was_under_its_hash(case, cast):
    carry(case, cast, *PREPARED, "approve")
    event = approval(case)
    assert event.facts["steps"]["approve"] == {"was_helped": True, "unfinished": []}
    assert event.facts_hash == digest(event.facts)


def test_who_goes_back_to_the_plan_keeps_nothing_of_the_run(case, cast):
    opened_with = case.facts
    carry(case, cast, "plan", "appraise", "verify")
    take(case, "disagree", by=cast.village_official, note="再等一年")
    assert differences(case.facts, opened_with) == {}


def test_the_decision_comes_out_again_with_its_help_and_its_files(case, cast, signed_in):
    carry(case, cast, *PREPARED, "approve")
    again = values_again(approval(case))
    assert again["What of the help stands against it"].is_same
    assert again["Files of minutes and signature"].kept == "2"
    assert all(one.is_same for one in again.values())
    page = reverse("pages:case_explained", args=[case.pk])
    assert "Files of minutes and signature" in signed_in(cast.county_approver).post(page).text


def test_a_file_that_is_gone_differs(case, cast):
    carry(case, cast, *PREPARED, "approve")
    with unguarded():
        Attachment.everywhere.filter(purpose="signature").delete()
    assert not values_again(approval(case))["Files of minutes and signature"].is_same


def test_help_that_was_kept_as_missing_differs(case, cast):
    carry(case, cast, *PREPARED, "approve")
    event = approval(case)
    event.facts["steps"]["approve"]["was_helped"] = False
    assert not values_again(event)["What of the help stands against it"].is_same
