"""Soft rules after a change of the household: held again at once; an ended one has none."""

import pytest
from django.urls import reverse
from django.utils import timezone

from households.actions.quality import explain, recheck
from households.models import Household, QualityIssue
from households.models.issues import IssueState
from households.rules import State
from tests import factories as make
from tests.web.households.changes.changed import active, done, wanted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
YEAR = 2019


def checked(**facts) -> Household:
    one = make.make_household(**{"state": State.POOR, "persons": 2} | facts)
    make.make_survey(one, YEAR)
    recheck([one.pk], year=YEAR)
    return one


@pytest.fixture
def household(tree):
    return checked()


def standing(household: Household):
    return QualityIssue.everywhere.standing().filter(household=household)


def test_what_was_odd_in_a_member_who_left_is_fixed(cast, household):
    gone = active(household)[1]
    assert standing(household).filter(member=gone).exists()
    done(household, wanted("death", goes=frozenset({gone.pk})), cast)
    assert not standing(household).filter(member=gone).exists()
    assert standing(household).exists()


def test_a_transfer_is_checked_in_both_households(cast, household):
    other = checked()
    son = active(household)[1]
    change = wanted(
        "transfer", goes=frozenset({son.pk}), relations={son.pk: "21"}, other=other.number
    )
    done(household, change, cast)
    moved = active(other)[-1]
    assert standing(other).filter(member=moved).exists()
    assert not standing(household).filter(member=son).exists()


def test_issues_of_every_year_move_with_the_household(cast, household):
    make.make_survey(household, YEAR - 1)
    recheck([household.pk], year=YEAR - 1)
    done(household, wanted("relocation", to_village=make.OTHER_TOWNSHIP_VILLAGE), cast)
    places = standing(household).values_list("year", "village_id")
    assert set(places) == {
        (YEAR, make.OTHER_TOWNSHIP_VILLAGE),
        (YEAR - 1, make.OTHER_TOWNSHIP_VILLAGE),
    }


def test_nothing_stands_about_a_cancelled_household_explained_or_not(cast, household):
    issue = standing(household).get(rule="4_01_001")
    explain(issue.pk, text="没有电话", by=cast.village_official)
    other = checked()
    keys = [one.pk for one in active(household)]
    change = wanted(
        "merge", goes=frozenset(keys), relations=dict.fromkeys(keys, "21"), other=other.number
    )
    done(household, change, cast)
    assert household.state == State.CANCELLED
    assert not standing(household).exists()
    issue.refresh_from_db()
    assert (issue.state, issue.explanation) == (IssueState.FIXED, "没有电话")


def test_a_withdrawn_household_is_fixed_at_the_next_check(household):
    Household.everywhere.filter(pk=household.pk).update(withdrawn_at=timezone.now())
    recheck([household.pk], year=YEAR)
    assert not standing(household).exists()


@pytest.mark.parametrize(
    "ended", [{"state": State.CANCELLED}, {"state": State.POOR, "withdrawn_at": timezone.now()}]
)
def test_the_lists_leave_out_households_that_ended(cast, signed_in, ended):
    household = make.make_household(**ended)
    QualityIssue.everywhere.create(
        household=household, village_id=household.village_id, year=YEAR, rule="2_01_001", severity=2
    )
    client = signed_in(cast.village_official)
    assert client.get(reverse("pages:quality_list")).context["count"] == 0
    assert client.get(reverse("pages:quality")).context["total"] == 0
