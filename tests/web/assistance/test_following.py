"""What an approved change of a household does to the help it gets."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from assistance.actions.delivering import add_proofs
from assistance.actions.gap_resolving import Answer, resolve_gap
from assistance.models import Delivery, Gap, Item, Plan
from assistance.rules.gaps import Resolution
from households.actions.changes import propose_change
from households.models import Household
from households.rules import State
from officers.models import Officer
from officers.rules import Role
from registry.pages.cases.acts import ADVANCE
from tests import factories as make
from tests.pictures import photo
from tests.web.assistance.delivered import agreed_item, deliver, head_of
from tests.web.assistance.planned import (
    approved,
    case_of,
    drafted,
    make_poor,
    signed,
    this_year,
    with_item,
)
from tests.web.households.changes.changed import active, wanted
from trail.errors import NotAllowed
from trail.models import Change
from workflow.models import Attachment

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
FAR = (make.NEXT_VILLAGE, make.OTHER_TOWNSHIP_VILLAGE)
"""The next village, and one of another township."""


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def household(tree) -> Household:
    return make_poor()


def change(household: Household, cast, kind: str, **entries) -> None:
    """A change of the household, proposed and approved as its pages do it."""
    household.refresh_from_db()
    case = propose_change(household, wanted(kind, **entries), by=cast.village_official)
    steps = [("approve", cast.township_reviewer)]
    if case.facts["needs_county"]:
        steps = [("pass_on", cast.township_reviewer), ("approve", cast.county_approver)]
    for name, by in steps:
        case.refresh_from_db()
        ADVANCE["change"](case.pk, name, by=by, version=case.version)
    household.refresh_from_db()


def official(village: str) -> Officer:
    return make.make_officer(Role.VILLAGE_OFFICIAL, village)


@pytest.mark.parametrize("village", FAR)
class TestMove:
    """A household moves away."""

    @pytest.fixture
    def plan(self, cast, household, village) -> Plan:
        """A draft of its helper with one measure."""
        cadre = make.make_pairing(household).cadre
        plan = drafted(household, cast.village_official, helper=cadre.pk)
        with_item(plan, cast.village_official)
        return plan

    def test_its_open_plan_is_signed_where_it_lives_now(self, cast, household, village, plan):
        change(household, cast, "relocation", to_village=village)
        plan.refresh_from_db()
        with pytest.raises(NotAllowed):
            signed(plan, cast.village_official)
        assert signed(plan, official(village)).state == "signed"
        assert case_of(plan).division_id == plan.village_id == village

    def test_its_measures_are_delivered_and_read_there_alone(
        self, cast, household, village, signed_in, plan
    ):
        plan, there = approved(plan, cast), official(village)
        item = plan.items.get()
        first = deliver(item, 100, by=cast.village_official)
        change(household, cast, "relocation", to_village=village)
        with pytest.raises(NotAllowed):
            deliver(item, 100, by=cast.village_official)
        assert deliver(item, 200, by=there).village_id == village
        first.refresh_from_db()
        assert first.village_id == village
        addresses = [reverse("assistance:plan", args=[plan.uuid]),
                     reverse("assistance:item", args=[item.uuid])]  # fmt: skip
        mine, theirs = signed_in(cast.village_official), signed_in(there)
        assert [mine.get(one).status_code for one in addresses] == [404, 404]
        assert [theirs.get(one).status_code for one in addresses] == [200, 200]

    def test_the_way_to_its_plan_leads_there(self, cast, household, village, signed_in, plan):
        plan = approved(plan, cast)
        change(household, cast, "relocation", to_village=village)
        url = reverse("assistance:plan_draft", args=[household.number])
        answer = signed_in(official(village)).get(f"{url}?year={this_year()}", follow=True)
        assert answer.status_code == 200
        assert answer.request["PATH_INFO"] == reverse("assistance:plan", args=[plan.uuid])

    def test_proofs_of_deliveries_go_with_it(self, cast, household, village, signed_in):
        delivery = deliver(agreed_item(household=household), 100, by=cast.village_official)
        add_proofs(delivery.pk, [photo()], by=cast.village_official)
        change(household, cast, "relocation", to_village=village)
        proof = Attachment.everywhere.get(subject_id=str(delivery.uuid))
        url = f"/evidence/file/{proof.uuid}/"
        assert signed_in(official(village)).get(url).status_code == 200
        assert signed_in(cast.village_official).get(url).status_code == 404

    def test_its_gaps_are_answered_there(self, cast, household, village):
        gap = make.make_gap(household)
        answer = Answer(Resolution.EXPLAINED, "已搬迁")
        change(household, cast, "relocation", to_village=village)
        gap.refresh_from_db()
        with pytest.raises(NotAllowed):
            resolve_gap(gap.pk, answer, by=cast.village_official, version=gap.version)
        assert resolve_gap(gap.pk, answer, by=official(village), version=gap.version)


def test_a_move_leaves_its_line_in_the_trace_and_other_households_alone(cast, household):
    plan, other = make.make_plan(household), make.make_plan(make.make_household())
    change(household, cast, "relocation", to_village=make.NEXT_VILLAGE)
    moved = Change.objects.get(action="move_plan")
    assert (moved.subject_id, moved.before, moved.after) == (
        str(plan.pk), {"village": make.VILLAGE}, {"village": make.NEXT_VILLAGE},
    )  # fmt: skip
    other.refresh_from_db()
    assert (other.village_id, other.version) == (make.VILLAGE, 1)


def test_gaps_that_are_gone_stay_where_they_were(cast, household):
    gap = make.make_gap(household, gone_run=make.make_gap_run())
    change(household, cast, "relocation", to_village=make.NEXT_VILLAGE)
    assert Gap.everywhere.get(pk=gap.pk).village_id == make.VILLAGE


@pytest.mark.parametrize("column", ["amount", "day", "number"])
def test_the_database_lets_a_delivery_change_its_village_and_nothing_else(cast, household, column):
    deliver(agreed_item(household=household), 100, by=cast.village_official)
    Delivery.everywhere.update(village=make.NEXT_VILLAGE)
    with (
        pytest.raises(IntegrityError, match="fixed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE assistance_delivery SET {column} = {column} + 1")


class TestLeaving:
    """Somebody dies, leaves or founds a household of his own."""

    def test_what_he_got_nothing_of_is_stopped_and_claims_nothing(self, cast, household):
        leaver = active(household)[-1]
        item = agreed_item("PUB-POST", household, member=leaver, group_claim="post")
        stays = agreed_item("HEA-PREMIUM", household, once_claim=str(this_year()))
        change(household, cast, "death", goes=frozenset({leaver.pk}))
        item.refresh_from_db()
        assert (item.status, item.stop_reason, item.group_claim) == ("stopped", "left", "")
        assert Item.everywhere.get(pk=stays.pk).status == "agreed"
        assert Change.objects.get(action="stop_measure").origin.startswith("case:")

    def test_what_was_begun_is_ended_by_those_who_know_what_he_still_got(self, cast, household):
        leaver = active(household)[-1]
        item = agreed_item("HEA-PREMIUM", household, member=leaver, planned=Decimal(300))
        deliver(item, 100, by=cast.village_official)
        change(household, cast, "death", goes=frozenset({leaver.pk}))
        item.refresh_from_db()
        assert (item.status, item.delivered) == ("ongoing", 100)

    def test_measures_do_not_go_along_with_who_splits_off(self, cast, household):
        leaver = active(household)[-1]
        item = agreed_item("PUB-POST", household, member=leaver, group_claim="post")
        change(household, cast, "split", goes=frozenset({leaver.pk}), relations={leaver.pk: "01"})
        fresh = Household.everywhere.get(split_from=household)
        assert Item.everywhere.get(pk=item.pk).status == "stopped"
        assert agreed_item("PUB-POST", fresh, member=head_of(fresh), group_claim="post").pk

    def test_a_household_that_nobody_is_left_of_is_helped_no_more(self, cast, tree):
        alone = make.make_household(state=State.POOR)
        item = agreed_item(household=alone)
        change(alone, cast, "death", goes=frozenset({active(alone)[0].pk}))
        assert alone.state == State.CANCELLED
        item.refresh_from_db()
        assert (item.status, item.stop_reason) == ("stopped", "left")

    def test_who_joins_or_stays_keeps_everything(self, cast, household):
        item = agreed_item("PUB-POST", household, group_claim="post")
        change(household, cast, "relocation", to_village=make.NEXT_VILLAGE)
        assert Item.everywhere.get(pk=item.pk).group_claim == "post"
