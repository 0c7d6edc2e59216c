"""Courses, who took part in them, and who had too little training in a year.

Everybody who serves takes part every year: whoever serves on the last day of the year, or today,
is asked for the days that his county wants. A course that somebody failed does not count.
"""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, Sum

from divisions.models import DIGITS, Division, Level
from officers.models import Officer
from teams.models import Cadre, Term, Training, TrainingRecord
from teams.queries.served import end_of
from teams.rights import trains
from trail.dates import business_date
from trail.rules import digest
from workflow.models import PolicyParameter
from workflow.parameters import TRAINING_YEAR_DAYS
from workflow.queries import speakers_for

COUNTY_DIGITS = 6
PAGE_ROWS = 50


@dataclass(frozen=True)
class Trained:
    """Somebody who serves in a place, with the days of training that his year has and wants."""

    term: Term
    days: int
    wanted: int

    @property
    def is_short(self) -> bool:
        """Whether days are missing; nobody without a single day is done where none is wanted."""
        return self.days < max(self.wanted, 1)


@dataclass
class TrainingTally:
    """Of those who serve in a place how many took part in anything, and how many have enough."""

    division: Division | None
    serving: int = 0
    took_part: int = 0
    short: int = 0

    @property
    def percent(self) -> int:
        """Those with enough days, in percent, rounded down; 100 where nobody serves."""
        return 100 * (self.serving - self.short) // self.serving if self.serving else 100


@dataclass(frozen=True)
class Participant:
    """Somebody who may have taken part in a course: his term of those days, his record if any."""

    cadre: Cadre
    term: Term | None
    record: TrainingRecord | None


def courses_of(officer: Officer, year: int) -> QuerySet[Training]:
    """The courses of a year that the officer sees, with the number of people he may see in them."""
    seen = Cadre.objects.visible_to(officer).values("pk")
    return (
        Training.objects.visible_to(officer)
        .filter(starts_on__year=year)
        .select_related("division")
        .annotate(people=Count("records", filter=Q(records__cadre__in=seen)))
    )


def may_correct(officer: Officer, training: Training) -> bool:
    """Whether the officer keeps the record of the course: it is held by his own place."""
    return trains(officer) and training.division_id == officer.acting_division


def trained_days(year: int) -> dict[int, int]:
    """The days of training of the year that count, by cadre; those without a day are left out."""
    found = TrainingRecord.objects.filter(training__starts_on__year=year).exclude(passed=False)
    counted = found.order_by().values_list("cadre").annotate(total=Sum("days"))
    return {cadre: int(total) for cadre, total in counted}


def serving_on(code: str, year: int) -> QuerySet[Term]:
    """The terms that run in a place on the last day of a year that has come, or today."""
    on = end_of(year, business_date())
    return Term.everywhere.within(code).in_force(on)


def tallies(place: Division, year: int) -> tuple[TrainingTally, list[TrainingTally]]:
    """The whole place and each place right below it, in code order."""
    days, wanted = trained_days(year), Wanted(year)
    whole, below = TrainingTally(place), dict[str, TrainingTally]()
    digits = DIGITS[Level(min(place.level + 1, Level.VILLAGE))]
    terms = serving_on(place.pk, year).order_by().values_list("cadre_id", "village_id")
    for cadre, village in terms:
        had = days.get(cadre, 0)
        for tally in (whole, below.setdefault(village[:digits], TrainingTally(None))):
            tally.serving += 1
            tally.took_part += had > 0
            tally.short += had < max(wanted.of(village), 1)
    divisions = Division.objects.in_bulk(list(below))
    for code, tally in below.items():
        tally.division = divisions[code]
    parts = [below[code] for code in sorted(below)] if place.level < Level.VILLAGE else []
    return whole, parts


def short_of_training(code: str, year: int) -> list[Trained]:
    """Those who serve in a place with fewer days of training than the year wants, by village."""
    days, wanted = trained_days(year), Wanted(year)
    terms = serving_on(code, year).select_related("cadre", "village")
    rows = [
        Trained(one, days.get(one.cadre_id, 0), wanted.of(one.village_id))
        for one in terms.order_by("village_id", "cadre__number")
    ]
    return [row for row in rows if row.is_short]


class Wanted:
    """The days of training that a year wants, by county; each place that speaks is read once."""

    def __init__(self, year: int):
        rows = PolicyParameter.objects.filter(key=TRAINING_YEAR_DAYS, year__lte=year)
        ordered = rows.order_by("division_id", "-year", "-version").distinct("division_id")
        self.said = dict(ordered.values_list("division_id", "value"))

    def of(self, village: str) -> int:
        """What the county of a village wants."""
        county = village[:COUNTY_DIGITS]
        speaker = next(code for code in reversed(speakers_for(county)) if code in self.said)
        return int(self.said[speaker])


def took_part(officer: Officer, training: Training, code: str) -> list[Participant]:
    """Who took part in a course, of those whom the officer sees and who served in the place."""
    found = participants(officer, training, code)
    return [one for one in found if one.record]


def participants(officer: Officer, training: Training, code: str) -> list[Participant]:
    """Who served in a place on the days of a course, whether they took part or not, by village."""
    terms = (
        Term.objects.visible_to(officer)
        .within(code)
        .meeting(training.starts_on, training.last_day)
        .select_related("cadre", "village")
        .order_by("village_id", "cadre__number", "starts_on")
    )
    by_cadre = {one.cadre_id: one for one in terms}
    records = {one.cadre_id: one for one in training.records.filter(cadre__in=by_cadre)}
    return [Participant(one.cadre, one, records.get(key)) for key, one in by_cadre.items()]


def seen_of(people: list[Participant]) -> str:
    """A mark of what is on record about these people, to notice when somebody else changed it."""
    return digest(
        {one.cadre.number: [one.record.days, one.record.passed] for one in people if one.record}
    )


def places_of(
    officer: Officer, training: Training, place: Division
) -> list[tuple[Division, int, int]]:
    """The places right below one: how many served there on the days of a course, how many came."""
    digits = DIGITS[Level(min(place.level + 1, Level.VILLAGE))]
    terms = Term.objects.visible_to(officer).within(place.pk)
    serving = terms.meeting(training.starts_on, training.last_day).order_by()
    came = set(training.records.values_list("cadre", flat=True))
    counts: dict[str, tuple[set[int], set[int]]] = {}
    for cadre, village in serving.values_list("cadre_id", "village_id"):
        everybody, there = counts.setdefault(village[:digits], (set(), set()))
        everybody.add(cadre)
        if cadre in came:
            there.add(cadre)
    divisions = Division.objects.in_bulk(list(counts))
    return [
        (divisions[code], len(counts[code][0]), len(counts[code][1])) for code in sorted(counts)
    ]
