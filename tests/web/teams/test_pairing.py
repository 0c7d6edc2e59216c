"""Giving households a helper: who may, who can, within which places; ending and handing on."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from households.models import Household
from households.rules import State
from teams.actions.pairing import end_pairing, pair, pair_many, reassign, reassign_all
from teams.models import Pairing
from teams.queries.pairings import free_places, helper_of, helpers_of, households_of
from teams.refusals import EntryRefused
from tests import factories as make
from trail.dates import business_date
from trail.errors import NotAllowed, Refused, Stale
from trail.models import Change
from workflow.models import PolicyParameter
from workflow.parameters import PAIRING_MOST_HOUSEHOLDS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
REASSIGNED, LEFT, OTHER = Pairing.EndReason.REASSIGNED, "left", "other"


def poor(village: str = make.VILLAGE, **fields) -> Household:
    return make.make_household(village, **{"state": State.POOR} | fields)


@pytest.fixture
def today(cast) -> date:
    return business_date()


@pytest.fixture
def full_helper(cast):
    """Somebody with all five places taken."""
    helper = make.make_cadre()
    for _ in range(5):
        make.make_pairing(poor(), helper)
    return helper


def test_a_household_gets_its_helper_and_the_trace_tells_it(cast, today):
    household, helper = poor(), make.make_cadre(name="周助理")
    pairing = pair(household, helper, starts_on=today, by=cast.county_clerk)
    assert helper_of(household, today) == pairing
    assert helper_of(household, today - timedelta(days=1)) is None
    told = Change.objects.get(action="pair", subject_id=str(pairing.pk))
    assert told.after["cadre"] == helper.number
    assert (told.division_code, told.actor_id) == (make.VILLAGE, cast.county_clerk.pk)


@pytest.mark.parametrize(
    "who", ["village_official", "township_reviewer", "county_approver", "stranger", "helper"]
)
def test_only_the_clerk_of_the_county_pairs(cast, today, who):
    with pytest.raises(NotAllowed):
        pair(poor(), make.make_cadre(), starts_on=today, by=getattr(cast, who))


def test_a_helper_of_another_county_is_none_of_the_clerks(cast, today):
    with pytest.raises(NotAllowed):
        pair(poor(), make.make_cadre(make.OTHER_COUNTY), starts_on=today, by=cast.county_clerk)


def test_a_household_with_a_helper_names_him(cast, today):
    household = poor()
    make.make_pairing(household, make.make_cadre(name="周助理"))
    with pytest.raises(Refused, match="周助理"):
        pair(household, make.make_cadre(), starts_on=today, by=cast.county_clerk)


@pytest.mark.parametrize("state", [State.ORDINARY, State.CLEARED, State.CANCELLED])
def test_a_household_that_needs_no_helper_gets_none(cast, today, state):
    with pytest.raises(Refused):
        pair(make.make_household(state=state), make.make_cadre(), starts_on=today,
             by=cast.county_clerk)  # fmt: skip


@pytest.mark.parametrize(("years", "gets"), [(5, True), (6, False)])
def test_an_exited_household_gets_one_to_the_end_of_its_support(cast, today, years, gets):
    household = make.make_household(state=State.EXITED, exit_year=today.year - years)
    if gets:
        pair(household, make.make_cadre(), starts_on=today, by=cast.county_clerk)
    else:
        with pytest.raises(Refused, match="needs no helper"):
            pair(household, make.make_cadre(), starts_on=today, by=cast.county_clerk)


def test_a_household_that_had_a_helper_may_have_one_again(cast, today):
    household = make.make_household()
    make.make_pairing(household, last_day=today - timedelta(days=9))
    assert pair(household, make.make_cadre(), starts_on=today, by=cast.county_clerk).pk


def test_a_helper_with_all_places_taken_gets_no_more(cast, today, full_helper):
    with pytest.raises(Refused, match="no free place"):
        pair(poor(), full_helper, starts_on=today, by=cast.county_clerk)


def test_a_household_that_is_cancelled_takes_no_place(cast, today, full_helper):
    household = Household.everywhere.filter(pairings__cadre=full_helper).first()
    Pairing.everywhere.filter(household=household).update(
        household=make.make_household(state=State.CANCELLED)
    )
    assert free_places([full_helper], today) == {full_helper.pk: 1}


def test_a_place_that_is_promised_for_later_is_taken_now(cast, today, full_helper):
    one = Pairing.everywhere.filter(cadre=full_helper).first()
    one.last_day, one.end_reason = today, OTHER
    one.save()
    make.make_pairing(poor(), full_helper, starts_on=today + timedelta(days=30))
    tomorrow = today + timedelta(days=1)
    with pytest.raises(Refused, match="no free place"):
        pair(poor(), full_helper, starts_on=tomorrow, by=cast.county_clerk)


def test_the_county_sets_how_many_households_a_helper_has(cast, today, full_helper):
    PolicyParameter.objects.create(
        division_id=make.COUNTY, year=2014, key=PAIRING_MOST_HOUSEHOLDS, value=6, source="县定"
    )
    assert pair(poor(), full_helper, starts_on=today, by=cast.county_clerk).pk


def test_many_are_paired_all_or_none(cast, today):
    helper, households = make.make_cadre(), [poor() for _ in range(6)]
    with pytest.raises(Refused, match="5 free places, and you chose 6 households"):
        pair_many(households, helper, starts_on=today, by=cast.county_clerk)
    assert not Pairing.everywhere.exists()
    pair_many(households[:5], helper, starts_on=today, by=cast.county_clerk)
    assert len(helpers_of([one.pk for one in households], today)) == 5


def test_somebody_whose_unit_sends_nobody_any_more_gets_no_household(cast, today):
    unit = make.make_unit(ended_on=today)
    with pytest.raises(Refused, match="sends nobody"):
        pair(poor(), make.make_cadre(unit=unit), starts_on=today, by=cast.county_clerk)


def test_the_last_day_of_a_pairing_still_counts(cast, today):
    pairing = make.make_pairing(poor())
    end_pairing(pairing.pk, last_day=today, reason=OTHER, by=cast.county_clerk, version=1)
    assert helper_of(pairing.household, today) == pairing
    assert helper_of(pairing.household, today + timedelta(days=1)) is None


def test_a_pairing_does_not_end_before_it_began(cast):
    pairing = make.make_pairing(poor())
    with pytest.raises(EntryRefused) as refused:
        end_pairing(
            pairing.pk, last_day=date(2019, 2, 28), reason=OTHER, by=cast.county_clerk, version=1
        )
    assert "began on 2019-03-01" in dict(refused.value.faults)["last_day"]


@pytest.mark.parametrize("day", [date(1, 1, 1), date(2013, 12, 31), date(2099, 1, 1)])
@pytest.mark.parametrize("state", [State.POOR, State.CANCELLED])
def test_a_day_before_the_register_or_far_ahead_is_refused_at_its_field(cast, state, day):
    by, cadre, other = cast.county_clerk, make.make_cadre(), make.make_cadre()
    pairing = make.make_pairing(make.make_household(state=state), cadre)
    acts = {
        "last_day": lambda: end_pairing(pairing.pk, last_day=day, reason=OTHER, by=by, version=1),
        "starts_on": lambda: pair(poor(), other, starts_on=day, by=by),
    }
    hand = [
        lambda: reassign_all(cadre, [other], day=day, reason=LEFT, by=by),
        lambda: reassign(pairing.pk, other, day=day, reason=LEFT, by=by, version=1),
    ]
    for field, act in (*acts.items(), *(("day", one) for one in hand)):
        with pytest.raises(EntryRefused) as refused:
            act()
        assert [name for name, _text in refused.value.faults] == [field]
    pairing.refresh_from_db()
    assert (pairing.last_day, Pairing.everywhere.count()) == (None, 1)


def test_a_pairing_that_somebody_changed_is_stale(cast, today):
    pairing = make.make_pairing(poor())
    end_pairing(pairing.pk, last_day=today, reason=OTHER, by=cast.county_clerk, version=1)
    with pytest.raises(Stale):
        end_pairing(pairing.pk, last_day=today, reason=OTHER, by=cast.county_clerk, version=1)


def test_a_household_changes_hands_without_a_day_between(cast, today):
    pairing, other = make.make_pairing(poor()), make.make_cadre()
    fresh = reassign(
        pairing.pk, other, day=today, reason=REASSIGNED, by=cast.county_clerk, version=1
    )
    pairing.refresh_from_db()
    assert (pairing.last_day, pairing.end_reason) == (today - timedelta(days=1), REASSIGNED)
    assert (fresh.cadre, fresh.starts_on, fresh.last_day) == (other, today, None)


def test_a_household_is_not_handed_to_the_helper_it_has(cast, today):
    pairing = make.make_pairing(poor())
    with pytest.raises(Refused, match="somebody else"):
        reassign(
            pairing.pk, pairing.cadre, day=today, reason=REASSIGNED, by=cast.county_clerk, version=1
        )


def test_all_households_of_somebody_who_leaves_are_spread_by_free_places(cast, today):
    leaving, busy, free = (make.make_cadre() for _ in range(3))
    for helper, count in ((leaving, 4), (busy, 2)):
        for _ in range(count):
            make.make_pairing(poor(), helper)
    made = reassign_all(leaving, [busy, free], day=today, reason=LEFT, by=cast.county_clerk)
    assert len(made) == 4
    assert free_places([busy, free], today) == {busy.pk: 2, free.pk: 2}
    ended = Pairing.everywhere.filter(cadre=leaving)
    assert set(ended.values_list("last_day", "end_reason")) == {(today - timedelta(days=1), LEFT)}


def test_the_places_that_are_missing_are_counted_and_nothing_is_handed_on(cast, today, full_helper):
    free = make.make_cadre(name="周助理")
    for _ in range(3):
        make.make_pairing(poor(), free)
    with pytest.raises(Refused, match="3 places are missing: 周助理"):
        reassign_all(full_helper, [free], day=today, reason=LEFT, by=cast.county_clerk)
    assert Pairing.everywhere.in_force(today).filter(cadre=full_helper).count() == 5


def test_a_planned_end_goes_over_to_the_successor(cast, today):
    planned = today + timedelta(days=40)
    pairing = make.make_pairing(poor(), last_day=planned)
    [fresh] = reassign_all(
        pairing.cadre, [make.make_cadre()], day=today, reason=LEFT, by=cast.county_clerk
    )
    assert (fresh.last_day, fresh.end_reason) == (planned, OTHER)


def test_a_household_that_is_closed_is_not_handed_on(cast, today):
    leaving = make.make_cadre()
    closed = make.make_pairing(make.make_household(state=State.CANCELLED), leaving)
    assert reassign_all(leaving, [make.make_cadre()], day=today, reason=LEFT,
                        by=cast.county_clerk) == []  # fmt: skip
    closed.refresh_from_db()
    assert closed.end_reason == "household"


def test_somebody_who_helps_nobody_has_nothing_to_hand_on(cast, today):
    with pytest.raises(Refused, match="helps no household"):
        reassign_all(
            make.make_cadre(), [make.make_cadre()], day=today, reason=LEFT, by=cast.county_clerk
        )


def test_a_helper_finds_his_own_households_within_his_posting(cast, today):
    own = make.make_cadre(account=cast.helper)
    mine = make.make_pairing(poor(), own).household
    make.make_pairing(poor(make.OTHER_TOWNSHIP_VILLAGE), own)
    make.make_pairing(poor())
    make.make_pairing(poor(), own, last_day=today - timedelta(days=1))
    assert list(households_of(cast.helper, today)) == [mine]


def test_nobody_pairs_himself_or_ends_his_own_pairing(cast, today):
    own = make.make_cadre(account=cast.county_clerk)
    household = make.make_household(state=State.POOR)
    with pytest.raises(NotAllowed) as given:
        pair(household, own, starts_on=today, by=cast.county_clerk)
    pairing = make.make_pairing(household, own)
    with pytest.raises(NotAllowed) as handed:
        reassign_all(own, [make.make_cadre()], day=today, reason="调离", by=cast.county_clerk)
    with pytest.raises(NotAllowed) as taken:
        reassign(
            pairing.pk, make.make_cadre(), day=today, reason="调离",
            by=cast.county_clerk, version=pairing.version,
        )  # fmt: skip
    assert {one.value.code for one in (given, handed, taken)} == {"oneself"}


@pytest.mark.parametrize("day", ["0001-01-01", "2099-01-01"])
def test_a_day_out_of_reach_is_told_at_its_field_and_the_rest_stays(cast, signed_in, day):
    pairing, other = make.make_pairing(poor()), make.make_cadre()
    waiting, client = poor(), signed_in(cast.county_clerk)
    pages = [
        ("day", reverse("teams:pairing_hand_over", args=[pairing.pk]), {"to": other.number}),
        ("day", reverse("teams:helper_hand_on", args=[pairing.cadre.number]), {"to": other.number}),
        ("last_day", reverse("teams:pairing_end", args=[pairing.pk]), {"why": "other"}),
        ("starts_on", reverse("pages:unhelped"),
         {"helper": other.number, "ticked": waiting.number}),
    ]  # fmt: skip
    for field, path, typed in pages:
        said = {field: day, "reason": "left", "version": pairing.version} | typed
        answer = client.post(path, said)
        form = answer.context["form"]
        assert (answer.status_code, list(form.errors)) == (400, [field])
        assert all(form[name].value() in (value, [value]) for name, value in typed.items())
