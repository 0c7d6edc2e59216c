"""What is recommended to a household, why, and why other measures are not."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assistance.forms.catalogue import RecommendationForm
from assistance.procedure import PLANNERS
from assistance.queries.own import own_households
from assistance.queries.plans import visible_plans
from assistance.queries.recommendation import recommended_for
from assistance.rights import PLAN_READERS
from assistance.rules.planning import plan_years
from households.models import Household
from households.queries import visible_households
from officers.http import OfficerRequest
from officers.rules import Role
from teams.queries.visits import heads_of
from trail.dates import business_date
from trail.errors import NotAllowed


@require_safe
def page(request: OfficerRequest, number: str) -> HttpResponse:
    """The measures that suit a household in a year, best first, then the others."""
    household = _household(request, number)
    today = business_date()
    form = RecommendationForm(request.GET, years=plan_years(today))
    year = form.wanted()
    found = recommended_for(household, year=year, today=today)
    plan = visible_plans(request.user).filter(household=household, year=year).first()
    context = {
        "form": form,
        "household": household,
        "head": heads_of([household.pk]).get(household.pk, ""),
        "year": year,
        "recommended": [one for one in found if not one.against],
        "against": [one for one in found if one.against],
        "plan": plan,
        "may_draft": plan is None and request.user.acting_role in PLANNERS,
    }
    status = 200 if form.is_valid() else 400
    return render(request, "assistance/recommendation/page.html", context, status=status)


def _household(request: OfficerRequest, number: str) -> Household:
    """The household of the address as the officer sees it; a helper only one of his own."""
    visible = visible_households(request.user).select_related("village")
    if request.user.acting_role == Role.HELPER:
        visible = visible.filter(pk__in=own_households(request.user))
    household = get_object_or_404(visible, number=number)
    if request.user.acting_role not in PLAN_READERS:
        raise NotAllowed(
            _("Your role does not read what help suits a household."), code="wrong_role"
        )
    return household
