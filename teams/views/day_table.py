"""Days in the village by place and person, on a page and as a file."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from divisions.models import Division
from officers.http import OfficerRequest
from teams.forms.presence import DayTableForm
from teams.queries.day_table import PAGE_ROWS, Asked, DayTable, day_sheet, day_table, lines_of
from teams.rights import READERS, reads_days
from teams.views.asked import above, page_number, place_of, turned
from trail.dates import business_date
from trail.sheets import FileForm, as_file


def _table(request: OfficerRequest) -> tuple[DayTableForm, Division, DayTable]:
    today, refusal = business_date(), _("Your role does not read the roster of teams.")
    place = place_of(request, request.GET.get("division", ""), READERS, refusal)
    data = {"year": str(today.year), **request.GET.dict()}
    form = DayTableForm(data, today=today)
    form.is_valid()
    asked = Asked(place, form.wanted_year(), form.wanted_month(), form.wanted_only())
    return form, place, day_table(request.user, asked, today=today)


@require_safe
def index(request: OfficerRequest) -> HttpResponse:
    form, place, table = _table(request)
    number = page_number(request)
    start = (number - 1) * PAGE_ROWS
    context = {
        "form": form,
        "place": place,
        "above": above(request, place),
        "table": table,
        "lines": lines_of(table.listed[start : start + PAGE_ROWS]),
        "reads_days": reads_days(request.user),
        "query": request.GET.urlencode(),
        **turned(request, number, has_next=len(table.listed) > start + PAGE_ROWS),
    }
    status = 400 if form.errors else 200
    return render(request, "teams/presence/totals.html", context, status=status)


@require_safe
def download(request: OfficerRequest, form: FileForm) -> HttpResponse:
    _form, place, table = _table(request)
    asked = table.asked
    when = f"{asked.month:%Y-%m}" if asked.month else str(asked.year)
    return as_file(day_sheet(table), form, f"days-{when}-{place.pk}")
