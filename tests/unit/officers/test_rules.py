"""Which roles nobody may hold together."""

import itertools

import pytest

from officers.rules import LEVELS, NEVER_ON_PAGES, TWO_PERSON, Role, clashing_posting, roles_clash

COUNTY, OTHER_COUNTY = "970123", "970124"
CLASHES = [
    (Role.COUNTY_CLERK, Role.COUNTY_APPROVER),
    (Role.VILLAGE_OFFICIAL, Role.TOWNSHIP_REVIEWER),
    (Role.VILLAGE_OFFICIAL, Role.COUNTY_APPROVER),
    (Role.TEAM_MEMBER, Role.TOWNSHIP_REVIEWER),
    (Role.TEAM_MEMBER, Role.COUNTY_APPROVER),
    (Role.TOWNSHIP_REVIEWER, Role.COUNTY_APPROVER),
    (Role.PROVINCE_OFFICER, Role.PROVINCE_APPROVER),
    (Role.ACCOUNT_ADMIN, Role.COUNTY_APPROVER),
    (Role.ACCOUNT_ADMIN, Role.SYSTEM_ADMIN),
    (Role.SYSTEM_ADMIN, Role.TOWNSHIP_REVIEWER),
]


@pytest.mark.parametrize(("one", "other"), CLASHES)
def test_two_hands_of_one_decision_clash_in_one_county(one, other):
    assert clashing_posting(one, COUNTY, [(other, COUNTY)]) == (other, COUNTY)
    assert clashing_posting(other, COUNTY, [(one, COUNTY)]) == (one, COUNTY)


def test_the_same_roles_in_two_counties_do_not_clash():
    held = [(Role.COUNTY_CLERK, OTHER_COUNTY)]
    assert clashing_posting(Role.COUNTY_APPROVER, COUNTY, held) is None


def test_a_posting_above_the_county_clashes_with_one_inside_it():
    assert clashing_posting(
        Role.CITY_REVIEWER, "9701", [(Role.VILLAGE_OFFICIAL, COUNTY + "100200")]
    )
    assert not clashing_posting(
        Role.CITY_REVIEWER, "9702", [(Role.VILLAGE_OFFICIAL, COUNTY + "100200")]
    )


@pytest.mark.parametrize("other", [role for role in Role if role != Role.AUDITOR])
def test_an_auditor_holds_nothing_else_anywhere(other):
    assert clashing_posting(Role.AUDITOR, COUNTY, [(other, OTHER_COUNTY)])
    assert clashing_posting(other, OTHER_COUNTY, [(Role.AUDITOR, COUNTY)])


@pytest.mark.parametrize("role", list(Role))
def test_a_role_goes_with_itself(role):
    assert not roles_clash(role, role)


def test_a_clash_does_not_depend_on_the_order():
    for one, other in itertools.product(Role, Role):
        assert roles_clash(one, other) == roles_clash(other, one)


def test_village_official_and_helper_go_together():
    assert clashing_posting(Role.HELPER, COUNTY, [(Role.VILLAGE_OFFICIAL, COUNTY)]) is None


def test_every_role_has_its_levels():
    assert set(LEVELS) == set(Role)
    assert all(LEVELS.values())


def test_who_approves_or_watches_is_posted_by_two_people():
    assert {
        Role.COUNTY_APPROVER,
        Role.PROVINCE_APPROVER,
        Role.AUDITOR,
        Role.ACCOUNT_ADMIN,
    } == TWO_PERSON
    assert not TWO_PERSON & NEVER_ON_PAGES
