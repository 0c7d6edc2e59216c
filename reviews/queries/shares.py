"""The rates that a report of a review gives, each with its numerator and denominator."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from households.rights import is_hidden_count, shown_count
from households.rules import ON_REGISTER, Kind, State
from officers.models import Officer
from reviews.queries.figures import of_states
from reviews.queries.histogram import bands_of
from reviews.rules import percent

BELOW_5, ABOVE_5 = (-2, -1), (0, 1)  # bands of 2.5 % of the line each


@dataclass(frozen=True)
class Share:
    """A part of a whole in households; `percent` is empty for no whole and for hidden ones."""

    name: str
    number: str
    whole: str
    percent: str


def shares_of(officer: Officer, counts: Mapping[str, Any]) -> list[Share]:
    """The rates below a division, from its totals."""
    states, reviewed = counts["states"], counts["households"]
    bands = bands_of(counts["bands"], tuple(State))
    known = sum(bands.values())
    register, exited = of_states(states, ON_REGISTER), of_states(states, (State.EXITED,))
    numbers = [
        (
            _("proposed to exit, of those on the register"),
            of_states(states, ON_REGISTER, (Kind.EXIT,)),
            register,
        ),
        (
            _("proposed for re-inclusion, of the exited"),
            of_states(states, (State.EXITED,), (Kind.REINCLUDE,)),
            exited,
        ),
        (
            _("proposed for watching, of all reviewed"),
            of_states(states, tuple(State), (Kind.WATCH,)),
            reviewed,
        ),
        (
            _("facts incomplete, of all reviewed"),
            of_states(states, tuple(State), (Kind.COMPLETE,)),
            reviewed,
        ),
        (
            _("at most 5 percent below the line, of those with a known income"),
            sum(bands.get(place, 0) for place in BELOW_5),
            known,
        ),
        (
            _("less than 5 percent above the line, of those with a known income"),
            sum(bands.get(place, 0) for place in ABOVE_5),
            known,
        ),
    ]
    return [_share(officer, name, number, whole) for name, number, whole in numbers]


def _share(officer: Officer, name: str, number: int, whole: int) -> Share:
    hidden = is_hidden_count(officer, number) or is_hidden_count(officer, whole)
    return Share(
        name=name,
        number=shown_count(officer, number),
        whole=shown_count(officer, whole),
        percent="" if hidden else percent(number, whole),
    )
