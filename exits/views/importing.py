"""Import and export of village records: the template, the check of a file, its saving, files."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from divisions.models import Level
from exits.forms.records import RecordFileForm
from exits.importing.files import empty_sheet, faulty_rows, records_sheet
from exits.importing.reasons import say
from exits.importing.running import (
    Choice,
    Outcome,
    brought_back,
    carried,
    check,
    import_records,
    read_file,
)
from exits.views.places import asked_place, asked_year
from households.actions.village_records import RECORDERS
from households.importing.reader import FileRefused
from officers.http import OfficerRequest
from officers.rights import require
from trail.sheets import TYPES, FileForm, as_file

SHOWN = 200
"""So many faults stand on the page; the file to download has all of them."""


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: OfficerRequest) -> HttpResponse:
    """The way in; a POST checks a file, saves nothing and shows what was found."""
    require(request.user, *RECORDERS)
    posted = request.method == "POST"
    form = RecordFileForm(request.POST, request.FILES) if posted else RecordFileForm()
    if form.is_valid():
        try:
            table = read_file(form.cleaned_data["file"].read())
        except FileRefused as refused:
            form.add_error("file", str(refused))
        else:
            return _shown(request, check(table, by=request.user))
    context = {"form": form, "year_form": asked_year(request, request.user.acting_division)}
    status = 400 if form.errors else 200
    return render(request, "exits/import/index.html", context, status=status)


@require_POST
def save(request: OfficerRequest) -> HttpResponse:
    """Save the rows that were checked, as they are judged now."""
    require(request.user, *RECORDERS)
    table = brought_back(request.POST.get("rows", ""), by=request.user)
    outcome = import_records(table, by=request.user, choice=request.POST.get("choice", Choice.ALL))
    return _shown(request, outcome, status=409 if outcome.saved is None else 200)


@require_POST
def faulty(request: OfficerRequest, form: FileForm) -> HttpResponse:
    """The rows that are left out, with what is wrong."""
    require(request.user, *RECORDERS)
    table = brought_back(request.POST.get("rows", ""), by=request.user)
    content = faulty_rows(check(table, by=request.user), form=form)
    response = HttpResponse(content, content_type=TYPES[form])
    response["Content-Disposition"] = f'attachment; filename="village-records-faulty.{form}"'
    return response


@require_safe
def template(request: OfficerRequest, form: FileForm) -> HttpResponse:
    """The template without rows."""
    require(request.user, *RECORDERS)
    return as_file(empty_sheet(), form, "village-records-template")


@require_safe
def records(request: OfficerRequest, form: FileForm) -> HttpResponse:
    """The records of a place and year in the columns of the template."""
    place = asked_place(request)
    if place.level < Level.COUNTY:
        raise Http404(_("Choose a county."))
    year = asked_year(request, place.pk).wanted_year()
    sheet = records_sheet(place, year, by=request.user)
    return as_file(sheet, form, f"village-records-{place.pk}-{year}")


def _shown(request: OfficerRequest, outcome: Outcome, *, status: int = 200) -> HttpResponse:
    faults, layout = outcome.faults, outcome.table.layout
    counts = outcome.counts
    context: dict[str, Any] = {
        "outcome": outcome,
        "saved": outcome.saved is not None,
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
    return render(request, "exits/import/result.html", context, status=status)
