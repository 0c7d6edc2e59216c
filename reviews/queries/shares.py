"""The rates that a report of a review gives, each with its numerator and denominator."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from households.rights import ShownCounts
from households.rules import Kind, State
from households.suppression import Key
from reviews.queries.keys import (
    ABOVE,
    BELOW,
    EXITS,
    HOUSEHOLDS,
    REGISTER,
    cell_key,
    kind_key,
    known_key,
    state_key,
)
from reviews.rules import percent


@dataclass(frozen=True)
class Share:
    """A part of a whole in households; `percent` is empty for no whole and for hidden ones."""

    name: str
    number: str
    whole: str
    percent: str


def shares_of(shown: ShownCounts) -> list[Share]:
    """The rates of a place, from its figures as they are shown."""
    known, reinclude = known_key(""), cell_key(State.EXITED, Kind.REINCLUDE)
    return [
        _share(shown, _("proposed to exit, of those on the register"), EXITS, REGISTER),
        _share(
            shown,
            _("proposed for re-inclusion, of the exited"),
            reinclude,
            state_key(State.EXITED),
        ),
        _share(
            shown, _("proposed for watching, of all reviewed"), kind_key(Kind.WATCH), HOUSEHOLDS
        ),
        _share(shown, _("facts incomplete, of all reviewed"), kind_key(Kind.COMPLETE), HOUSEHOLDS),
        _share(
            shown,
            _("at most 5 percent below the line, of those with a known income"),
            BELOW,
            known,
        ),
        _share(
            shown,
            _("less than 5 percent above the line, of those with a known income"),
            ABOVE,
            known,
        ),
    ]


def _share(shown: ShownCounts, name: str, number: Key, whole: Key) -> Share:
    hidden = shown.is_hidden(number) or shown.is_hidden(whole)
    return Share(
        name=name,
        number=shown.text(number),
        whole=shown.text(whole),
        percent="" if hidden else percent(shown.drawn(number), shown.drawn(whole)),
    )
