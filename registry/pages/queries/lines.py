"""The income lines of one survey, by kind, as pages and sheets show them."""

from dataclasses import dataclass

from households.incomes import item_label
from households.models import Survey
from households.models.details import KIND_CHOICES, IncomeLine


@dataclass(frozen=True)
class NamedLine:
    """An income line with the name of its item; an item that is no longer listed keeps its code."""

    line: IncomeLine
    item: str


@dataclass(frozen=True)
class LinesOfKind:
    """The income lines of one kind in the order in which they were entered."""

    label: str
    lines: list[NamedLine]


def lines_by_kind(survey: Survey | None) -> list[LinesOfKind]:
    """The kinds that have lines; none for a survey whose sums came without them."""
    lines = list(survey.lines.all()) if survey else []
    kinds = [
        LinesOfKind(str(label), [_named(line) for line in lines if line.kind == kind])
        for kind, label in KIND_CHOICES
    ]
    return [kind for kind in kinds if kind.lines]


def _named(line: IncomeLine) -> NamedLine:
    return NamedLine(line, item_label(line.item))
