"""Loans, posts, relocations and courses: what is refused, when their measure is done."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from assistance.actions.courses import Taught, certify, record_course
from assistance.actions.delivering import withdraw_delivery
from assistance.actions.ending import Stop, finish, stop
from assistance.actions.loans import Drawing, draw_loan, extend_loan, repay_loan
from assistance.actions.moves import Home, record_move
from assistance.actions.posts import Hiring, end_contract, open_contract
from assistance.models import Contract, Course, Delivery, Item, ItemStatus, Loan, Move
from assistance.rules.planning import months_after
from teams.refusals import EntryRefused
from tests import factories as make
from tests.web.assistance.delivered import agreed_item, days_from_now, deliver
from tests.web.assistance.test_item_page import page_of, send
from trail.dates import business_date
from trail.errors import Refused, Stale

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def village(cast):
    return cast.village_official


@pytest.fixture
def client(cast, signed_in):
    return signed_in(cast.village_official)


def now(item: Item) -> Item:
    return Item.everywhere.get(pk=item.pk)


def at(refused) -> dict[str, str]:
    return dict(refused.value.faults)


def credit(**fields) -> Item:
    return agreed_item("LOAN-MICRO", planned=Decimal(20000), **fields)


def drawing(**fields) -> Drawing:
    day = days_from_now(-90)
    known = {"drawn_on": day, "due_on": months_after(day, 36)}
    return Drawing(
        **{
            "bank": "农信社",
            "principal": Decimal(20000),
            "rate_percent": Decimal("4.35"),
            "subsidised_percent": 100,
            "purpose": "养牛",
        }
        | known
        | fields
    )


def test_drawing_a_loan_is_its_delivery_and_does_not_end_it(village):
    item = credit()
    draw_loan(item.pk, drawing(), by=village)
    assert (now(item).status, now(item).delivered) == (ItemStatus.ONGOING, 20000)
    with pytest.raises(Refused, match="drawn already"):
        draw_loan(item.pk, drawing(), by=village)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"principal": Decimal("20000.01")}, "principal"),
        ({"drawn_on": date(2100, 1, 1), "due_on": date(2100, 2, 1)}, "drawn_on"),
        ({"due_on": date(2100, 1, 1)}, "due_on"),
        ({"rate_percent": Decimal(37)}, ""),
    ],
)
def test_a_loan_beyond_its_terms_is_refused_at_its_field(village, fields, field):
    item = credit()
    with pytest.raises(EntryRefused) as refused:
        draw_loan(item.pk, replace(drawing(), **fields), by=village)
    assert field in at(refused)
    assert not Loan.objects.exists()


def test_a_loan_is_drawn_and_not_delivered(village):
    with pytest.raises(Refused, match="record the loan instead"):
        deliver(credit(), 100, by=village)


def test_the_last_repayment_settles_a_loan_and_ends_its_measure(village):
    item = credit(group_claim="credit")
    loan = draw_loan(item.pk, drawing(), by=village)
    repay_loan(item.pk, days_from_now(-10), Decimal(5000), by=village, version=1)
    with pytest.raises(EntryRefused) as refused:
        repay_loan(item.pk, business_date(), Decimal("15000.01"), by=village, version=2)
    assert "Only 15,000 yuan are owed." in at(refused)["amount"]
    with pytest.raises(Stale):
        repay_loan(item.pk, business_date(), Decimal(15000), by=village, version=1)
    repay_loan(item.pk, days_from_now(-1), Decimal(15000), by=village, version=2)
    loan.refresh_from_db()
    item = now(item)
    assert loan.settled_on == item.ended_on == days_from_now(-1)
    assert (item.status, item.group_claim) == (ItemStatus.DONE, "")


def test_a_measure_with_a_loan_to_repay_is_neither_done_nor_stopped(village):
    item = credit()
    draw_loan(item.pk, drawing(), by=village)
    with pytest.raises(EntryRefused) as refused:
        finish(item.pk, business_date(), by=village, version=2)
    assert "20,000 yuan are left" in at(refused)[""]
    with pytest.raises(EntryRefused):
        stop(item.pk, Stop("declined", business_date()), by=village, version=2)


def test_a_loan_is_extended_once_and_no_longer_than_its_term(village):
    item = credit()
    loan = draw_loan(item.pk, drawing(), by=village)
    for day in (loan.due_on, months_after(loan.due_on, 37)):
        with pytest.raises(EntryRefused) as refused:
            extend_loan(item.pk, day, "灾后", by=village, version=1)
        assert "extended_to" in at(refused)
    extend_loan(item.pk, months_after(loan.due_on, 12), "灾后", by=village, version=1)
    with pytest.raises(Refused, match="extended once"):
        extend_loan(item.pk, months_after(loan.due_on, 13), "灾后", by=village, version=2)


def test_a_loan_that_was_drawn_by_mistake_goes_with_its_delivery(village):
    item = credit()
    draw_loan(item.pk, drawing(), by=village)
    withdraw_delivery(Delivery.everywhere.get().pk, "录错", by=village)
    assert (now(item).status, Loan.objects.exists()) == (ItemStatus.AGREED, False)
    draw_loan(item.pk, drawing(), by=village)
    repay_loan(item.pk, business_date(), Decimal(1), by=village, version=1)
    with pytest.raises(Refused, match="Something was paid back"):
        withdraw_delivery(Delivery.everywhere.standing().get().pk, "录错", by=village)


def test_a_loan_is_recorded_and_repaid_on_its_pages(client):
    item = credit()
    answer = send(client, "item_loan", item, bank="农信社", purpose="养牛", rate_percent="4.35")
    assert "The loan is recorded." in answer.text
    assert "Subsidy by quarter of the loan" in answer.text
    answer = send(client, "item_loan_extend", item, extended_to="2020-01-01", reason="灾后")
    assert answer.status_code == 400
    answer = send(client, "item_loan_repay", item)
    assert "repaid on" in answer.text
    assert now(item).status == ItemStatus.DONE


def test_an_overdue_loan_says_for_how_long(village, client):
    item = credit()
    draw_loan(item.pk, drawing(due_on=days_from_now(-5)), by=village)
    assert "5 days overdue" in page_of(client, item)


def hiring(first: int = -30, last: int = 100, **fields) -> Hiring:
    known = {"starts_on": days_from_now(first), "last_day": days_from_now(last)}
    job = {"employer": "村委会", "job": "保洁员", "monthly_pay": Decimal(600)}
    return Hiring(**job | known | fields)


def born(item: Item, years: int) -> None:
    """Let the person of a measure have a birthday today, so many years after his birth."""
    item.member.birth_date = months_after(business_date(), -12 * years)
    item.member.save()


def test_a_contract_lets_a_post_be_under_way(village):
    item = agreed_item("PUB-POST")
    open_contract(item.pk, hiring(), by=village)
    assert now(item).status == ItemStatus.ONGOING


@pytest.mark.parametrize(("code", "least", "most"), [("PUB-POST", 16, 69), ("ECO-RANGER", 18, 60)])
def test_the_ages_of_the_catalogue_hold_on_each_day_of_a_contract(village, code, least, most):
    item = agreed_item(code)
    born(item, least)
    with pytest.raises(EntryRefused) as refused:
        open_contract(item.pk, hiring(-30, 30), by=village)
    assert "starts_on" in at(refused)
    born(item, most + 1)
    with pytest.raises(EntryRefused) as refused:
        open_contract(item.pk, hiring(-30, 30), by=village)
    assert list(at(refused)) == ["last_day"]
    open_contract(item.pk, hiring(-30, -1), by=village)


def test_a_contract_is_no_longer_than_the_measure_allows(village):
    item = agreed_item("PUB-POST")
    last = months_after(days_from_now(-30), 12)
    with pytest.raises(EntryRefused) as refused:
        open_contract(item.pk, hiring(last_day=last), by=village)
    assert "12 months at most" in at(refused)["last_day"]


def test_all_posts_of_a_person_count_under_the_years_that_are_allowed(village):
    item = agreed_item("PUB-POST")
    for year in (2011, 2012, 2013):
        Contract.objects.create(
            item=item, member=item.member, employer="村委会", job="保洁员", monthly_pay=500,
            starts_on=date(year, 1, 1), last_day=date(year, 12, 31),
        )  # fmt: skip
    with pytest.raises(EntryRefused) as refused:
        open_contract(item.pk, hiring(), by=village)
    assert "more than 3 years in posts" in at(refused)["last_day"]


def test_nobody_holds_two_posts_whatever_household_he_is_counted_in(village):
    item = agreed_item("PUB-POST")
    open_contract(item.pk, hiring(), by=village)
    for other in (agreed_item("ECO-RANGER", item.household), agreed_item("PUB-POST")):
        if other.household != item.household:
            item.member.end_reason, item.member.end_date = "08", days_from_now(-1)
            item.member.save()
            other.member.id_blind = item.member.id_blind
            other.member.save()
        with pytest.raises(Refused, match="保洁员 at 村委会") as refused:
            open_contract(other.pk, hiring(90, 120), by=village)
        assert refused.value.code == "double_post"
    open_contract(other.pk, hiring(-99, -31), by=village)


def test_a_post_ends_early_with_a_reason(village):
    item = agreed_item("PUB-POST")
    contract = open_contract(item.pk, hiring(), by=village)
    with pytest.raises(EntryRefused) as refused:
        stop(item.pk, Stop("declined", business_date()), by=village, version=2)
    assert "A post runs until" in at(refused)["day"]
    for day, reason in ((days_from_now(100), "外出务工"), (days_from_now(0), " ")):
        with pytest.raises(EntryRefused):
            end_contract(contract.pk, day, reason, by=village, version=1)
    end_contract(contract.pk, business_date(), "外出务工", by=village, version=1)
    stop(item.pk, Stop("declined", business_date()), by=village, version=3)


def test_a_contract_that_has_not_begun_is_dropped(village):
    item = agreed_item("PUB-POST")
    contract = open_contract(item.pk, hiring(10, 60), by=village)
    assert now(item).status == ItemStatus.AGREED
    assert end_contract(contract.pk, days_from_now(10), "不来", by=village, version=1) is None
    assert not Contract.objects.exists()


def test_a_contract_is_recorded_and_ended_on_its_pages(client):
    item = agreed_item("PUB-POST")
    answer = send(client, "item_contract", item, employer="村委会", job="保洁员", monthly_pay="600")
    assert "The contract is recorded." in answer.text
    contract = Contract.objects.get()
    answer = send(client, "item_contract_end", item, contract.pk, reason="外出务工")
    assert "The contract is ended." in answer.text
    other = agreed_item("PUB-POST")
    path = reverse("assistance:item_contract_end", args=[other.uuid, contract.pk])
    assert client.get(path).status_code == 404


def test_a_double_post_is_refused_on_the_page_and_keeps_what_was_typed(village, client):
    item = agreed_item("PUB-POST")
    open_contract(item.pk, hiring(), by=village)
    answer = send(client, "item_contract", item, employer="林场", job="护林员", monthly_pay="600")
    assert answer.status_code == 409
    assert "This person has a post already" in answer.text
    assert 'value="护林员"' in answer.text


def home(**fields) -> Home:
    known = {"site": "安置点", "area_m2": Decimal(50), "persons": 2, "own_debt": Decimal(10000)}
    return Home(**known | fields)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"area_m2": Decimal("50.01")}, "area_m2"),
        ({"persons": 3}, "persons"),
        ({"own_debt": Decimal("10000.01")}, "own_debt"),
        ({"moved_in_on": date(2100, 1, 1)}, "moved_in_on"),
        ({"old_house_gone_on": date(2020, 1, 1)}, "moved_in_on"),
    ],
)
def test_a_relocation_beyond_its_limits_is_refused_at_its_field(village, fields, field):
    item = agreed_item("REL-MOVE")
    with pytest.raises(EntryRefused) as refused:
        record_move(item.pk, home(**fields), by=village, version=0)
    assert list(at(refused)) == [field]


def test_a_relocation_is_done_when_the_old_house_is_gone(village):
    item = agreed_item("REL-MOVE")
    record_move(item.pk, home(), by=village, version=0)
    deliver(item, 1000, by=village, days_ago=20)
    with pytest.raises(EntryRefused) as refused:
        finish(item.pk, business_date(), by=village, version=3)
    assert "not moved in" in at(refused)[""]
    moved = home(moved_in_on=days_from_now(-10))
    record_move(item.pk, moved, by=village, version=1)
    with pytest.raises(EntryRefused) as refused:
        finish(item.pk, business_date(), by=village, version=4)
    assert "old house still stands" in at(refused)[""]
    with pytest.raises(Stale):
        record_move(item.pk, moved, by=village, version=1)
    gone = replace(moved, old_house_gone_on=days_from_now(-2))
    record_move(item.pk, gone, by=village, version=2)
    assert (now(item).status, now(item).ended_on) == (ItemStatus.DONE, days_from_now(-2))


def test_a_relocation_is_recorded_on_its_page(client):
    item = agreed_item("REL-MOVE")
    answer = send(client, "item_move", item, site="安置点", area_m2="50", persons="2")
    assert "The relocation is recorded." in answer.text
    answer = send(client, "item_move", item, moved_in_on=days_from_now(-3).isoformat())
    assert Move.objects.get().moved_in_on == days_from_now(-3)


def test_a_course_ends_with_a_certificate(village):
    item = agreed_item("EMP-TRAIN")
    taught = Taught("焊工", days_from_now(-20), days_from_now(-10))
    record_course(item.pk, taught, by=village, version=0)
    with pytest.raises(EntryRefused) as refused:
        certify(item.pk, "焊工证", days_from_now(-11), by=village, version=1)
    assert "certified_on" in at(refused)
    deliver(item, 1000, by=village)
    assert now(item).status == ItemStatus.DONE
    certify(item.pk, "焊工证", days_from_now(-9), by=village, version=1)
    assert Course.objects.get().certificate == "焊工证"


@pytest.mark.parametrize(
    ("first", "last", "field"), [(-5, -6, "last_day"), (1, 5, "first_day"), (-101, -5, "first_day")]
)
def test_impossible_days_of_a_course_are_refused(village, first, last, field):
    item = agreed_item("EMP-TRAIN")
    taught = Taught("焊工", days_from_now(first), days_from_now(last))
    with pytest.raises(EntryRefused) as refused:
        record_course(item.pk, taught, by=village, version=0)
    assert field in at(refused)


def test_a_measure_is_not_done_while_its_course_runs(village):
    item = agreed_item("EMP-TRAIN")
    record_course(
        item.pk, Taught("焊工", days_from_now(-5), days_from_now(5)), by=village, version=0
    )
    deliver(item, 1000, by=village)
    assert now(item).status == ItemStatus.ONGOING


def test_a_course_and_its_certificate_are_recorded_on_their_pages(client):
    item = agreed_item("EMP-TRAIN")
    days = {"first_day": days_from_now(-9).isoformat(), "last_day": days_from_now(-2).isoformat()}
    answer = send(client, "item_course", item, subject="焊工", **days)
    assert "The course is recorded." in answer.text
    answer = send(client, "item_certificate", item, certificate="焊工证")
    assert "焊工证" in answer.text


@pytest.mark.parametrize(
    "act",
    [
        lambda item, by: draw_loan(item.pk, drawing(), by=by),
        lambda item, by: open_contract(item.pk, hiring(), by=by),
        lambda item, by: record_move(item.pk, home(), by=by, version=0),
        lambda item, by: record_course(
            item.pk, Taught("焊工", days_from_now(-5), days_from_now(-1)), by=by, version=0
        ),
        lambda item, by: certify(item.pk, "焊工证", days_from_now(-1), by=by, version=1),
        lambda item, by: repay_loan(item.pk, days_from_now(-1), Decimal(1), by=by, version=1),
    ],
    ids=["loan", "contract", "move", "course", "certificate", "repayment"],
)
def test_what_does_not_belong_to_a_measure_is_refused(village, act):
    with pytest.raises(Refused) as refused:
        act(agreed_item("IND-OWN"), village)
    assert refused.value.status == 409


def test_a_measure_out_of_reach_has_no_pages_of_loans_and_posts(cast, signed_in):
    household = make.make_household(make.OTHER_COUNTY_VILLAGE)
    item = agreed_item("LOAN-MICRO", household)
    client = signed_in(cast.county_clerk)
    for route in ("item_loan", "item_contract", "item_move", "item_course"):
        assert client.get(reverse(f"assistance:{route}", args=[item.uuid])).status_code == 404
