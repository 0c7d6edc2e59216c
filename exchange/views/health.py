"""How the exchange with each system goes."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from exchange.actions.pushing import Outwards
from exchange.models import UploadState
from exchange.queries.health import DAYS, health_of
from exchange.reasons import REASONS
from exchange.rights import CONNECTORS, DECIDERS, DECISION_READERS, HEALTH_READERS
from officers.http import OfficerRequest
from officers.rights import require

RESULTS = {
    Outwards.CREATED: _("registered"),
    Outwards.UPDATED: _("changed"),
    Outwards.UNCHANGED: _("unchanged"),
    Outwards.QUEUED: _("wait for the county"),
    Outwards.REFUSED: _("belong to the county"),
    Outwards.REJECTED: _("rejected as faulty"),
}


@require_safe
def show(request: OfficerRequest) -> HttpResponse:
    require(request.user, *HEALTH_READERS)
    systems = [
        {
            "health": one,
            "counts": [(RESULTS[kind], one.counts[kind]) for kind in Outwards if one.counts[kind]],
            "refused": [(code, REASONS.get(code, code), count) for code, count in one.refused],
            "uploads": [(UploadState(state).label, count) for state, count in one.uploads.items()],
        }
        for one in health_of(request.user)
    ]
    role = request.user.acting_role
    context = {
        "systems": systems,
        "days": DAYS,
        "decides": role in DECIDERS,
        "reads_decisions": role in DECISION_READERS,
        "connects": role in CONNECTORS,
    }
    return render(request, "exchange/health.html", context)
