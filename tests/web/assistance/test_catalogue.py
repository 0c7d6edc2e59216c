"""Which measures of the catalogue hold where and when."""

import pytest
from django.db import IntegrityError

from assistance.models import Measure
from assistance.queries.catalogue import catalogue_of
from assistance.rules.measures import Category
from tests.factories import COUNTY, PROVINCE, VILLAGE, plant_tree
from tests.web.assistance.catalogued import version

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def tree():
    plant_tree()


def test_every_category_ships_with_measures_in_both_languages():
    shipped = catalogue_of(VILLAGE, 2019).values()
    assert {one.category for one in shipped} == set(Category)
    assert all(one.name_zh and one.name_en for one in shipped)


def test_the_county_speaks_before_the_province():
    version(PROVINCE, cap=9000)
    version(COUNTY, cap=7000)
    assert catalogue_of(VILLAGE, 2019)["PUB-POST"].cap == 7000


def test_a_version_holds_from_its_year_on():
    version(COUNTY, cap=7000, year=2020)
    assert catalogue_of(VILLAGE, 2019)["PUB-POST"].cap == 12000


def test_the_latest_version_of_a_place_and_year_holds():
    version(COUNTY, cap=7000)
    version(COUNTY, cap=8000, version=2)
    assert catalogue_of(VILLAGE, 2019)["PUB-POST"].cap == 8000


def test_a_place_can_stop_to_offer_a_measure():
    version(COUNTY, offered=False)
    assert "PUB-POST" not in catalogue_of(VILLAGE, 2019)


def test_a_version_is_never_changed():
    with pytest.raises(IntegrityError, match="append-only"):
        Measure.objects.filter(code="PUB-POST").update(cap=1)
