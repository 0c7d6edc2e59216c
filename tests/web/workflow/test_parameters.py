import pytest

from officers.rules import Role
from tests import factories as make
from trail.errors import NotAllowed, Refused, Stale
from trail.models import Change
from workflow.actions import confirm_parameter, set_parameter
from workflow.errors import Incomplete
from workflow.models import PolicyParameter
from workflow.parameters import BY_TWO, EXIT_INCIDENCE_LIMIT, EXIT_VILLAGE_DAYS, PARAMETERS, QUORUM
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


def put_limit(value, *, division=make.PROVINCE, by):
    return set_parameter(
        division, EXIT_INCIDENCE_LIMIT, year=2019, value=value, source="试验", by=by
    )


class TestOfTwo:
    """What counties are judged by: the province sets it, by two officers."""

    @pytest.mark.parametrize("key", sorted(BY_TWO))
    def test_a_county_does_not_set_what_it_is_judged_by(self, cast, key):
        value = parameter(key, make.COUNTY, 2019)
        for place, part in (("COUNTY", "county_approver"), ("CITY", "city_reviewer")):
            with pytest.raises(NotAllowed):
                set_parameter(
                    getattr(make, place), key, year=2019, value=value, source="x",
                    by=getattr(cast, part),
                )  # fmt: skip

    def test_it_holds_once_another_officer_has_confirmed_it(self, cast):
        waiting = put_limit(300, by=cast.province_officer)
        assert parameter(EXIT_INCIDENCE_LIMIT, make.VILLAGE, 2019) == 200
        confirm_parameter(waiting.pk, by=cast.province_approver)
        assert parameter(EXIT_INCIDENCE_LIMIT, make.VILLAGE, 2019) == 300
        assert Change.objects.get(action="confirm_parameter").actor_id == cast.province_approver.pk
        with pytest.raises(Refused) as refused:
            confirm_parameter(
                waiting.pk, by=make.make_officer(Role.PROVINCE_APPROVER, make.PROVINCE)
            )
        assert refused.value.code == "not_waiting"

    def test_nobody_confirms_his_own_version(self, cast):
        waiting = put_limit(300, by=cast.province_approver)
        with pytest.raises(NotAllowed) as refused:
            confirm_parameter(waiting.pk, by=cast.province_approver)
        assert refused.value.code == "same_hand"

    @pytest.mark.parametrize("part", ["province_officer", "county_approver"])
    def test_the_province_approver_confirms(self, cast, part):
        waiting = put_limit(300, by=cast.province_officer)
        with pytest.raises(NotAllowed):
            confirm_parameter(waiting.pk, by=getattr(cast, part))

    def test_an_older_version_is_not_confirmed_over_a_newer_one(self, cast):
        older = put_limit(300, by=cast.province_officer)
        put_limit(250, by=cast.province_officer)
        with pytest.raises(Stale):
            confirm_parameter(older.pk, by=cast.province_approver)


class TestOfTheStricter:
    """What a county may ask more of, and never less."""

    def test_less_than_the_wider_division_asks_is_refused_at_the_field(self, cast, in_english):
        put(make.PROVINCE, 10, by=cast.province_approver)
        with pytest.raises(Incomplete) as refused:
            put(make.COUNTY, 8, by=cast.county_approver)
        assert "asks for more" in refused.value.details["fields"]["value"]

    def test_a_wider_division_that_asks_for_more_later_is_obeyed(self, cast):
        put(make.COUNTY, 8, by=cast.county_approver)
        put(make.PROVINCE, 10, by=cast.province_approver)
        assert parameter(KEY, make.VILLAGE, 2019) == 10

    def test_a_share_is_compared_as_a_share(self, cast):
        def quorum(value):
            return set_parameter(
                make.COUNTY, QUORUM, year=2019, value=value, source="x", by=cast.county_approver
            )

        with pytest.raises(Incomplete):
            quorum([60, 100])
        quorum([3, 4])
        assert parameter(QUORUM, make.VILLAGE, 2019) == [3, 4]

    def test_nobody_shortens_a_notice_below_what_the_rules_know(self):
        assert not PARAMETERS[EXIT_VILLAGE_DAYS].allows(6)
