"""What exits keep beside their cases, as JSON values. Few poor persons are not told, nor what the
incidence would tell of them.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from exits.models import ListedPlace, Revocation, Tracking
from exits.queries import counties
from exits.queries.figures import count_of, results_of
from exits.queries.villages import judgements_of
from exits.rules.counties import Rate, shown
from exits.rules.shares import limit_percent
from exits.rules.villages import Count, Result, incidence_faults
from households.rights import is_hidden_count
from officers.models import Officer
from trail.shapes import day
from workflow.models import Case


def tracking_json(officer: Officer, case: Case) -> dict[str, Any]:
    """How long an exited household is tracked, and the exit that a revocation is about."""
    tracked = Tracking.objects.visible_to(officer).filter(case=case)
    tracking = tracked.filter(household__number=case.subject).first()
    revocation = Revocation.objects.filter(case=case).first()
    return {
        "tracking": {
            "starts_on": day(tracking.starts_on),
            "until": day(tracking.until),
            "ended_on": day(tracking.ended_on),
        }
        if tracking
        else None,
        "exit": revocation.exit_id if revocation else None,
    }


def listed_json(officer: Officer, case: Case) -> dict[str, Any]:
    """Since when the place of a case stands on the list, and when it left."""
    place = ListedPlace.objects.visible_to(officer).filter(division=case.subject).first()
    return {
        "listed_on": day(place.listed_on) if place else None,
        "exited_on": day(place.exited_on) if place else None,
        "exit_year": place.exit_year if place else None,
    }


def village_facts_json(officer: Officer, case: Case) -> dict[str, Any]:
    """The figures of a village that its exit rests on."""
    judged = judgements_of([case]).get(case.pk, {})
    results = results_of(case.facts, {code: one.met for code, one in judged.items()})
    return _incidence(officer, count_of(case.facts)) | {
        "indicators": [_indicator(one) for one in results]
    }


def county_facts_json(officer: Officer, case: Case) -> dict[str, Any]:
    """The figures of a county that its exit rests on."""
    facts: Mapping[str, Any] = case.facts
    return _incidence(officer, counties.standing_of(facts).count) | {
        "listed_villages": facts["villages"],
        "exited_villages": facts["exited"],
    }


def evaluation_json(case: Case) -> dict[str, Any]:
    """The four figures of the last special evaluation of a county."""
    found = counties.evaluated(case)
    if found is None:
        return {"evaluation": None}
    one = found.evaluation
    return {
        "evaluation": {
            "first_day": day(one.first_day),
            "last_day": day(one.last_day),
            "rates": [_rate(rate) for rate in found.rates],
        }
    }


def _incidence(officer: Officer, count: Count) -> dict[str, Any]:
    known = bool(count.population)
    return {
        "year": count.year,
        "poor_persons": None if is_hidden_count(officer, count.poor) else count.poor,
        "rural_population": count.population,
        "incidence_limit_percent": _number(limit_percent(count.limit_bp)),
        "below_limit": not incidence_faults(count) if known else None,
    }


def _indicator(one: Result) -> dict[str, Any]:
    figure = one.figure
    is_number = isinstance(figure, int | Decimal) and not isinstance(figure, bool)
    return {
        "code": one.code,
        "name": one.name,
        "figure": str(figure) if is_number else None,
        "vetoes": one.vetoes,
        "met": one.met,
    }


def _number(percent: str) -> str:
    """A share in percent as a number alone."""
    return percent.removesuffix(" %").replace(",", "")


def _rate(rate: Rate) -> dict[str, Any]:
    return {
        "name": str(rate.metric),
        "percent": None if rate.value is None else _number(shown(rate)),
        "limit_percent": _number(limit_percent(rate.limit_bp)),
        "passes": rate.passes,
    }
