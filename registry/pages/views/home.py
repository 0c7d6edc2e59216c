from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from households.rights import reads_households
from officers.http import OfficerRequest
from registry.pages.opened import opened_keys
from registry.pages.places import start_of
from registry.pages.queries.home import last_opened, register_figures, running_notices, tasks_of
from reviews.queries.deadlines import counties_behind, reminders_of
from reviews.rights import reads_readiness
from trail.dates import business_date


@require_safe
def home(request: OfficerRequest) -> HttpResponse:
    officer = request.user
    if officer.posting is None:
        return render(request, "registry/no_posting.html")
    today = business_date()
    start = start_of(officer.acting_role)
    context = {
        "start": start,
        "start_url": start.url,
        "tasks": [(task, task.url) for task in tasks_of(officer)],
        "reminders": reminders_of(officer, today=today),
        "behind": counties_behind(officer, today=today),
        "reads_readiness": reads_readiness(officer),
    }
    if reads_households(officer):
        context |= {
            "figures": register_figures(officer),
            "notices": running_notices(officer, today=today),
            "opened": last_opened(officer, opened_keys(request)),
        }
    return render(request, "registry/home.html", context)
