"""Import and export of a roster: the template, the check of a file, its saving, files to keep."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from officers.http import OfficerRequest
from officers.rights import require
from teams.forms.importing import RosterDayForm, RosterFileForm
from teams.importing.files import empty_template, faulty_rows, roster_file
from teams.importing.reasons import say
from teams.importing.running import (
    brought_back,
    carried,
    check,
    import_table,
    read_file,
)
from teams.rights import MANAGERS
from teams.views.imported import ImportPages, as_download
from trail.dates import business_date
from trail.sheets import FileForm

PAGES = ImportPages(
    roles=MANAGERS,
    form=RosterFileForm,
    result="teams/import/result.html",
    read_file=read_file,
    check=check,
    saves=import_table,
    carried=carried,
    brought_back=brought_back,
    faulty_rows=faulty_rows,
    say=say,
)


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: OfficerRequest) -> HttpResponse:
    """The way in; a POST checks a file, saves nothing and shows what was found."""
    form, found = PAGES.checked(request)
    context = {"form": form, "day_form": RosterDayForm(today=business_date())}
    status = 400 if form.errors else 200
    return found or render(request, "teams/import/index.html", context, status=status)


@require_POST
def save(request: OfficerRequest) -> HttpResponse:
    """Save the rows that were checked, as they are judged now."""
    return PAGES.save(request)


@require_POST
def faulty(request: OfficerRequest, form: FileForm) -> HttpResponse:
    """The rows that are left out, with what is wrong."""
    return PAGES.faulty(request, "roster-faulty", form)


@require_safe
def template(request: OfficerRequest, form: FileForm) -> HttpResponse:
    """The template without rows."""
    require(request.user, *MANAGERS)
    return as_download(empty_template(form=form), "roster-template", form)


@require_safe
def roster(request: OfficerRequest, form: FileForm) -> HttpResponse:
    """The roster of a day in the columns of the template."""
    asked = RosterDayForm(request.GET, today=business_date())
    content = roster_file(by=request.user, on=asked.day(), form=form)
    return as_download(content, f"roster-{asked.day():%Y-%m-%d}", form)
