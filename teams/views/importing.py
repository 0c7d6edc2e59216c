"""Import and export of a roster: the template, the check of a file, its saving, files to keep."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from households.importing.reader import FileRefused
from officers.http import OfficerRequest
from officers.rights import require
from teams.forms.importing import RosterDayForm, RosterFileForm
from teams.importing.files import empty_template, faulty_rows, roster_file
from teams.importing.reasons import say
from teams.importing.running import (
    Choice,
    Outcome,
    brought_back,
    carried,
    check,
    import_table,
    read_file,
)
from teams.rights import MANAGERS
from trail.dates import business_date
from trail.sheets import TYPES, FileForm

SHOWN = 200
"""So many faults stand on the page; the file to download has all of them."""


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: OfficerRequest) -> HttpResponse:
    """The way in; a POST checks a file, saves nothing and shows what was found."""
    require(request.user, *MANAGERS)
    posted = request.method == "POST"
    form = RosterFileForm(request.POST, request.FILES) if posted else RosterFileForm()
    if form.is_valid():
        try:
            table = read_file(form.cleaned_data["file"].read())
        except FileRefused as refused:
            form.add_error("file", str(refused))
        else:
            return _shown(request, check(table, by=request.user))
    context = {"form": form, "day_form": RosterDayForm(today=business_date())}
    status = 400 if form.errors else 200
    return render(request, "teams/import/index.html", context, status=status)


@require_POST
def save(request: OfficerRequest) -> HttpResponse:
    """Save the rows that were checked, as they are judged now."""
    require(request.user, *MANAGERS)
    table = brought_back(request.POST.get("rows", ""), by=request.user)
    choice = request.POST.get("choice", Choice.ALL)
    outcome = import_table(table, by=request.user, choice=choice)
    return _shown(request, outcome, status=200 if outcome.saved else 409)


@require_POST
def faulty(request: OfficerRequest, form: FileForm) -> HttpResponse:
    """The rows that are left out, with what is wrong."""
    require(request.user, *MANAGERS)
    table = brought_back(request.POST.get("rows", ""), by=request.user)
    content = faulty_rows(check(table, by=request.user), form=form)
    return _file(content, "roster-faulty", form)


@require_safe
def template(request: OfficerRequest, form: FileForm) -> HttpResponse:
    """The template without rows."""
    require(request.user, *MANAGERS)
    return _file(empty_template(form=form), "roster-template", form)


@require_safe
def roster(request: OfficerRequest, form: FileForm) -> HttpResponse:
    """The roster of a day in the columns of the template."""
    asked = RosterDayForm(request.GET, today=business_date())
    content = roster_file(by=request.user, on=asked.day(), form=form)
    return _file(content, f"roster-{asked.day():%Y-%m-%d}", form)


def _shown(request: OfficerRequest, outcome: Outcome, *, status: int = 200) -> HttpResponse:
    faults, layout = outcome.faults, outcome.table.layout
    counts = outcome.counts
    context: dict[str, Any] = {
        "outcome": outcome,
        "refused": status != 200,
        "rows": len(outcome.verdicts),
        "new": counts["new"],
        "changed": counts["changed"],
        "unchanged": counts["unchanged"],
        "faulty": counts["faulty"],
        "to_save": counts["new"] + counts["changed"],
        "unknown": [heading for heading in layout.unknown if heading],
        "faults": [
            {
                "record": one.record,
                "column": layout.heading(one.column),
                "value": one.value,
                "reason": say(one.code, one.params),
            }
            for one in faults[:SHOWN]
        ],
        "faults_in_all": len(faults),
        "carried": carried(outcome.table, by=request.user),
    }
    return render(request, "teams/import/result.html", context, status=status)


def _file(content: bytes, name: str, form: FileForm) -> HttpResponse:
    response = HttpResponse(content, content_type=TYPES[form])
    response["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response
