"""Tasks: opened from a visit or from the work in the village, handed on, moved and closed."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from psycopg2.errors import UniqueViolation

from officers.models import Officer
from officers.rights import require
from officers.rules import Role
from teams.models import Task, Visit
from teams.models.helping import TASK_FIELD, TASK_RESULT_FIELD
from teams.queries.assignees import may_do
from teams.refusals import EntryRefused, UsedForm
from teams.rights import TASK_KEEPERS, TASK_OPENERS, TASK_ROLES
from trail.actions import record
from trail.dates import business_date
from trail.errors import NotAllowed, Refused, Stale
from trail.sealing import seal
from trail.transactions import retried

LONGEST_TEXT = 500


@dataclass(frozen=True)
class Problem:
    """What is to be done, by whom (the key of an account), by when."""

    text: str
    assignee: int
    due_on: date


def faults_of(problem: Problem, village: str, *, today: date) -> list[tuple[str, str]]:
    """What keeps a problem from becoming a task, by field: text, assignee, due_on."""
    found = []
    if not problem.text.strip():
        found.append(("text", _("Write what is to be done.")))
    if problem.due_on < today:
        found.append(("due_on", _("The day to be done by lies in the past.")))
    if not may_do(problem.assignee, village, on=today):
        found.append(("assignee", _("Choose somebody who is posted to this village today.")))
    return found


def open_problems(
    problems: Iterable[Problem], visit: Visit, *, by: Officer, today: date
) -> list[Task]:
    """A task of a visit for each problem; the caller holds the transaction and has judged them."""
    return [_opened(one, visit.village_id, by=by, today=today, visit=visit) for one in problems]


@retried
@transaction.atomic
def open_task(village: str, problem: Problem, *, by: Officer, key: uuid.UUID) -> Task:
    """A task about no single household. The same `key` again is the same task.

    Raises NotAllowed; EntryRefused.
    """
    require(by, *TASK_OPENERS, code=village)
    if before := _known(key, by):
        return before
    today = business_date()
    if faults := faults_of(problem, village, today=today):
        raise EntryRefused(faults)
    try:
        with transaction.atomic():
            return _opened(problem, village, by=by, today=today, key=key)
    except IntegrityError as error:
        if before := _known(key, by):
            return before
        if not isinstance(error.__cause__, UniqueViolation):
            raise
        raise UsedForm from error


def _known(key: uuid.UUID, by: Officer) -> Task | None:
    """The task that this very form made before."""
    return Task.everywhere.filter(uuid=key, opened_by=by, visit=None).first()


def _opened(
    problem: Problem,
    village: str,
    *,
    by: Officer,
    today: date,
    visit: Visit | None = None,
    key: uuid.UUID | None = None,
) -> Task:
    row = key or uuid.uuid4()
    task = Task(
        uuid=row,
        village_id=village,
        household_id=visit.household_id if visit else None,
        visit=visit,
        text_sealed=seal(problem.text.strip(), field=TASK_FIELD, row=row),
        assignee_id=problem.assignee,
        due_on=problem.due_on,
        opened_by=by,
        opened_on=today,
    )
    task.full_clean(exclude=["text_sealed", "result_sealed"])
    task.save(force_insert=True)
    record(
        by=by,
        action="open_task",
        subject=task,
        division=village,
        after={
            "visit": visit.pk if visit else None,
            "assignee": problem.assignee,
            "due_on": problem.due_on.isoformat(),
        },
    )
    return task


@retried
@transaction.atomic
def close_task(task_id: int, result: str, text: str, *, by: Officer, version: int) -> Task:
    """Close a task as done or dropped, with what came of it.

    Its assignee does, or the township or the county clerk. Raises NotAllowed, Stale; Refused for a
    task that is closed; EntryRefused without words.
    """
    task = _open_one(task_id, by=by, version=version)
    if by.acting_role not in TASK_KEEPERS and task.assignee_id != by.pk:
        raise NotAllowed(
            _("Who does the task closes it, or the township or the county clerk."),
            code="not_yours",
        )
    if not text.strip():
        raise EntryRefused([("text", _("Write what came of it."))])
    _close(task, result, text, by=by)
    return task


def drop_tasks_of(visit: Visit, *, by: Officer, text: str) -> int:
    """Drop the open tasks of a visit that is taken back; how many. Within a transaction."""
    found = Task.everywhere.open().select_for_update().filter(visit=visit).order_by("pk")
    tasks = list(found)
    for task in tasks:
        _close(task, Task.Result.DROPPED, text, by=by)
    return len(tasks)


def _close(task: Task, result: str, text: str, *, by: Officer) -> None:
    task.result, task.closed_on, task.closed_by = result, business_date(), by
    task.result_sealed = seal(text.strip(), field=TASK_RESULT_FIELD, row=task.uuid)
    task.version += 1
    task.full_clean(exclude=["text_sealed", "result_sealed"])
    task.save(
        update_fields=["result", "closed_on", "closed_by", "result_sealed", "version"],
    )
    record(
        by=by,
        action="close_task",
        subject=task,
        division=task.village_id,
        before={"result": ""},
        after={"result": result},
    )


@retried
@transaction.atomic
def reassign_task(task_id: int, assignee: int, reason: str, *, by: Officer, version: int) -> Task:
    """Give an open task to somebody else, because who had it left or cannot do it.

    The county clerk does. Raises NotAllowed, Stale; Refused for a closed task; EntryRefused.
    """
    task = _open_one(task_id, by=by, version=version)
    if by.acting_role != Role.COUNTY_CLERK:
        raise NotAllowed(_("The county clerk gives a task to somebody else."), code="wrong_role")
    today = business_date()
    faults = [] if reason.strip() else [("reason", _("Say why."))]
    if assignee == task.assignee_id:
        faults.append(("assignee", _("This person has the task already. Choose somebody else.")))
    elif not may_do(assignee, task.village_id, on=today):
        faults.append(("assignee", _("Choose somebody who is posted to this village today.")))
    if faults:
        raise EntryRefused(faults)
    before, task.assignee_id = task.assignee_id, assignee
    _changed(task, "assignee", before, assignee, action="reassign_task", reason=reason, by=by)
    return task


@retried
@transaction.atomic
def move_task(task_id: int, due_on: date, reason: str, *, by: Officer, version: int) -> Task:
    """Another day by which an open task is to be done, with the reason.

    Who opened it does, or the township or the county clerk; nobody gives himself more time for what
    another asked of him. Raises NotAllowed, Stale; Refused for a closed task; EntryRefused.
    """
    task = _open_one(task_id, by=by, version=version)
    if task.opened_by_id != by.pk:
        if task.assignee_id == by.pk:
            raise NotAllowed(
                _("Nobody gives himself more time. Ask who opened the task."), code="own_task"
            )
        if by.acting_role not in TASK_KEEPERS:
            raise NotAllowed(
                _("Who opened the task moves its day, or the township or the county clerk."),
                code="not_yours",
            )
    faults = [] if reason.strip() else [("reason", _("Say why."))]
    if due_on < business_date():
        faults.append(("due_on", _("The day to be done by lies in the past.")))
    elif due_on == task.due_on:
        faults.append(("due_on", _("This is the day that it has. Choose another one.")))
    if faults:
        raise EntryRefused(faults)
    before, task.due_on = task.due_on, due_on
    _changed(
        task,
        "due_on",
        before.isoformat(),
        due_on.isoformat(),
        action="move_task",
        reason=reason,
        by=by,
    )
    return task


def _changed(
    task: Task,
    column: str,
    before: object,
    after: object,
    *,
    action: str,
    reason: str,
    by: Officer,
) -> None:
    task.version += 1
    task.full_clean(exclude=["text_sealed", "result_sealed"])
    task.save(update_fields=[column, "version"])
    record(
        by=by,
        action=action,
        subject=task,
        division=task.village_id,
        before={column: before},
        after={column: after},
        reason=reason.strip(),
    )


def _open_one(task_id: int, *, by: Officer, version: int) -> Task:
    """The task, locked, for an officer in whose posting it lies, as he saw it."""
    task = Task.everywhere.select_for_update().get(pk=task_id)
    require(by, *TASK_ROLES, code=task.village_id)
    if task.closed_on:
        raise Refused(_("This task is closed. Open a new one if it goes on."), code="closed")
    if task.version != version:
        raise Stale(
            _("Somebody changed this task since you opened the page. Look, then send it again."),
            code="task_changed",
        )
    return task
