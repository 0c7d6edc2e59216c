"""Who decides on a change: the township, or the county across its borders; never who proposed."""

import pytest
from django.utils import timezone

from households.actions.changes import ChangeRefused, propose_change, send_again
from households.models import Household, HouseholdChange
from households.rules import State
from officers.rules import Role
from tests import factories as make
from tests.web.households.changes.changed import active, decide, done, wanted
from trail.errors import NotAllowed, Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def household(tree):
    return make.make_household(state=State.POOR, persons=2)


@pytest.fixture
def death(household):
    return wanted("death", goes=frozenset({active(household)[1].pk}))


@pytest.fixture
def case(cast, household, death):
    return propose_change(household, death, by=cast.village_official)


@pytest.mark.parametrize("part", ["helper", "township_reviewer", "county_approver", "reader"])
def test_who_does_not_work_in_the_village_proposes_nothing(cast, household, death, part):
    with pytest.raises(NotAllowed):
        propose_change(household, death, by=getattr(cast, part))


def test_an_official_of_the_next_village_proposes_nothing_here(cast, household, death):
    stranger = make.make_officer(Role.VILLAGE_OFFICIAL, make.NEXT_VILLAGE)
    with pytest.raises(NotAllowed):
        propose_change(household, death, by=stranger)


@pytest.mark.parametrize("part", ["village_official", "county_clerk", "county_approver"])
def test_only_the_township_approves_within_a_village(cast, case, part):
    with pytest.raises(NotAllowed):
        decide(case, "approve", getattr(cast, part))


def test_nothing_changes_before_the_approval(cast, household, case):
    assert len(active(household)) == 2


def test_an_approved_change_says_when_it_was_applied(cast, household, case):
    decide(case, "approve", cast.township_reviewer)
    assert HouseholdChange.objects.get(case=case).applied_on is not None


def test_what_is_rejected_changes_nothing(cast, household, case):
    decide(case, "reject", cast.township_reviewer, note="证明不足")
    assert len(active(household)) == 2
    assert HouseholdChange.objects.get(case=case).applied_on is None


def test_a_move_across_townships_is_decided_by_the_county(cast, household):
    change = wanted("relocation", to_village=make.OTHER_TOWNSHIP_VILLAGE)
    case = propose_change(household, change, by=cast.village_official)
    with pytest.raises(Refused):
        decide(case, "approve", cast.township_reviewer)
    decide(case, "pass_on", cast.township_reviewer)
    decide(case, "approve", cast.county_approver)
    household.refresh_from_db()
    assert household.village_id == make.OTHER_TOWNSHIP_VILLAGE


def test_what_the_township_decides_is_not_passed_on(cast, case):
    with pytest.raises(Refused):
        decide(case, "pass_on", cast.township_reviewer)


def test_a_returned_change_is_corrected_and_sent_again(cast, household, case, death):
    decide(case, "return", cast.township_reviewer, note="请补证明")
    again = wanted("death", goes=death.goes, proof="派出所证明")
    send_again(case.pk, again, by=cast.village_official, version=case.version)
    decide(case, "approve", cast.township_reviewer)
    assert len(active(household)) == 1


def test_a_returned_change_is_judged_again(cast, case, death):
    decide(case, "return", cast.township_reviewer, note="请补证明")
    with pytest.raises(ChangeRefused):
        send_again(
            case.pk,
            wanted("death", goes=death.goes, proof=""),
            by=cast.village_official,
            version=case.version,
        )


def test_sent_again_it_rests_on_the_household_as_it_is_now(cast, household, case, death):
    household.version += 1
    household.save(update_fields=["version"])
    decide(case, "return", cast.township_reviewer, note="请核对")
    send_again(case.pk, death, by=cast.village_official, version=case.version)
    decide(case, "approve", cast.township_reviewer)
    assert len(active(household)) == 1


def test_the_case_holds_no_name_and_no_number_of_anybody(cast, household):
    number = make.make_id_number()
    person = {"name": "柳如烟", "relation": "05", "id_number": number}
    case = propose_change(household, wanted("marriage_in", person=person), by=cast.village_official)
    kept = str(case.facts) + str(bytes(case.household_change.content_sealed))
    assert "柳如烟" not in kept
    assert number not in kept


def test_a_cancelled_household_changes_no_more(cast, household):
    everybody = frozenset(one.pk for one in active(household))
    done(household, wanted("emigrated", goes=everybody), cast)
    with pytest.raises(Refused) as refused:
        propose_change(household, wanted("cancellation"), by=cast.village_official)
    assert refused.value.code == "closed"


def test_a_household_whose_import_was_withdrawn_meanwhile_changes_no_more(cast, household, death):
    Household.everywhere.filter(pk=household.pk).update(withdrawn_at=timezone.now())
    with pytest.raises(Refused) as refused:
        propose_change(household, death, by=cast.village_official)
    assert refused.value.code == "closed"
