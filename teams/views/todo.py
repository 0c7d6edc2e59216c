"""Tasks: one's own, those of a place, one of them, and what can be done with it."""

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from divisions.models import Level
from officers.http import OfficerRequest
from teams.actions.todo import Problem, close_task, move_task, open_task, reassign_task
from teams.forms.todo import (
    CloseTaskForm,
    MoveTaskForm,
    OpenTaskForm,
    ReassignTaskForm,
    TaskListForm,
)
from teams.forms.versioned import VersionedForm
from teams.models import Task
from teams.queries.assignees import assignees_of
from teams.queries.todo import (
    HERE,
    MINE,
    OPEN,
    Wanted,
    acts_on,
    history_of,
    names_of,
    people_with_tasks,
    result_of,
    rows_of,
    task_page,
    visible_tasks,
)
from teams.refusals import EntryRefused
from teams.rights import FIELD, TASK_OPENERS, TASK_ROLES
from teams.views.asked import above, page_number, place_of, turned
from trail.dates import business_date
from trail.errors import NotAllowed, Refused

READERS = FIELD | TASK_ROLES
HISTORY: dict[str, Promise] = {
    "open_task": pgettext_lazy("act on a task", "opened"),
    "reassign_task": gettext_lazy("given to somebody else"),
    "move_task": gettext_lazy("moved to another day"),
    "close_task": pgettext_lazy("act on a task", "closed"),
}


@require_safe
def index(request: OfficerRequest) -> HttpResponse:
    """The officer's own tasks, or those of a place within his posting."""
    officer, today, number = request.user, business_date(), page_number(request)
    refusal = _("Your role has no tasks in the villages.")
    place = place_of(request, request.GET.get("division", ""), READERS, refusal)
    whose = MINE if officer.acting_role in TASK_ROLES else HERE
    form = TaskListForm(request.GET, people=people_with_tasks(officer, place.pk))
    wanted = Wanted(
        form.chosen("whose", whose),
        place.pk,
        form.chosen("state", OPEN),
        form.chosen("person", None),
    )
    page = task_page(officer, wanted, number=number, today=today)
    context = {
        "form": form,
        "place": place,
        "above": above(request, place),
        "wanted": wanted,
        "is_mine": wanted.whose == MINE,
        "page": page,
        "may_open": officer.acting_role in TASK_OPENERS and place.level == Level.VILLAGE,
        **turned(request, number, has_next=page.has_next),
    }
    status = 200 if form.is_valid() else 400
    return render(request, "teams/tasks/list.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: OfficerRequest, code: str) -> HttpResponse:
    """Open a task of a village that is about no single household."""
    refusal = _("Your role gives no tasks in the villages.")
    place = place_of(request, code, TASK_OPENERS, refusal)
    if place.level != Level.VILLAGE:
        raise Http404
    today = business_date()
    form = OpenTaskForm(request.POST or None, people=assignees_of(place.pk, today))
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        problem = Problem(said["text"], said["assignee"], said["due_on"])
        try:
            task = open_task(place.pk, problem, by=request.user, key=said["key"])
        except EntryRefused as refused:
            form.take(refused.faults)
        except NotAllowed:
            raise
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The task is open."))
            return redirect("teams:task", task.uuid)
    context = {"form": form, "place": place}
    return render(request, "teams/tasks/new.html", context, status=400 if form.errors else 200)


def task_of(request: OfficerRequest, key: uuid.UUID) -> Task:
    """The task of the address as far as the officer may see it, else 404."""
    found = visible_tasks(request.user).select_related("household", "village", "visit")
    return get_object_or_404(found, uuid=key)


@require_safe
def page(request: OfficerRequest, task: uuid.UUID) -> HttpResponse:
    """One task: what, who, by when, what came of it, and what was done with it."""
    found = task_of(request, task)
    [row] = rows_of(visible_tasks(request.user).filter(pk=found.pk), today=business_date())
    history = history_of(found)
    given = {(one.after or {}).get("assignee") for one in history} - {None}
    context = {
        "row": row,
        "task": found,
        "result": result_of(found),
        "acts": acts_on(request.user, found),
        "history": [(one, HISTORY.get(one.action, "")) for one in history],
        "names": names_of(given),
    }
    return render(request, "teams/tasks/task.html", context)


Act = Callable[[Task, VersionedForm], object]


def _act(
    request: OfficerRequest, task: Task, form: VersionedForm, act: Act, heading: str, done: str
) -> HttpResponse:
    """Ask for the entries of an act, do it, and come back to the task.

    Where somebody was faster, the page shows the task as it is now beside what was typed.
    """
    status = 200
    if form.is_bound and form.is_valid():
        try:
            act(task, form)
        except EntryRefused as refused:
            form.take(refused.faults)
        except NotAllowed:
            raise
        except Refused as refusal:
            status = refusal.status
            form.see(task.version)
            form.add_error(None, refusal.message)
        else:
            messages.success(request, done)
            return redirect("teams:task", task.uuid)
    if form.errors and status == 200:
        status = 400
    [row] = rows_of(visible_tasks(request.user).filter(pk=task.pk), today=business_date())
    context = {"form": form, "task": task, "row": row, "heading": heading}
    return render(request, "teams/tasks/act.html", context, status=status)


def _offered(is_offered: object) -> None:
    if not is_offered:
        raise NotAllowed(
            _("You cannot do this with this task, or it is closed."), code="not_offered"
        )


@require_http_methods(["GET", "HEAD", "POST"])
def close(request: OfficerRequest, task: uuid.UUID) -> HttpResponse:
    """Close a task as done or dropped."""
    found = task_of(request, task)
    _offered(acts_on(request.user, found).close)
    form = CloseTaskForm(request.POST or None, initial={"version": found.version})

    def act(one: Task, form: VersionedForm) -> object:
        said = form.cleaned_data
        return close_task(
            one.pk, said["result"], said["text"], by=request.user, version=said["version"]
        )

    return _act(request, found, form, act, _("Close the task"), _("The task is closed."))


@require_http_methods(["GET", "HEAD", "POST"])
def reassign(request: OfficerRequest, task: uuid.UUID) -> HttpResponse:
    """Give a task to somebody else."""
    found = task_of(request, task)
    _offered(acts_on(request.user, found).reassign)
    people = assignees_of(found.village_id, business_date())
    form = ReassignTaskForm(request.POST or None, people=people, initial={"version": found.version})

    def act(one: Task, form: VersionedForm) -> object:
        said = form.cleaned_data
        return reassign_task(
            one.pk, said["assignee"], said["reason"], by=request.user, version=said["version"]
        )

    heading = _("Give the task to somebody else")
    return _act(request, found, form, act, heading, _("The task is given on."))


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: OfficerRequest, task: uuid.UUID) -> HttpResponse:
    """Another day by which a task is to be done."""
    found = task_of(request, task)
    _offered(acts_on(request.user, found).move)
    initial = {"version": found.version, "due_on": found.due_on}
    form = MoveTaskForm(request.POST or None, initial=initial)

    def act(one: Task, form: VersionedForm) -> object:
        said = form.cleaned_data
        return move_task(
            one.pk, said["due_on"], said["reason"], by=request.user, version=said["version"]
        )

    return _act(request, found, form, act, _("Set another day"), _("The task has another day."))
