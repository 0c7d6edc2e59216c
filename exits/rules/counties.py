"""When a county may leave the list of poor counties. Source: domain reference §7.1, §7.3."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from exits.rules.shares import BASIS_POINTS, limit_percent, percent_beside, share
from exits.rules.villages import Count, incidence_faults, place_year_faults
from workflow.machine import Fault, Situation, gettext_noop


class Metric(StrEnum):
    """The four figures of the special evaluation."""

    COMPOSITE = "composite"
    WRONG = "wrong"
    MISSED = "missed"
    ACCEPTANCE = "acceptance"


FAILS = {
    Metric.COMPOSITE: gettext_noop(
        "The composite incidence is %(value)s; it must be below %(limit)s."
    ),
    Metric.WRONG: gettext_noop("The wrong-exit rate is %(value)s; it must be below %(limit)s."),
    Metric.MISSED: gettext_noop("The missed rate is %(value)s; it must be below %(limit)s."),
    Metric.ACCEPTANCE: gettext_noop("The acceptance is %(value)s; it must be at least %(limit)s."),
}
UNKNOWN = {
    Metric.COMPOSITE: gettext_noop("The composite incidence is not known: a sample is empty."),
    Metric.WRONG: gettext_noop("The wrong-exit rate is not known: no exited person was sampled."),
    Metric.MISSED: gettext_noop("The missed rate is not known: nobody unregistered was sampled."),
    Metric.ACCEPTANCE: gettext_noop("The acceptance is not known: no household was asked."),
}


@dataclass(frozen=True)
class Sample:
    """The counts of a special evaluation, as `exits.models.Evaluation` keeps them."""

    exited_sampled: int
    wrongly_exited: int
    unregistered_sampled: int
    missed: int
    households_asked: int
    households_approving: int
    remaining_poor: int
    exited_total: int
    unregistered_total: int
    rural_population: int


@dataclass(frozen=True)
class Limits:
    """In basis points: the rates must lie below theirs, the acceptance reaches its own."""

    incidence_bp: int
    wrong_bp: int
    missed_bp: int
    acceptance_bp: int


@dataclass(frozen=True)
class Rate:
    """One figure: `value` as an exact share, None where nobody was sampled; None never passes."""

    metric: Metric
    value: Fraction | None
    limit_bp: int

    @property
    def passes(self) -> bool:
        """Strictly below the limit; the acceptance at the limit or above."""
        if self.value is None:
            return False
        scaled = self.value * BASIS_POINTS
        if self.metric == Metric.ACCEPTANCE:
            return scaled >= self.limit_bp
        return scaled < self.limit_bp


def missed_persons(sample: Sample) -> Fraction | None:
    """Persons missed in the county: the sample's rate times all who were never registered."""
    rate = share(sample.missed, sample.unregistered_sampled)
    return None if rate is None else rate * sample.unregistered_total


def wrong_persons(sample: Sample) -> Fraction | None:
    """Persons wrongly exited in the county: the sample's rate times all exited persons."""
    rate = share(sample.wrongly_exited, sample.exited_sampled)
    return None if rate is None else rate * sample.exited_total


def composite(sample: Sample) -> Fraction | None:
    """(remaining poor + missed + wrongly exited) ÷ rural registered population, exactly.

    400 + 52,000 × 0.5 % + 9,000 × 0.3 % = 687 of 65,000 is 1.06 %. None where a part is unknown.
    """
    missed, wrong = missed_persons(sample), wrong_persons(sample)
    if missed is None or wrong is None or not sample.rural_population:
        return None
    return (sample.remaining_poor + missed + wrong) / sample.rural_population


def rates_of(sample: Sample, limits: Limits) -> list[Rate]:
    """The four figures in the order of the report."""
    wrong = share(sample.wrongly_exited, sample.exited_sampled)
    missed = share(sample.missed, sample.unregistered_sampled)
    accepting = share(sample.households_approving, sample.households_asked)
    return [
        Rate(Metric.COMPOSITE, composite(sample), limits.incidence_bp),
        Rate(Metric.WRONG, wrong, limits.wrong_bp),
        Rate(Metric.MISSED, missed, limits.missed_bp),
        Rate(Metric.ACCEPTANCE, accepting, limits.acceptance_bp),
    ]


def shown(rate: Rate) -> str:
    """A rate in percent beside its limit; a dash for unknown."""
    return "–" if rate.value is None else percent_beside(rate.value, limit_bp=rate.limit_bp)


def evaluation_faults(rates: Iterable[Rate]) -> list[Fault]:
    """A fault for each figure that fails or is unknown; any one stops the exit."""
    return [
        Fault(UNKNOWN[rate.metric])
        if rate.value is None
        else Fault(
            FAILS[rate.metric], {"value": shown(rate), "limit": limit_percent(rate.limit_bp)}
        )
        for rate in rates
        if not rate.passes
    ]


@dataclass(frozen=True)
class Standing:
    """How far a county is: its listed villages, those that exited, and its incidence.

    `unrecorded` counts the villages without a rural population of the year.
    """

    villages: int
    exited: int
    unrecorded: int
    count: Count


def eligibility_faults(standing: Standing) -> list[Fault]:
    """What keeps a county from being proposed: villages on the list, figures, incidence."""
    faults = []
    if left := standing.villages - standing.exited:
        text = gettext_noop("%(left)s of %(villages)s listed villages have not exited yet.")
        faults.append(Fault(text, {"left": left, "villages": standing.villages}))
    if standing.unrecorded:
        text = gettext_noop(
            "%(villages)s villages have no rural population on record for %(year)s."
        )
        values = {"villages": standing.unrecorded, "year": standing.count.year}
        return [*faults, Fault(text, values)]
    return [*faults, *incidence_faults(standing.count)]


def county_may_be_proposed(situation: Situation) -> list[Fault]:
    """A fault for the year and each thing that its villages and its incidence lack."""
    return [*place_year_faults(situation), *situation.records.values["faults"]]


def evaluation_is_known(situation: Situation) -> list[Fault]:
    """A fault while no result of the special evaluation is on record, and at a day of the report
    that lies before the last day of the evaluation.
    """
    values = situation.records.values
    received, last = situation.evidence.get("received_on"), values.get("evaluated_until")
    if received and last and received < last:
        text = gettext_noop("The evaluation went on until %(day)s. Enter that day or a later one.")
        return [Fault(text, {"day": last}, "received_on")]
    return list(values["missing"])


def evaluation_passes(situation: Situation) -> list[Fault]:
    """A fault for the year, and each figure of the special evaluation that fails; one vetoes."""
    values = situation.records.values
    return [*place_year_faults(situation), *values["missing"], *values["failed"]]
