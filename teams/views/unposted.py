"""The list of people who were sent to a village and cannot sign in there yet."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from officers.http import OfficerRequest
from officers.rules import Role
from teams.queries.unposted import unposted_rows
from trail.dates import business_date
from trail.errors import NotAllowed


@require_safe
def listing(request: OfficerRequest) -> HttpResponse:
    """Who was sent but has no account or no posting in the village."""
    if request.user.acting_role != Role.ACCOUNT_ADMIN:
        raise NotAllowed(_("Account administrators look after accounts."), code="wrong_role")
    context = {"rows": unposted_rows(request.user), "today": business_date()}
    return render(request, "teams/accounts/list.html", context)
