"""Recording deliveries: what is refused at which field, when a measure is done, taking back."""

from decimal import Decimal

import pytest

from assistance.actions.delivering import Entry, add_proofs, record_delivery, withdraw_delivery
from assistance.actions.ending import Stop, finish, stop
from assistance.actions.instalments import set_instalments
from assistance.models import (
    Delivery,
    DeliverySource,
    Item,
    ItemStatus,
    Loan,
    Repayment,
    StopReason,
)
from assistance.queries.items import agreed_of, parts_of
from assistance.rules.delivering import Part, next_due
from teams.refusals import EntryRefused
from tests import factories as make
from tests.web.assistance.catalogued import version
from tests.web.assistance.delivered import agreed_item, days_from_now, deliver, head_of
from trail.dates import business_date
from trail.errors import NotAllowed, Refused, Stale
from trail.models import Change

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def village(cast):
    return cast.village_official


def now(item: Item) -> Item:
    return Item.everywhere.get(pk=item.pk)


def faults(item: Item, by, **sent) -> dict[str, str]:
    """The sentences at the fields of a refused delivery of 100 yuan today."""
    entry = Entry(**{"day": business_date(), "amount": Decimal(100)} | sent)
    with pytest.raises(EntryRefused) as refused:
        record_delivery(item.pk, entry, by=by)
    assert not Delivery.everywhere.exists()
    return dict(refused.value.faults)


def test_the_first_delivery_lets_a_measure_be_under_way(village):
    item = agreed_item()
    first = deliver(item, 400, by=village, days_ago=3)
    assert (first.number, first.village_id) == (1, item.village_id)
    item = now(item)
    assert (item.status, item.delivered, item.ended_on) == (ItemStatus.ONGOING, 400, None)


def test_the_last_of_the_planned_amount_makes_it_done_on_its_day(village):
    item = agreed_item(group_claim="house", once_claim="ever")
    deliver(item, 400, by=village, days_ago=9)
    deliver(item, 600, by=village, days_ago=2)
    item = now(item)
    assert (item.status, item.ended_on) == (ItemStatus.DONE, days_from_now(-2))
    assert (item.group_claim, item.once_claim) == ("", "ever")


def test_a_measure_that_comes_once_keeps_its_group_when_it_is_done(village):
    item = agreed_item("HOU-C", group_claim="house", once_claim="ever")
    deliver(item, 1000, by=village)
    assert (now(item).group_claim, now(item).once_claim) == ("house", "ever")


def test_more_than_was_planned_is_refused_at_the_amount(village):
    said = faults(agreed_item(), village, amount=Decimal("1000.01"))
    assert "1,000 yuan of 1,000 are left" in said["amount"]


@pytest.mark.parametrize(
    ("sent", "field", "sentence"),
    [
        ({"day": 1}, "day", "lies ahead"),
        ({"day": -101}, "day", "was agreed on"),
        ({"amount": Decimal(0)}, "amount", "more than zero"),
        ({"amount": Decimal(-5)}, "amount", "not negative"),
        ({"kind": "goods", "amount": Decimal(-5)}, "amount", "not negative"),
    ],
)
def test_an_impossible_delivery_is_refused_at_its_field(village, sent, field, sentence):
    if "day" in sent:
        sent = {"day": days_from_now(sent["day"])}
    assert sentence in faults(agreed_item(), village, **sent)[field]


def test_goods_and_services_may_be_worth_nothing_in_money(village):
    item = agreed_item(planned=Decimal(0))
    deliver(item, 0, by=village, kind="service", quantity="3 lessons")
    assert now(item).status == ItemStatus.ONGOING


@pytest.mark.parametrize("status", ["draft", "done", "stopped", "dropped"])
def test_only_an_agreed_measure_that_has_not_ended_is_delivered(village, status):
    ended = {"ended_on": days_from_now(-1)} if status in ("done", "stopped") else {}
    if status == "stopped":
        ended["stop_reason"] = StopReason.DECLINED
    agreed = {} if ended else {"agreed_on": None}
    item = agreed_item(status=status, **ended, **agreed)
    with pytest.raises(Refused) as refused:
        deliver(item, 1, by=village)
    assert refused.value.code == "not_live"


def test_a_payee_is_of_the_household(village):
    stranger = head_of(make.make_household())
    assert "of the household" in faults(agreed_item(), village, payee=stranger.pk)["payee"]


def test_nobody_is_paid_after_his_death(village):
    item = agreed_item()
    payee = head_of(item.household)
    payee.end_reason, payee.end_date = "01", days_from_now(-10)
    payee.save()
    assert "had died" in faults(item, village, payee=payee.pk)["payee"]
    deliver(item, 100, by=village, days_ago=10, payee=payee.pk)


def test_nobody_is_paid_after_he_left(village):
    item = agreed_item()
    payee = head_of(item.household)
    payee.end_reason, payee.end_date = "03", days_from_now(-10)
    payee.save()
    assert "had left" in faults(item, village, payee=payee.pk)["payee"]


def test_a_measure_of_a_dead_person_is_delivered_to_nobody(village):
    item = agreed_item("EDU-RETURN", planned=Decimal(500))
    item.member.end_reason, item.member.end_date = "01", days_from_now(-10)
    item.member.save()
    assert "had died" in faults(item, village)["payee"]


def test_a_measure_of_the_village_has_no_payee(village):
    plan = make.make_plan(village_id=make.VILLAGE, year=business_date().year)
    item = make.make_item(plan, "INF-ROAD", agreed_on=days_from_now(-100))
    payee = head_of(make.make_household())
    assert "payee" in faults(item, village, payee=payee.pk)
    deliver(item, 1000, by=village)
    assert now(item).status == ItemStatus.DONE


def test_the_same_reference_is_the_first_delivery_again(village):
    item = agreed_item()
    more = {"reference": "a-1", "source": DeliverySource.API, "voucher": " 17 "}
    first = deliver(item, 100, by=village, **more)
    assert deliver(item, 100, by=village, **more) == first
    assert now(item).delivered == 100
    assert Change.objects.get(action="record_delivery").origin == "api"


def test_the_same_reference_for_something_else_is_refused(village):
    item = agreed_item()
    deliver(item, 100, by=village, reference="a-1")
    for amount, other in ((101, item), (100, agreed_item())):
        with pytest.raises(Refused, match="another delivery under this reference") as refused:
            deliver(other, amount, by=village, reference="a-1")
        assert (refused.value.status, refused.value.code) == (409, "used_reference")


def test_the_same_reference_of_a_done_measure_is_the_first_delivery_again(village):
    item = agreed_item()
    first = deliver(item, 1000, by=village, reference="a-1")
    assert deliver(item, 1000, by=village, reference="a-1") == first


def test_another_officer_may_use_the_same_reference(cast, village):
    item = agreed_item()
    deliver(item, 100, by=village, reference="a-1")
    deliver(item, 100, by=cast.county_clerk, reference="a-1")
    assert now(item).delivered == 200


def test_a_helper_delivers_only_to_his_own_households(cast):
    own, other = agreed_item(), agreed_item()
    make.make_pairing(own.household, make.make_cadre(account=cast.helper))
    deliver(own, 100, by=cast.helper)
    with pytest.raises(NotAllowed, match="not the helper of this household"):
        deliver(other, 100, by=cast.helper)


def test_a_helper_proves_only_the_deliveries_to_his_own_households(cast, village):
    made = deliver(agreed_item(), 100, by=village)
    make.make_cadre(account=cast.helper)
    with pytest.raises(NotAllowed, match="not the helper of this household"):
        add_proofs(made.pk, [b"a photo"], by=cast.helper)


@pytest.mark.parametrize("who", ["county_approver", "reader", "province_officer"])
def test_others_deliver_nothing(cast, who):
    with pytest.raises(NotAllowed):
        deliver(agreed_item(), 100, by=getattr(cast, who))


def test_the_trace_holds_no_name_and_no_words(village):
    item = agreed_item()
    deliver(item, 100, by=village, payee=head_of(item.household).pk, note="给了陈大山")
    change = Change.objects.get(action="record_delivery")
    assert change.after["amount"] == "100"
    assert "陈" not in str(change.after)


def test_a_delivery_is_taken_back_with_a_reason_and_counts_no_more(village):
    item = agreed_item()
    one = deliver(item, 400, by=village)
    with pytest.raises(EntryRefused):
        withdraw_delivery(one.pk, " ", by=village)
    withdraw_delivery(one.pk, "付错人", by=village)
    item = now(item)
    assert (item.delivered, item.status) == (0, ItemStatus.AGREED)
    with pytest.raises(Refused, match="taken back already"):
        withdraw_delivery(one.pk, "付错人", by=village)


def test_taking_the_last_delivery_back_opens_a_measure_that_was_done(village):
    item = agreed_item("HOU-C", group_claim="house")
    deliver(item, 400, by=village)
    last = deliver(item, 600, by=village)
    withdraw_delivery(last.pk, "付错人", by=village)
    item = now(item)
    assert (item.status, item.ended_on, item.group_claim) == ("ongoing", None, "house")


def test_a_measure_is_not_opened_again_beside_another_of_its_group(village):
    item = agreed_item("SOC-DIBAO")
    deliver(item, 400, by=village)
    last = deliver(item, 600, by=village)
    agreed_item("SOC-TEKUN", item.household, group_claim="cover")
    withdraw_delivery(last.pk, "付错人", by=village)
    assert (now(item).status, now(item).delivered) == (ItemStatus.DONE, 400)


def test_a_measure_that_was_never_delivered_after_all_is_stopped(village):
    item = agreed_item("SOC-DIBAO", once_claim="2026")
    last = deliver(item, 1000, by=village)
    agreed_item("SOC-TEKUN", item.household, group_claim="cover")
    withdraw_delivery(last.pk, "付错人", by=village)
    item = now(item)
    assert (item.status, item.stop_note, item.once_claim) == ("stopped", "付错人", "")


@pytest.mark.parametrize(("settled", "status"), [(True, "agreed"), (False, "stopped")])
def test_a_measure_is_opened_again_beside_a_loan_that_is_repaid(village, settled, status):
    item = agreed_item(planned=Decimal(1000))
    item.measure = version(make.COUNTY, "IND-OWN", cap=1500, cap_basis="owed")
    item.save()
    last = deliver(item, 1000, by=village)
    ended = {"status": "stopped", "stop_reason": "other", "ended_on": business_date()}
    lent = agreed_item(household=item.household, delivered=Decimal(1000), **ended)
    loan = Loan.objects.create(
        item=lent, bank="农信社", principal=1000, rate_percent=4, subsidised_percent=100,
        purpose="养牛", drawn_on=days_from_now(-90), due_on=days_from_now(90),
    )  # fmt: skip
    if settled:
        Repayment.objects.create(loan=loan, day=business_date(), amount=1000, recorded_by=village)
    withdraw_delivery(last.pk, "付错人", by=village)
    assert now(item).status == status


def test_a_measure_is_not_opened_again_above_its_cap_nor_beside_what_replaced_it(village):
    short = agreed_item("SOC-RELIEF", planned=Decimal(15000))
    last = deliver(short, 5000, by=village, finishes=True)
    agreed_item("SOC-RELIEF", short.household, planned=Decimal(15000))
    deliver(replaced := agreed_item(), 400, by=village)
    other = deliver(replaced, 600, by=village)
    agreed_item(household=replaced.household, carried_from=replaced)
    for one in (last, other):
        withdraw_delivery(one.pk, "付错人", by=village)
    assert (now(short).status, now(replaced).status) == ("stopped", "done")


def test_others_do_not_take_a_delivery_back_but_the_township_does(cast, village):
    one = deliver(agreed_item(), 400, by=village)
    with pytest.raises(NotAllowed, match="Who recorded"):
        withdraw_delivery(one.pk, "付错人", by=cast.first_secretary)
    withdraw_delivery(one.pk, "付错人", by=cast.township_reviewer)


def test_a_measure_is_finished_with_less_than_was_planned(village):
    item = agreed_item()
    with pytest.raises(EntryRefused) as refused:
        finish(item.pk, business_date(), by=village, version=1)
    assert "Nothing was delivered" in refused.value.faults[0][1]
    deliver(item, 400, by=village, days_ago=5)
    with pytest.raises(Stale):
        finish(item.pk, business_date(), by=village, version=1)
    finish(item.pk, business_date(), by=village, version=2)
    assert (now(item).status, now(item).delivered) == (ItemStatus.DONE, 400)


def test_a_measure_is_not_finished_before_its_last_delivery(village):
    item = agreed_item()
    deliver(item, 400, by=village, days_ago=5)
    with pytest.raises(EntryRefused) as refused:
        finish(item.pk, days_from_now(-6), by=village, version=2)
    assert refused.value.faults[0][0] == "day"


def test_the_entry_of_a_delivery_can_finish_the_measure(village):
    item = agreed_item()
    deliver(item, 400, by=village, finishes=True)
    assert now(item).status == ItemStatus.DONE


def test_a_stop_has_a_reason_and_keeps_what_was_delivered(village):
    item = agreed_item(group_claim="house", once_claim="ever")
    deliver(item, 400, by=village)
    with pytest.raises(EntryRefused) as refused:
        stop(item.pk, Stop("other", business_date()), by=village, version=2)
    assert refused.value.faults[0][0] == "note"
    stop(item.pk, Stop("declined", business_date()), by=village, version=2)
    item = now(item)
    assert (item.status, item.stop_reason, item.delivered) == ("stopped", "declined", 400)
    assert (item.group_claim, item.once_claim) == ("", "ever")


def test_what_never_began_claims_nothing_when_it_is_stopped(village):
    item = agreed_item("HOU-C", group_claim="house", once_claim="ever")
    stop(item.pk, Stop("failed", business_date()), by=village, version=1)
    assert (now(item).group_claim, now(item).once_claim) == ("", "")


def test_instalments_are_filled_in_their_order(village):
    item = agreed_item()
    parts = [Part(days_from_now(-5), Decimal(300)), Part(days_from_now(30), Decimal(700))]
    set_instalments(item.pk, parts, by=village, version=1)
    assert next_due(agreed_of(now(item)), parts_of(item)).on == days_from_now(-5)
    deliver(item, 500, by=village)
    due = next_due(agreed_of(now(item)), parts_of(item))
    assert (due.on, due.amount) == (days_from_now(30), 500)


def test_instalments_that_do_not_fit_are_refused_each_at_its_field(village):
    item = agreed_item()
    parts = [
        Part(days_from_now(30), Decimal(0)),
        Part(days_from_now(30), Decimal(700)),
        Part(days_from_now(300), Decimal(400)),
    ]
    with pytest.raises(EntryRefused) as refused:
        set_instalments(item.pk, parts, by=village, version=1)
    assert [name for name, _text in refused.value.faults] == ["amount1", "due_on2", "due_on3", ""]
    assert "1,100" in refused.value.faults[-1][1]


def test_a_household_of_another_place_is_out_of_reach(village):
    item = agreed_item(household=make.make_household(make.NEXT_VILLAGE))
    with pytest.raises(NotAllowed):
        deliver(item, 100, by=village)
