"""The catalogue as it holds in a place and year, and the history of a measure."""

from collections.abc import Iterable, Sequence

from django.db.models import QuerySet

from assistance.models import Measure
from workflow.queries import speakers_for


def catalogue_of(code: str, year: int) -> dict[str, Measure]:
    """The measures offered in division `code` in `year` by their codes, in catalogue order.

    Of each measure the nearest division that speaks wins (county, city, province, nation); there
    the latest year not after `year`; there the highest version. One that is not offered is left
    out.
    """
    return {one.code: one for one in in_order(standing_versions(code, year)) if one.offered}


def in_order(measures: Iterable[Measure]) -> list[Measure]:
    """Measures in the order of the catalogue."""
    return sorted(measures, key=lambda one: (one.order, one.code))


def standing_versions(code: str, year: int) -> QuerySet[Measure]:
    """Of each measure the version that holds in division `code` in `year`, offered or not."""
    return (
        Measure.objects.filter(division_id__in=speakers_for(code), year__lte=year)
        .order_by("code", "-division_id", "-year", "-version")
        .distinct("code")
        .select_related("division")
    )


def standing_version(measure: str, code: str, year: int) -> Measure | None:
    """The version of one measure that holds in division `code` in `year`, offered or not."""
    return standing_versions(code, year).filter(code=measure).first()


def versions_for(measure: str, divisions: Sequence[str]) -> QuerySet[Measure]:
    """The versions of a measure that these divisions wrote, the newest first."""
    found = Measure.objects.filter(code=measure, division_id__in=divisions)
    return found.select_related("division", "set_by").order_by("-pk")


def latest_version(measure: str, code: str) -> Measure | None:
    """The newest version that can hold in division `code`, in whatever year."""
    return versions_for(measure, speakers_for(code)).first()


def same_catalogue(counties: Iterable[str]) -> list[list[str]]:
    """The counties in groups in each of which the same divisions speak; one query."""
    speaking = set(Measure.objects.order_by().values_list("division_id", flat=True).distinct())
    groups: dict[tuple[str, ...], list[str]] = {}
    for county in counties:
        heard = tuple(one for one in speakers_for(county) if one in speaking)
        groups.setdefault(heard, []).append(county)
    return list(groups.values())
