"""Days in the village by place and person, on a page and as a file."""

from collections.abc import Collection

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from divisions.models import Division
from officers.http import OfficerRequest
from teams.actions.person_lists import NO_FILE, take_days
from teams.forms.presence import DayTableForm
from teams.queries.day_table import PAGE_ROWS, Asked, DayTable, day_sheet, day_table, lines_of
from teams.queries.presence import Rows
from teams.rights import LIST_TAKERS, READERS, reads_days, takes_lists
from teams.views.asked import above, page_number, place_of, turned
from trail.dates import business_date
from trail.sheets import FileForm, as_file

NO_PAGE = gettext_lazy("Your role does not read the roster of teams.")


def _table(
    request: OfficerRequest, roles: Collection[str], refusal: Promise, rows: Rows
) -> tuple[DayTableForm, Division, DayTable]:
    today = business_date()
    place = place_of(request, request.GET.get("division", ""), roles, str(refusal))
    data = {"year": str(today.year), **request.GET.dict()}
    form = DayTableForm(data, today=today)
    form.is_valid()
    asked = Asked(place, form.wanted_year(), form.wanted_month(), form.wanted_only())
    return form, place, day_table(asked, rows, today=today)


@require_safe
def index(request: OfficerRequest) -> HttpResponse:
    number = page_number(request)
    start = (number - 1) * PAGE_ROWS
    form, place, table = _table(request, READERS, NO_PAGE, Rows(start, PAGE_ROWS))
    context = {
        "form": form,
        "place": place,
        "above": above(request, place),
        "table": table,
        "lines": lines_of(request.user, table.listed),
        "reads_days": reads_days(request.user),
        "takes": takes_lists(request.user),
        "query": request.GET.urlencode(),
        **turned(request, number, has_next=table.count > start + PAGE_ROWS),
    }
    status = 400 if form.errors else 200
    return render(request, "teams/presence/totals.html", context, status=status)


@require_safe
def download(request: OfficerRequest, form: FileForm) -> HttpResponse:
    """The listed people as a file; the trace tells who took it."""
    _form, place, table = _table(request, LIST_TAKERS, NO_FILE, Rows())
    asked, sheet = table.asked, day_sheet(request.user, table)
    when = f"{asked.month:%Y-%m}" if asked.month else str(asked.year)
    taken = take_days(place, sheet, when=when, only=asked.only, by=request.user)
    return as_file(taken, form, f"days-{when}-{place.pk}")
