"""Tasks as the pages show them: one's own, those of a place, and how many wait."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from officers.models import Officer
from officers.rules import Role
from teams.models import Task
from teams.models.helping import TASK_FIELD, TASK_RESULT_FIELD, TaskQuerySet
from teams.queries.visits import heads_of
from teams.rights import TASK_KEEPERS, TASK_ROLES, reads_days
from trail.models import Change
from trail.sealing import unseal

PAGE_ROWS = 50
MINE, HERE = "mine", "here"
OPEN, OVERDUE, CLOSED = "open", "overdue", "closed"


def visible_tasks(officer: Officer) -> TaskQuerySet:
    """The tasks that the officer may read: those of his place, a helper those that are his."""
    found = Task.objects.visible_to(officer)
    if reads_days(officer):
        return found
    if not _works(officer):
        return found.none()
    return found.filter(Q(assignee=officer) | Q(opened_by=officer))


def _works(officer: Officer) -> bool:
    return officer.acting_role in TASK_ROLES


@dataclass(frozen=True)
class Waiting:
    """How many open tasks somebody has, and how many of them are late."""

    open: int
    overdue: int


def own_waiting(officer: Officer, *, today: date) -> Waiting | None:
    """The officer's own open tasks within his posting; None for a role that is given none."""
    if not _works(officer):
        return None
    own = Task.objects.visible_to(officer).open().filter(assignee=officer)
    found = own.aggregate(open=Count("pk"), overdue=Count("pk", filter=Q(due_on__lt=today)))
    return Waiting(found["open"], found["overdue"])


@dataclass(frozen=True)
class Wanted:
    """Which tasks a list shows: whose (MINE or HERE), of which place, in which state, by whom."""

    whose: str
    division: str
    state: str = OPEN
    assignee: int | None = None


@dataclass(frozen=True)
class TaskRow:
    """A task as a list shows it, with its words and the head of its household."""

    task: Task
    head: str
    text: str
    is_overdue: bool


@dataclass(frozen=True)
class TaskPage:
    """One page of a list; `number` counts from 1."""

    rows: list[TaskRow]
    count: int
    number: int

    @property
    def has_next(self) -> bool:
        """Whether more tasks follow."""
        return self.number * PAGE_ROWS < self.count


def task_page(officer: Officer, wanted: Wanted, *, number: int, today: date) -> TaskPage:
    """A page of tasks: open ones by their day, so that the overdue come first; closed ones last."""
    found = visible_tasks(officer).within(wanted.division)
    if wanted.whose == MINE:
        found = found.filter(assignee=officer)
    elif wanted.assignee is not None:
        found = found.filter(assignee=wanted.assignee)
    if wanted.state == CLOSED:
        found = found.exclude(closed_on=None).order_by("-closed_on", "-pk")
    else:
        late = Q(due_on__lt=today) if wanted.state == OVERDUE else Q()
        found = found.open().filter(late).order_by("due_on", "pk")
    start = (number - 1) * PAGE_ROWS
    return TaskPage(rows_of(found[start : start + PAGE_ROWS], today=today), found.count(), number)


def rows_of(tasks: TaskQuerySet, *, today: date) -> list[TaskRow]:
    """Tasks that the reader may see, with their words and heads."""
    found = list(tasks.select_related("assignee", "household", "village"))
    heads = heads_of({one.household_id for one in found if one.household_id})
    return [
        TaskRow(one, heads.get(one.household_id or 0, ""), text_of(one), is_overdue(one, today))
        for one in found
    ]


def is_overdue(task: Task, today: date) -> bool:
    """Whether an open task should be done by now; on its day it is not late yet."""
    return task.closed_on is None and task.due_on < today


def text_of(task: Task) -> str:
    """What is to be done, for somebody who may see the task."""
    return unseal(task.text_sealed, field=TASK_FIELD, row=task.uuid)


def result_of(task: Task) -> str:
    """What came of it; empty for an open task."""
    if task.result_sealed is None:
        return ""
    return unseal(task.result_sealed, field=TASK_RESULT_FIELD, row=task.uuid)


def people_with_tasks(officer: Officer, division: str) -> list[tuple[int, str]]:
    """(key, name) of everybody who has or had a task of the place, as far as the officer sees."""
    found = visible_tasks(officer).within(division).order_by()
    people = Officer.objects.filter(pk__in=found.values("assignee")).order_by("name", "pk")
    return list(people.values_list("pk", "name"))


def history_of(task: Task) -> list[Change]:
    """What was done with the task, the first act first: keys and days, never its words."""
    found = Change.objects.filter(subject_kind=Task._meta.label_lower, subject_id=str(task.pk))
    return list(found.order_by("id"))


@dataclass(frozen=True)
class Acts:
    """What the acting role and person can do with an open task."""

    close: bool
    reassign: bool
    move: bool


def acts_on(officer: Officer, task: Task) -> Acts:
    """What a page offers; the actions judge again."""
    if task.closed_on is not None or not _works(officer):
        return Acts(close=False, reassign=False, move=False)
    keeps = officer.acting_role in TASK_KEEPERS
    is_own = task.assignee_id == officer.pk
    opened = task.opened_by_id == officer.pk
    return Acts(
        close=keeps or is_own,
        reassign=officer.acting_role == Role.COUNTY_CLERK,
        move=opened or (keeps and not is_own),
    )


def tasks_of_visit(visit_id: int, *, today: date) -> list[TaskRow]:
    """The tasks that a visit led to; the visit is one that the reader sees with its words."""
    return rows_of(Task.everywhere.filter(visit=visit_id).order_by("pk"), today=today)


def names_of(officer_ids: Iterable[int]) -> dict[int, str]:
    """The names of accounts by key."""
    found = Officer.objects.filter(pk__in=list(officer_ids))
    return dict(found.values_list("pk", "name"))
