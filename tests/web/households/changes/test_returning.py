"""Who left a household comes back by a change alone: as a new membership, the old one untouched."""

from datetime import date

import pytest

from households.actions.changes import ChangeRefused, propose_change
from households.entry.drafts import Typed, content_of, judge_draft, open_update, save_step
from households.models import Household, Member
from households.models.members import ID_FIELD
from tests import factories as make
from tests.web.households.changes.changed import DAY, active, done, relations, wanted
from trail.sealing import unseal

pytestmark = pytest.mark.django_db

HOME = date(2020, 6, 1)
NUMBER = make.make_id_number()


@pytest.fixture
def household(tree) -> Household:
    return make.make_household(persons=2)


@pytest.fixture
def soldier(cast, household) -> Member:
    """A son with an ID number who joined the army."""
    son = make.make_member(household, relation="04", id_number=NUMBER)
    done(household, wanted("army", goes=frozenset({son.pk})), cast)
    son.refresh_from_db()
    return son


def back(soldier: Member, **entries):
    person = {"name": soldier.name, "relation": "04", "id_number": NUMBER}
    return wanted("discharged", **{"happened_on": HOME, "person": person} | entries)


def test_who_comes_home_is_a_member_again_under_his_number(cast, household, soldier):
    done(household, back(soldier), cast)
    found = active(household)[2]
    assert found.pk != soldier.pk
    assert found.person_number == soldier.person_number
    assert (found.join_reason, found.joined_on) == ("06", HOME)
    assert found.id_blind == soldier.id_blind
    assert unseal(found.id_sealed, field=ID_FIELD, row=found.uuid) == NUMBER


def test_the_membership_that_ended_stays_as_it_was(cast, household, soldier):
    before = Member.objects.filter(pk=soldier.pk).values().get()
    done(household, back(soldier), cast)
    assert Member.objects.filter(pk=soldier.pk).values().get() == before
    assert (soldier.end_reason, soldier.end_date) == ("04", DAY)


def test_who_has_no_id_number_comes_home_too(cast, household):
    son = make.make_member(household, relation="04", name="陈小山")
    done(household, wanted("prison", goes=frozenset({son.pk})), cast)
    person = {
        "name": "陈小山",
        "relation": "04",
        "sex": son.sex,
        "birth_date": son.birth_date.isoformat(),
        "no_id_reason": "1",
    }
    done(household, wanted("released", happened_on=HOME, person=person), cast)
    assert active(household)[2].person_number == son.person_number


def test_nobody_comes_home_before_he_left(cast, household, soldier):
    with pytest.raises(ChangeRefused) as refused:
        propose_change(
            household, back(soldier, happened_on=date(2020, 5, 1)), by=cast.village_official
        )
    assert [field for field, _text in refused.value.faults] == ["happened_on"]


def test_nobody_comes_home_as_a_second_head(cast, household, soldier):
    change = back(soldier)
    change.person["relation"] = "01"
    with pytest.raises(ChangeRefused) as refused:
        propose_change(household, change, by=cast.village_official)
    assert [field for field, _text in refused.value.faults] == ["relation"]
    assert relations(household) == ["01", "02"]


def test_a_draft_does_not_bring_back_who_left(cast, household, soldier):
    by = cast.village_official
    draft = open_update(household, by=by, year=2020)
    step = content_of(draft).step("members")
    rows = [*step.rows, {"name": soldier.name, "relation": "04", "id_number": NUMBER}]
    draft = save_step(draft.pk, "members", by=by, seen=step.version, typed=Typed({}, rows))
    assert "members.2.id_number" in [fault.path for fault in judge_draft(draft, by=by).faults]
