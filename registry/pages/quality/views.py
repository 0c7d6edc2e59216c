"""Data quality: the overview, the list behind a number, and explaining one finding."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from households.actions.quality import explain
from households.models import QualityIssue
from officers.http import OfficerRequest
from registry.pages.quality.forms import ExplainForm, IssueFilter
from registry.pages.quality.queries import (
    COUNT_CAP,
    PAGE_ROWS,
    by_editor,
    by_rule,
    by_village,
    count_of,
    issues_of,
    lines_of,
    page_of,
    require_reader,
)
from trail.errors import NotAllowed, Refused
from trail.sheets import FileForm, Sheet, as_file
from workflow.errors import Incomplete

DIGITS = 5


@require_safe
def quality(request: OfficerRequest) -> HttpResponse:
    """Open issues by rule, village and editor."""
    require_reader(request.user)
    form = IssueFilter(request.GET)
    found = issues_of(request.user, form.asked())
    rules, villages, editors = by_rule(found), by_village(found), by_editor(found)
    context = {
        "form": form,
        "rules": rules,
        "villages": villages,
        "editors": editors,
        "total": sum(one.count for one in rules),
        "most": max((one.rate or 0 for one in villages), default=0),
        "query": _kept(request),
    }
    return render(request, "quality/overview.html", context)


def _kept(request: OfficerRequest) -> str:
    """The filter of the address, for the links of the tables."""
    query = request.GET.copy()
    query.pop("page", None)
    return query.urlencode()


@require_safe
def quality_list(request: OfficerRequest) -> HttpResponse:
    """The issues behind a number, page by page."""
    require_reader(request.user)
    form = IssueFilter(request.GET)
    found = issues_of(request.user, form.asked())
    number = _page_number(request)
    count = count_of(found)
    shown = min(count, COUNT_CAP)
    context = {
        "form": form,
        "lines": lines_of(request.user, page_of(found, number)),
        "count": count,
        "is_capped": count > COUNT_CAP,
        "query": _kept(request),
        "previous_url": _turn(request, number - 1) if number > 1 else "",
        "next_url": _turn(request, number + 1) if number * PAGE_ROWS < shown else "",
    }
    return render(request, "quality/list.html", context)


def _page_number(request: OfficerRequest) -> int:
    text = request.GET.get("page", "")
    number = int(text) if text.isdecimal() and len(text) <= DIGITS else 1
    return min(max(number, 1), COUNT_CAP // PAGE_ROWS)


def _turn(request: OfficerRequest, number: int) -> str:
    query = request.GET.copy()
    query["page"] = str(number)
    return f"?{query.urlencode()}"


@require_safe
def quality_file(request: OfficerRequest, form: FileForm) -> HttpResponse:
    """The counts by rule and village as a file; nobody is named in it."""
    require_reader(request.user)
    found = issues_of(request.user, IssueFilter(request.GET).asked())
    rows: list[list[Any]] = [[_("Rule"), one.key, one.label, one.count] for one in by_rule(found)]
    rows += [[_("Village"), one.key, one.label, one.count] for one in by_village(found)]
    sheet = Sheet(
        title=_("Data quality"),
        headings=[_("By"), _("Code"), _("Name"), _("Issues")],
        rows=rows,
        about=[(_("Officer"), request.user.name)],
    )
    return as_file(sheet, form, "quality")


@require_http_methods(["GET", "HEAD", "POST"])
def quality_explain(request: OfficerRequest, issue: int) -> HttpResponse:
    """Explain one finding."""
    visible = QualityIssue.objects.visible_to(request.user)
    found = get_object_or_404(visible.select_related("household", "member", "village"), pk=issue)
    require_reader(request.user)
    form = ExplainForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            explain(found.pk, text=form.cleaned_data["explanation"], by=request.user)
        except Incomplete as refusal:
            form.take_faults(refusal.details["fields"])
        except NotAllowed:
            raise
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Explained. It is asked again when the facts change."))
            return redirect(f"{reverse('pages:household', args=[found.household.number])}#to-check")
    (line,) = lines_of(request.user, [found])
    context = {"line": line, "form": form}
    return render(request, "quality/explain.html", context, status=400 if form.errors else 200)
