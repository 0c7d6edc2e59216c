"""Who serves where: the roster of a place on a day."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from officers.http import OfficerRequest
from teams.rights import reads_roster
from trail.errors import NotAllowed


@require_safe
def index(request: OfficerRequest) -> HttpResponse:
    if not reads_roster(request.user):
        raise NotAllowed(_("Your role does not read the roster of teams."), code="wrong_role")
    return render(request, "teams/roster/list.html", {})
