"""Import and export of village records: the template, the check of a file, its saving, files."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from divisions.models import Level
from exits.forms.records import RecordFileForm
from exits.importing.files import empty_sheet, faulty_rows, records_sheet
from exits.importing.reasons import say
from exits.importing.running import (
    brought_back,
    carried,
    check,
    import_records,
    read_file,
)
from exits.views.places import asked_place, asked_year
from households.actions.village_records import FIRST_YEAR, RECORDERS
from officers.http import OfficerRequest
from officers.rights import require
from teams.views.imported import ImportPages
from trail.sheets import FileForm, as_file

PAGES = ImportPages(
    roles=RECORDERS,
    form=RecordFileForm,
    result="exits/import/result.html",
    read_file=read_file,
    check=check,
    saves=import_records,
    carried=carried,
    brought_back=brought_back,
    faulty_rows=faulty_rows,
    say=say,
)


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: OfficerRequest) -> HttpResponse:
    """The way in; a POST checks a file, saves nothing and shows what was found."""
    form, found = PAGES.checked(request)
    context = {
        "form": form,
        "year_form": asked_year(request, request.user.acting_division, first=FIRST_YEAR),
    }
    status = 400 if form.errors else 200
    return found or render(request, "exits/import/index.html", context, status=status)


@require_POST
def save(request: OfficerRequest) -> HttpResponse:
    """Save the rows that were checked, as they are judged now."""
    return PAGES.save(request)


@require_POST
def faulty(request: OfficerRequest, form: FileForm) -> HttpResponse:
    """The rows that are left out, with what is wrong."""
    return PAGES.faulty(request, "village-records-faulty", form)


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
    year = asked_year(request, place.pk, first=FIRST_YEAR).wanted_year()
    sheet = records_sheet(place, year, by=request.user)
    return as_file(sheet, form, f"village-records-{place.pk}-{year}")
