"""The work log: a month of one person with visits and entries, and writing an entry."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from divisions.scope import reaches
from officers.http import OfficerRequest
from teams.actions.worklog import write_log
from teams.forms.visits import MonthForm, WhoseMonthForm, month_text
from teams.forms.worklog import LogForm
from teams.queries.activity import last_of, months_to
from teams.queries.visits import log_of, workers_in
from teams.refusals import EntryRefused
from teams.rights import BASE, VISIT_LISTERS, VISITORS, reads_days
from teams.views.asked import above, people_of, place_of
from trail.dates import business_date
from trail.errors import NotAllowed, Refused

MONTHS_BACK = 24


@require_safe
def index(request: OfficerRequest) -> HttpResponse:
    """What one person did in a month: his own log at the base, a list of people above it.

    A helper sees his own alone and chooses nobody.
    """
    officer = request.user
    refusal = _("Your role does not read the work log.")
    place = place_of(request, request.GET.get("division", ""), VISIT_LISTERS, refusal)
    months = months_to(business_date(), MONTHS_BACK)[::-1]
    form = MonthForm(request.GET, months=months)
    month = form.wanted_month()
    last, workers, people = last_of(month), [], [(officer.pk, officer.name)]
    person: int | None = officer.pk
    if reads_days(officer):
        workers = workers_in(officer, place.pk, month, last)
        people = people_of(request, place.pk, workers)
        own = {"person": str(officer.pk)} if officer.acting_role in VISITORS else {}
        form = WhoseMonthForm(own | request.GET.dict(), months=months, people=people)
        person = form.wanted_person()
    lines = log_of(person, month, last) if person else []
    context = {
        "form": form,
        "place": place,
        "above": above(request, place),
        "month": month,
        "month_text": month_text(month),
        "person": person,
        "name": dict(people).get(person or 0, ""),
        "workers": workers,
        "lines": [line for line in lines if reaches(officer, line.village.pk)],
        "may_write": officer.acting_role in BASE,
    }
    status = 200 if form.is_valid() else 400
    return render(request, "teams/worklog/month.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def write(request: OfficerRequest) -> HttpResponse:
    """Write an entry of the work log of one's village."""
    if request.user.acting_role not in BASE:
        raise NotAllowed(
            _("The village official and the work team write the work log."), code="wrong_role"
        )
    form = LogForm(request.POST or None, initial={"day": business_date()})
    if form.is_bound and form.is_valid():
        try:
            write_log(request.user.acting_division, form.line(), by=request.user)
        except EntryRefused as refused:
            form.take(refused.faults)
        except NotAllowed:
            raise
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The entry is in the work log."))
            return redirect("teams:log")
    return render(
        request, "teams/worklog/write.html", {"form": form}, status=400 if form.errors else 200
    )
