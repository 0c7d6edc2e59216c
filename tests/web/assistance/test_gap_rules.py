"""Each rule of the policy gaps by name: a household that has the gap, and its like that has not."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from assistance.models import Beneficiary, Delivery, ItemStatus
from assistance.queries.gap_facts import standing_rules
from households.models import Household, Member
from households.rules import NOT_MET
from tests import factories as make
from tests.web.assistance.gapped import (
    AT_EASE,
    CHILD,
    YEAR,
    conditions,
    found,
    head,
    item,
    poor,
    village_item,
    watched,
)

pytestmark = pytest.mark.django_db

Case = Callable[[], tuple[Household, Household]]


def relocation() -> tuple[Household, Household]:
    one, other = poor(needs=["REL"]), poor(needs=["REL"])
    make.make_item(
        make.make_plan(other, 2017), "REL-MOVE", status=ItemStatus.DONE, ended_on=date(2017, 9, 1)
    )
    return one, other


def house() -> tuple[Household, Household]:
    one, other = poor(housing_grade="D"), poor(housing_grade="D")
    item(other, "HOU-D")
    return one, other


def ecology() -> tuple[Household, Household]:
    one, other = poor(), poor()
    conditions(one, forest_mu=Decimal(3))
    conditions(other, forest_mu=Decimal(3))
    item(other, "ECO-FOREST")
    return one, other


def education() -> tuple[Household, Household]:
    one, other = poor(), poor()
    for household in (one, other):
        make.make_member(household, relation="03", birth_date=CHILD, in_school="03")
    item(other, "EDU-BOARD", other.members.get(relation="03"))
    return one, other


def health() -> tuple[Household, Household]:
    one, other = poor(persons=2), poor(persons=2)
    for member in other.members.all():
        item(other, "HEA-PREMIUM", member)
    item(one, "HEA-PREMIUM", one.members.first())
    return one, other


def cover() -> tuple[Household, Household]:
    one, other = poor(attribute="04"), poor(attribute="06")
    item(other, "SOC-TEKUN", head(other, labour="04"))
    return one, other


def cover_disabled() -> tuple[Household, Household]:
    one, other = poor(), poor()
    head(one, health="04")
    item(other, "SOC-DISLIVE", head(other, health="04"))
    return one, other


def development() -> tuple[Household, Household]:
    one, other = poor(), poor()
    head(one, labour="01")
    head(other, labour="01")
    item(other, "IND-OWN")
    return one, other


def watched_cover() -> tuple[Household, Household]:
    one, other = make.make_household(), make.make_household()
    for household in (one, other):
        watched(household, date(2019, 12, 20))
    item(other, "SOC-RELIEF")
    return one, other


def watched_month() -> tuple[Household, Household]:
    one, other = make.make_household(), make.make_household()
    watched(one, date(2019, 11, 30))
    watched(other, date(2019, 12, 1))
    return one, other


def risk_housing() -> tuple[Household, Household]:
    one, other = poor(housing_grade="B"), poor(housing_grade="B")
    for household in (one, other):
        make.make_survey(household, YEAR, housing=NOT_MET)
    item(other, "REL-MOVE")
    return one, other


def risk_dropout() -> tuple[Household, Household]:
    one, other = poor(), poor()
    for household in (one, other):
        make.make_member(
            household,
            relation="03",
            birth_date=CHILD,
            in_school="01",
            out_of_school_reason="05",
        )
    item(other, "EDU-RETURN", other.members.get(relation="03"))
    return one, other


def risk_water() -> tuple[Household, Household]:
    one, other = poor(), poor()
    for household in (one, other):
        make.make_survey(household, YEAR, water=NOT_MET)
    works = village_item("INF-WATER")
    Beneficiary.objects.create(
        item=works, household=other, added_by=make.the_operator(), added_on=date(2019, 3, 1)
    )
    return one, other


def risk_uninsured() -> tuple[Household, Household]:
    one, other = poor(), poor()
    head(one, medical_insurance=False)
    item(other, "HEA-PREMIUM", head(other, medical_insurance=False))
    return one, other


def post_age() -> tuple[Household, Household]:
    one, other = poor(), poor()
    item(one, "PUB-POST", head(one, labour="05", birth_date=date(1949, 12, 31)))
    item(other, "PUB-POST", head(other, labour="05", birth_date=date(1950, 1, 1)))
    return one, other


def credit_extreme() -> tuple[Household, Household]:
    one, other = poor(attribute="06"), poor(attribute="04")
    item(one, "LOAN-MICRO")
    item(other, "LOAN-MICRO")
    return one, other


def not_on_register() -> tuple[Household, Household]:
    one, other = make.make_household(), poor()
    item(one, "COM-ECOM")
    item(other, "COM-ECOM")
    return one, other


def conditions_fail() -> tuple[Household, Household]:
    one, other = poor(), poor()
    item(one, "EDU-YULU", head(one, in_school="01"))
    item(other, "EDU-YULU", head(other, in_school="11"))
    return one, other


def double_post() -> tuple[Household, Household]:
    one, other = poor(), poor()
    for household, last in ((one, date(2019, 7, 1)), (other, date(2019, 6, 30))):
        person = head(household, labour="01", birth_date=AT_EASE)
        item(household, "PUB-POST", person, due_on=last)
        item(household, "ECO-RANGER", person, starts_on=date(2019, 7, 1))
    return one, other


def cover_twice() -> tuple[Household, Household]:
    one, other = poor(), poor(persons=2)
    for household, people in ((one, [head(one)] * 2), (other, other.members.all())):
        for code, person in zip(("SOC-DIBAO", "SOC-TEKUN"), people, strict=True):
            item(household, code, person)
    return one, other


def grant_twice() -> tuple[Household, Household]:
    one, other = poor(), poor()
    student = head(one, in_school="13")
    item(one, "EDU-YULU", student)
    item(one, "EDU-COLLEGE", student)
    item(other, "EDU-YULU", head(other, in_school="13"))
    return one, other


def house_twice() -> tuple[Household, Household]:
    one, other = poor(), poor()
    item(one, "HOU-C")
    item(one, "REL-MOVE")
    item(other, "HOU-C")
    item(other, "REL-MOVE", status=ItemStatus.STOPPED, stop_reason="declined", ended_on=AT_EASE)
    return one, other


def credit_twice() -> tuple[Household, Household]:
    one, other = poor(), poor()
    item(one, "LOAN-MICRO")
    item(one, "LOAN-MICRO")
    item(other, "LOAN-MICRO", due_on=date(2019, 3, 1))
    item(other, "LOAN-MICRO", starts_on=date(2019, 3, 2))
    return one, other


def same_twice() -> tuple[Household, Household]:
    one, other = poor(), poor()
    for household, code in ((one, "SOC-PENSION"), (other, "EMP-TRAIN")):
        item(household, code, head(household))
        item(household, code, head(household))
    return one, other


def ended_item() -> tuple[Household, Household]:
    one, other = poor(persons=2), poor(persons=2)
    for household, status in ((one, ItemStatus.ONGOING), (other, ItemStatus.DONE)):
        gone = household.members.get(relation="02")
        Member.objects.filter(pk=gone.pk).update(end_reason="01", end_date=date(2019, 5, 1))
        done = date(2019, 4, 1) if status == ItemStatus.DONE else None
        item(household, "SOC-DIBAO", gone, status=status, ended_on=done)
    return one, other


def ended_payee() -> tuple[Household, Household]:
    one, other = poor(persons=2), poor(persons=2)
    for household, day in ((one, date(2019, 5, 2)), (other, date(2019, 5, 1))):
        gone = household.members.get(relation="02")
        Member.objects.filter(pk=gone.pk).update(end_reason="01", end_date=date(2019, 5, 1))
        paid = item(household, "IND-LINK", delivered=Decimal(100))
        Delivery.everywhere.create(
            item=paid, village_id=household.village_id, number=1, day=day, kind="cash",
            amount=Decimal(100), payee=gone, recorded_by=make.the_operator(),
        )  # fmt: skip
    return one, other


CASES: dict[str, Case] = {
    one.__name__: one
    for one in (
        relocation, house, ecology, education, health, cover, cover_disabled, development,
        watched_cover, watched_month, risk_housing, risk_dropout, risk_water, risk_uninsured,
        post_age, credit_extreme, not_on_register, double_post, cover_twice, grant_twice,
        house_twice, credit_twice, same_twice, ended_item, ended_payee,
    )
} | {"conditions": conditions_fail}  # fmt: skip


@pytest.fixture(scope="module")
def searched(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[dict[str, tuple[set[str], set[str]]]]:
    """By rule what one search of all cases finds at the household that has it, and at the other."""
    with django_db_blocker.unblock():
        whole = transaction.atomic()
        whole.__enter__()
        make.plant_tree()
        pairs = {rule: case() for rule, case in CASES.items()}
        gaps = found()
    none: dict[str, dict[str, int]] = {}
    yield {
        rule: (set(gaps.get(one.pk, none)), set(gaps.get(other.pk, none)))
        for rule, (one, other) in pairs.items()
    }
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        whole.__exit__(None, None, None)


@pytest.mark.parametrize("rule", sorted(CASES))
def test_a_rule_names_the_household_that_has_the_gap_and_not_its_like(searched, rule):
    one, other = searched[rule]
    assert rule in one
    assert rule not in other


def test_every_rule_has_its_case():
    assert set(CASES) == set(standing_rules().by_id)
