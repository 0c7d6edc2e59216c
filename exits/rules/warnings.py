"""What makes an exit one to look at twice: each warning with its figure. Values in, values out.

A warning refuses nothing: it keeps the case out of a batch, so that somebody looks at it. Money in
fen, of the whole household and year. Source: domain reference §7.2, warnings; security note, fraud
patterns 1 and 3.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from households.rules import per_capita_fen
from workflow.machine import gettext_noop

HUGGING, TRANSFERS, ALLOWANCE, LUMPED, ELDERLY, JUMP, REFUSED = (
    "hugging", "transfers", "allowance", "lumped", "elderly", "jump", "refused",
)  # fmt: skip
TEXTS = {
    HUGGING: gettext_noop(
        "The income is only %(percent)s %% above the line; up to %(limit)s %% is looked at twice."
    ),
    TRANSFERS: gettext_noop(
        "Transfers are %(percent)s %% of the income; from %(limit)s %% on it is looked at twice."
    ),
    ALLOWANCE: gettext_noop(
        "Only the allowance lifts it above the line: without its %(allowance)s yuan the net income"
        " is %(rest)s yuan, and the line asks for %(needed)s."
    ),
    LUMPED: gettext_noop(
        "A member has the allowance, which no account itemises: without the transfers of"
        " %(transfers)s yuan the net income is %(rest)s yuan, and the line asks for %(needed)s."
    ),
    ELDERLY: gettext_noop("Every member is %(old)s or older; the youngest is %(age)s."),
    JUMP: gettext_noop(
        "The income a person rose from %(earlier)s to %(now)s yuan within a year; a rise of"
        " %(limit)s %% is looked at twice."
    ),
    REFUSED: gettext_noop("The household refused to sign on %(day)s."),
}
OLD_AGE = 60
WHOLE = 100
TENTH = Decimal("0.1")


@dataclass(frozen=True)
class Limits:
    """From how many percent on an exit is looked at twice: policy parameters of the place."""

    hugging: int
    transfers: int
    jump: int


@dataclass(frozen=True)
class Figures:
    """What is known of the household in the year of its exit; None is unknown.

    `allowance` is what the state gives to those who have no other living; it is `lumped` where a
    member has it and no account itemises the transfers. `earlier` is the net income a person of the
    year before, `youngest` the age of the youngest member at the end of the year, `refused_on` the
    last day on which it refused to sign an exit.
    """

    persons: int
    line: int
    net: int | None = None
    gross: int | None = None
    transfers: int | None = None
    allowance: int = 0
    lumped: bool = False
    earlier: int | None = None
    youngest: int | None = None
    refused_on: date | None = None


@dataclass(frozen=True)
class Warned:
    """One warning with its figures. Amounts are yuan, shares percent with one place."""

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """Its msgid, which takes the figures."""
        return TEXTS[self.code]


def warnings_of(figures: Figures, limits: Limits) -> list[Warned]:
    """Every warning that holds, in the order in which they are shown."""
    found = (
        _hugging(figures, limits),
        _transfers(figures, limits),
        _allowance(figures),
        _lumped(figures),
        _elderly(figures),
        _jump(figures, limits),
        _refused(figures),
    )
    return [one for one in found if one]


def _hugging(figures: Figures, limits: Limits) -> Warned | None:
    """So close above the line that one bad week takes it back."""
    needed = figures.line * figures.persons
    if figures.net is None or not needed:
        return None
    above = figures.net - needed
    if not above > 0 or above * WHOLE > needed * limits.hugging:
        return None
    return Warned(HUGGING, {"percent": share(above, needed), "limit": limits.hugging})


def _transfers(figures: Figures, limits: Limits) -> Warned | None:
    if not figures.gross or figures.transfers is None:
        return None
    if figures.transfers * WHOLE < figures.gross * limits.transfers:
        return None
    values = {"percent": share(figures.transfers, figures.gross), "limit": limits.transfers}
    return Warned(TRANSFERS, values)


def _allowance(figures: Figures) -> Warned | None:
    needed = figures.line * figures.persons
    if figures.net is None or not figures.allowance or figures.net <= needed:
        return None
    rest = figures.net - figures.allowance
    if rest > needed:
        return None
    values = {"allowance": yuan(figures.allowance), "rest": yuan(rest), "needed": yuan(needed)}
    return Warned(ALLOWANCE, values)


def _lumped(figures: Figures) -> Warned | None:
    """The allowance lifts it no higher than all its transfers do."""
    needed = figures.line * figures.persons
    if not figures.lumped or figures.net is None or figures.transfers is None:
        return None
    rest = figures.net - figures.transfers
    if not rest <= needed < figures.net:
        return None
    values = {"transfers": yuan(figures.transfers), "rest": yuan(rest), "needed": yuan(needed)}
    return Warned(LUMPED, values)


def _elderly(figures: Figures) -> Warned | None:
    if figures.youngest is None or figures.youngest < OLD_AGE:
        return None
    return Warned(ELDERLY, {"old": OLD_AGE, "age": figures.youngest})


def _jump(figures: Figures, limits: Limits) -> Warned | None:
    if figures.net is None or figures.earlier is None or figures.persons < 1:
        return None
    each = per_capita_fen(figures.net, figures.persons)
    if each <= 0 or each * WHOLE < figures.earlier * (WHOLE + limits.jump):
        return None
    values = {"earlier": yuan(figures.earlier), "now": yuan(each), "limit": limits.jump}
    return Warned(JUMP, values)


def _refused(figures: Figures) -> Warned | None:
    if figures.refused_on is None:
        return None
    return Warned(REFUSED, {"day": figures.refused_on})


def share(part: int, whole: int) -> str:
    """A share in percent with one place, rounded half up."""
    return str((Decimal(part) * WHOLE / whole).quantize(TENTH, ROUND_HALF_UP))


def yuan(fen: int) -> str:
    """Fen as grouped yuan with two places."""
    sign = "−" if fen < 0 else ""
    return f"{sign}{abs(fen) / Decimal(WHOLE):,.2f}"


def age_at(born: date, on: date) -> int:
    """Full years of somebody born on a day."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
