"""The indicators that a place asks of an exit."""

from django.db.models import QuerySet

from exits.models import Indicator
from workflow.queries import speakers_for

VILLAGE = Indicator.About.VILLAGE


def versions_for(code: str, place: str) -> QuerySet[Indicator]:
    """All versions of an indicator that can hold in a division, the nearest and latest first."""
    found = Indicator.objects.filter(about=VILLAGE, code=code, division__in=speakers_for(place))
    related = found.select_related("division", "set_by", "confirmed_by")
    return related.order_by("-division_id", "-year", "-version")


def waiting_in(place: str) -> QuerySet[Indicator]:
    """The versions that can hold in a division once somebody has confirmed them."""
    found = Indicator.objects.filter(about=VILLAGE, division__in=speakers_for(place))
    waiting = found.filter(set_by__isnull=False, confirmed_by=None)
    return waiting.select_related("division", "set_by").order_by("code", "year", "version")


def indicators_in_force(place: str, year: int) -> list[Indicator]:
    """What is asked of a village in a division and year, in the order of the set.

    The nearest division that speaks wins, there the latest year, there the highest version.
    """
    found = (
        Indicator.objects.standing()
        .filter(about=VILLAGE, division__in=speakers_for(place), year__lte=year)
        .order_by("code", "-division_id", "-year", "-version")
        .distinct("code")
        .select_related("division")
    )
    return sorted((one for one in found if one.asked), key=lambda one: (one.order, one.code))
