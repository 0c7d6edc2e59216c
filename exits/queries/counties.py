"""What register and records say of counties, and what stands on record about their exits."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count as CountOf
from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from divisions.models import Division, Level
from exits.models import Evaluation, ListedPlace
from exits.procedure.counties import LISTED, RECORDED, REPORTED
from exits.queries.figures import incidence_text
from exits.queries.villages import year_row
from exits.rules.counties import (
    Limits,
    Rate,
    Sample,
    Standing,
    eligibility_faults,
    evaluation_faults,
    rates_of,
)
from exits.rules.shares import limit_percent
from exits.rules.villages import Count
from households.models import Household, Member, VillageRecord
from households.village_fields import in_words
from trail.dates import business_date
from workflow.machine import STEPS, Fault, Hand, Records, gettext_noop
from workflow.models import Case
from workflow.parameters import (
    EXIT_ACCEPTANCE_LEAST,
    EXIT_INCIDENCE_LIMIT,
    EXIT_MISSED_LIMIT,
    EXIT_WRONG_LIMIT,
)
from workflow.queries import parameters_in_force, went_back

SAMPLED = tuple(Sample.__dataclass_fields__)
EVALUATE = "evaluate"
LIMIT_KEYS = {
    "incidence_bp": EXIT_INCIDENCE_LIMIT,
    "wrong_bp": EXIT_WRONG_LIMIT,
    "missed_bp": EXIT_MISSED_LIMIT,
    "acceptance_bp": EXIT_ACCEPTANCE_LEAST,
}
LABELS = {
    "villages": gettext_noop("Listed villages"),
    "exited": gettext_noop("Listed villages that exited"),
    "unrecorded": gettext_noop("Villages without a rural population on record"),
    "poor": gettext_noop("Poor persons"),
    "population": gettext_noop("Rural registered population"),
}
LIMIT_LABELS = {
    "incidence_bp": gettext_noop("Limit of the incidence"),
    "wrong_bp": gettext_noop("Limit of the wrong-exit rate"),
    "missed_bp": gettext_noop("Limit of the missed rate"),
    "acceptance_bp": gettext_noop("Least acceptance"),
}


def facts_of(county: str, year: int) -> dict[str, Any]:
    """The facts of a case about a county: villages, incidence, and the limits that hold there.

    The rural population is the sum of the records of the year of all its villages. Six queries.
    """
    listed = ListedPlace.everywhere.within(county).filter(division__level=Level.VILLAGE)
    villages = listed.aggregate(
        villages=CountOf("pk"), exited=CountOf("pk", filter=Q(exited_on__isnull=False))
    )
    registered = Household.everywhere.registered().within(county)
    people = Member.objects.active().filter(household__in=registered)
    population, unrecorded = _population(county, year)
    return {
        "state": LISTED,
        "year": year,
        "county": county,
        **villages,
        "unrecorded": unrecorded,
        "poor_households": registered.count(),
        "poor": people.count(),
        "population": population,
        "limits": limits_in_force(county, year),
    }


def limits_in_force(county: str, year: int) -> dict[str, int]:
    """The limits that a county is judged by on figures of a year, as its facts keep them."""
    limits = parameters_in_force(LIMIT_KEYS.values(), county, year)
    return {name: limits[key].value for name, key in LIMIT_KEYS.items()}


def _population(county: str, year: int) -> tuple[int, int]:
    """The rural population on record, and how many villages have none on record."""
    villages = Division.objects.in_force(business_date()).within(county)
    codes = set(villages.filter(level=Level.VILLAGE).values_list("pk", flat=True))
    records = VillageRecord.everywhere.in_force().within(county).filter(year=year)
    known = {
        one.village_id: one.values["rural_population"]
        for one in records
        if one.village_id in codes and "rural_population" in one.values
    }
    return sum(known.values()), len(codes) - len(known)


def later_figures(county: str, year: int) -> int | None:
    """The year after that, up to this one, of which every village of the county has figures."""
    years = range(business_date().year, year, -1)
    return next((one for one in years if not _population(county, one)[1]), None)


def latest_of(county: str, year: int) -> dict[str, Any]:
    """The facts of now of a county, those of a later year where all its villages have figures."""
    return facts_of(county, later_figures(county, year) or year)


def standing_of(facts: Mapping[str, Any]) -> Standing:
    """How far the county of these facts is, as values for the rules."""
    count = Count(
        facts["poor"], facts["population"], facts["limits"]["incidence_bp"], facts["year"]
    )
    return Standing(facts["villages"], facts["exited"], facts["unrecorded"], count)


def limits_of(facts: Mapping[str, Any]) -> Limits:
    """The limits in the facts of a case."""
    return Limits(**facts["limits"])


def sample_of(evaluation: Evaluation) -> Sample:
    """The counts of an evaluation, as values for the rules."""
    return Sample(**{name: getattr(evaluation, name) for name in SAMPLED})


def evaluations_of(cases: Sequence[Case]) -> dict[int, Evaluation]:
    """Of each case the evaluation that counts: the one that was taken over into the facts, before
    that the last one since the case last went back.
    """
    found: dict[int, Evaluation] = {}
    bound = {case.pk: taken["evaluation"] for case in cases if (taken := taken_over(case))}
    since = {key: event.seq for key, event in went_back(cases).items()}
    rows = Evaluation.objects.filter(case__in=cases).select_related("recorded_by")
    for one in rows.order_by("id"):
        kept = bound.get(one.case_id)
        if one.pk == kept if kept else one.at_version >= since.get(one.case_id, 0):
            found[one.case_id] = one
    return found


def taken_over(case: Case) -> Mapping[str, Any] | None:
    """What the taking over of the evaluation put into the facts of a case; None before it."""
    found: Mapping[str, Any] | None = case.facts.get(STEPS, {}).get(EVALUATE)
    return found


def evaluated_with(case: Case) -> dict[str, Any] | None:
    """What the taking over puts into the facts of a locked case: the counts of the evaluation with
    its key, and its rates; None while there is none.
    """
    found = evaluated(case)
    if found is None:
        return None
    one = found.evaluation
    return {
        "evaluation": one.pk,
        "evaluator": one.evaluator,
        "first_day": one.first_day.isoformat(),
        "last_day": one.last_day.isoformat(),
        "sample": vars(found.sample),
        "rates": rates_told(found.rates),
        "incidence": incidence_text(standing_of(case.facts).count),
    }


def rates_told(rates: Iterable[Rate]) -> dict[str, str | None]:
    """The figures of an evaluation exactly, as fractions in text; None for unknown."""
    return {str(rate.metric): None if rate.value is None else str(rate.value) for rate in rates}


def _sample(case: Case, evaluation: Evaluation) -> Sample:
    """The counts that a case rests on: those in its facts once they were taken over."""
    taken = taken_over(case)
    return Sample(**taken["sample"]) if taken else sample_of(evaluation)


@dataclass(frozen=True)
class Evaluated:
    """An evaluation with its four figures."""

    evaluation: Evaluation
    sample: Sample
    rates: list[Rate]


def evaluated(case: Case) -> Evaluated | None:
    """The last evaluation of a case; None while there is none."""
    found = evaluations_of([case]).get(case.pk)
    if found is None:
        return None
    sample = _sample(case, found)
    return Evaluated(found, sample, rates_of(sample, limits_of(case.facts)))


def records_of(cases: Sequence[Case]) -> dict[int, Records]:
    """What stands against each exit: eligibility by its facts, the evaluation, its figures.

    Its hands are those who recorded the figures of its villages, or ever an evaluation, also where
    another one counts by now.
    """
    found, reporters = evaluations_of(cases), _reporters_of(cases)
    return {
        case.pk: Records(
            _values(case, found.get(case.pk))
            | {"later": later_figures(case.subject, case.facts["year"])},
            (*_recorders_of(case), *reporters.get(case.pk, ())),
        )
        for case in cases
    }


def _reporters_of(cases: Sequence[Case]) -> dict[int, list[Hand]]:
    """Who ever recorded an evaluation of each case."""
    found: dict[int, list[Hand]] = {}
    rows = Evaluation.objects.filter(case__in=cases).order_by("id")
    for case, by, at in rows.values_list("case", "recorded_by", "recorded_at"):
        found.setdefault(case, []).append(Hand(by, REPORTED, "", localdate(at)))
    return found


def _recorders_of(case: Case) -> Iterable[Hand]:
    """Who ever recorded the figures of its villages of the year, each once."""
    records = VillageRecord.everywhere.within(case.subject)
    found = records.filter(year=case.facts["year"]).values_list("recorded_by", "recorded_at")
    return {by: Hand(by, RECORDED, "", localdate(at)) for by, at in found}.values()


def _values(case: Case, evaluation: Evaluation | None) -> dict[str, Any]:
    faults = tuple(eligibility_faults(standing_of(case.facts)))
    if evaluation is None:
        text = gettext_noop("The result of the special evaluation is not on record.")
        return {"faults": faults, "missing": (Fault(text),), "failed": ()}
    rates = rates_of(_sample(case, evaluation), limits_of(case.facts))
    return {
        "faults": faults,
        "missing": (),
        "failed": tuple(evaluation_faults(rates)),
        "evaluated_until": evaluation.last_day,
    }


def difference(then: Mapping[str, Any], now: Mapping[str, Any]) -> list[dict[str, str]]:
    """What differs between the facts of a case and those of now, in words."""
    return (
        year_row(then, now)
        + [
            {"label": _(label), "before": in_words(then[name]), "after": in_words(now[name])}
            for name, label in LABELS.items()
            if then[name] != now[name]
        ]
        + limits_differ(then["limits"], now["limits"])
    )


def limits_differ(then: Mapping[str, int], now: Mapping[str, int]) -> list[dict[str, str]]:
    """Which limits are others than they were, in words."""
    return [
        {
            "label": _(label),
            "before": limit_percent(then[name]),
            "after": limit_percent(now[name]),
        }
        for name, label in LIMIT_LABELS.items()
        if then[name] != now[name]
    ]
