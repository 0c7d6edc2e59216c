"""A decided case told and made again."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from officers.http import OfficerRequest
from registry.pages.cases.explained import explained, made_again
from registry.pages.cases.views.frame import case_of, frame_of
from registry.pages.prints.actions import PRINTERS
from trail.dates import business_date


@require_http_methods(["GET", "HEAD", "POST"])
def explained_page(request: OfficerRequest, case: int) -> HttpResponse:
    """Facts, standard, finding, signers, votes, notices and objections; a POST makes it again."""
    found = case_of(request, case)
    told = explained(request.user, found, today=business_date())
    again = made_again(found, told.view) if request.method == "POST" else []
    context = frame_of(request, found) | {
        "told": told,
        "view": told.view,
        "again": again,
        "may_print": request.user.acting_role in PRINTERS,
        "all_same": all(one.is_same for one in again),
    }
    return render(request, "cases/explained.html", context)
