"""Whether days and counts of a special evaluation can be, and whether the register has the same."""

from collections.abc import Callable, Mapping
from datetime import date

from exits.rules.counties import Sample
from workflow.machine import Fault, gettext_noop

WHOLES = {"exited_sampled": "exited_total", "unregistered_sampled": "unregistered_total"}
"""What was sampled of whom: nobody samples more people than there are."""

LIVING = ("remaining_poor", "exited_total", "unregistered_total")
"""Three kinds of people, nobody of two, who live in the county."""

COMPARED = ("remaining_poor", "exited_total", "rural_population")
"""The counts that the register and the records of the villages know as well."""


def impossible_counts(sample: Sample) -> list[Fault]:
    """A fault at each count that is larger than the one it is a part of."""
    text = gettext_noop("%(part)s in the sample, but the county has %(whole)s of them in all.")
    counts = vars(sample)
    found = [
        Fault(text, {"part": f"{counts[part]:,}", "whole": f"{counts[whole]:,}"}, part)
        for part, whole in WHOLES.items()
        if counts[part] > counts[whole]
    ]
    living = sum(counts[name] for name in LIVING)
    if living > sample.rural_population:
        text = gettext_noop(
            "Those on the register, exited and never registered are %(living)s together, more than"
            " the rural population. Mend one of the four."
        )
        found.append(Fault(text, {"living": f"{living:,}"}, "rural_population"))
    return found


def days_out_of_order(
    first_day: date, last_day: date, *, opened_on: date, today: date
) -> list[Fault]:
    """Faults at days before the case that is evaluated, or to come.

    An evaluation judges the exit that was proposed: one of before it spoke of another one.
    """
    faults = []
    if first_day < opened_on:
        text = gettext_noop(
            "The exit was proposed on %(day)s. Only an evaluation from then on judges it."
        )
        faults.append(Fault(text, {"day": opened_on}, "first_day"))
    if last_day > today:
        faults.append(Fault(gettext_noop("The day lies in the future."), field="last_day"))
    return faults


def unexplained_counts(
    sample: Sample, on_record: Mapping[str, int], explanation: str, told: Callable[[int], str]
) -> list[Fault]:
    """A fault at each count that differs from what is on record, until somebody says why.

    `told` writes a count of the record as its reader may know it.
    """
    names = [] if explanation.strip() else differing_counts(vars(sample), on_record)
    text = gettext_noop(
        "%(said)s in the report, %(known)s on record here. Mend it, or say below why they differ."
    )
    return [
        Fault(text, {"said": f"{getattr(sample, one):,}", "known": told(on_record[one])}, one)
        for one in names
    ]


def differing_counts(said: Mapping[str, int], on_record: Mapping[str, int]) -> list[str]:
    """The names of the counts that the report and the record do not have in common."""
    return [name for name in COMPARED if name in on_record and said[name] != on_record[name]]
