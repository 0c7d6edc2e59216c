"""The catalogue as it holds in a place and year."""

from collections.abc import Iterable

from assistance.models import Measure
from workflow.queries import speakers_for


def catalogue_of(code: str, year: int) -> dict[str, Measure]:
    """The measures offered in division `code` in `year` by their codes, in catalogue order.

    Of each measure the nearest division that speaks wins (county, city, province, nation); there
    the latest year not after `year`; there the highest version. One that is not offered is left
    out.
    """
    found = standing_versions(code, year)
    return {one.code: one for one in sorted(found, key=lambda m: (m.order, m.code)) if one.offered}


def standing_versions(code: str, year: int) -> Iterable[Measure]:
    """Of each measure the version that holds in division `code` in `year`, offered or not."""
    return (
        Measure.objects.filter(division_id__in=speakers_for(code), year__lte=year)
        .order_by("code", "-division_id", "-year", "-version")
        .distinct("code")
        .select_related("division")
    )
