"""What waits for an officer's step: the cases of the inbox, what is urgent, what is doubtful."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count, Expression, F, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from divisions.models import Division, Level
from exits.rules.risk import weight_in
from households.models import Member, Survey
from households.models.members import HEAD
from households.queries import survey_per_capita, visible_households
from households.rights import masked_name, reads_names
from households.rules import EXPENSE, INCOMES
from officers.models import Officer
from officers.rules import DECIDERS, Role
from registry.pages.cases.flags import Flag, flags_of, with_figures
from registry.pages.places import CASE_ROLES
from teams.queries.cases import cadres_of
from teams.queries.grades import closed_books
from workflow.deadlines import due_on, returned
from workflow.machine import Machine
from workflow.models import Case
from workflow.procedures import machine_of, machines
from workflow.queries import held_back, standing_lines

PAGE_ROWS = 50
COUNT_CAP = 10_000
NEAR_DAYS = 3
NEW_DAYS = 3
SECOND_OPINION = ("doubted", "seconded")
"""States of exits and revocations in which one approver has spoken and another one decides."""

ALL, NEW, FLAGGED, DUE, SECONDS, RETURNED = "all", "new", "flagged", "due", "seconds", "returned"
TABS: dict[str, Promise] = {
    ALL: gettext_lazy("All that wait for you"),
    NEW: gettext_lazy("New"),
    FLAGGED: gettext_lazy("Flagged"),
    DUE: gettext_lazy("Near or past the deadline"),
    SECONDS: gettext_lazy("Second opinion"),
    RETURNED: gettext_lazy("Returned, to be mended"),
}
BY_DEADLINE, BY_RISK, BY_MARGIN = "deadline", "risk", "margin"
ORDERS: dict[str, Promise] = {
    BY_DEADLINE: gettext_lazy("Deadline and days waiting"),
    BY_RISK: gettext_lazy("Risk: weight of the flags, then nearness to the line"),
    BY_MARGIN: gettext_lazy("Distance from the line"),
}
HIGHEST_FIRST = frozenset({BY_RISK})
"""Orders that begin with the highest value."""

APPROVERS = DECIDERS - {Role.TOWNSHIP_REVIEWER}
FIRST = {BY_DEADLINE: "due", BY_RISK: "risk", BY_MARGIN: "margin"}


@dataclass(frozen=True)
class Wanted:
    """What the inbox is narrowed to; `number` is that of the page, from 1.

    `usual` is the order in which the tab opens for the officer, which no address needs to name.
    """

    tab: str = ALL
    kind: str = ""
    village: str = ""
    order: str = BY_DEADLINE
    number: int = 1
    usual: str = BY_DEADLINE


def usual_order(officer: Officer, tab: str) -> str:
    """Who approves begins with what is most doubtful, everybody else with what is due first."""
    return BY_RISK if officer.acting_role in APPROVERS and tab != DUE else BY_DEADLINE


@dataclass(frozen=True)
class Subject:
    """Whom a case is about, as the acting role may see it: a household, a cadre by his name, or a
    village.

    `people` is None and `group` empty for a cadre and a village.
    """

    number: str
    householder: str
    group: str
    people: int | None
    url: str


@dataclass(frozen=True)
class Waiting:
    """One row; `task` is the step that moves the case on; `by_another` when not this officer.

    `held_until` is the last day of the notice that it still waits out; `earlier`, `per_capita`,
    `line` and `margin` are yuan a person and year, None while unknown.
    """

    case: Case
    procedure: str
    state: str
    task: str
    by_another: bool
    subject: Subject | None
    days: int
    held_until: date | None
    was_posted: bool
    due_on: date | None
    today: date
    earlier: Decimal | None
    flags: list[Flag]

    @property
    def per_capita(self) -> Decimal | None:
        return getattr(self.case, "per_capita", None)

    @property
    def line(self) -> Decimal | None:
        return getattr(self.case, "line", None)

    @property
    def margin(self) -> Decimal | None:
        return self.case.margin

    @property
    def why(self) -> str:
        """Why the case stands where it does in the order of risk, in words."""
        if not self.flags:
            return _("Risk %(weight)s") % {"weight": weight_in(self.case.risk)}
        words = _(", ").join(f"{flag.label} {flag.weight}" for flag in self.flags)
        values = {"weight": weight_in(self.case.risk), "flags": words}
        return _("Risk %(weight)s: %(flags)s") % values

    @property
    def is_late(self) -> bool:
        return self.due_on is not None and self.due_on < self.today

    @property
    def is_near(self) -> bool:
        """Whether the deadline is at most NEAR_DAYS off."""
        return self.due_on is not None and self.due_on <= self.today + timedelta(days=NEAR_DAYS)


@dataclass(frozen=True)
class InboxPage:
    """One page; `count` stops at COUNT_CAP + 1."""

    rows: list[Waiting]
    count: int
    number: int

    @property
    def is_capped(self) -> bool:
        return self.count > COUNT_CAP

    @property
    def last_number(self) -> int:
        """The number of the last page that can be reached."""
        return max(1, -(-min(self.count, COUNT_CAP) // PAGE_ROWS))


def visible_cases(officer: Officer) -> QuerySet[Case]:
    """Cases within the posting; none for a role that has no cases in its menu.

    Assessments are for those who take part in them, never for the one who is assessed.
    """
    found = Case.objects.visible_to(officer).exclude(closed_books(officer))
    return found if officer.acting_role in CASE_ROLES else found.none()


def waiting_cases(officer: Officer, kind: str = "") -> QuerySet[Case]:
    """Open cases, of one kind or all, that somebody in the acting role is to move on."""
    kinds = [machine for machine in machines() if kind in ("", machine.kind)]
    return visible_cases(officer).waiting_for(officer.acting_role, kinds)


def procedures() -> list[Machine]:
    """The procedures by which the inbox can be narrowed."""
    return machines()


def inbox(officer: Officer, wanted: Wanted, *, today: date) -> InboxPage:
    """One page of the inbox in the order that is wanted.

    The tab of returned cases holds all of the posting that are being mended, whoever is to act.
    """
    due = _due(officer, today)
    found = _ordered(narrowed(officer, wanted, today), wanted, due)
    keys = list(found.values_list("pk", flat=True)[: COUNT_CAP + 1])
    start = (wanted.number - 1) * PAGE_ROWS
    cases = _read(officer, keys[start : start + PAGE_ROWS], due)
    return InboxPage(rows_of(officer, cases, today), len(keys), wanted.number)


def _read(officer: Officer, keys: list[int], due: Expression) -> list[Case]:
    """The cases of a page in its order; one that was closed meanwhile is left out."""
    found = visible_cases(officer).open().filter(pk__in=keys).annotate(due=due)
    cases = with_figures(found).select_related("division").defer("facts").in_bulk()
    return [cases[key] for key in keys if key in cases]


def narrowed(officer: Officer, wanted: Wanted, today: date) -> QuerySet[Case]:
    """The cases of the list, whatever its order and page."""
    if wanted.tab == RETURNED:
        found = visible_cases(officer).open()
        found = found.filter(kind=wanted.kind) if wanted.kind else found
        found = found.filter(state__in=_states_after_return()).filter(returned(machines()))
    else:
        found = waiting_cases(officer, wanted.kind)
    if wanted.village:
        found = found.filter(division=wanted.village)
    if wanted.tab == FLAGGED:
        found = found.exclude(flags=[])
    if wanted.tab == NEW:
        found = found.filter(entered_state_on__gte=today - timedelta(days=NEW_DAYS))
    if wanted.tab == SECONDS:
        found = found.filter(state__in=SECOND_OPINION)
    if wanted.tab == DUE:
        near = today + timedelta(days=NEAR_DAYS)
        found = found.annotate(due=_due(officer, today)).filter(due__lte=near)
    return found


def _states_after_return() -> list[str]:
    """States to which some step sends a case back."""
    steps = (step for machine in machines() for step in machine.steps)
    return sorted({step.target for step in steps if step.way == "return"})


def _due(officer: Officer, today: date) -> Expression:
    return due_on(officer.acting_division, today.year)


def in_order(
    officer: Officer, found: QuerySet[Case], wanted: Wanted, today: date
) -> QuerySet[Case]:
    """The cases in the order that is wanted, without their facts."""
    return _ordered(found, wanted, _due(officer, today))


def _ordered(found: QuerySet[Case], wanted: Wanted, due: Expression) -> QuerySet[Case]:
    if wanted.order == BY_DEADLINE:
        found = found.annotate(due=due)
    first = F(first_of(wanted))
    ordered = first.desc() if wanted.order in HIGHEST_FIRST else first.asc(nulls_last=True)
    return found.order_by(ordered, "entered_state_on", "pk").defer("facts")


def first_of(wanted: Wanted) -> str:
    """What the list is ordered by before anything else; `in_order` adds it."""
    return FIRST[wanted.order]


def rows_of(officer: Officer, cases: list[Case], today: date) -> list[Waiting]:
    """The rows of cases, each with `due` and `with_figures`."""
    if not cases:
        return []
    subjects = subjects_of(officer, [case.subject for case in cases])
    lines = standing_lines([case.pk for case in cases])
    others = held_back(officer, {one.pk: machine_of(one.kind).onward(one.state) for one in cases})
    flags, earlier = flags_of(cases), earlier_incomes(officer, cases)
    rows = []
    for case in cases:
        machine = machine_of(case.kind)
        ends = [line.notice.last_day for line in lines.get(case.pk, ())]
        rows.append(
            Waiting(
                case=case,
                procedure=_(machine.label),
                state=_(machine.states[case.state]),
                task=_(machine.onward(case.state).label),
                by_another=case.pk in others,
                subject=subjects.get(case.subject),
                days=(today - case.entered_state_on).days,
                held_until=max((day for day in ends if day >= today), default=None),
                was_posted=bool(ends),
                due_on=getattr(case, "due", None),
                today=today,
                earlier=earlier.get(case.subject),
                flags=flags[case.pk],
            )
        )
    return rows


def earlier_incomes(officer: Officer, cases: Iterable[Case]) -> dict[str, Decimal]:
    """Yuan a person in the year before that of the facts, by household; unknown ones are left out.

    `cases` come from `with_figures`.
    """
    years = {case.subject: int(case.year) - 1 for case in cases if case.year}
    surveys = (
        Survey.objects.filter(
            household__in=visible_households(officer).filter(number__in=years),
            year__in=set(years.values()),
        )
        .in_force()
        .values("household__number", "year", "persons", *INCOMES, EXPENSE)
    )
    found = {}
    for survey in surveys:
        number, amount = survey["household__number"], survey_per_capita(survey)
        if survey["year"] == years[number] and amount is not None:
            found[number] = Decimal(amount) / 100
    return found


@dataclass(frozen=True)
class Village:
    """A village with cases that wait, as the filter offers it."""

    code: str
    name: str
    count: int


def villages_of(officer: Officer, kind: str) -> list[Village]:
    """The villages where cases wait for the officer, by code."""
    found = waiting_cases(officer, kind).order_by().values_list("division")
    counts = dict(found.annotate(count=Count("pk")))
    named = Division.objects.filter(pk__in=counts).order_by("pk").values_list("pk", "name")
    return [Village(code, name, counts[code]) for code, name in named]


def subjects_of(officer: Officer, numbers: Iterable[str]) -> dict[str, Subject]:
    """The households, cadres, villages and counties of cases by number or code.

    Names of households are masked for roles that work with figures; those of cadres are public.
    """
    wanted = set(numbers)
    households = _households(officer, wanted)
    cadres = cadres_of(others) if (others := wanted - households.keys()) else {}
    places = _places(left) if (left := others - cadres.keys()) else {}
    named = {
        number: Subject(number, cadre.name, "", None, reverse("teams:cadre", args=[number]))
        for number, cadre in cadres.items()
    }
    return households | named | places


def _places(codes: set[str]) -> dict[str, Subject]:
    """Villages, each with the list of its plans, and counties, each with the page of its exit."""
    plans = reverse("assistance:plans")
    return {
        one.pk: Subject(
            one.pk,
            one.name,
            "",
            None,
            f"{plans}?division={one.pk}"
            if one.level == Level.VILLAGE
            else reverse("exits:county", args=[one.pk]),
        )
        for one in Division.objects.filter(pk__in=codes, level__in=(Level.VILLAGE, Level.COUNTY))
    }


def _households(officer: Officer, numbers: set[str]) -> dict[str, Subject]:
    found = visible_households(officer).filter(number__in=numbers)
    households = list(found.values_list("pk", "number", "group"))
    heads: dict[int, str] = {}
    people: dict[int, int] = {}
    members = Member.objects.active().filter(household_id__in=[pk for pk, *_rest in households])
    columns = ("household_id", "relation", "name")
    for household, relation, name in members.order_by().values_list(*columns):
        people[household] = people.get(household, 0) + 1
        if relation == HEAD:
            heads[household] = name if reads_names(officer) else masked_name(name)
    return {
        number: Subject(
            number,
            heads.get(pk, ""),
            group,
            people.get(pk, 0),
            reverse("pages:household", args=[number]),
        )
        for pk, number, group in households
    }
