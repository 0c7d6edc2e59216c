"""The four figures of a special evaluation with their formulas and numbers, in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exits.rules.counties import Metric, Rate, Sample, missed_persons, shown, wrong_persons
from exits.rules.shares import HALF, limit_percent
from households.rights import is_hidden_count
from officers.models import Officer

NAMES: dict[Metric, Promise] = {
    Metric.COMPOSITE: gettext_lazy("Composite incidence"),
    Metric.WRONG: gettext_lazy("Wrong-exit rate"),
    Metric.MISSED: gettext_lazy("Missed rate"),
    Metric.ACCEPTANCE: gettext_lazy("Acceptance"),
}
RULES: dict[Metric, Promise] = {
    Metric.COMPOSITE: gettext_lazy(
        "(poor persons left + missed persons + wrongly exited persons) ÷ rural population"
    ),
    Metric.WRONG: gettext_lazy("wrongly exited ÷ exited persons in the sample"),
    Metric.MISSED: gettext_lazy("missed ÷ persons never registered in the sample"),
    Metric.ACCEPTANCE: gettext_lazy("approving ÷ households asked"),
}


@dataclass(frozen=True)
class RateRow:
    """One figure: its rule, the rule with its numbers, its limit, and whether it passes."""

    name: str
    rule: str
    formula: str
    value: str
    limit: str
    passes: bool
    verdict: str


def rate_rows(officer: Officer, sample: Sample, rates: Iterable[Rate]) -> list[RateRow]:
    """The figures in their order, without numbers where these would tell few persons."""
    return [_row(officer, sample, rate) for rate in rates]


def _row(officer: Officer, sample: Sample, rate: Rate) -> RateRow:
    name = str(NAMES[rate.metric])
    least = rate.metric == Metric.ACCEPTANCE
    bound = _("at least %(limit)s") if least else _("below %(limit)s")
    limit = bound % {"limit": limit_percent(rate.limit_bp)}
    word = _("passes") if rate.passes else _("fails and stops the exit")
    verdict = _("%(name)s: %(value)s, wanted %(limit)s: it %(word)s.")
    values = {"name": name, "value": shown(rate), "limit": limit, "word": word}
    return RateRow(
        name,
        str(RULES[rate.metric]),
        f"{_numbers(officer, sample, rate.metric)} = {shown(rate)}",
        shown(rate),
        limit,
        rate.passes,
        verdict % values,
    )


def _numbers(officer: Officer, sample: Sample, metric: Metric) -> str:
    if metric == Metric.WRONG:
        return f"{sample.wrongly_exited:,} ÷ {sample.exited_sampled:,}"
    if metric == Metric.MISSED:
        return f"{sample.missed:,} ÷ {sample.unregistered_sampled:,}"
    if metric == Metric.ACCEPTANCE:
        return f"{sample.households_approving:,} ÷ {sample.households_asked:,}"
    if is_hidden_count(officer, sample.remaining_poor):
        return _("hidden, few persons")
    missed, wrong = persons(missed_persons(sample)), persons(wrong_persons(sample))
    parts = f"{sample.remaining_poor:,} + {missed} + {wrong}"
    return f"({parts}) ÷ {sample.rural_population:,}"


def persons(value: Fraction | None) -> str:
    """An estimate of persons: whole, or rounded to one place; a dash for unknown."""
    if value is None:
        return "–"
    if value.denominator == 1:
        return f"{value.numerator:,}"
    tenths = floor(value * 10 + HALF)
    return f"{tenths // 10:,}.{tenths % 10}"
