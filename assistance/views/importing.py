"""Import and export of measures: the template, the check of a file, its saving, files to keep."""

from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assistance.forms.importing import MeasureFileForm, MeasureYearForm
from assistance.importing.files import empty_template, faulty_rows, measures_file
from assistance.importing.reasons import say
from assistance.importing.running import (
    Choice,
    Outcome,
    brought_back,
    carried,
    check,
    import_table,
    read_file,
)
from assistance.rights import IMPORTERS
from divisions.models import Division
from households.importing.reader import FileRefused
from officers.http import OfficerRequest
from officers.rights import require
from trail.dates import business_date
from trail.sheets import TYPES, FileForm

SHOWN = 200
"""So many faults stand on the page; the file to download has all of them."""


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: OfficerRequest) -> HttpResponse:
    """The way in; a POST checks a file, saves nothing and shows what was found."""
    require(request.user, *IMPORTERS)
    posted = request.method == "POST"
    form = MeasureFileForm(request.POST, request.FILES) if posted else MeasureFileForm()
    if form.is_valid():
        try:
            table = read_file(form.cleaned_data["file"].read())
        except FileRefused as refused:
            form.add_error("file", str(refused))
        else:
            return _shown(request, check(table, by=request.user))
    return _index(request, form, _year_form(request))


def _index(
    request: OfficerRequest, form: MeasureFileForm, year_form: MeasureYearForm
) -> HttpResponse:
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
    require(request.user, *IMPORTERS)
    table = brought_back(request.POST.get("rows", ""), by=request.user)
    choice = request.POST.get("choice", Choice.ALL)
    outcome = import_table(table, by=request.user, choice=choice)
    return _shown(request, outcome, status=200 if outcome.saved else 409)


@require_POST
def faulty(request: OfficerRequest, form: FileForm) -> HttpResponse:
    """The rows that are left out, with what is wrong."""
    require(request.user, *IMPORTERS)
    table = brought_back(request.POST.get("rows", ""), by=request.user)
    content = faulty_rows(check(table, by=request.user), form=form)
    return _file(content, "measures-faulty", form)


@require_safe
def template(request: OfficerRequest, form: FileForm) -> HttpResponse:
    """The template without rows."""
    content = empty_template(by=request.user, year=business_date().year, form=form)
    return _file(content, "measures-template", form)


@require_safe
def measures(request: OfficerRequest, form: FileForm) -> HttpResponse:
    """The measures of a year and place in the columns of the template."""
    asked = _year_form(request, request.GET)
    if not asked.is_valid():
        return _index(request, MeasureFileForm(), asked)
    year, division = asked.wanted()
    content = measures_file(by=request.user, year=year, form=form, division=division)
    return _file(content, "-".join(filter(None, ["measures", str(year), division])), form)


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
    return render(request, "assistance/importing/result.html", context, status=status)


def _file(content: bytes, name: str, form: FileForm) -> HttpResponse:
    response = HttpResponse(content, content_type=TYPES[form])
    response["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response
