"""Which case a decider looks at first: the weight of its flags, then how near the line it lies.

Values in, values out. What must never pass weighs most: a red line, an objection that is open, a
household that was never helped. Two small doubts outweigh one larger one, because weights add up.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from exits.rules.warnings import ALLOWANCE, ELDERLY, HUGGING, JUMP, LUMPED, REFUSED, TRANSFERS
from workflow.machine import gettext_noop

RED_LINE, OBJECTION, APPEAL, KIN, ISSUE, NEAR, NEVER_HELPED, UNFINISHED, FAILED = (
    "red_line", "objection", "appeal", "kin", "issue", "near", "never_helped", "unfinished",
    "failed",
)  # fmt: skip
FARTHEST = 99_999
"""Yuan a person from the line beyond which all are as far."""

NEAR_PERCENT = 2


@dataclass(frozen=True)
class Kind:
    """A kind of flag: how much it weighs in the order of risk, and its msgid.

    One that `holds` keeps a case out of a batch, and its approval wants a reason; the others are
    shown, because the approval itself refuses what blocks.
    """

    weight: int
    label: str
    holds: bool = True


KINDS: Mapping[str, Kind] = {
    RED_LINE: Kind(9, gettext_noop("red line")),
    OBJECTION: Kind(8, gettext_noop("objection")),
    NEVER_HELPED: Kind(7, gettext_noop("never helped"), holds=False),
    APPEAL: Kind(6, gettext_noop("appeal")),
    REFUSED: Kind(6, gettext_noop("refused to sign")),
    FAILED: Kind(5, gettext_noop("an exit failed before")),
    KIN: Kind(5, gettext_noop("kin of an official")),
    ALLOWANCE: Kind(5, gettext_noop("above the line by the allowance alone")),
    LUMPED: Kind(5, gettext_noop("above the line by transfers, the allowance among them")),
    HUGGING: Kind(4, gettext_noop("hugs the line")),
    ISSUE: Kind(4, gettext_noop("data to mend")),
    TRANSFERS: Kind(3, gettext_noop("mostly transfers")),
    UNFINISHED: Kind(3, gettext_noop("help unfinished"), holds=False),
    JUMP: Kind(2, gettext_noop("income jump")),
    ELDERLY: Kind(2, gettext_noop("all elderly")),
    NEAR: Kind(1, gettext_noop("close to the line")),
}
"""Every flag by its code, the gravest first."""


def risk_of(codes: Iterable[str], distance: int | None) -> int:
    """The place of a case in the order of risk, the highest first.

    `distance` is whole yuan a person from the line, above or below it, None while unknown: less
    distance comes first among equal weights, and an unknown one last.
    """
    nearness = 0 if distance is None else FARTHEST - min(distance, FARTHEST)
    return sum(KINDS[code].weight for code in codes) * (FARTHEST + 1) + nearness


def weight_in(risk: int) -> int:
    """The weight of the flags behind a place in the order."""
    return risk // (FARTHEST + 1)


def is_near(margin: int, line: int) -> bool:
    """Whether an income lies within NEAR_PERCENT of the line, above or below; both in fen."""
    return abs(margin) * 100 <= line * NEAR_PERCENT
