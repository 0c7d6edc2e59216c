"""What the register list shows: filter, search, pages of households with their last two years."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Min, Prefetch, Q, Sum

from households.identity import InvalidNumber, read_identity
from households.models import Household, Member, Survey, VillageCount
from households.models.households import HouseholdQuerySet
from households.models.members import HEAD, PERSON_FIELD
from households.names import query_token
from households.rights import masked_name, reads_households, reads_names
from households.rules import EXPENSE, INCOMES, per_capita_fen
from officers.models import Officer
from trail.sealing import blind

PAGE_ROWS = 50
COUNT_CAP = 10_000
Place = tuple[str, int]


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to; an empty value does not narrow. `term` is a search term."""

    division: str = ""
    state: int | None = None
    cause: str = ""
    term: str = ""


@dataclass(frozen=True)
class YearIncome:
    """Net income per person of one year in fen; None while a figure is unknown."""

    year: int
    per_capita_fen: int | None


@dataclass(frozen=True)
class Row:
    household: Household
    head: str
    people: int
    earlier: int | None
    latest: int | None


@dataclass(frozen=True)
class Counted:
    """A count of the summary, and when it was taken."""

    households: int
    at: datetime


@dataclass(frozen=True)
class RegisterPage:
    """One page; `years` are the two that its last columns show, `count` stops at COUNT_CAP + 1.

    Where it stopped, `summary` is the last count of the whole, if there is one.
    """

    rows: list[Row]
    years: tuple[int, int] | None
    count: int
    summary: Counted | None
    previous: Place | None
    next: Place | None

    @property
    def is_capped(self) -> bool:
        return self.count > COUNT_CAP


def visible_households(officer: Officer) -> HouseholdQuerySet:
    """Standing households within the officer's posting, none for a role that sees none."""
    if not reads_households(officer):
        return Household.objects.visible_to(officer).none()
    return Household.objects.visible_to(officer).standing()


def with_people(found: HouseholdQuerySet) -> HouseholdQuerySet:
    """The households, each with `people`: its active members, the head first, in two queries."""
    active = Member.objects.active().order_by("relation", "pk")
    return found.defer("search").prefetch_related(
        Prefetch("members", queryset=active, to_attr="people")
    )


def found_by(officer: Officer, wanted: Wanted, *, today: date) -> HouseholdQuerySet:
    """The households that the list is narrowed to, in no order yet."""
    found = visible_households(officer)
    if wanted.division:
        found = found.within(wanted.division)
    if wanted.state is not None:
        found = found.filter(state=wanted.state)
    if wanted.cause:
        found = found.filter(main_cause=wanted.cause)
    if wanted.term:
        found = found.filter(matching(wanted.term, officer, today=today))
    return found


def matching(term: str, officer: Officer, *, today: date) -> Q:
    """The condition of one search: exact ID number, household number, name, pinyin or initials.

    Only an officer who may see names finds by name or ID. A name counts from its first two
    characters on and up to its sixth; pinyin and initials are whole words.
    """
    by_number = Q(number=term)
    if not reads_names(officer):
        return by_number
    try:
        person = read_identity(term.replace(" ", ""), today=today).person
    except InvalidNumber:
        return by_number | _named(term)
    holders = Member.objects.active().filter(id_blind=blind(person, field=PERSON_FIELD))
    return Q(pk__in=holders.values("household_id"))


def _named(term: str) -> Q:
    token = query_token(term)
    return Q(search__contains=[token]) if token else Q(pk__in=[])


def register_page(
    officer: Officer, wanted: Wanted, *, today: date, after: Place | None, before: Place | None
) -> RegisterPage:
    """One page in the order (village, id): behind `after`, or before `before`, or the first."""
    found = found_by(officer, wanted, today=today)
    households, earlier, later = _slice(found, after, before)
    count = found[: COUNT_CAP + 1].count()
    return RegisterPage(
        *_rows(officer, households),
        count=count,
        summary=counted(officer, wanted) if count > COUNT_CAP else None,
        previous=_place(households[0]) if earlier and households else None,
        next=_place(households[-1]) if later and households else None,
    )


def counted(officer: Officer, wanted: Wanted) -> Counted | None:
    """What the summary counts under this filter; None for a search, and before the first count."""
    if wanted.term or not reads_households(officer):
        return None
    found = VillageCount.objects.visible_to(officer)
    if wanted.division:
        found = found.within(wanted.division)
    if wanted.state is not None:
        found = found.filter(state=wanted.state)
    if wanted.cause:
        found = found.filter(main_cause=wanted.cause)
    sums = found.aggregate(households=Sum("households"), at=Min("counted_at"))
    return Counted(**sums) if sums["households"] else None


def _place(household: Household) -> Place:
    return household.village_id, household.pk


def _slice(
    found: HouseholdQuerySet, after: Place | None, before: Place | None
) -> tuple[list[Household], bool, bool]:
    """The page's households, and whether there are some before and behind."""
    found = found.select_related("village").defer("search", "phone_sealed")
    if before:
        village, pk = before
        ahead = found.filter(Q(village_id__lt=village) | Q(pk__lt=pk), village_id__lte=village)
        page = list(ahead.order_by("-village_id", "-pk")[: PAGE_ROWS + 1])
        return page[:PAGE_ROWS][::-1], len(page) > PAGE_ROWS, True
    if after:
        village, pk = after
        found = found.filter(Q(village_id__gt=village) | Q(pk__gt=pk), village_id__gte=village)
    page = list(found.order_by("village_id", "pk")[: PAGE_ROWS + 1])
    return page[:PAGE_ROWS], after is not None, len(page) > PAGE_ROWS


def _rows(
    officer: Officer, households: list[Household]
) -> tuple[list[Row], tuple[int, int] | None]:
    keys = [household.pk for household in households]
    heads, people = _heads(keys)
    incomes = _incomes(keys)
    last = max((year for per_year in incomes.values() for year in per_year), default=None)
    years = (last - 1, last) if last else None
    shown = (lambda name: name) if reads_names(officer) else masked_name
    rows = []
    for household in households:
        per_year = incomes.get(household.pk, {})
        earlier, latest = (per_year.get(year) for year in years) if years else (None, None)
        head = heads.get(household.pk, "")
        rows.append(
            Row(
                household, shown(head) if head else "", people.get(household.pk, 0), earlier, latest
            )
        )
    return rows, years


def _heads(keys: list[int]) -> tuple[dict[int, str], dict[int, int]]:
    """Name of the head and number of active members, by household."""
    heads: dict[int, str] = {}
    people: dict[int, int] = {}
    members = Member.objects.active().filter(household_id__in=keys).order_by()
    for household, relation, name in members.values_list("household_id", "relation", "name"):
        people[household] = people.get(household, 0) + 1
        if relation == HEAD:
            heads[household] = name
    return heads, people


def _incomes(keys: list[int]) -> dict[int, dict[int, int | None]]:
    """Per-capita net income in fen by household and year, of the surveys in force."""
    found: dict[int, dict[int, int | None]] = {}
    columns = ("household_id", "year", "persons", *INCOMES, EXPENSE)
    surveys = Survey.objects.filter(household_id__in=keys).in_force().values(*columns)
    for survey in surveys:
        found.setdefault(survey["household_id"], {})[survey["year"]] = survey_per_capita(survey)
    return found


def survey_per_capita(survey: dict[str, Any]) -> int | None:
    """Per-capita net income in fen of a survey's columns; None while a figure is unknown."""
    amounts = [survey[name] for name in (*INCOMES, EXPENSE)]
    if None in amounts:
        return None
    *incomes, expense = (int(amount * 100) for amount in amounts)
    return per_capita_fen(sum(incomes) - expense, survey["persons"])
