"""Import and export of measures: the template, the check of a file, its saving, files to keep."""

from django.forms import Form
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assistance.forms.importing import MeasureFileForm, MeasureYearForm
from assistance.importing.files import empty_template, faulty_rows, measures_file
from assistance.importing.reasons import say
from assistance.importing.running import (
    brought_back,
    carried,
    check,
    import_table,
    read_file,
)
from assistance.rights import IMPORTERS
from divisions.models import Division
from officers.http import OfficerRequest
from officers.rights import require
from teams.views.imported import ImportPages, as_download
from trail.dates import business_date
from trail.sheets import FileForm

PAGES = ImportPages(
    roles=IMPORTERS,
    form=MeasureFileForm,
    result="assistance/importing/result.html",
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
    return found or _index(request, form, _year_form(request))


def _index(request: OfficerRequest, form: Form, year_form: MeasureYearForm) -> HttpResponse:
    context = {"form": form, "year_form": year_form}
    status = 400 if form.errors or year_form.errors else 200
    return render(request, "assistance/importing/index.html", context, status=status)


def _year_form(request: OfficerRequest, asked: QueryDict | None = None) -> MeasureYearForm:
    place = Division.objects.get(pk=require(request.user, *IMPORTERS).division_id)
    return MeasureYearForm(asked, this_year=business_date().year, places=_places(place))


def _places(place: Division) -> list[tuple[str, str]]:
    """The places right below one and those below them, each of these with the name above it."""
    here = Division.objects.in_force(business_date()).within(place.pk)
    found = here.filter(level__in=(place.level + 1, place.level + 2)).select_related("parent")
    return [
        (one.pk, one.name if one.parent_id == place.pk else f"{one.parent} · {one.name}")
        for one in found.order_by("code")
    ]


@require_POST
def save(request: OfficerRequest) -> HttpResponse:
    """Save the rows that were checked, as they are judged now."""
    return PAGES.save(request)


@require_POST
def faulty(request: OfficerRequest, form: FileForm) -> HttpResponse:
    """The rows that are left out, with what is wrong."""
    return PAGES.faulty(request, "measures-faulty", form)


@require_safe
def template(request: OfficerRequest, form: FileForm) -> HttpResponse:
    """The template without rows."""
    content = empty_template(by=request.user, year=business_date().year, form=form)
    return as_download(content, "measures-template", form)


@require_safe
def measures(request: OfficerRequest, form: FileForm) -> HttpResponse:
    """The measures of a year and place in the columns of the template."""
    asked = _year_form(request, request.GET)
    if not asked.is_valid():
        return _index(request, MeasureFileForm(), asked)
    year, division = asked.wanted()
    content = measures_file(by=request.user, year=year, form=form, division=division)
    return as_download(content, "-".join(filter(None, ["measures", str(year), division])), form)
