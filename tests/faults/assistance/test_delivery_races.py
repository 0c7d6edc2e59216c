"""Many deliver at once: never more than was planned; two contracts at once: one of them wins."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import connections, transaction

from assistance.actions.delivering import Entry, record_delivery
from assistance.actions.ending import finish
from assistance.actions.posts import Hiring, open_contract
from assistance.models import Contract, Delivery, Item, ItemStatus
from households.models import Member
from teams.refusals import EntryRefused
from tests import factories as make
from tests.cast import Cast, hire_all
from tests.web.assistance.delivered import agreed_item, days_from_now
from trail.dates import business_date
from trail.errors import Refused

MANY, FEW, AT_ONCE = 200, 10, 10


@pytest.fixture
def cast(real_database: str) -> Cast:
    make.plant_tree()
    return hire_all()


def at_once(acts: list[Callable[[], object]]) -> list[str]:
    """Do all of them, ten at a time; "" for each that went through, else what it was told."""
    barrier = Barrier(min(AT_ONCE, len(acts)))

    def one(act: Callable[[], object]) -> str:
        try:
            barrier.wait()
            act()
        except EntryRefused as refused:
            return refused.faults[0][1]
        except Refused as refusal:
            return refusal.code
        finally:
            connections.close_all()
        return ""

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(one, acts))


def joined_from(member: Member, before: Member) -> None:
    """Let the person of a membership be the one who left another household yesterday."""
    before.end_reason, before.end_date = "08", days_from_now(-1)
    before.save()
    member.id_blind = before.id_blind
    member.save()


def test_never_more_is_delivered_than_was_planned(cast, full_counts):
    number = MANY if full_counts else FEW
    with transaction.atomic():
        item = agreed_item(planned=Decimal(100 * (number // 2)))
    entry = Entry(day=business_date(), amount=Decimal(100))
    act = lambda: record_delivery(item.pk, entry, by=cast.village_official)  # noqa: E731
    told = at_once([act] * number)
    item = Item.everywhere.get()
    assert told.count("") == number // 2
    assert item.delivered == item.planned
    assert (item.status, Delivery.everywhere.count()) == (ItemStatus.DONE, number // 2)
    numbers = set(Delivery.everywhere.values_list("number", flat=True))
    assert numbers == set(range(1, number // 2 + 1))


def test_the_same_reference_many_times_at_once_is_one_delivery(cast, full_counts):
    number = MANY if full_counts else FEW
    with transaction.atomic():
        items = [agreed_item(), agreed_item()]
    entry = Entry(day=business_date(), amount=Decimal(100), reference="a-1")

    def act(item: Item) -> Callable[[], object]:
        return lambda: record_delivery(item.pk, entry, by=cast.village_official)

    told = at_once([act(items[one % 2]) for one in range(number)])
    assert Delivery.everywhere.count() == 1
    assert (told.count(""), told.count("used_reference")) == (number // 2, number // 2)


def test_of_two_contracts_of_one_person_at_once_one_wins(cast, full_counts):
    number = MANY if full_counts else FEW
    official = cast.village_official
    for time in range(number // 2):
        with transaction.atomic():
            post = agreed_item("PUB-POST")
            other = agreed_item("PUB-POST", post.household if time % 2 else None)
            if other.member != post.member:
                joined_from(other.member, post.member)

        def act(item: Item, job: str) -> Callable[[], object]:
            hiring = Hiring("村委会", job, days_from_now(-9), days_from_now(99), Decimal(600))
            return lambda: open_contract(item.pk, hiring, by=official)

        told = at_once([act(post, "保洁员"), act(other, "护林员")])
        assert sorted(told) == ["", "double_post"]
        assert Contract.objects.filter(item__in=(post, other)).count() == 1


def test_a_delivery_and_the_end_of_a_measure_at_once_leave_it_whole(cast, full_counts):
    number = MANY if full_counts else FEW
    official = cast.village_official
    for _time in range(number // 2):
        with transaction.atomic():
            item = agreed_item()
            entry = Entry(day=business_date(), amount=Decimal(100))
        record_delivery(item.pk, entry, by=official)

        def deliver(key: int = item.pk, entry: Entry = entry) -> object:
            return record_delivery(key, entry, by=official)

        def end(key: int = item.pk) -> object:
            return finish(key, business_date(), by=official, version=2)

        told = at_once([deliver, end])
        item.refresh_from_db()
        if told[0] == "":
            assert (item.delivered, item.status) == (200, ItemStatus.ONGOING)
            assert told[1] == "item_changed"
        else:
            assert told == ["not_live", ""]
            assert (item.delivered, item.status) == (100, ItemStatus.DONE)
