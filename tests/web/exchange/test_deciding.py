"""A clerk decides whose value holds: what is written, what is told, what is refused."""

import pytest

from exchange.actions.differences import Choice, DifferencesRefused, decide_differences
from exchange.models import DifferenceState
from households.models import Household, Member, Survey
from tests import factories as make
from tests.api.pushing import say
from tests.web.exchange.differing import a_household, a_key, differing, edited
from trail.errors import NotAllowed, Stale
from trail.models import Change

pytestmark = pytest.mark.django_db
THEIRS, OURS = Choice.THEIRS, Choice.OURS


@pytest.fixture
def clerk(cast):
    return cast.county_clerk


def decide(household, choices, by, version=None):
    version = Household.everywhere.get(pk=household.pk).version if version is None else version
    return decide_differences(household, choices, version=version, by=by)


def test_theirs_is_written_and_ours_stays(clerk):
    household = a_household()
    group, address = differing(household, group="二组", address="村西 1 号")
    assert decide(household, {group.pk: THEIRS, address.pk: OURS}, clerk) == 1
    household.refresh_from_db()
    assert (household.group, household.address, household.version) == ("二组", "村东 3 号", 2)
    group.refresh_from_db()
    address.refresh_from_db()
    assert (group.state, address.state) == (DifferenceState.TAKEN, DifferenceState.KEPT)
    assert (group.decided_by, address.decided_by) == (clerk, clerk)


def test_the_trace_names_the_difference_and_who_decided(clerk):
    household = a_household()
    (row,) = differing(household, group="二组")
    decide(household, {row.pk: THEIRS}, clerk)
    written = Change.objects.get(subject_kind="households.household", action="decide_difference")
    assert (written.origin, written.actor_id) == (f"difference:{row.pk}", clerk.pk)
    assert (written.before["group"], written.after["group"]) == ("一组", "二组")
    told = Change.objects.get(subject_kind="exchange.difference")
    assert (told.subject_id, told.after["state"]) == (str(row.pk), "taken")


def test_fields_of_years_people_and_numbers_are_written_together(clerk):
    household = a_household(persons=2)
    head, wife = household.members.order_by("relation")
    number = make.make_id_number()
    rows = differing(
        household,
        phone="13900000009",
        members=[
            {"person_number": wife.person_number, "health": "02", "id_number": number},
            {"person_number": head.person_number, "name": "陈小山"},
        ],
        surveys=[{"year": 2019, "wage_income": "9000.00", "food": "0", "toilet": True}],
    )
    assert decide(household, {row.pk: THEIRS for row in rows}, clerk) == len(rows) == 7
    wife.refresh_from_db()
    head.refresh_from_db()
    assert (wife.health, head.name) == ("02", "陈小山")
    assert wife.birth_date.isoformat() == f"{number[6:10]}-{number[10:12]}-{number[12:14]}"
    survey = Survey.objects.filter(household=household).in_force().get()
    assert (str(survey.wage_income), survey.food, survey.conditions.toilet) == ("9000.00", 0, True)
    assert Household.everywhere.get().phone_sealed is not None


@pytest.fixture
def left(clerk):
    """A household, somebody who left it, and the row by which he waits to be back."""
    household = a_household()
    gone = make.make_member(household, name="陈小山", end_reason="03", end_date="2018-05-06")
    said = {"person_number": gone.person_number, "name": "陈小山", "relation": "03"}
    (row,) = differing(household, members=[said | {"end_reason": None, "end_date": None}])
    assert row.field == "return"
    return household, gone, row


def test_who_left_is_back_when_the_return_is_taken_and_what_is_past_stays(left, clerk):
    household, gone, row = left
    assert decide(household, {row.pk: THEIRS}, clerk) == 1
    found = household.members.filter(person_number=gone.person_number).order_by("pk")
    assert [*found.values_list("end_reason", "relation")] == [("03", "02"), ("", "03")]
    assert found[0].id_blind == found[1].id_blind


def test_who_is_back_already_is_not_brought_back_again(left, clerk):
    household, gone, row = left
    make.make_member(household, name="陈小山", person_number=gone.person_number)
    assert decide(household, {row.pk: THEIRS}, clerk) == 0
    row.refresh_from_db()
    assert row.state == DifferenceState.OUTDATED


def test_a_return_stands_on_the_page_with_the_end_beside_it(left, clerk, signed_in):
    household, *_rest = left
    page = signed_in(clerk).get(f"/exchange/differences/{household.number}/").content.decode()
    assert "2018年5月6日" in page


def test_a_household_moves_by_no_choice_of_the_clerk(clerk):
    household = a_household()
    (row,) = differing(household, village=make.NEXT_VILLAGE)
    with pytest.raises(DifferencesRefused) as refused:
        decide(household, {row.pk: THEIRS}, clerk)
    assert [key for key, _sentence in refused.value.faults] == [row.pk]
    household.refresh_from_db()
    assert household.village_id == make.VILLAGE


def test_the_page_leads_from_a_village_that_differs_to_the_relocation(clerk, signed_in):
    household = a_household()
    rows = {row.field: row for row in differing(household, village=make.NEXT_VILLAGE, group="二组")}
    browser = signed_in(clerk)
    path = f"/exchange/differences/{household.number}/"
    page = browser.get(path)
    address = f"/households/{household.number}/changes/relocation/?to_village={make.NEXT_VILLAGE}"
    assert address in page.content.decode()
    choices = page.context["form"].fields[f"difference-{rows['village'].pk}"].choices
    assert [word for word, _label in choices] == ["", "ours"]
    form = browser.get(address).context["form"]
    assert form["to_village"].value() == make.NEXT_VILLAGE
    asked = browser.get(f"{path}all/?choice=theirs").context["form"]
    assert asked["keys"].value() == str(rows["group"].pk)


def test_a_household_that_moved_meanwhile_leads_to_no_relocation(clerk, signed_in):
    household = a_household()
    (row,) = differing(household, village=make.NEXT_VILLAGE)
    Household.everywhere.filter(pk=household.pk).update(village=make.NEXT_VILLAGE)
    page = signed_in(clerk).get(f"/exchange/differences/{household.number}/").content.decode()
    assert "changes/relocation" not in page
    assert decide(household, {row.pk: THEIRS}, clerk) == 0
    row.refresh_from_db()
    assert row.state == DifferenceState.OUTDATED


def test_somebody_new_joins_when_his_row_is_taken(clerk):
    household = a_household()
    say("exchange.owner.members", "here")
    joining = {"name": "陈小山", "relation": "03", "id_number": make.make_id_number()}
    rows = differing(household, members=[joining])
    assert [row.field for row in rows] == ["join"]
    decide(household, {rows[0].pk: THEIRS}, clerk)
    assert Member.objects.filter(household=household).count() == 2


def test_an_end_is_one_decision(clerk):
    household = a_household(persons=2)
    wife = household.members.get(relation="02")
    ended = {"person_number": wife.person_number, "end_reason": "01", "end_date": "2019-02-03"}
    (row,) = differing(household, members=[ended])
    decide(household, {row.pk: THEIRS}, clerk)
    wife.refresh_from_db()
    assert (wife.end_reason, wife.end_date.isoformat()) == ("01", "2019-02-03")


def test_income_lines_are_taken_with_the_figure_that_they_make(clerk):
    household = a_household()
    lines = [{"kind": "wage_income", "item": "wage_away", "amount": "9500.00"}]
    rows = differing(household, surveys=[{"year": 2019, "wage_income": "9500.00", "lines": lines}])
    decide(household, {row.pk: THEIRS for row in rows}, clerk)
    survey = Survey.objects.filter(household=household).in_force().get()
    assert (str(survey.wage_income), survey.lines.count()) == ("9500.00", 1)


def test_what_cannot_be_written_is_told_at_its_difference_and_nothing_is(clerk):
    household = a_household()
    make.make_survey(household, 2018, wage_income="1000.00")
    group, wage = differing(
        household, group="二组", surveys=[{"year": 2019, "wage_income": "9000.00"}]
    )
    with pytest.raises(DifferencesRefused) as refused:
        decide(household, {group.pk: THEIRS, wage.pk: THEIRS}, clerk)
    assert [key for key, _sentence in refused.value.faults] == [wage.pk]
    household.refresh_from_db()
    assert (household.group, household.version) == ("一组", 1)
    wage.refresh_from_db()
    assert wage.state == DifferenceState.OPEN


def test_an_overwritten_value_is_taken_back_or_left(clerk):
    household, key = a_household(), a_key()
    say("exchange.owner.household", "there")
    edited(household, clerk, group="三组", address="村南 2 号")
    group, address = differing(household, key, group="二组", address="村西 1 号")
    assert {group.state, address.state} == {DifferenceState.OVERWRITTEN}
    assert decide(household, {group.pk: OURS, address.pk: THEIRS}, clerk) == 1
    household.refresh_from_db()
    assert (household.group, household.address) == ("三组", "村西 1 号")
    group.refresh_from_db()
    address.refresh_from_db()
    assert (group.state, address.state) == (DifferenceState.KEPT, DifferenceState.TAKEN)


def test_a_household_that_changed_since_is_not_written(clerk):
    household = a_household()
    (row,) = differing(household, group="二组")
    edited(household, clerk, group="三组", address="村东 3 号")
    with pytest.raises(Stale):
        decide(household, {row.pk: THEIRS}, clerk, version=1)
    household.refresh_from_db()
    assert household.group == "三组"


def test_what_was_decided_meanwhile_is_not_decided_again(clerk):
    household = a_household()
    (row,) = differing(household, group="二组")
    decide(household, {row.pk: OURS}, clerk)
    with pytest.raises(Stale):
        decide(household, {row.pk: THEIRS}, clerk)


def test_a_difference_that_is_none_any_more_is_outdated(clerk):
    household = a_household()
    (row,) = differing(household, group="二组")
    edited(household, clerk, group="二组", address="村东 3 号")
    assert decide(household, {row.pk: THEIRS}, clerk) == 0
    row.refresh_from_db()
    assert (row.state, row.decided_by) == (DifferenceState.OUTDATED, None)


def test_two_systems_that_differ_are_not_both_taken(clerk):
    household = a_household()
    differing(household, a_key(), group="二组")
    rows = differing(household, a_key(), group="三组")
    with pytest.raises(DifferencesRefused):
        decide(household, {row.pk: THEIRS for row in rows}, clerk)


def test_a_refused_value_can_still_be_taken(clerk):
    household = a_household()
    say("exchange.owner.household", "here")
    say("exchange.differences", "refuse")
    (row,) = differing(household, group="二组")
    assert row.state == DifferenceState.REFUSED
    decide(household, {row.pk: THEIRS}, clerk)
    household.refresh_from_db()
    assert household.group == "二组"


@pytest.mark.parametrize(
    "part", ["county_approver", "village_official", "township_reviewer", "stranger", "auditor"]
)
def test_nobody_but_the_clerk_of_the_county_decides(cast, part):
    household = a_household()
    (row,) = differing(household, group="二组")
    with pytest.raises(NotAllowed):
        decide(household, {row.pk: THEIRS}, getattr(cast, part))
