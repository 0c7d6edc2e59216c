"""Finding a division by code, padded code or name, within the posting."""

from datetime import timedelta

import pytest

from divisions.models import Division, Level
from divisions.queries import UnknownDivision, choices, find, path_to, resolve, search
from officers.rules import Role
from tests import factories as make
from trail.dates import business_date

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
ALL = tuple(Level)


def dongguan() -> None:
    for code, level, parent in [("44", 1, "0"), ("4419", 2, "44"), ("441900", 3, "4419")]:
        Division.objects.create(code=code, level=level, name="东莞", parent_id=parent)


def test_a_natural_code_means_itself(tree):
    assert resolve(" 970123 ").pk == "970123"


def test_of_a_padded_code_the_highest_level_wins():
    dongguan()
    assert resolve("441900000000").pk == "4419"
    assert resolve("441900").pk == "441900"


def test_a_village_code_is_exact(tree):
    assert resolve("970123100200").level == Level.VILLAGE


def test_a_padded_township_is_found(tree):
    assert resolve("970123100000").pk == "970123100"


@pytest.mark.parametrize("code", ["99", "970199000000", "", "东沟村", "9701231002"])
def test_an_unknown_code_is_refused(tree, code):
    with pytest.raises(UnknownDivision):
        resolve(code)


def test_a_name_within_the_posting_is_found(cast):
    found = find(cast.county_clerk, "石桥乡", on=business_date(), levels=ALL)
    assert found.pk == make.OTHER_TOWNSHIP


def test_a_name_that_several_have_is_refused_with_their_codes(cast):
    with pytest.raises(UnknownDivision, match=r"970123100200.*城关镇.*970123201200.*石桥乡"):
        find(cast.county_clerk, "东沟村", on=business_date(), levels=ALL)


@pytest.mark.parametrize("text", [make.OTHER_COUNTY, "白水县", "97", "nowhere"])
def test_what_lies_outside_the_posting_is_not_found(cast, text):
    with pytest.raises(UnknownDivision):
        find(cast.county_clerk, text, on=business_date(), levels=ALL)


def test_a_division_of_another_level_is_not_found(cast):
    with pytest.raises(UnknownDivision):
        find(cast.county_clerk, make.TOWNSHIP, on=business_date(), levels=[Level.VILLAGE])


def test_an_ended_division_is_not_found(cast):
    Division.objects.filter(pk=make.TOWNSHIP).update(valid_to=business_date())
    with pytest.raises(UnknownDivision):
        find(cast.county_clerk, make.TOWNSHIP, on=business_date(), levels=ALL)
    yesterday = business_date() - timedelta(days=1)
    assert find(cast.county_clerk, make.TOWNSHIP, on=yesterday, levels=ALL)


def test_a_search_finds_by_the_beginning_of_code_or_name(cast):
    def codes(text):
        return [place.division.pk for place in search(cast.county_clerk, text, on=business_date())]

    assert codes("石") == [make.OTHER_TOWNSHIP]
    assert codes("9701232012") == [f"97012320120{last}" for last in range(5)]
    assert codes("970123100000") == [make.TOWNSHIP]
    assert codes("白水") == []


def test_offers_are_the_highest_levels_first(cast):
    offered = choices(cast.county_clerk, on=business_date(), levels=ALL)
    assert [place.division.level for place in offered[:4]] == [3, 4, 4, 5]
    assert str(offered[1]) == "示例省 · 示例市 · 青山县 · 城关镇"


def test_nobody_without_a_posting_is_offered_anything(cast):
    assert choices(cast.nobody, on=business_date(), levels=ALL) == []


def test_an_officer_of_the_nation_finds_the_nation(tree):
    officer = make.make_officer(Role.READER, "0")
    assert find(officer, "0", on=business_date(), levels=ALL).level == Level.NATION


def test_offers_cost_one_query_for_each_level_and_one_for_the_names(
    cast, django_assert_num_queries
):
    assert cast.county_clerk.posting
    with django_assert_num_queries(1 + 2 + 1):
        choices(cast.county_clerk, on=business_date(), levels=ALL)


def test_the_path_goes_from_the_province_down(tree):
    assert [one.pk for one in path_to(make.TOWNSHIP)] == ["97", "9701", "970123", "970123100"]
