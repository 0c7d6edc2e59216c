"""The villages that must have a team: the list, new ones, and taking one off."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from divisions.models import DIGITS, Division, Level
from divisions.scope import NATION, reaches
from officers.http import OfficerRequest
from teams.actions.needs import end_need, list_villages
from teams.forms.needs import EndNeedForm, ListForm
from teams.forms.roster import DayForm
from teams.models import TeamVillage
from teams.queries.need_list import need_page, unlisted
from teams.refusals import EntryRefused
from teams.rights import manages
from teams.views.asked import above
from teams.views.roster import readable_place
from trail.dates import business_date
from trail.errors import NotAllowed


@require_safe
def index(request: OfficerRequest) -> HttpResponse:
    """The list of a place on a day."""
    place = readable_place(request)
    form = DayForm(request.GET, today=business_date())
    after = request.GET.get("after", "")
    context = {
        "form": form,
        "place": place,
        "above": above(request, place),
        "on": form.day(),
        "may_change": manages(request.user),
        "below": Division.objects.in_force(form.day()).below(place.pk)
        if place.level < Level.TOWNSHIP
        else [],
    }
    if place.pk != NATION:
        page = need_page(place.pk, form.day(), today=business_date(), after=after)
        context |= {"page": page, "next_url": _next(request, page.following)}
    status = 200 if form.is_valid() else 400
    return render(request, "teams/needs/list.html", context, status=status)


def _next(request: OfficerRequest, following: str) -> str:
    if not following:
        return ""
    query = request.GET.copy()
    query["after"] = following
    return f"?{query.urlencode()}"


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: OfficerRequest) -> HttpResponse:
    """Put villages of a township, or others by their codes, on the list."""
    _refuse_others(request)
    today = business_date()
    townships = Division.objects.in_force(today).below(request.user.acting_division)
    township = _township(request)
    form = ListForm(
        request.POST or None,
        offered=unlisted(township, today) if township else [],
        initial={"starts_on": today},
    )
    if form.is_valid():
        codes, need = form.wanted()
        try:
            made = list_villages(codes, need, by=request.user)
        except EntryRefused as refused:
            form.take(refused.faults)
        else:
            said = ngettext(
                "%(n)s village is on the list.", "%(n)s villages are on the list.", len(made)
            )
            messages.success(request, said % {"n": len(made)})
            return redirect("teams:needs")
    context = {"form": form, "townships": townships, "township": township}
    return render(request, "teams/needs/add.html", context, status=400 if form.errors else 200)


def _township(request: OfficerRequest) -> str:
    """The township of the address, where it lies within the posting."""
    code = request.GET.get("township", "")
    sound = len(code) == DIGITS[Level.TOWNSHIP] and reaches(request.user, code)
    return code if sound else ""


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: OfficerRequest, need: int) -> HttpResponse:
    """Take a village off the list."""
    visible = TeamVillage.objects.visible_to(request.user).select_related("village")
    found = get_object_or_404(visible, pk=need)
    _refuse_others(request)
    form = EndNeedForm(request.POST or None, initial={"last_day": business_date()})
    if form.is_valid():
        known = form.cleaned_data
        try:
            end_need(found.pk, last_day=known["last_day"], reason=known["reason"], by=request.user)
        except EntryRefused as refused:
            form.take(refused.faults)
        else:
            messages.success(request, _("The village is taken off the list after that day."))
            return redirect(f"{reverse('teams:needs')}?division={found.village_id[:9]}")
    context = {"form": form, "need": found}
    return render(request, "teams/needs/end.html", context, status=400 if form.errors else 200)


def _refuse_others(request: OfficerRequest) -> None:
    if not manages(request.user):
        raise NotAllowed(_("The county clerk keeps this list."), code="wrong_role")
