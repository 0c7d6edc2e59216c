"""The measures of villages: which, how far, whom they serve with which share."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum

from assistance.models import Beneficiary, Item, ItemStatus
from assistance.models.plans import ItemQuerySet
from assistance.queries.own import own_households
from assistance.rights import PLAN_READERS
from assistance.rules.distributing import Claim
from households.models import Household, Member
from households.models.members import HEAD
from households.rights import reads_names, shown_count
from households.rules import ON_REGISTER, State, fen
from officers.models import Officer
from officers.rules import Role

PAGE_ROWS = 50
FULL_LABOUR = ("01", "02")
NOT_IN_SCHOOL = ("", "01")
SERVED_STATES = (*ON_REGISTER, State.EXITED)
KEPT_STATUSES = (ItemStatus.AGREED, ItemStatus.ONGOING, ItemStatus.DONE)
"""Measures that households can be written down for."""


def village_items(officer: Officer) -> ItemQuerySet:
    """The measures of villages in the officer's scope that stand in a plan."""
    return Item.objects.visible_to(officer).standing().filter(household=None)


@dataclass(frozen=True)
class Wanted:
    """Which measures a list shows: at or below a place, of one plan year, of one kind; or all."""

    division: str
    year: int | None = None
    code: str = ""


@dataclass(frozen=True)
class Row:
    """A measure of a village; `served` is how many households, as the role may see it.

    `shares` is what their shares add up to; None where that would tell of few.
    """

    item: Item
    served: str
    shares: Decimal | None


@dataclass(frozen=True)
class Kind:
    """How many measures of one kind, what they are to cost and what is delivered, in yuan."""

    code: str
    name: str
    number: int
    planned: Decimal
    delivered: Decimal


@dataclass(frozen=True)
class Page:
    """One page of a list with the kinds of all its measures; `number` counts from 1."""

    rows: list[Row]
    kinds: list[Kind]
    count: int
    number: int

    @property
    def has_next(self) -> bool:
        """Whether more follow."""
        return self.number * PAGE_ROWS < self.count


def village_page(officer: Officer, wanted: Wanted, *, number: int) -> Page:
    """A page of the measures by village, the latest year first. Two queries."""
    found = village_items(officer).within(wanted.division)
    if wanted.year:
        found = found.filter(plan__year=wanted.year)
    kinds = kinds_of(found)
    if wanted.code:
        found = found.filter(code=wanted.code)
    start = (number - 1) * PAGE_ROWS
    live = Q(beneficiaries__ended_on=None)
    listed = found.select_related("village__parent", "measure", "plan").annotate(
        served=Count("beneficiaries", filter=live), shares=Sum("beneficiaries__share", filter=live)
    )
    rows = listed.order_by("village_id", "-plan__year", "measure__order", "pk")
    return Page(
        rows=[_row(officer, one) for one in rows[start : start + PAGE_ROWS]],
        kinds=kinds,
        count=sum(one.number for one in kinds if wanted.code in ("", one.code)),
        number=number,
    )


def _row(officer: Officer, item: Item) -> Row:
    served: int = item.served  # type: ignore[attr-defined]
    shares: Decimal | None = item.shares  # type: ignore[attr-defined]
    shown = shown_count(officer, served)
    return Row(item, shown, shares if shown == f"{served:,}" else None)


def kinds_of(found: QuerySet[Item]) -> list[Kind]:
    """The measures by their code, in the order of the catalogue."""
    sums = (
        found.order_by()
        .values("code")
        .annotate(number=Count("pk"), planned=Sum("planned"), delivered=Sum("delivered"))
    )
    by_code = {one["code"]: one for one in sums}
    latest = found.order_by("code", "-measure_id").distinct("code").select_related("measure")
    measures = sorted((one.measure for one in latest), key=lambda one: (one.order, one.code))
    return [
        Kind(
            measure.code,
            measure.name,
            by_code[measure.code]["number"],
            by_code[measure.code]["planned"],
            by_code[measure.code]["delivered"],
        )
        for measure in measures
    ]


@dataclass(frozen=True)
class Served:
    """A household that a measure serves, with its head and what decides about its part."""

    beneficiary: Beneficiary
    household: Household
    head: str
    claim: Claim


def reads_served(officer: Officer) -> bool:
    """Whether the acting role reads which households a measure serves."""
    return officer.acting_role in PLAN_READERS and reads_names(officer)


def served_by(officer: Officer, item: Item) -> list[Served]:
    """The live beneficiaries of a measure by household number, for who reads names; two queries.

    A helper reads of those households that he answers for today.
    """
    if not reads_served(officer):
        return []
    live = live_beneficiaries(item)
    if officer.acting_role == Role.HELPER:
        live = live.filter(household__in=own_households(officer))
    return _with_claims(live)


def live_beneficiaries(item: Item) -> QuerySet[Beneficiary]:
    """Who is served now, by household number, with the households."""
    found = Beneficiary.objects.filter(item=item, ended_on=None)
    return found.select_related("household").order_by("household__number")


def all_served(item: Item) -> list[Served]:
    """The live beneficiaries of a measure by household number, whoever asks; for actions."""
    return _with_claims(live_beneficiaries(item))


def _with_claims(live: Iterable[Beneficiary]) -> list[Served]:
    rows = list(live)
    people = people_of([one.household_id for one in rows])
    found = []
    for one in rows:
        known = people.get(one.household_id, NOBODY)
        share = fen(one.share) if one.share else 0
        claim = Claim(one.household_id, share, known.persons, known.workers)
        found.append(Served(one, one.household, known.head, claim))
    return found


@dataclass(frozen=True)
class People:
    """The head of a household by key and name, how many persons, how many able to work fully."""

    head_id: int | None
    head: str
    persons: int
    workers: int


NOBODY = People(None, "", 0, 0)


def people_of(households: Iterable[int]) -> dict[int, People]:
    """The active members of households in short; one query."""
    members = Member.objects.active().filter(household__in=list(households))
    found: dict[int, People] = {}
    for household, key, name, relation, labour, in_school in members.values_list(
        "household_id", "pk", "name", "relation", "labour", "in_school"
    ):
        before = found.get(household, NOBODY)
        is_head = relation == HEAD
        found[household] = People(
            key if is_head else before.head_id,
            name if is_head else before.head,
            before.persons + 1,
            before.workers + (labour in FULL_LABOUR and in_school in NOT_IN_SCHOOL),
        )
    return found


@dataclass(frozen=True)
class Candidate:
    """A household of the village that the measure does not serve yet."""

    household: Household
    head: str


def candidates_of(item: Item) -> list[Candidate]:
    """The registered and exited households of the village that the measure does not serve."""
    served = Beneficiary.objects.filter(item=item, ended_on=None).values("household_id")
    standing = Household.everywhere.standing().filter(village=item.village_id)
    rows = list(standing.filter(state__in=SERVED_STATES).exclude(pk__in=served).order_by("number"))
    people = people_of([one.pk for one in rows])
    return [Candidate(one, people.get(one.pk, NOBODY).head) for one in rows]


def ended_benefits(item: Item) -> int:
    """How many households were served once and are no longer."""
    return Beneficiary.objects.filter(item=item, ended_on__isnull=False).count()
