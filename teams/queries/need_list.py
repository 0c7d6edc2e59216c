"""The villages that must have a team as a list: by whom they are named, since when."""

from dataclasses import dataclass
from datetime import date

from django.db import connection

from divisions.models import Division
from divisions.queries import Place, places
from teams.models import TeamVillage
from teams.queries.need import needed_on, values_for
from teams.queries.policies import policies_in

PAGE_ROWS = 50


@dataclass(frozen=True)
class Row:
    """A village; without `listed` it is the county's policy that adds it."""

    place: Place
    listed: TeamVillage | None


@dataclass(frozen=True)
class Page:
    """One page of the list in code order; the next one begins after the village `following`."""

    rows: list[Row]
    total: int
    following: str


def need_page(code: str, on: date, *, today: date, after: str = "") -> Page:
    """A page of the villages at or below `code` that must have a team on a day; five queries."""
    policies = policies_in(code, on.year)
    statement = f"""
        WITH {needed_on(policies, on, today=today)}
        SELECT count(*), ARRAY(
            SELECT village FROM needed WHERE village > %(edge)s ORDER BY village
            LIMIT {PAGE_ROWS + 1}
        ) FROM needed
    """  # noqa: S608 - parts of these modules
    with connection.cursor() as cursor:
        cursor.execute(statement, values_for(code, policies, on) | {"edge": after})
        total, found = cursor.fetchone()
    kept = found[:PAGE_ROWS]
    listed = TeamVillage.everywhere.in_force(on).filter(village__in=kept)
    by_village = {one.village_id: one for one in listed}
    named = places(Division.objects.filter(pk__in=kept).order_by("pk"))
    return Page(
        rows=[Row(one, by_village.get(one.division.pk)) for one in named],
        total=total,
        following=kept[-1] if len(found) > PAGE_ROWS else "",
    )


def unlisted(township: str, on: date) -> list[Division]:
    """The villages of a township that do not stand on the list from a day on."""
    standing = TeamVillage.everywhere.within(township).meeting(on, date.max)
    villages = Division.objects.in_force(on).below(township)
    return list(villages.exclude(pk__in=standing.values("village")))
