"""What the register holds about the rows of a file: a few queries, however many rows they are."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from assistance.models import Item, Measure, Plan
from assistance.queries.catalogue import catalogue_of
from assistance.queries.facts import Facts, facts_of
from assistance.rules.planning import plan_years
from households.models import Household, Member
from officers.models import Officer
from teams.importing.rows import FileRow
from trail.dates import business_date
from workflow.models import Case

COUNTY_DIGITS = 6


@dataclass(frozen=True)
class Known:
    """The register, as far as a file speaks of it and the officer sees it.

    `measures` are those offered by county and year, under code and names in small letters; `last`
    is the day of the last standing delivery by item. `drafted` are household and year of the plans
    whose case is open, `unagreed` of those that nobody ever agreed on. `facts` are there for the
    years that are planned now, by year and household.
    """

    households: Mapping[str, Household] = field(default_factory=dict)
    members: Mapping[tuple[int, str], Sequence[Member]] = field(default_factory=dict)
    measures: Mapping[tuple[str, int], Mapping[str, Measure]] = field(default_factory=dict)
    items: Mapping[int, Sequence[Item]] = field(default_factory=dict)
    by_uuid: Mapping[str, Item] = field(default_factory=dict)
    last: Mapping[int, date] = field(default_factory=dict)
    drafted: frozenset[tuple[int, int]] = frozenset()
    unagreed: frozenset[tuple[int, int]] = frozenset()
    facts: Mapping[int, Mapping[int, Facts]] = field(default_factory=dict)

    def measure(self, household: Household, year: int, text: str) -> Measure | None:
        """The measure that a cell names, by code or name in either language."""
        offered = self.measures[household.village_id[:COUNTY_DIGITS], year]
        return offered.get(text.strip().lower())


def household_keys(rows: Iterable[FileRow], by: Officer) -> list[int]:
    """The keys of the households that rows name within the officer's posting, in their order."""
    numbers = {row.values["household_number"] for row in rows if "household_number" in row.values}
    found = Household.objects.visible_to(by).standing().filter(number__in=numbers)
    return sorted(found.values_list("pk", flat=True))


def known_about(rows: Sequence[FileRow], *, by: Officer) -> Known:
    """What the register holds of these rows."""
    households = list(Household.everywhere.filter(pk__in=household_keys(rows, by)))
    keys = [one.pk for one in households]
    members: dict[tuple[int, str], list[Member]] = {}
    for one in Member.objects.filter(household__in=keys, withdrawn_at=None).order_by("pk"):
        members.setdefault((one.household_id, one.person_number), []).append(one)
    items: dict[int, list[Item]] = {}
    found = Item.everywhere.standing().filter(household__in=keys).order_by("pk")
    for item in found.select_related("plan", "measure", "member", "household"):
        items.setdefault(item.household_id or 0, []).append(item)
    own = [item for some in items.values() for item in some]
    today = business_date()
    years = {row.values["year"] for row in rows if "year" in row.values} & {*plan_years(today)}
    among = Household.everywhere.filter(pk__in=keys)
    return Known(
        households={one.number: one for one in households},
        members=members,
        measures=_measures(rows, households),
        items=items,
        by_uuid={str(item.uuid): item for item in own},
        last=_last_days(own),
        drafted=_drafted(keys),
        unagreed=_unagreed(keys),
        facts={year: facts_of(among, year=year, today=today) for year in sorted(years)},
    )


def _measures(
    rows: Iterable[FileRow], households: Iterable[Household]
) -> dict[tuple[str, int], dict[str, Measure]]:
    years = {row.values["year"] for row in rows if "year" in row.values}
    counties = {one.village_id[:COUNTY_DIGITS] for one in households}
    found = {}
    for county in sorted(counties):
        for year in sorted(years):
            names: dict[str, Measure] = {}
            for one in catalogue_of(county, year).values():
                for text in (one.code, one.name_zh, one.name_en):
                    names.setdefault(text.lower(), one)
            found[county, year] = names
    return found


def _last_days(items: Iterable[Item]) -> dict[int, date]:
    found = Item.everywhere.filter(
        pk__in=[one.pk for one in items], deliveries__withdrawn_at=None
    ).values_list("pk", "deliveries__day")
    days: dict[int, date] = {}
    for key, day in found:
        if day is not None:
            days[key] = max(day, days.get(key, day))
    return days


def _drafted(households: Iterable[int]) -> frozenset[tuple[int, int]]:
    """Household and year of the plans whose case is open."""
    waiting = Case.everywhere.open().filter(plan_case__plan__household__in=list(households))
    plans = Plan.everywhere.filter(cases__case__in=waiting)
    return frozenset(plans.values_list("household_id", "year"))


def _unagreed(households: Iterable[int]) -> frozenset[tuple[int, int]]:
    plans = Plan.everywhere.filter(household__in=list(households), approved_on=None)
    return frozenset(plans.values_list("household_id", "year"))


def is_uuid(text: str) -> bool:
    """Whether a text is the number of a measure at all."""
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


def plain(amount: Decimal) -> str:
    """An amount as a cell has it, without decimals where there are none."""
    whole = amount == amount.to_integral_value()
    return f"{amount:.0f}" if whole else f"{amount:.2f}"
