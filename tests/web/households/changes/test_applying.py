"""What an approved change does to the households: one head each, nobody double, nobody lost."""

from datetime import date, timedelta

import pytest

from households.actions.changes import ChangeRefused, propose_change
from households.models import Household, Member, StateChange
from households.rules import State
from tests import factories as make
from tests.web.households.changes.changed import DAY, active, decide, done, relations, wanted
from trail.dates import business_date
from trail.errors import Stale
from trail.models import Change
from workflow.errors import AlreadyOpen

pytestmark = pytest.mark.django_db


@pytest.fixture
def household(tree) -> Household:
    """A head, his spouse and a son; poor."""
    one = make.make_household(state=State.POOR, persons=2)
    make.make_member(one, relation="03", name="陈小山")
    return one


@pytest.fixture
def other(tree) -> Household:
    return make.make_household(persons=2)


def faults(household, change, by) -> list[str]:
    with pytest.raises(ChangeRefused) as refused:
        propose_change(household, change, by=by)
    return [field for field, _text in refused.value.faults]


def newborn(**more: str) -> dict[str, str]:
    return {
        "name": "陈新月",
        "relation": "04",
        "sex": "2",
        "birth_date": "2020-05-01",
        "no_id_reason": "1",
    } | more


def test_a_child_that_was_born_is_a_member(cast, household):
    done(household, wanted("birth", person=newborn()), cast)
    child = household.members.get(name="陈新月")
    assert (child.join_reason, child.joined_on) == ("01", DAY)
    assert len(active(household)) == 4


def test_a_faulty_new_member_is_told_at_the_field(cast, household):
    change = wanted("birth", person=newborn(no_id_reason="", birth_date="1 May"))
    assert "birth_date" in faults(household, change, cast.village_official)


def test_somebody_of_another_household_cannot_join(cast, household, other):
    number = make.make_id_number()
    make.make_member(other, id_number=number)
    person = {"name": "某", "relation": "05", "id_number": number}
    with pytest.raises(ChangeRefused) as refused:
        propose_change(household, wanted("marriage_in", person=person), by=cast.village_official)
    ((field, text),) = refused.value.faults
    assert field == "id_number"
    assert other.number not in text


def test_who_died_is_a_member_no_more_and_stays_on_record(cast, household):
    spouse = active(household)[1]
    done(household, wanted("death", goes=frozenset({spouse.pk})), cast)
    spouse.refresh_from_db()
    assert (spouse.end_reason, spouse.end_date) == ("01", DAY)
    assert len(active(household)) == 2


def test_a_head_who_leaves_needs_a_new_one(cast, household):
    head = active(household)[0]
    change = wanted("death", goes=frozenset({head.pk}))
    assert faults(household, change, cast.village_official) == ["relations"]


def test_the_new_head_takes_over_with_the_same_change(cast, household):
    head, spouse, _son = active(household)
    change = wanted("death", goes=frozenset({head.pk}), relations={spouse.pk: "01"})
    done(household, change, cast)
    assert relations(household) == ["01", "03"]


def test_another_head_changes_every_relation(cast, household):
    head, spouse, son = active(household)
    new = {head.pk: "11", spouse.pk: "12", son.pk: "01"}
    done(household, wanted("head", relations=new), cast)
    assert [one.pk for one in active(household)] == [son.pk, head.pk, spouse.pk]


def test_a_transfer_ends_here_and_begins_there_under_the_same_number(cast, household, other):
    son = active(household)[2]
    change = wanted(
        "transfer", goes=frozenset({son.pk}), relations={son.pk: "06"}, other=other.number
    )
    done(household, change, cast)
    found = Member.objects.active().get(person_number=son.person_number)
    assert (found.household, found.relation) == (other, "06")
    assert found.id_blind == son.id_blind
    assert len(active(household)) == 2


def test_a_transferred_person_can_be_revealed_under_his_new_row(cast, household, other, signed_in):
    son = active(household)[2]
    change = wanted(
        "transfer", goes=frozenset({son.pk}), relations={son.pk: "06"}, other=other.number
    )
    done(household, change, cast)
    page = signed_in(cast.village_official).get(f"/households/{other.number}/")
    assert page.status_code == 200


def test_a_split_makes_a_household_in_the_same_state(cast, household):
    head, spouse, son = active(household)
    change = wanted("split", goes=frozenset({son.pk}), relations={son.pk: "01"})
    done(household, change, cast)
    fresh = Household.everywhere.get(split_from=household)
    assert fresh.state == household.state == State.POOR
    assert StateChange.objects.filter(household=fresh, to_state=State.POOR).exists()
    assert relations(fresh) == ["01"]
    assert [one.pk for one in active(household)] == [head.pk, spouse.pk]


def test_a_split_of_an_exited_household_keeps_the_year(cast):
    household = make.make_household(state=State.EXITED, persons=2)
    other = active(household)[1]
    done(household, wanted("split", goes=frozenset({other.pk}), relations={other.pk: "01"}), cast)
    fresh = Household.everywhere.get(split_from=household)
    assert (fresh.state, fresh.exit_year) == (State.EXITED, household.exit_year)


def test_a_merged_household_is_cancelled_and_its_people_live_on(cast, household, other):
    codes = dict(zip((one.pk for one in active(household)), ("21", "22", "22"), strict=True))
    done(household, wanted("merge", other=other.number, relations=codes), cast)
    assert (household.state, household.merged_into) == (State.CANCELLED, other)
    assert not active(household)
    assert len(active(other)) == 5


def test_nobody_who_comes_to_a_household_heads_it(cast, household, other):
    change = wanted("merge", other=other.number)
    assert faults(household, change, cast.village_official) == ["relations"]


def test_a_relocated_household_keeps_its_number_and_its_surveys_their_village(cast, household):
    survey = make.make_survey(household, 2019)
    number = household.number
    done(household, wanted("relocation", to_village=make.OTHER_TOWNSHIP_VILLAGE), cast)
    survey.refresh_from_db()
    assert (household.number, household.village_id) == (number, make.OTHER_TOWNSHIP_VILLAGE)
    assert survey.village_id == make.VILLAGE


def test_the_last_member_who_dies_cancels_the_household(cast):
    household = make.make_household(state=State.POOR)
    head = active(household)[0]
    done(household, wanted("death", goes=frozenset({head.pk})), cast)
    assert household.state == State.CANCELLED


def test_a_household_with_members_is_not_cancelled(cast, household):
    assert faults(household, wanted("cancellation"), cast.village_official) == [""]


def test_a_new_head_is_found_by_his_name(cast, household):
    head, spouse, _son = active(household)
    done(
        household,
        wanted("death", goes=frozenset({head.pk}), relations={spouse.pk: "01"}),
        cast,
    )
    assert "陈大" not in household.search


def test_every_applied_change_makes_a_new_version(cast, household):
    before, spouse = household.version, active(household)[1]
    done(household, wanted("death", goes=frozenset({spouse.pk})), cast)
    assert household.version > before


def test_the_trace_keeps_what_was_before(cast, household):
    head, spouse, _son = active(household)
    done(
        household,
        wanted("death", goes=frozenset({head.pk}), relations={spouse.pk: "01"}),
        cast,
    )
    change = Change.objects.get(
        subject_kind="households.member", subject_id=str(spouse.pk), before__has_key="relation"
    )
    assert (change.before["relation"], change.after["relation"]) == ("02", "01")


@pytest.mark.parametrize(
    ("kind", "day", "field"),
    [
        ("death", date(2100, 1, 1), "happened_on"),
        ("death", date(1900, 1, 1), "happened_on"),
        ("missing", business_date() - timedelta(days=400), "happened_on"),
    ],
    ids=["future", "before birth", "missing too short"],
)
def test_an_impossible_day_is_refused(cast, household, kind, day, field):
    spouse = active(household)[1]
    change = wanted(kind, happened_on=day, goes=frozenset({spouse.pk}))
    assert faults(household, change, cast.village_official) == [field]


@pytest.mark.parametrize(
    ("entries", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"proof": ""}, "proof"),
        ({"reason": "x" * 201}, "reason"),
        ({"goes": frozenset()}, "goes"),
    ],
    ids=["no reason", "no proof", "long", "nobody"],
)
def test_what_is_missing_is_told_at_its_field(cast, household, entries, field):
    spouse = active(household)[1]
    change = wanted("death", **{"goes": frozenset({spouse.pk})} | entries)
    assert faults(household, change, cast.village_official) == [field]


def test_a_household_of_another_county_takes_nobody_in(cast, household):
    far = make.make_household(make.OTHER_COUNTY_VILLAGE)
    son = active(household)[2]
    change = wanted(
        "transfer", goes=frozenset({son.pk}), relations={son.pk: "06"}, other=far.number
    )
    assert faults(household, change, cast.village_official) == ["other"]


def test_a_village_that_is_none_is_refused(cast, household):
    change = wanted("relocation", to_village="970123999999")
    assert faults(household, change, cast.village_official) == ["to_village"]


def test_a_second_change_waits_for_the_first(cast, household):
    spouse = active(household)[1]
    change = wanted("death", goes=frozenset({spouse.pk}))
    propose_change(household, change, by=cast.village_official)
    with pytest.raises(AlreadyOpen):
        propose_change(household, change, by=cast.village_official)


def test_a_household_that_changed_meanwhile_holds_the_approval(cast, household):
    spouse = active(household)[1]
    case = propose_change(
        household, wanted("death", goes=frozenset({spouse.pk})), by=cast.village_official
    )
    household.version += 1
    household.save(update_fields=["version"])
    with pytest.raises(Stale) as stale:
        decide(case, "approve", cast.township_reviewer)
    assert stale.value.code == "facts_changed"
    assert len(active(household)) == 3


def test_a_kind_by_which_nobody_moves_moves_nobody(cast, household):
    everybody = frozenset(one.pk for one in active(household))
    change = wanted("relocation", goes=everybody, to_village=make.NEXT_VILLAGE)
    done(household, change, cast)
    assert len(active(household)) == 3
