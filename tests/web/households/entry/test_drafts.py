"""Drafts: kept from the first field, sealed, told apart when two type, submitted once."""

import pytest
from django.utils import timezone

from households.entry.content import StepContent
from households.entry.drafts import (
    Typed,
    content_of,
    discard_draft,
    judge_draft,
    open_draft,
    open_update,
    save_step,
    start_over_from_record,
    submit_draft,
)
from households.entry.saving import EntryRefused
from households.models import Consent, Draft, Household, Survey
from households.rules import State
from tests import factories as make
from tests.web.households.changes.changed import active, done, wanted
from tests.web.households.entry.entered import content, person
from trail.errors import NotAllowed, Refused, Stale

pytestmark = pytest.mark.django_db
HEAD = {"name": "陈大山", "id_number": "970123196503074013"}


@pytest.fixture
def draft(cast) -> Draft:
    return open_draft(make.VILLAGE, by=cast.village_official, year=2019, head=HEAD)


def fill(draft: Draft, by, **steps) -> Draft:
    """Every step saved as a sound household."""
    for name, one in content(**steps).steps.items():
        kept = content_of(draft).step(name)
        draft = save_step(
            draft.pk, name, by=by, seen=kept.version, typed=Typed(one.values, one.rows)
        )
    return draft


def test_the_first_person_stands_in_the_draft_as_its_head(draft):
    assert content_of(draft).step("members").rows == ({"relation": "01", **HEAD},)
    assert draft.householder == "陈大山"


def test_what_is_typed_is_sealed_at_rest(draft):
    kept = bytes(Draft.everywhere.get(pk=draft.pk).content_sealed)
    assert HEAD["id_number"].encode() not in kept


def test_a_faulty_text_is_kept_as_typed(cast, draft):
    typed = Typed({"phone": "１２３ 不知道", "group": "三组"})
    draft = save_step(draft.pk, "household", by=cast.village_official, seen=0, typed=typed)
    assert content_of(draft).step("household") == StepContent(1, dict(typed.values))
    assert draft.group == "三组"


def test_a_second_editor_of_a_step_is_told_what_differs(cast, draft):
    save_step(
        draft.pk, "household", by=cast.first_secretary, seen=0, typed=Typed({"group": "一组"})
    )
    with pytest.raises(Stale) as stale:
        save_step(
            draft.pk, "household", by=cast.village_official, seen=0, typed=Typed({"group": "二组"})
        )
    assert stale.value.details["differing"] == [(None, "group")]
    assert stale.value.details["theirs"].values == {"group": "一组"}
    assert stale.value.details["by"] == cast.first_secretary.name


def test_two_editors_of_two_steps_do_not_disturb_each_other(cast, draft):
    save_step(draft.pk, "household", by=cast.first_secretary, seen=0, typed=Typed({"group": "一"}))
    typed = Typed({"main_cause": "01"})
    draft = save_step(draft.pk, "causes", by=cast.village_official, seen=0, typed=typed)
    assert content_of(draft).step("household").values == {"group": "一"}


def test_the_same_texts_again_are_no_change(cast, draft):
    typed = Typed({"group": "一组"})
    save_step(draft.pk, "household", by=cast.village_official, seen=0, typed=typed)
    draft = save_step(draft.pk, "household", by=cast.first_secretary, seen=0, typed=typed)
    assert content_of(draft).step("household").version == 1


def test_more_than_a_step_can_hold_is_refused(cast, draft):
    rows = [{"name": "某"}] * 61
    with pytest.raises(Refused):
        save_step(draft.pk, "members", by=cast.village_official, seen=0, typed=Typed({}, rows))


@pytest.mark.parametrize("part", ["helper", "township_reviewer", "county_clerk", "stranger"])
def test_only_the_village_drafts(cast, part):
    with pytest.raises(NotAllowed):
        open_draft(make.VILLAGE, by=getattr(cast, part), year=2019, head=HEAD)


def test_a_submitted_draft_becomes_a_household_with_its_consent(cast, draft):
    draft = fill(draft, cast.village_official)
    saved = submit_draft(draft.pk, by=cast.village_official, seen=draft.version)
    assert saved.household.members.active().count() == 2
    assert Consent.objects.get(household=saved.household).signer == "陈大山"
    assert Draft.everywhere.get(pk=draft.pk).household == saved.household


def test_a_draft_is_submitted_once(cast, draft):
    draft = fill(draft, cast.village_official)
    submit_draft(draft.pk, by=cast.village_official, seen=draft.version)
    with pytest.raises(Refused) as refused:
        submit_draft(draft.pk, by=cast.village_official, seen=draft.version)
    assert refused.value.code == "draft_ended"


def test_without_consent_nothing_is_submitted(cast, draft):
    draft = fill(draft, cast.village_official, consent={"values": {}})
    with pytest.raises(EntryRefused) as refused:
        submit_draft(draft.pk, by=cast.village_official, seen=draft.version)
    assert {one.code for one in refused.value.faults} == {"consent_missing"}


def test_a_photo_of_consent_must_be_there(cast, draft):
    values = {"consent_on": "2020-01-02", "way": "photo", "signer": "陈大山"}
    draft = fill(draft, cast.village_official, consent={"values": values})
    with pytest.raises(EntryRefused) as refused:
        submit_draft(draft.pk, by=cast.village_official, seen=draft.version)
    assert [one.code for one in refused.value.faults] == ["photo_missing"]


def test_the_first_secretary_drafts_but_does_not_submit(cast, draft):
    draft = fill(draft, cast.first_secretary)
    with pytest.raises(NotAllowed):
        submit_draft(draft.pk, by=cast.first_secretary, seen=draft.version)


def test_a_draft_that_changed_after_the_check_is_not_submitted(cast, draft):
    draft = fill(draft, cast.village_official)
    save_step(
        draft.pk,
        "household",
        by=cast.first_secretary,
        seen=content_of(draft).step("household").version,
        typed=Typed({"group": "九组"}),
    )
    with pytest.raises(Stale):
        submit_draft(draft.pk, by=cast.village_official, seen=draft.version)


def test_a_discarded_draft_takes_nothing_more(cast, draft):
    discard_draft(draft.pk, by=cast.village_official)
    with pytest.raises(Refused):
        save_step(draft.pk, "household", by=cast.village_official, seen=0, typed=Typed({}))


@pytest.fixture
def registered(cast, draft):
    draft = fill(draft, cast.village_official)
    return submit_draft(draft.pk, by=cast.village_official, seen=draft.version).household


def test_a_household_has_one_open_draft_of_a_year(cast, registered):
    one = open_update(registered, by=cast.village_official, year=2020)
    assert open_update(registered, by=cast.first_secretary, year=2020).pk == one.pk


def test_what_seldom_changes_is_copied_forward(cast, registered):
    kept = content_of(open_update(registered, by=cast.village_official, year=2020))
    assert [row["name"] for row in kept.step("members").rows] == ["陈大山", "周文海"]
    assert kept.step("living").values["arable_mu"] == "3.50"
    assert kept.step("causes").values["other_causes"] == ["02", "08"]


def test_amounts_guarantees_and_numbers_are_not_copied_forward(cast, registered):
    kept = content_of(open_update(registered, by=cast.village_official, year=2020))
    assert kept.step("incomes").rows == ({"kind": "wage_income", "item": "wage_away"},)
    assert "food" not in kept.step("living").values
    assert all("id_number" not in row for row in kept.step("members").rows)
    assert "phone" not in kept.step("household").values


def test_the_year_on_record_comes_back_whole(cast, registered):
    draft = open_update(registered, by=cast.village_official, year=2019)
    draft = save_step(
        draft.pk,
        "consent",
        by=cast.village_official,
        seen=0,
        typed=Typed({"consent_on": "2020-01-03", "way": "slip", "signer": "陈大山"}),
    )
    saved = submit_draft(draft.pk, by=cast.village_official, seen=draft.version)
    assert saved.survey is None
    assert Survey.objects.filter(household=registered).count() == 1


def test_a_household_that_changed_since_holds_its_draft(cast, registered):
    draft = open_update(registered, by=cast.village_official, year=2020)
    registered.version += 1
    registered.save(update_fields=["version"])
    with pytest.raises(Stale) as stale:
        submit_draft(draft.pk, by=cast.village_official, seen=draft.version)
    assert stale.value.code == "household_changed"
    again = start_over_from_record(draft.pk, by=cast.village_official)
    assert again.base_version == registered.version


def test_a_person_typed_twice_is_told_at_the_second_row(cast, draft):
    twin = person(relation="02")
    rows = [person(name="陈大山", relation="01"), twin, twin]
    draft = fill(draft, cast.village_official, members={"rows": rows})
    with pytest.raises(EntryRefused) as refused:
        submit_draft(draft.pk, by=cast.village_official, seen=draft.version)
    assert [one.path for one in refused.value.faults] == ["members.2.id_number"]


def test_the_draft_of_a_household_whose_import_was_withdrawn_can_only_be_deleted(cast, registered):
    by = cast.village_official
    draft = open_update(registered, by=by, year=2020)
    Household.everywhere.filter(pk=registered.pk).update(withdrawn_at=timezone.now())
    make.make_household(number=registered.number)
    with pytest.raises(Refused) as refused:
        submit_draft(draft.pk, by=by, seen=draft.version)
    assert refused.value.code == "withdrawn"
    assert discard_draft(draft.pk, by=by).discarded_at


def test_a_character_that_no_column_stores_is_kept_and_told(cast, draft):
    by = cast.village_official
    draft = save_step(draft.pk, "household", by=by, seen=0, typed=Typed({"group": "一\0组"}))
    assert content_of(draft).step("household").values == {"group": "一\0组"}
    assert draft.group == "一组"
    faults = {one.path: one.code for one in judge_draft(draft, by=by).faults}
    assert faults["household.group"] == "not_storable"


def test_nothing_is_entered_into_a_cancelled_household(cast, registered):
    by = cast.village_official
    draft = open_update(registered, by=by, year=2020)
    everybody = frozenset(one.pk for one in active(registered))
    done(registered, wanted("death", goes=everybody), cast)
    assert registered.state == State.CANCELLED
    for act in (
        lambda: submit_draft(draft.pk, by=by, seen=draft.version),
        lambda: open_update(registered, by=by, year=2019),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.code == "closed"
