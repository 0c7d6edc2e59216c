"""A year for which no limit holds is refused at its field, with the years that can be asked for."""

import pytest
from django.urls import reverse

from tests import factories as make
from tests.web.exits import standing as shared
from tests.web.exits.listed import listed, recorded
from trail.dates import business_date
from workflow.models import Case

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
standing, cast = shared.standing, shared.cast
ODD = ("0", "1999", "2013", "2099", "99999999999", "x")


def allowed(ahead: int = 0) -> str:
    return f"Choose a year from 2014 to {business_date().year + ahead}."


@pytest.fixture
def village(cast):
    recorded()
    listed(make.COUNTY)
    return listed()


@pytest.mark.parametrize("year", ODD)
@pytest.mark.parametrize(
    ("route", "code", "ahead"),
    [
        ("villages", None, 0),
        ("village", make.VILLAGE, 0),
        ("county", make.COUNTY, 0),
        ("indicators", None, 0),
        ("plans", None, 4),
    ],
)
def test_a_page_names_the_years_that_it_knows(cast, village, signed_in, route, code, ahead, year):
    target = reverse(f"exits:{route}", args=[code] if code else [])
    page = signed_in(cast.county_clerk).get(target, {"year": year})
    assert page.status_code == 400
    assert allowed(ahead) in page.text


@pytest.mark.parametrize("year", [*ODD, "-1", ""])
@pytest.mark.parametrize(("route", "code"), [("village", make.VILLAGE), ("county", make.COUNTY)])
def test_nothing_is_proposed_on_a_year_without_limits(cast, village, signed_in, route, code, year):
    target = reverse(f"exits:{route}", args=[code])
    page = signed_in(cast.county_clerk).post(target, {"seen": "0" * 64, "year": year})
    assert page.status_code == 400
    assert not Case.everywhere.exists()
    if year in ("1999", "2013", "2099"):
        assert allowed() in page.text


def test_a_village_whose_only_record_is_older_is_shown_by_the_first_year(cast, signed_in):
    recorded(year=2013)
    listed()
    page = signed_in(cast.county_clerk).get(reverse("exits:village", args=[make.VILLAGE]))
    assert (page.status_code, page.context["year"]) == (200, 2014)
