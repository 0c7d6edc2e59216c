"""What help comes to in a place, as a page and as a file."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assistance.band_chart import band_chart, legend
from assistance.forms.effect import EffectForm
from assistance.queries.catalogue import catalogue_of
from assistance.queries.effect_page import EffectPage, effect_page
from assistance.queries.effect_sheet import effect_sheet
from assistance.rights import TOTAL_READERS
from divisions.models import Division
from divisions.scope import NATION
from officers.http import OfficerRequest
from teams.views.asked import above, place_of
from trail.dates import business_date
from trail.errors import Refused
from trail.sheets import FileForm, as_file

TABLE = "bands-caption"


def _asked(request: OfficerRequest) -> tuple[Division, EffectForm]:
    refusal = _("Your role does not read about help.")
    place = place_of(request, request.GET.get("division", ""), TOTAL_READERS, refusal)
    today = business_date()
    measures = catalogue_of(place.pk, today.year).values()
    return place, EffectForm(request.GET, today=today, measures=measures)


@require_safe
def index(request: OfficerRequest) -> HttpResponse:
    """Whom help reaches, what it costs, what changed; by place and by measure."""
    place, form = _asked(request)
    context: dict[str, Any] = {
        "form": form,
        "place": place,
        "above": above(request, place),
        "query": request.GET.urlencode(),
    }
    if place.pk == NATION:
        context["provinces"] = Division.objects.in_force(business_date()).below(place.pk)
    else:
        page = effect_page(request.user, place, form.asked(place), today=business_date())
        context |= {"page": page, **_chart(page)}
    status = 400 if form.errors else 200
    return render(request, "assistance/effect/page.html", context, status=status)


def _chart(page: EffectPage) -> dict[str, Any]:
    title = _("Helped households by income a person, before and after")
    bands = [(one.label, one.drawn, (one.before, one.after)) for one in page.bands]
    return {
        "chart": band_chart(title, bands, TABLE),
        "legend": legend(_("the year before help began"), _("the latest survey")),
    }


@require_safe
def download(request: OfficerRequest, form: FileForm) -> HttpResponse:
    """The same places and measures as a file."""
    place, asked = _asked(request)
    if place.pk == NATION:
        raise Refused(_("Choose a province: a nation has too many places for one file."))
    page = effect_page(request.user, place, asked.asked(place), today=business_date())
    sheet = effect_sheet(request.user, page)
    return as_file(sheet, form, f"effect-{page.asked.year or 'all'}-{place.pk}")
