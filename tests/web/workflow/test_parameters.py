import pytest

from officers.rules import Role
from tests import factories as make
from trail.errors import NotAllowed
from trail.models import Change
from workflow.actions import set_parameter
from workflow.errors import Incomplete
from workflow.models import PolicyParameter
from workflow.parameters import EXIT_VILLAGE_DAYS, PARAMETERS
from workflow.queries import NoParameter, parameter

KEY = EXIT_VILLAGE_DAYS


def put(division, value, *, year=2019, by):
    return set_parameter(division, KEY, year=year, value=value, source="试验", by=by)


def test_the_nation_has_a_sound_value_with_a_source_for_every_parameter(tree):
    for key, known in PARAMETERS.items():
        assert known.allows(parameter(key, make.VILLAGE, 2014)), key
        assert PolicyParameter.objects.get(key=key, division_id="0").source


def test_the_nearest_division_that_speaks_wins(cast):
    city = make.make_officer(Role.CITY_REVIEWER, make.CITY)
    put(make.PROVINCE, 8, by=cast.province_approver)
    assert parameter(KEY, make.VILLAGE, 2020) == 8
    put(make.CITY, 9, by=city)
    assert parameter(KEY, make.VILLAGE, 2020) == 9
    put(make.COUNTY, 10, by=cast.county_approver)
    assert parameter(KEY, make.VILLAGE, 2020) == 10
    assert parameter(KEY, make.OTHER_COUNTY_VILLAGE, 2020) == 9
    assert parameter(KEY, make.OTHER_CITY_VILLAGE, 2020) == 8


def test_the_latest_year_not_after_the_asked_one_wins(cast):
    put(make.COUNTY, 8, year=2018, by=cast.county_approver)
    put(make.COUNTY, 9, year=2020, by=cast.county_approver)
    assert [parameter(KEY, make.COUNTY, year) for year in (2017, 2018, 2019, 2020)] == [7, 8, 8, 9]


def test_a_new_value_is_a_new_version_and_the_old_one_stays(cast):
    put(make.COUNTY, 8, by=cast.county_approver)
    second = put(make.COUNTY, 9, by=cast.county_approver)
    assert (second.version, parameter(KEY, make.COUNTY, 2019)) == (2, 9)
    assert PolicyParameter.objects.filter(division_id=make.COUNTY).count() == 2
    assert Change.objects.get(subject_id=str(second.pk)).before == {"value": 8}


def test_a_parameter_nobody_set_is_an_error(tree):
    with pytest.raises(NoParameter):
        parameter("no.such", make.VILLAGE, 2019)


@pytest.mark.parametrize(
    ("division", "part"),
    [
        ("0", "province_approver"),
        (make.PROVINCE, "county_approver"),
        (make.COUNTY, "county_clerk"),
        (make.OTHER_COUNTY, "county_approver"),
        (make.TOWNSHIP, "county_approver"),
        (make.COUNTY, "province_approver"),
    ],
)
def test_the_decider_of_the_very_division_sets_it(cast, division, part):
    with pytest.raises(NotAllowed):
        put(division, 8, by=getattr(cast, part))


@pytest.mark.parametrize(
    ("key", "value", "source", "field"),
    [
        ("no.such", 8, "x", "key"),
        (KEY, 0, "x", "value"),
        (KEY, "8", "x", "value"),
        (KEY, 8, " ", "source"),
    ],
)
def test_a_faulty_parameter_is_named_at_its_field(cast, key, value, source, field):
    with pytest.raises(Incomplete) as refusal:
        set_parameter(
            make.COUNTY, key, year=2019, value=value, source=source, by=cast.county_approver
        )
    assert list(refusal.value.details["fields"]) == [field]
