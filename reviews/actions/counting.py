"""The summary of readiness by village: written whole, one county at a time."""

from datetime import date, timedelta

from django.db import connection, transaction
from django.db.models import Min
from django.utils import timezone

from divisions.models import DIGITS, Division, Level
from households.models import YearFreeze
from reviews.models import VillageReadiness
from reviews.queries.readiness import counted_now
from trail.dates import business_date

ALONE = "SELECT pg_advisory_xact_lock(hashtext('reviews.readiness'), %s)"
MOMENT = timedelta(minutes=1)


def years_to_count(code: str, today: date) -> list[int]:
    """This year and the last one; not a frozen year that was counted after its freeze."""
    return [year for year in (today.year - 1, today.year) if not _stands(code, year)]


def _stands(code: str, year: int) -> bool:
    frozen = YearFreeze.objects.over(code).filter(year=year).values_list("frozen_at", flat=True)
    counted = VillageReadiness.everywhere.within(code).filter(year=year).order_by("counted_at")
    first = counted.values_list("counted_at", flat=True).first()
    return bool(frozen and first and first > max(frozen))


def count_year(code: str, year: int) -> int:
    """Count the villages of a division anew for a year, county by county; returns how many.

    A county is one transaction: whoever reads meanwhile sees each county before or after.
    """
    counties = Division.objects.filter(level=Level.COUNTY).within(code[: DIGITS[Level.COUNTY]])
    return sum(_count_county(county, year) for county in counties.values_list("pk", flat=True))


def was_just_counted(code: str, year: int) -> bool:
    """Whether all of the place was counted within the last moment: asking twice counts once."""
    counted = VillageReadiness.everywhere.within(code).filter(year=year)
    oldest = counted.aggregate(oldest=Min("counted_at"))["oldest"]
    return oldest is not None and timezone.now() - oldest < MOMENT


@transaction.atomic
def _count_county(code: str, year: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(ALONE, [int(code)])
    at = timezone.now()
    digits = DIGITS[Level.VILLAGE]
    counts = counted_now(code, year, digits=digits, today=business_date())
    VillageReadiness.everywhere.within(code).filter(year=year).delete()
    rows = [
        VillageReadiness(
            village_id=village,
            year=year,
            counts={name: number for name, number in found.items() if number},
            counted_at=at,
        )
        for village, found in counts.items()
    ]
    VillageReadiness.everywhere.bulk_create(rows, batch_size=2000)
    return len(rows)
