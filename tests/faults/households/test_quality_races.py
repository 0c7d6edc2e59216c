"""Soft rules held at once by several: each finding stands once, and nobody meets a fault."""

from functools import partial

import pytest
from django.db.models import Count

from households.actions.quality import explain, recheck
from households.entry.saving import Saved, enter_household
from households.models import Household, QualityIssue
from households.models.issues import IssueState
from tests import factories as make
from tests.cast import Cast, hire_all
from tests.faults.households.test_entry_races import registered, renamed, together

RACES, YEAR = 125, 2019


@pytest.fixture
def cast(real_database: str) -> Cast:
    make.plant_tree()
    return hire_all()


@pytest.fixture
def races(full_counts: bool) -> range:
    return range(RACES if full_counts else max(5, RACES // 20))


def unchecked(cast: Cast) -> Household:
    """A household with findings that nothing has opened yet."""
    household = registered(cast.village_official)
    QualityIssue.everywhere.filter(household=household).delete()
    return household


def standing_once(household: Household) -> int:
    """How many findings stand, after making sure that none stands twice."""
    found = QualityIssue.everywhere.standing().filter(household=household).order_by()
    keys = found.values("rule", "member_id").annotate(n=Count("pk"))
    assert not keys.filter(n__gt=1).exists()
    return found.count()


def test_two_checks_at_once_open_each_finding_once(cast, races):
    for _ in races:
        household = unchecked(cast)
        counts = together(*[partial(recheck, [household.pk], year=YEAR)] * 2)
        assert counts == [standing_once(household)] * 2


def test_a_check_beside_a_save_hinders_neither(cast, races):
    for number in races:
        household = unchecked(cast)
        entered = renamed(household, f"{number}组")
        saved, count = together(
            partial(enter_household, entered, by=cast.village_official, seen=household.version),
            partial(recheck, [household.pk], year=YEAR),
        )
        assert isinstance(saved, Saved)
        assert count
        assert standing_once(household)


def test_an_explanation_beside_a_check_is_not_lost(cast, races):
    for _ in races:
        household = registered(cast.village_official)
        issue = QualityIssue.everywhere.open().filter(household=household, severity__gt=1).first()
        together(
            partial(explain, issue.pk, text="属实", by=cast.village_official),
            partial(recheck, [household.pk], year=YEAR),
        )
        issue.refresh_from_db()
        assert issue.state == IssueState.EXPLAINED
