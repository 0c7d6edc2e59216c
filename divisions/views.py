from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from divisions.forms import DivisionSearchForm
from divisions.models import Division
from divisions.queries import in_posting, path_to, search
from divisions.scope import reaches
from trail.dates import business_date


@require_safe
def browse(request: HttpRequest) -> HttpResponse:
    """The tree within the posting, one place at a time, and a search over all of it."""
    today = business_date()
    form = DivisionSearchForm(request.GET)
    text = form.cleaned_data["q"].strip() if form.is_valid() else ""
    code = request.GET.get("at") or request.user.acting_division
    here = in_posting(request.user, today).filter(pk=code).first()
    if here is None and request.user.reach:
        raise Http404
    return render(
        request,
        "divisions/browse.html",
        {
            "form": form,
            "text": text,
            "found": search(request.user, text, on=today) if text else [],
            "here": here,
            "above": [place for place in path_to(code) if reaches(request.user, place.pk)],
            "below": Division.objects.in_force(today).below(here.pk) if here else [],
        },
    )
