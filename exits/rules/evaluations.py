"""Whether the counts of a special evaluation can be, and whether they are those of the register."""

from collections.abc import Mapping

from exits.rules.counties import Sample
from workflow.machine import Fault, gettext_noop

WHOLES = {"exited_sampled": "exited_total", "unregistered_sampled": "unregistered_total"}
"""What was sampled of whom: nobody samples more people than there are."""

COMPARED = ("remaining_poor", "exited_total", "rural_population")
"""The counts that the register and the records of the villages know as well."""


def impossible_counts(sample: Sample) -> list[Fault]:
    """A fault at each count of the sample that is larger than the county's own."""
    text = gettext_noop("%(part)s in the sample, but the county has %(whole)s of them in all.")
    return [
        Fault(text, {"part": f"{counts[part]:,}", "whole": f"{counts[whole]:,}"}, part)
        for counts in (vars(sample),)
        for part, whole in WHOLES.items()
        if counts[part] > counts[whole]
    ]


def unexplained_counts(
    sample: Sample, on_record: Mapping[str, int], explanation: str
) -> list[Fault]:
    """A fault at each count that differs from what is on record, until somebody says why."""
    names = [] if explanation.strip() else differing_counts(vars(sample), on_record)
    text = gettext_noop(
        "%(said)s in the report, %(known)s on record here. Mend it, or say below why they differ."
    )
    return [
        Fault(text, {"said": f"{getattr(sample, one):,}", "known": f"{on_record[one]:,}"}, one)
        for one in names
    ]


def differing_counts(said: Mapping[str, int], on_record: Mapping[str, int]) -> list[str]:
    """The names of the counts that the report and the record do not have in common."""
    return [name for name in COMPARED if name in on_record and said[name] != on_record[name]]
