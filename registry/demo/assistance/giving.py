"""Giving help to the households of the demonstration: one transaction, table by table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from random import Random
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from assistance.models import (
    Beneficiary,
    Delivery,
    DeliverySource,
    Item,
    ItemStatus,
    Loan,
    Measure,
    Origin,
    Plan,
)
from assistance.models.plans import GOAL_FIELD
from assistance.models.villages import Distribution
from assistance.queries.catalogue import catalogue_of
from assistance.rules.delivering import Begun, claims_kept
from assistance.rules.measures import Repeats, Source
from assistance.rules.planning import claims_of
from divisions.models import Division, Level
from exits.models import Tracking
from households.importing.copying import hex_text
from officers.models import Officer, Posting
from officers.rules import Role
from registry.demo.accounts import COUNTY
from registry.demo.assistance.helps import KINDS, Help, Moved, Post, Taken
from registry.demo.assistance.helps import Loan as Lent
from registry.demo.assistance.homes import Home, homes_in
from registry.demo.assistance.households import Planner
from registry.demo.assistance.procedures import Agreed, Clerk, Hands
from registry.demo.assistance.quotas import draw_quotas, waiting_of
from registry.demo.assistance.villages import Builder, Shared, VillageHelp
from registry.demo.assistance.writing import Tables, ids, moment, uuid_of
from registry.demo.foreign import OPERATOR
from registry.demo.places import PROVINCE
from registry.demo.seeding import FIRST_GENERATED, PAST_GENERATED
from registry.demo.teams.sending import MOST_ALIVE
from teams.models import Pairing
from trail.actions import record
from trail.errors import Refused
from trail.sealing import seal
from workflow.models import Case
from workflow.parameters import (
    PAIRING_SUPPORT_YEARS,
    PLAN_COUNTY_AMOUNT,
    PLAN_VILLAGE_COUNTY_AMOUNT,
)
from workflow.queries import parameter

GOALS = (
    "稳定外出务工收入，发展种养产业，人均纯收入超过当年标准，“两不愁三保障”全部达标。",
    "巩固产业收入，落实教育、医疗保障政策，年内实现稳定脱贫。",
    "落实兜底保障政策，保障基本生活，住房、饮水安全。",
    "引导参与公益性岗位和合作社分红，增加家庭稳定收入。",
)
BANKS, PURPOSES = ("农村信用社", "邮政储蓄银行"), ("购买母牛", "种植中药材", "扩建羊圈")
JOBS, SUBJECTS = ("保洁员", "护路员", "护理员"), ("中式烹调", "家政服务", "砌筑工", "电商基础")
RATE, SUBSIDY = Decimal("4.35"), 100
SATISFIED = (3, 4, 4, 4, 5, 5, 5, 5)
EVALUATED = 0.85
YES = True


@dataclass(frozen=True)
class Helped:
    """How many rows a run wrote."""

    plans: int
    items: int
    deliveries: int


def is_given() -> bool:
    """Whether the made-up villages have plans already."""
    made = {"village_id__gte": FIRST_GENERATED, "village_id__lt": PAST_GENERATED}
    return Plan.everywhere.filter(**made).exists()


@transaction.atomic
def give_help(*, seed: int, today: date) -> Helped:
    """Plans and what came of them, as they stand on `today`.

    In a large register the clerk's county alone is helped. Refused when plans are there already.
    """
    if is_given():
        raise Refused(_("The demo plans are here already."), code="seeded")
    return Run(seed, today).give()


def refresh_statistics() -> None:
    """Let the planner know the new rows."""
    with connection.cursor() as cursor:
        for model in (Plan, Item, Delivery, Beneficiary):
            cursor.execute(f"ANALYZE {model._meta.db_table}")


class Run:
    """One run: what is drawn, in its order, and the rows that it makes."""

    def __init__(self, seed: int, today: date):
        self.random = Random(seed * 1000 + 11)  # noqa: S311 - made-up help, nothing secret
        self.today = today
        self.tables = Tables()
        self.plan_ids, self.item_ids, self.loan_ids = ids(Plan), ids(Item), ids(Loan)
        self.distribution_ids = ids(Distribution)
        self.operator = Officer.objects.get(username=OPERATOR)
        self.hands = _hands(self.operator)
        self.clerk = Clerk(self.tables, ids(Case))
        villages = _villages()
        is_small = len(villages) <= MOST_ALIVE
        self.villages = villages if is_small else [one for one in villages if one[:6] == COUNTY]

    def give(self) -> Helped:
        """Everything, in the order of the tables."""
        support = parameter(PAIRING_SUPPORT_YEARS, COUNTY, self.today.year)
        homes = homes_in(self.villages, self.today.year, support_years=support)
        self._pair(homes)
        waiting = waiting_of(homes)
        signed = set(Tracking.everywhere.values_list("household", flat=True))
        quotas = draw_quotas(self.random, homes, self.today, waiting=waiting, signed=signed)
        planner = Planner(self.random, quotas, self.today)
        builder = Builder(self.random, self.today)
        by_village: dict[str, list[Home]] = {village: [] for village in self.villages}
        for home in homes:
            by_village[home.village].append(home)
        for village, own in by_village.items():
            for year, found in builder.plans(own).items():
                self._plan_village(village, year, found)
            for home in own:
                for year, helps in planner.plans(home, waits=home.pk in waiting).items():
                    self._plan_home(home, year, helps)
        self.tables.write()
        helped = Helped(*(len(one.rows) for one in (
            self.tables.plans, self.tables.items, self.tables.deliveries)))  # fmt: skip
        record(
            by=self.operator, action="seed_help", subject=Division.objects.get(pk=PROVINCE),
            division=PROVINCE, after={"plans": helped.plans, "measures": helped.items},
        )  # fmt: skip
        return helped

    def _pair(self, homes: Sequence[Home]) -> None:
        found = Pairing.everywhere.in_force(self.today).filter(village__in=self.villages)
        helpers = dict(found.values_list("household_id", "cadre_id"))
        for home in homes:
            home.helper = helpers.get(home.pk)

    def _plan_home(self, home: Home, year: int, helps: Sequence[Help]) -> None:
        on = max(one.agreed_on for one in helps)
        plan, identity, goal = self._plan(home.village, home.pk, home.helper, year, on)
        items = [self._item(plan, home.village, home.pk, home.helper, year, one) for one in helps]
        for item, _measure, one in items:
            self._extra(item, home.village, one)
        if year == self.today.year and home.village.startswith(COUNTY):
            most = int(_parameter(PLAN_COUNTY_AMOUNT, home.village[:6], year))
            agreed = Agreed(plan, identity, home.village, home.number, year, goal, home.helper,
                            items, on)  # fmt: skip
            self.clerk.file(agreed, self.hands(home.village), most)

    def _plan_village(self, village: str, year: int, found: Sequence[VillageHelp]) -> None:
        on = max(one.help.agreed_on for one in found)
        plan, identity, goal = self._plan(village, None, None, year, on)
        items = []
        for one in found:
            row = self._item(plan, village, None, None, year, one.help)
            items.append(row)
            self._serve(row[0], village, one)
        if year == self.today.year and village.startswith(COUNTY):
            most = int(_parameter(PLAN_VILLAGE_COUNTY_AMOUNT, village[:6], year))
            agreed = Agreed(plan, identity, village, village, year, goal, None, items, on)
            self.clerk.file(agreed, self.hands(village), most)

    def _plan(
        self, village: str, home: int | None, helper: int | None, year: int, on: date
    ) -> tuple[int, str, bytes]:
        """The row of a plan that was approved on a day: key, uuid, sealed goal."""
        random, key, row = self.random, next(self.plan_ids), uuid_of(self.random)
        goal = seal(random.choice(GOALS), field=GOAL_FIELD, row=row)
        planner = self.hands(village).planner
        is_judged = home is not None and year < self.today.year and random.random() < EVALUATED
        signed = on - timedelta(days=6)
        self.tables.plans.add(
            key, row, village, home, year, hex_text(goal), None, helper, signed, signed, "slip",
            on, date(year, 12, 20) if is_judged else None, planner.pk if is_judged else None,
            random.choice(SATISFIED) if is_judged else None, planner.pk, moment(signed), 1,
        )  # fmt: skip
        return key, str(row), goal

    def _item(
        self, plan: int, village: str, home: int | None, helper: int | None, year: int, one: Help
    ) -> tuple[int, int, Help]:
        """The row of a measure with its deliveries and instalments: key, key of its version."""
        key, measure = next(self.item_ids), _offered(village[:6], year)[one.code]
        kind = KINDS.get(one.code)
        group, once = self._claims(one, measure, home, year)
        self.tables.items.add(
            key, uuid_of(self.random), plan, village, home, one.person, measure.pk, one.code,
            measure.category, measure.unit, kind.content if kind else "", one.planned,
            one.delivered, kind.source if kind else Source.INTEGRATED, helper, one.starts_on,
            one.due_on, one.status, Origin.RECOMMENDED, "{}", YES, group, once, one.agreed_on,
            one.ended_on, one.stop or "", "", 1 + len(one.given),
        )  # fmt: skip
        recorder = self.hands(village).planner.pk
        for number, part in enumerate(one.given, start=1):
            self.tables.deliveries.add(
                uuid_of(self.random), key, village, number, part.day, part.how, part.amount,
                part.quantity, part.payee, "", "", DeliverySource.PAGE, "", recorder,
                moment(part.day), "",
            )  # fmt: skip
        for number, (due_on, amount) in enumerate(one.instalments, start=1):
            self.tables.instalments.add(key, number, due_on, amount)
        return key, measure.pk, one

    def _claims(self, one: Help, measure: Measure, home: int | None, year: int) -> tuple[str, str]:
        group, once = claims_of(measure.terms, year)
        if one.status not in (ItemStatus.DONE, ItemStatus.STOPPED):
            return group, once
        begun = Begun(deliveries=len(one.given))
        keeps_group, keeps_turn = claims_kept(one.status, Repeats(measure.repeats), begun)
        return group if keeps_group else "", once if keeps_turn else ""

    def _extra(self, item: int, village: str, one: Help) -> None:
        """What is kept of a measure beside its deliveries."""
        random, found = self.random, one.extra
        if isinstance(found, Lent):
            self._loan(item, village, one, found)
        elif isinstance(found, Post):
            self.tables.contracts.add(
                item, one.person, "村民委员会", random.choice(JOBS), found.starts_on,
                found.last_day, found.pay, "", 1,
            )  # fmt: skip
        elif isinstance(found, Moved):
            self.tables.moves.add(
                item, "乡镇集中安置点", 25 * found.persons, found.persons,
                random.choice([0, 3000, 8000]), found.moved_in_on, found.old_house_gone_on, 1,
            )  # fmt: skip
        elif isinstance(found, Taken):
            number = f"{found.last_day:%Y}-{item:07d}" if found.certified_on else ""
            self.tables.courses.add(
                item, random.choice(SUBJECTS), found.first_day, found.last_day, number,
                found.certified_on, 1,
            )  # fmt: skip

    def _loan(self, item: int, village: str, one: Help, lent: Lent) -> None:
        loan, settled = next(self.loan_ids), None
        if lent.repaid and sum(amount for _day, amount in lent.repaid) == one.planned:
            settled = lent.repaid[-1][0]
        self.tables.loans.add(
            loan, item, self.random.choice(BANKS), one.planned, RATE, SUBSIDY,
            self.random.choice(PURPOSES), lent.drawn_on, lent.due_on, settled,
            1 + len(lent.repaid),
        )  # fmt: skip
        recorder = self.hands(village).planner.pk
        for day, amount in lent.repaid:
            self.tables.repayments.add(loan, day, amount, recorder)

    def _serve(self, item: int, village: str, one: VillageHelp) -> None:
        recorder = self.hands(village).planner.pk
        for household, share in one.served:
            self.tables.beneficiaries.add(item, household, share, recorder, one.since)
        for shared in one.income:
            self._share_out(item, village, shared, recorder)

    def _share_out(self, item: int, village: str, shared: Shared, recorder: int) -> None:
        key = next(self.distribution_ids)
        self.tables.distributions.add(
            key, uuid_of(self.random), item, village, shared.year, shared.total, shared.kept,
            shared.decided_on, shared.paid_on, "", recorder, "",
        )  # fmt: skip
        for household, kind, amount in shared.parts:
            self.tables.transfers.add(key, household, kind, amount)


@cache
def _offered(county: str, year: int) -> dict[str, Measure]:
    return catalogue_of(county, year)


@cache
def _parameter(key: str, county: str, year: int) -> Any:
    return parameter(key, county, year)


def _villages() -> list[str]:
    made = Division.objects.filter(
        level=Level.VILLAGE, code__gte=FIRST_GENERATED, code__lt=PAST_GENERATED
    )
    return list(made.order_by("code").values_list("code", flat=True))


def _hands(operator: Officer) -> Any:
    """Who acts in a village; the operator where nobody is posted."""
    roles = (Role.TEAM_MEMBER, Role.TOWNSHIP_REVIEWER, Role.COUNTY_APPROVER)
    found: dict[str, Officer] = {}
    for posting in Posting.objects.filter(role__in=roles).select_related("officer").order_by("pk"):
        found.setdefault(posting.division_id, posting.officer.act_as(posting))

    @cache
    def hands(village: str) -> Hands:
        return Hands(*(found.get(place, operator) for place in (village, village[:9], village[:6])))

    return hands
