"""A notice of a place is written for the people there, whatever language the officer reads."""

import pytest

from tests.web.exits import standing as shared
from tests.web.exits.listed import (
    carry,
    eligible_county,
    listed,
    proposed,
    proposed_county,
    recorded,
)
from workflow.models import NoticeLine

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendar", "in_english")]
standing, cast = shared.standing, shared.cast


@pytest.fixture
def abroad(settings):
    """The officer reads English, the country Chinese."""
    settings.LANGUAGE_CODE = "zh-hans"


def test_the_notice_of_a_village(cast, abroad):
    recorded()
    listed()
    case = proposed(cast.township_reviewer)
    carry(case, cast, "verify", "post")
    assert NoticeLine.objects.get(case=case).group == "300户"


def test_the_notice_of_a_county(cast, abroad):
    eligible_county(cast)
    case = proposed_county(cast.county_clerk)
    carry(case, cast, "review", "verify", "post")
    assert NoticeLine.objects.get(case=case).group == "1个贫困村"
