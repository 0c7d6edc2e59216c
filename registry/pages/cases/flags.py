"""What makes a case one to look at twice, in words: red lines, data to mend, kin, a near line."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.utils.translation import gettext as _

from exits.queries.risk import hints_of
from exits.rules.risk import APPEAL, KINDS, OBJECTION, RED_LINE, UNFINISHED
from exits.rules.warnings import TEXTS
from workflow.machine import Flagged
from workflow.models import Case
from workflow.models.cases import LINE, PER_CAPITA

TONES = {RED_LINE: "bad-tag", OBJECTION: "bad-tag", APPEAL: "bad-tag", UNFINISHED: "info"}


@dataclass(frozen=True)
class Flag:
    """One flag of a case, in words; `tone` is that of its tag."""

    code: str

    @property
    def label(self) -> str:
        return _(KINDS[self.code].label)

    @property
    def tone(self) -> str:
        return TONES.get(self.code, "warn")

    @property
    def weight(self) -> int:
        """How much it weighs in the order of risk."""
        return KINDS[self.code].weight

    @property
    def holds(self) -> bool:
        """Whether such a case is decided by itself alone, never in a batch."""
        return KINDS[self.code].holds


def with_figures(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Adds `year`, and `line`, `per_capita` in yuan a person, from the facts; null if unknown."""
    return cases.annotate(line=LINE, per_capita=PER_CAPITA, year=KeyTextTransform("year", "facts"))


def flags_of(cases: Sequence[Case]) -> dict[int, list[Flag]]:
    """The flags of cases by key, the gravest first: what holds them as weighed, and the hints."""
    hints = hints_of(cases)
    found = {}
    for place, case in enumerate(cases):
        codes = {*case.flags, *hints.get(place, ())}
        found[case.pk] = [Flag(code) for code in KINDS if code in codes]
    return found


def words(flags: Iterable[Flagged]) -> str:
    """The flags in one sentence, for a refusal."""
    return _(", ").join(_(flag.label) for flag in flags)


def in_words(answered: Iterable[Mapping[str, Any]]) -> list[str]:
    """The flags that an event keeps, each with its figures where it has some."""
    return [
        _(TEXTS[one["code"]]) % one["values"] if one["code"] in TEXTS else Flag(one["code"]).label
        for one in answered
    ]
