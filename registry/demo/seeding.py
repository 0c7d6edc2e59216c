"""Seeding: the divisions and the households of a plan, written in one transaction."""

import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Max, Min, Model
from django.utils.translation import gettext as _

from divisions.models import Division
from households.models import Household, Member, Standard, Survey
from households.rules import fen
from officers.models import Officer
from registry.demo import rows
from registry.demo.blocks import Block, Plan, draw_block, draw_homes
from registry.demo.facts import MEAN_YUAN, Lines
from registry.demo.places import PROVINCE, Place, generated_places, sample_places, villages_for
from trail.actions import record
from trail.errors import Refused

MOST_HOUSEHOLDS = 5_000_000
FIRST_GENERATED, PAST_GENERATED = "9703", "98"


@dataclass(frozen=True)
class Seeded:
    """How many rows a run wrote."""

    villages: int
    households: int
    members: int
    surveys: int


def households_there() -> int:
    """How many households the generated part of province 97 holds already."""
    generated = Household.everywhere.filter(
        village_id__gte=FIRST_GENERATED, village_id__lt=PAST_GENERATED
    )
    return generated.count()


def surveyed_years() -> range:
    """The years for which the generated households have surveys; a run leaves none out."""
    surveys = Survey.objects.filter(village_id__gte=FIRST_GENERATED, village_id__lt=PAST_GENERATED)
    found = surveys.aggregate(first=Min("year"), last=Max("year"))
    return range(found["first"], found["last"] + 1)


def plan_of(*, households: int, years: Sequence[int], seed: int) -> Plan:
    """The plan of a run. Refused when the number is out of range or a year has no standard."""
    if not 1 <= households <= MOST_HOUSEHOLDS:
        raise Refused(_("Choose 1 to %(most)s households.") % {"most": f"{MOST_HOUSEHOLDS:,}"})
    lines = {year: _lines(year) for year in years}
    places = list(generated_places(villages_for(households), seed=seed))
    villages = tuple(place.code for place in places if place.level == 5)
    return Plan(households, tuple(years), seed, lines, villages, main_county=villages[0][:6])


def _lines(year: int) -> Lines:
    standard = Standard.objects.holding(PROVINCE, year).first()
    if standard is None or year not in MEAN_YUAN:
        raise Refused(
            _("No standard holds in %(year)s. Choose years from %(first)s to %(last)s.")
            % {"year": year, "first": min(MEAN_YUAN), "last": max(MEAN_YUAN)}
        )
    return Lines(fen(standard.line), fen(standard.monitoring_line))


@transaction.atomic
def seed(plan: Plan, *, by: Officer, said: Callable[[str], None]) -> Seeded:
    """Write everything, or nothing. Refused when generated households are there already.

    Ids come from the sequences, under a lock on the tables; progress goes to `said`.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "LOCK TABLE households_household, households_member, households_survey "
            "IN SHARE ROW EXCLUSIVE MODE"
        )
    if households_there():
        raise Refused(_("Demo households are here already."), code="seeded")
    plant([*sample_places(), *generated_places(len(plan.villages), seed=plan.seed)])
    homes = draw_homes(plan)
    members = surveys = 0
    for first in range(0, plan.households, plan.block_size):
        block = draw_block(plan, homes, first)
        written = _write(plan, block, by=by)
        members, surveys = members + written[0], surveys + written[1]
        said(f"{min(first + plan.block_size, plan.households):,} / {plan.households:,}")
    record(
        by=by,
        action="seed_demo",
        subject=Division.objects.get(pk=PROVINCE),
        division=PROVINCE,
        after={"households": plan.households, "years": list(plan.years), "seed": plan.seed},
    )
    return Seeded(len(plan.villages), plan.households, members, surveys)


def plant(places: Iterable[Place]) -> None:
    """The divisions, parents first; what is there stays as it is."""
    Division.objects.bulk_create(
        [
            Division(code=one.code, level=one.level, name=one.name, parent_id=one.parent_code)
            for one in sorted(places, key=lambda one: (one.level, one.code))
        ],
        batch_size=5000,
        ignore_conflicts=True,
    )


def refresh_statistics() -> None:
    """Let the planner know the new rows; outside the transaction that wrote them."""
    with connection.cursor() as cursor:
        for model in (Division, Household, Member, Survey):
            cursor.execute(f"ANALYZE {model._meta.db_table}")


def _write(plan: Plan, block: Block, *, by: Officer) -> tuple[int, int]:
    """The block's rows into the three tables; how many members and surveys they were."""
    numbers = rows.household_numbers(plan, block)
    persons = rows.name_persons(block, numbers)
    household = _reserve(Household, len(numbers))
    lines = rows.household_lines(plan, block, numbers, persons, household)
    _copy(Household, rows.HOUSEHOLD_COLUMNS, lines)
    member = _reserve(Member, len(persons.names))
    lines = rows.member_lines(plan, block, persons, first_id=member, first_household=household)
    _copy(Member, rows.MEMBER_COLUMNS, lines)
    surveys = rows.surveys_in(block)
    survey = _reserve(Survey, surveys)
    lines = rows.survey_lines(
        plan, block, persons, first_id=survey, first_household=household, officer=by.pk
    )
    _copy(Survey, rows.SURVEY_COLUMNS, lines)
    return len(persons.names), surveys


def _reserve(model: type[Model], count: int) -> int:
    """The first of `count` ids that no one else will get; the table is locked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [model._meta.db_table])
        (sequence,) = cursor.fetchone()
        cursor.execute("SELECT nextval(%s)", [sequence])
        (first,) = cursor.fetchone()
        cursor.execute("SELECT setval(%s, %s)", [sequence, first + count])
    return first


def _copy(model: type[Model], columns: Sequence[str], lines: Iterable[str]) -> None:
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        cursor.copy_expert(
            f"COPY {model._meta.db_table} ({names}) FROM STDIN", io.StringIO("".join(lines))
        )
