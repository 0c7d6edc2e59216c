"""Two changes at once: one is done, the other told; nobody is double, no household without head."""

import pytest
from django.db.models import Count, Q

from households.actions.changes import advance, propose_change
from households.changing.judging import Wanted
from households.entry.saving import Saved, enter_household
from households.models import Household, Member
from officers.models import Officer
from officers.rules import Role
from tests import factories as make
from tests.cast import Cast, hire_all
from tests.faults.households.test_entry_races import renamed, together
from tests.web.households.changes.changed import active, wanted
from trail.errors import Refused
from workflow.models import Case, CaseEvent

RACES = 125


@pytest.fixture
def cast(real_database: str) -> Cast:
    make.plant_tree()
    return hire_all()


@pytest.fixture
def reviewer(cast: Cast) -> Officer:
    """A second reviewer of the township."""
    return make.make_officer(Role.TOWNSHIP_REVIEWER, make.TOWNSHIP)


@pytest.fixture
def races(full_counts: bool) -> range:
    return range(RACES if full_counts else max(5, RACES // 20))


def family() -> Household:
    household = make.make_household(persons=2)
    make.make_member(household, relation="03", name="陈小山")
    return household


def move(household: Household, to: Household) -> Wanted:
    son = active(household)[2]
    return wanted("transfer", goes=frozenset({son.pk}), relations={son.pk: "21"}, other=to.number)


def approve(case: Case, by: Officer) -> CaseEvent:
    return advance(case.pk, "approve", by=by, version=case.version)


def check_whole() -> None:
    """One active membership a person, one head a household that has people."""
    people = Member.objects.active().order_by()
    doubles = people.exclude(id_blind=None).values("id_blind").annotate(n=Count("pk"))
    assert not doubles.filter(n__gt=1).exists()
    heads = people.values("household").annotate(n=Count("pk", filter=Q(relation="01")))
    assert not heads.exclude(n=1).exists()


def test_of_two_who_approve_one_change_one_is_told(cast, reviewer, races):
    for _ in races:
        household, other = family(), make.make_household()
        case = propose_change(household, move(household, other), by=cast.village_official)
        results = together(
            lambda c=case: approve(c, cast.township_reviewer), lambda c=case: approve(c, reviewer)
        )
        assert sum(isinstance(one, CaseEvent) for one in results) == 1
        assert sum(isinstance(one, Refused) for one in results) == 1
        assert len(active(other)) == 2
    check_whole()


def test_two_households_that_send_a_person_to_each_other_lose_nobody(cast, reviewer, races):
    for _ in races:
        one, two = family(), family()
        first = propose_change(one, move(one, two), by=cast.village_official)
        second = propose_change(two, move(two, one), by=cast.village_official)
        results = together(
            lambda c=first: approve(c, cast.township_reviewer),
            lambda c=second: approve(c, reviewer),
        )
        assert sum(isinstance(event, CaseEvent) for event in results) == 1
        assert len(active(one)) + len(active(two)) == 6
    check_whole()


def test_a_change_is_not_approved_on_a_household_that_is_edited_in_this_moment(cast, races):
    for _ in races:
        household = family()
        spouse = active(household)[1]
        change = wanted("death", goes=frozenset({spouse.pk}))
        case = propose_change(household, change, by=cast.village_official)
        results = together(
            lambda c=case: approve(c, cast.township_reviewer),
            lambda h=household: enter_household(
                renamed(h, "五组"), by=cast.county_clerk, seen=h.version
            ),
        )
        done = [one for one in results if isinstance(one, CaseEvent | Saved)]
        assert len(done) == 1
        assert len(active(household)) == (2 if isinstance(done[0], CaseEvent) else 3)
    check_whole()
