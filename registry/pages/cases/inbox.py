"""What waits for an officer's step: the cases of the inbox, the longest waiting first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from households.models import Member
from households.models.members import HEAD
from households.queries import visible_households
from households.rights import masked_name, reads_names
from officers.models import Officer
from registry.pages.places import CASE_ROLES
from workflow.machine import Machine
from workflow.models import Case
from workflow.procedures import machine_of, machines
from workflow.queries import standing_lines

PAGE_ROWS = 50
COUNT_CAP = 10_000


@dataclass(frozen=True)
class Subject:
    """The household of a case as the acting role may see it."""

    number: str
    householder: str
    group: str
    people: int


@dataclass(frozen=True)
class Waiting:
    """One row; `task` is the step that moves the case on.

    `held_until` is the last day of the notice that it still waits out.
    """

    case: Case
    procedure: str
    state: str
    task: str
    subject: Subject | None
    days: int
    held_until: date | None


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
    """Cases within the posting; none for a role that has no cases in its menu."""
    found = Case.objects.visible_to(officer)
    return found if officer.acting_role in CASE_ROLES else found.none()


def waiting_cases(officer: Officer, kind: str = "") -> QuerySet[Case]:
    """Open cases, of one kind or all, that somebody in the acting role is to move on."""
    kinds = [machine for machine in machines() if kind in ("", machine.kind)]
    return visible_cases(officer).waiting_for(officer.acting_role, kinds)


def procedures() -> list[Machine]:
    """The procedures by which the inbox can be narrowed."""
    return machines()


def inbox(officer: Officer, *, kind: str, number: int, today: date) -> InboxPage:
    """One page of the inbox in the order of waiting; `number` counts from 1."""
    found = waiting_cases(officer, kind)
    count = found[: COUNT_CAP + 1].count()
    start = (number - 1) * PAGE_ROWS
    ordered = found.select_related("division").defer("facts").order_by("entered_state_on", "pk")
    cases = list(ordered[start : start + PAGE_ROWS])
    return InboxPage(_rows(officer, cases, today), count, number)


def _rows(officer: Officer, cases: list[Case], today: date) -> list[Waiting]:
    subjects = subjects_of(officer, [case.subject for case in cases])
    lines = standing_lines([case.pk for case in cases])
    rows = []
    for case in cases:
        machine = machine_of(case.kind)
        ends = [line.notice.last_day for line in lines.get(case.pk, ())]
        held = max((day for day in ends if day >= today), default=None)
        rows.append(
            Waiting(
                case=case,
                procedure=_(machine.label),
                state=_(machine.states[case.state]),
                task=_(machine.onward(case.state).label),
                subject=subjects.get(case.subject),
                days=(today - case.entered_state_on).days,
                held_until=held,
            )
        )
    return rows


def subjects_of(officer: Officer, numbers: Iterable[str]) -> dict[str, Subject]:
    """The households of cases by number, names masked for roles that work with figures."""
    found = visible_households(officer).filter(number__in=list(numbers))
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
        number: Subject(number, heads.get(pk, ""), group, people.get(pk, 0))
        for pk, number, group in households
    }
