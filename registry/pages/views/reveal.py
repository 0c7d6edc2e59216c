from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from households.models import Household
from households.rights import ID_READERS, PHONE_READERS, masked_name, reads_names
from officers.http import OfficerRequest
from registry.pages.actions import reveal_id, reveal_phone
from registry.pages.forms import RevealForm
from registry.pages.views.household import household_of
from trail.errors import NotAllowed


@require_http_methods(["GET", "HEAD", "POST"])
def id_number(request: OfficerRequest, number: str, member: int) -> HttpResponse:
    household = household_of(request, number)
    person = get_object_or_404(household.members.select_related("household"), pk=member)
    _refuse_others(request, ID_READERS)
    name = person.name if reads_names(request.user) else masked_name(person.name)
    return _ask(
        request,
        household,
        _("ID number of %(name)s") % {"name": name},
        lambda reason: reveal_id(person, by=request.user, reason=reason),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def phone(request: OfficerRequest, number: str) -> HttpResponse:
    household = household_of(request, number)
    _refuse_others(request, PHONE_READERS)
    return _ask(
        request,
        household,
        _("Phone number of household %(number)s") % {"number": number},
        lambda reason: reveal_phone(household, by=request.user, reason=reason),
        scheme="tel:",
    )


def _refuse_others(request: OfficerRequest, roles: frozenset) -> None:
    if request.user.acting_role not in roles:
        raise NotAllowed(_("Your role does not see this number in full."), code="wrong_role")


def _ask(
    request: OfficerRequest,
    household: Household,
    title: str,
    reveal: Callable[[str], str],
    scheme: str = "",
) -> HttpResponse:
    """Ask for the reason; with one, show the value on this answer alone.

    With a `scheme` it is a link: a tap on a phone calls the number.
    """
    form = RevealForm(request.POST or None)
    shown = reveal(form.cleaned_data["reason"]) if form.is_valid() else None
    back = reverse("pages:household", args=[household.number])
    context = {
        "form": form,
        "title": title,
        "shown": shown,
        "scheme": scheme,
        "back": back,
        "household": household,
    }
    return render(request, "registry/reveal.html", context, status=400 if form.errors else 200)
