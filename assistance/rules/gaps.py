"""Where a household lacks what it is owed, or has what it is not owed: kinds, rules, judgement.

The rules are data (`assistance/data/gaps.json`). What decides works alike on one household (ints)
and on a province (integer columns): only operators that both know. Source: domain reference §8.4
and §10.2, last paragraph.
"""

from enum import StrEnum


class GapKind(StrEnum):
    """What is wrong."""

    MISSING = "missing"
    NOT_ENTITLED = "not_entitled"
    DOUBLE = "double"
    DECEASED = "deceased"


class Resolution(StrEnum):
    """What somebody made of a gap."""

    EXPLAINED = "explained"
    PROMISED = "promised"
    MENDED = "mended"
