"""The finding and the proposal: one definition for one household and for a million.

Everything here works alike on `int` and on integer columns (a mapping of ints, or a frame): only
`+ - * & |` and comparisons, conditions as 0/1 numbers, unknowns as 0/1 columns of their own
(`no_<name>`). Money is integer fen. No Django, no pandas.

Source: register template, "The finding" and "The proposal".
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum
from typing import Any

from trail.rules import digest

INCOMES = ("wage_income", "business_income", "property_income", "transfer_income")
EXPENSE = "business_expense"
MONEY = (*INCOMES, EXPENSE)
GUARANTEES = ("food", "clothing", "education", "medical", "housing", "water")
MET, NOT_MET, NOT_APPLICABLE = 1, 0, 9

LACKS = tuple(sorted(("income", *GUARANTEES)))
GAPS = tuple(sorted((*MONEY, *GUARANTEES)))
LACK_BIT = {name: 1 << place for place, name in enumerate(LACKS)}
GAP_BIT = {name: 1 << place for place, name in enumerate(GAPS)}
ALL_GAPS = sum(GAP_BIT.values())
MONEY_GAPS = sum(GAP_BIT[name] for name in MONEY)


class State(IntEnum):
    POOR = 0
    EXITED = 1
    PLANNED_EXIT = 2
    RELAPSED = 3
    ORDINARY = 4
    CLEARED = 5
    CANCELLED = 6


ON_REGISTER = (State.POOR, State.PLANNED_EXIT, State.RELAPSED)


class Kind(IntEnum):
    """What a review proposes; NONE is no proposal at all."""

    NONE = 0
    COMPLETE = 1
    IDENTIFY = 2
    WATCH = 3
    KEEP = 4
    EXIT = 5
    REINCLUDE = 6
    ATTENTION = 7


ACCEPTABLE = (Kind.IDENTIFY, Kind.REINCLUDE, Kind.WATCH, Kind.EXIT)


@dataclass(frozen=True)
class Finding:
    """The determination, as ints or as integer columns.

    `net_fen` counts an unknown figure as 0 and means something only where `incomes_known` is 1.
    """

    net_fen: Any
    incomes_known: Any
    lacks: Any
    gaps: Any
    exit_ready: Any
    at_risk: Any


def find(
    facts: Mapping[str, Any],
    *,
    line_fen: int,
    monitoring_fen: int,
    guarantees: Collection[str] = GUARANTEES,
) -> Finding:
    """The finding on the facts of one year.

    `facts` holds, by name, `persons`; each of MONEY in fen and each of GUARANTEES as 1, 0 or 9
    (0 where unknown); and `no_<name>`, 1 where it is unknown. A guarantee that is not among
    `guarantees`, those that the standard demands, is neither a lack nor a gap.
    """
    demanded = tuple(name for name in GUARANTEES if name in guarantees)
    gaps = sum((facts[f"no_{name}"] * GAP_BIT[name] for name in (*MONEY, *demanded)), start=0)
    known = _flag((gaps & MONEY_GAPS) == 0)
    net = sum((facts[name] for name in INCOMES), start=0) - facts[EXPENSE]
    line, monitoring = line_fen * facts["persons"], monitoring_fen * facts["persons"]
    lacks = known * _flag(net < line) * LACK_BIT["income"]
    for name in demanded:
        lacks = lacks + _flag(facts[name] == NOT_MET) * (1 - facts[f"no_{name}"]) * LACK_BIT[name]
    ready = _flag(lacks == 0) * _flag(gaps == 0) * _flag(net > line)
    return Finding(net, known, lacks, gaps, ready, known * _flag(net < monitoring))


def propose(state: Any, finding: Finding, *, surveyed: Any) -> Any:
    """The kind of proposal for a household in `state`; `surveyed` is 1 where the year has a survey.

    Without a survey the finding must be that of `unknown_facts`.
    """
    exited, ordinary = _flag(state == State.EXITED), _flag(state == State.ORDINARY)
    registered = sum((_flag(state == one) for one in ON_REGISTER), start=0)
    judged = registered + exited + ordinary * surveyed
    gaps, lacks = _flag(finding.gaps != 0), _flag(finding.lacks != 0)
    whole = judged * (1 - gaps)
    risk = (1 - lacks) * finding.at_risk
    identify, reinclude = whole * ordinary * lacks, whole * exited * lacks
    watch, leave = (
        whole * (ordinary + exited) * risk,
        whole * registered * finding.exit_ready,
    )
    keep = whole - identify - reinclude - watch - leave
    return (
        judged * gaps * Kind.COMPLETE
        + identify * Kind.IDENTIFY
        + reinclude * Kind.REINCLUDE
        + watch * Kind.WATCH
        + leave * Kind.EXIT
        + keep * Kind.KEEP
    )


def unknown_facts(persons: int) -> dict[str, int]:
    """Facts of a household that nobody surveyed: everything unknown."""
    facts = dict.fromkeys((*MONEY, *GUARANTEES), 0)
    return facts | {f"no_{name}": 1 for name in GAPS} | {"persons": persons}


def named(bits: int, names: tuple[str, ...]) -> list[str]:
    """The names that a bitmap of lacks or gaps holds, sorted."""
    return [name for place, name in enumerate(names) if bits >> place & 1]


def per_capita_fen(net_fen: int, persons: int) -> int:
    """Net income per person in fen, rounded half away from zero; for display only."""
    rounded = (2 * abs(net_fen) + persons) // (2 * persons)
    return rounded if net_fen >= 0 else -rounded


def fen(yuan: Decimal) -> int:
    """Exact fen of an amount in yuan with at most two places."""
    return int(yuan.scaleb(2))


def standard_digest(
    *,
    number: int | None,
    division_id: str,
    year: int,
    line: Decimal,
    monitoring_line: Decimal,
    source: str,
    guarantees: Collection[str] = GUARANTEES,
) -> str:
    """The hash that proves a published standard unchanged; a draft has no number yet.

    The guarantees belong to it only where the standard leaves one out.
    """
    content: dict[str, Any] = {
        "number": number,
        "division": division_id,
        "year": year,
        "line_fen": fen(line),
        "monitoring_line_fen": fen(monitoring_line),
        "source": source,
    }
    return digest(content | left_out_of(guarantees))


def left_out_of(guarantees: Collection[str]) -> dict[str, list[str]]:
    """What a proof says of the guarantees demanded: nothing where all of them are, else which."""
    demanded = [name for name in GUARANTEES if name in guarantees]
    return {} if len(demanded) == len(GUARANTEES) else {"guarantees": demanded}


def _flag(condition: Any) -> Any:
    """A comparison as 0/1, for one value and for a column."""
    return condition * 1
