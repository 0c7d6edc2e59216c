"""How ready a year is for its review: places, households, the same as a file, a new count."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from divisions.models import Division
from divisions.queries import path_to
from divisions.scope import reaches
from households.rights import drawn_count, listed_count
from officers.http import OfficerRequest
from reviews import tasks
from reviews.actions.readiness import take_readiness
from reviews.quality import ISSUES, MISSING, remedy_of
from reviews.queries.deadlines import (
    deadlines_in,
    in_post,
    year_at_hand_in,
    year_state,
    years_to_choose,
)
from reviews.queries.readiness import (
    Readiness,
    demanded_in,
    in_order,
    is_counted_now,
    readiness_of,
)
from reviews.queries.readiness_table import readiness_sheet
from reviews.queries.unready import KIND_LABELS, Position, unready_page
from reviews.readiness_forms import KindForm, ReadinessForm
from reviews.rights import reads_readiness
from trail.dates import business_date
from trail.errors import NotAllowed
from trail.sheets import FORMS, as_file

FRESH = timedelta(minutes=2)


@require_safe
def index(request: OfficerRequest) -> HttpResponse:
    place = _place(request, request.GET.get("division", ""))
    form = _form(request.GET, place)
    status = 200 if form.is_valid() else 400
    return render(request, "reviews/readiness.html", _page(request, form, place), status=status)


def _page(request: OfficerRequest, form: ReadinessForm, place: Division) -> dict[str, Any]:
    today, year, order = business_date(), form.wanted_year(), form.wanted_order()
    found = in_order(readiness_of(request.user, place, year, today=today), order)
    state = year_state(place.pk, year, counts=found.counts if found.total else None, today=today)
    people = in_post([one.division.pk for one in found.parts], today=today)
    return {
        "form": form,
        "place": place,
        "above": _above(request, place),
        "year": year,
        "order": order,
        "readiness": found,
        "state": state,
        "deadlines": deadlines_in(place.pk, state.terms, today=today),
        "parts": [(part, people.get(part.division.pk, [])) for part in found.parts],
        "gap_kinds": [(kind, KIND_LABELS[kind]) for kind in found.demanded],
        "issue_kinds": [(kind, KIND_LABELS[kind]) for kind in ISSUES],
        "lists": is_counted_now(place.pk),
        "forms": FORMS,
    }


@require_safe
def households(request: OfficerRequest) -> HttpResponse:
    place = _place(request, request.GET.get("division", ""))
    today, year = business_date(), _form(request.GET, place).wanted_year()
    data = {"kind": MISSING, "year": str(year), **request.GET.dict()}
    demanded = demanded_in(place.pk, year)
    form = KindForm(data, years=years_to_choose(today), at_hand=year, demanded=demanded)
    kind = form.wanted_kind()
    context = {
        "form": form,
        "place": place,
        "above": _above(request, place),
        "year": year,
        "kind": kind,
        "label": KIND_LABELS[kind],
        "remedy": remedy_of(kind),
    }
    if is_counted_now(place.pk):
        page = unready_page(
            request.user,
            place.pk,
            year,
            kind,
            today=today,
            after=_position(request.GET.get("after", "")),
            before=_position(request.GET.get("before", "")),
        )
        address = f"?year={year}&division={place.pk}&kind={kind}"
        context |= {
            "page": page,
            "listed": listed_count(request.user, page.count),
            "many": drawn_count(request.user, page.count),
            "previous_url": _turn(address, "before", page.previous),
            "next_url": _turn(address, "after", page.next),
        }
    status = 200 if form.is_valid() else 400
    return render(request, "reviews/readiness_households.html", context, status=status)


@require_safe
def download(request: OfficerRequest) -> HttpResponse:
    place = _place(request, request.GET.get("division", ""))
    wanted = _form(request.GET, place)
    year = wanted.wanted_year()
    form = next((one for one in FORMS if one == request.GET.get("form")), FORMS[0])
    found = readiness_of(request.user, place, year, today=business_date())
    found = in_order(found, wanted.wanted_order())
    sheet = take_readiness(place, readiness_sheet(request.user, found), year=year, by=request.user)
    return as_file(sheet, form, f"readiness-{year}-{place.pk}")


@require_POST
def count(request: OfficerRequest) -> HttpResponse:
    place = _place(request, request.POST.get("division", ""))
    year = _form(request.POST, place).wanted_year()
    found = readiness_of(request.user, place, year, today=business_date())
    if _is_fresh(found):
        messages.info(request, _("It was counted a moment ago."))
    elif tasks.nudge_count(place.pk, year):
        messages.success(request, _("It is being counted. Open this page again in a minute."))
    else:
        messages.warning(request, _("It cannot be counted now. The next count comes by itself."))
    return redirect(f"{reverse('reviews:readiness')}?year={year}&division={place.pk}")


def _is_fresh(found: Readiness) -> bool:
    if found.counted_at is None:
        return is_counted_now(found.division.pk)
    return timezone.now() - found.counted_at < FRESH


def _place(request: OfficerRequest, code: str) -> Division:
    """The place of the address within the posting, the posting's own without one; else 404."""
    place = Division.objects.filter(pk=code or request.user.acting_division).first()
    if place is None or not reaches(request.user, place.pk):
        raise Http404
    if not reads_readiness(request.user):
        raise NotAllowed(_("Your role does not work with the yearly survey."), code="wrong_role")
    return place


def _form(wanted: QueryDict, place: Division) -> ReadinessForm:
    """The form with what the address says; the year at hand stands in it until one is chosen."""
    today = business_date()
    at_hand = year_at_hand_in(place.pk, today=today)
    data = {"year": str(at_hand), **wanted.dict()}
    return ReadinessForm(data, years=years_to_choose(today), at_hand=at_hand)


def _above(request: OfficerRequest, place: Division) -> list[Division]:
    return [one for one in path_to(place.pk)[:-1] if reaches(request.user, one.pk)]


def _turn(address: str, side: str, position: Position | None) -> str:
    return f"{address}&{side}={position[0]}.{position[1]}" if position else ""


def _position(text: str) -> Position | None:
    """The place in the order that a page address names; anything else is the first page."""
    village, _dot, key = text.partition(".")
    if village.isascii() and village.isdecimal() and key.isascii() and key.isdecimal():
        return village, int(key[:18])
    return None
