from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from officers.http import OfficerRequest
from registry.pages.cases.explained import explained
from registry.pages.cases.views.frame import case_of, frame_of
from registry.pages.prints import pdf
from registry.pages.prints.actions import (
    PRINTERS,
    Printed,
    print_case_file,
    print_minutes,
    print_sheet,
)
from registry.pages.prints.queries import (
    beside,
    household_sheet,
    latest_year,
    meeting_sheet,
    years_to_print,
)
from registry.pages.prints.sheets import CASE_FILE, MINUTES, SHEETS, Sheet
from registry.pages.views.household import household_of
from trail.dates import business_date

PDF = "pdf"


@require_safe
def choose(request: OfficerRequest, number: str) -> HttpResponse:
    household = household_of(request, number)
    today = business_date()
    context = {
        "household": household,
        "sheets": SHEETS.values(),
        "years": years_to_print(household, today=today),
        "latest": latest_year(household, today=today),
        "may_print": request.user.acting_role in PRINTERS,
        "writes_pdf": pdf.can_write(),
    }
    return render(request, "prints/choose.html", context)


@require_safe
def household_page(request: OfficerRequest, number: str, sheet: str) -> HttpResponse:
    household, kind, today = household_of(request, number), _sheet(sheet), business_date()
    if wants_what_is_not_here(request):
        return redirect("pages:help_printing")
    asked = request.GET.get("year", "")
    years = years_to_print(household, today=today)
    year = int(asked) if asked in map(str, years) else latest_year(household, today=today)
    printed = print_sheet(household, kind, by=request.user, year=year)
    content = household_sheet(request.user, household, year=year, today=today)
    return answer(request, kind, printed, {"content": content, "household": household})


@require_safe
def minutes(request: OfficerRequest, case: int) -> HttpResponse:
    found = case_of(request, case)
    if wants_what_is_not_here(request):
        return redirect("pages:help_printing")
    waiting = beside(request.user, found)
    others = waiting if request.GET.get("all") == "yes" else []
    printed = print_minutes(found, others, by=request.user)
    content = meeting_sheet(request.user, found, others)
    context = {"content": content, "case": found, "waiting": len(waiting)}
    return answer(request, MINUTES, printed, context)


@require_safe
def case_file(request: OfficerRequest, case: int) -> HttpResponse:
    found = case_of(request, case)
    if wants_what_is_not_here(request):
        return redirect("pages:help_printing")
    printed = print_case_file(found, by=request.user)
    content = explained(request.user, found, today=business_date())
    context = frame_of(request, found) | {"content": content, "told": content, "view": content.view}
    return answer(request, CASE_FILE, printed, context)


def _sheet(name: str) -> Sheet:
    if name not in SHEETS:
        raise Http404
    return SHEETS[name]


def wants_what_is_not_here(request: OfficerRequest) -> bool:
    return request.GET.get("form") == PDF and not pdf.can_write()


def answer(
    request: OfficerRequest, sheet: Sheet, printed: Printed, content: dict[str, Any]
) -> HttpResponse | HttpResponseRedirect:
    """The sheet as a page, or the same page as a file."""
    context = content | {
        "sheet": sheet,
        "printed": printed,
        "today": business_date(),
        "writes_pdf": pdf.can_write(),
        "pdf_url": f"?{urlencode({**request.GET.dict(), 'form': PDF})}",
    }
    if request.GET.get("form") != PDF:
        return render(request, sheet.template, context)
    page = pdf.pdf_of(render_to_string(sheet.template, context, request))
    name = f"{sheet.name}-{printed.serial}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(page, content_type="application/pdf", headers=headers)
