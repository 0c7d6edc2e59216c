"""The page of a person: where he served, and what became of it."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from divisions.scope import reaches
from officers.http import OfficerRequest
from teams.models import Cadre
from teams.queries.person import is_own, person_of
from teams.rights import READERS, VISITORS, manages, reads_roster
from trail.dates import business_date
from trail.errors import NotAllowed


@require_safe
def show(request: OfficerRequest, number: str) -> HttpResponse:
    """The history of somebody, subject by subject."""
    visible = Cadre.objects.visible_to(request.user).defer("id_sealed", "phone_sealed")
    found = get_object_or_404(visible.select_related("unit", "division"), number=number)
    if not reads_roster(request.user):
        raise NotAllowed(_("Your role does not read the roster of teams."), code="wrong_role")
    context = {
        "cadre": found,
        "person": person_of(request.user, found, today=business_date()),
        "is_own": is_own(request.user, found),
        "is_kept_here": reaches(request.user, found.division_id),
        "may_end": manages(request.user),
        "opens_record": request.user.acting_role in READERS - VISITORS,
    }
    return render(request, "teams/people/person.html", context)
