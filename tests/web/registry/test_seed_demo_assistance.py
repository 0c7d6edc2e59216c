"""Made-up help: shares near those of the census, some of it late, the same for a seed."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from hashlib import sha256

import pytest
from django.db import connection, transaction
from django.db.models import Count, F, Q, Sum

from assistance.models import (
    Beneficiary,
    Contract,
    Course,
    Delivery,
    Distribution,
    Instalment,
    Item,
    ItemStatus,
    Loan,
    Move,
    Plan,
)
from assistance.queries.effect import Asked, figures
from assistance.queries.items import begun_of
from assistance.queries.sheets import judge_all
from assistance.rules.delivering import claims_kept
from divisions.models import Division
from officers.models import Officer
from registry.demo import seeding
from registry.demo.accounts import COUNTY, VILLAGE, open_accounts
from registry.demo.assistance import giving
from registry.demo.assistance.cases import begin_plans
from registry.demo.assistance.homes import homes_in
from registry.demo.blocks import Plan as Households
from registry.demo.courses import be_on
from registry.demo.places import PROVINCE, generated_places
from tests import factories as make
from trail.errors import Refused
from trail.rules import digest
from workflow.models import Case

HOUSEHOLDS, VILLAGES, SEED, TODAY = 300, 6, 2020, date(2020, 12, 10)
CENSUS = {"IND": 98.9, "EMP": 93.8, "LOAN": 37.0, "PUB": 27.6, "HEA": 99.6}

pytestmark = pytest.mark.django_db
CONTENTS = (
    """SELECT p.uuid, p.year, i.uuid, i.code, i.planned, i.delivered, i.status, i.due_on
        FROM assistance_item i JOIN assistance_plan p ON p.id = i.plan_id ORDER BY i.uuid""",
    "SELECT uuid, day, kind, amount FROM assistance_delivery ORDER BY uuid",
    "SELECT principal, drawn_on, settled_on FROM assistance_loan ORDER BY 1, 2, 3",
    "SELECT uuid, total, kept, paid_on FROM assistance_distribution ORDER BY uuid",
)


def households() -> Households:
    """Few households in as few villages as show everything."""
    small = seeding.plan_of(households=HOUSEHOLDS, years=(2020,), seed=SEED)
    places = generated_places(VILLAGES, seed=SEED)
    villages = tuple(place.code for place in places if place.level == 5)
    return replace(small, villages=villages, main_county=villages[0][:6])


def content_digest() -> str:
    found = sha256()
    with connection.cursor() as cursor:
        for query in CONTENTS:
            cursor.execute(query)
            found.update(repr(cursor.fetchall()).encode())
    return found.hexdigest()


def give() -> giving.Helped:
    return giving.give_help(seed=SEED, today=TODAY)


@pytest.fixture(scope="module", autouse=True)
def given(django_db_setup, django_db_blocker):
    """Help on the demonstration's villages, after a run that was taken back: its digest."""
    with django_db_blocker.unblock(), transaction.atomic():
        operator = Officer.objects.get(username="operator")
        seeding.seed(households(), by=operator, said=lambda line: None)
        seeding.refresh_statistics()
        open_accounts(by=operator)
        with transaction.atomic():
            give()
            first = content_digest()
            transaction.set_rollback(True)
        give()
        giving.refresh_statistics()
        connection.check_constraints()
        yield first
        transaction.set_rollback(True)


def test_the_same_seed_gives_the_same_help(given):
    assert content_digest() == given


def test_a_second_run_is_refused():
    with pytest.raises(Refused):
        give()


def test_the_shares_of_households_that_ever_got_it_are_those_of_the_census():
    found = figures(Asked(PROVINCE, 2, None), today=TODAY)
    base = sum(found.base.values())
    shares = {name: 100 * found.keys[name].households / base for name in CENSUS}
    assert shares == pytest.approx(CENSUS, abs=1.5)


def test_some_measures_are_overdue_most_are_not():
    live = Item.everywhere.live()
    overdue = live.filter(due_on__lt=TODAY).count()
    assert 0 < overdue < Item.everywhere.filter(plan__year=TODAY.year).count() / 8
    assert live.filter(due_on__gte=TODAY).exists()


def test_what_was_delivered_is_what_the_deliveries_add_up_to_and_lies_within_its_days():
    sums = Item.everywhere.annotate(found=Sum("deliveries__amount", default=Decimal(0)))
    assert not sums.exclude(found=F("delivered")).exists()
    late = Q(day__gt=TODAY) | Q(day__lt=F("item__agreed_on"))
    assert not Delivery.everywhere.filter(late).exists()


def test_instalments_add_up_to_what_is_planned():
    parts = Instalment.objects.values("item", "item__planned").annotate(found=Sum("amount"))
    assert parts
    assert all(one["found"] == one["item__planned"] for one in parts)


def test_claims_are_those_that_the_rules_leave():
    live = Item.everywhere.live().exclude(household=None).select_related("measure", "plan")
    for item in live:
        assert item.group_claim == item.measure.group
    done = Item.everywhere.filter(status=ItemStatus.DONE).exclude(household=None)
    for item in done.select_related("measure").exclude(measure__group=""):
        keeps, _turn = claims_kept(item.status, item.measure.repeats, begun_of(item))
        assert bool(item.group_claim) == keeps


def test_no_agreed_plan_of_this_year_breaks_a_cap_or_a_conflict():
    plans = Plan.everywhere.filter(year=TODAY.year, household__isnull=False)[:60]
    faults = [one for found in judge_all(list(plans)).values() for one in found.faults]
    assert [one.text for one in faults if one.field not in ("items", "helper")] == []


def test_loans_are_drawn_repaid_and_overdue():
    loans = Loan.objects.all()
    assert loans.filter(settled_on=None, due_on__lt=TODAY).exists()
    assert loans.exclude(settled_on=None).exists()
    assert not loans.exclude(item__delivered=F("principal")).exists()


def test_posts_moves_and_courses_are_kept_beside_their_measures():
    assert Contract.objects.filter(last_day__gte=TODAY).exists()
    assert Move.objects.exclude(moved_in_on=None).exists()
    certified = Course.objects.exclude(certificate="").count()
    assert 0.6 < certified / Course.objects.count() < 0.95


def test_every_village_has_works_that_serve_its_households_and_a_plant_that_shares_its_income():
    villages = set(Plan.everywhere.filter(household=None).values_list("village_id", flat=True))
    assert len(villages) == VILLAGES
    served = Beneficiary.objects.filter(item__code="INF-WATER")
    assert set(served.values_list("item__village_id", flat=True)) == villages
    assert Distribution.everywhere.standing().count() == VILLAGES


def test_a_few_households_never_got_anything():
    helped = Plan.everywhere.exclude(household=None).values("household").distinct().count()
    villages = [one.code for one in Division.objects.filter(code__startswith="9703", level=5)]
    base = len(homes_in(villages, TODAY.year, support_years=5))
    assert 0 < base - helped <= base / 100


def test_plans_of_the_clerks_county_stand_on_closed_cases_that_two_people_moved():
    cases = Case.everywhere.filter(kind="plan", division__code__startswith=COUNTY)
    plans = Plan.everywhere.filter(year=TODAY.year, village__code__startswith=COUNTY)
    assert cases.count() == plans.count()
    case = cases.prefetch_related("events").first()
    assert case.facts_hash == digest(case.facts)
    assert [event.seq for event in case.events.all()] == [*range(1, case.version + 1)]
    assert case.closed_at
    assert cases.filter(events__step="pass_on").exists()


def test_years_before_were_judged_by_the_households():
    before = Plan.everywhere.filter(year__lt=TODAY.year).exclude(household=None)
    counts = before.aggregate(all=Count("pk"), judged=Count("satisfaction"))
    assert 0.7 < counts["judged"] / counts["all"] < 0.95


def test_plans_of_this_year_stand_in_every_state_of_the_procedure(settings):
    settings.DEMO = True
    be_on(TODAY, by=Officer.objects.get(username="operator"))
    make.make_term(village=VILLAGE)
    cases = begin_plans()
    for case in cases:
        case.refresh_from_db()
    assert {case.division_id for case in cases} == {VILLAGE}
    assert [case.state for case in cases] == [
        "drafted", "signed", "returned", "drafted", "passed_on", "signed", "approved", "rejected",
        "withdrawn",
    ]  # fmt: skip
