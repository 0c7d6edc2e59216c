"""The policy parameters that hold in an officer's division, in words, with where they come from."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from divisions.models import Level
from officers.models import Officer
from workflow.actions.parameters import CONFIRMER, setters_of
from workflow.models import PolicyParameter
from workflow.models.parameters import PolicyParameterQuerySet
from workflow.parameter_kinds import (
    EVERY_YEAR,
    Account,
    Choice,
    Known,
    Parameter,
    Share,
    Window,
    day_in,
)
from workflow.parameters import BY_TWO, PARAMETERS
from workflow.queries import parameters_in_force, speakers_for

GROUPS: dict[str, Promise] = {
    "calendar": gettext_lazy("The year's calendar"),
    "notice": gettext_lazy("Public notices"),
    "appraisal": gettext_lazy("Appraisal meeting"),
    "visit": gettext_lazy("Visits"),
    "watch": gettext_lazy("Watch"),
    "identification": gettext_lazy("Identification"),
    "redline": gettext_lazy("Red lines"),
    "income": gettext_lazy("Incomes"),
    "teams": gettext_lazy("First secretaries and work teams"),
    "presence": gettext_lazy("Presence in the village"),
    "pairing": gettext_lazy("Helpers"),
    "training": gettext_lazy("Training"),
    "assessment": gettext_lazy("Yearly assessment"),
    "assistance": gettext_lazy("Assistance"),
    "exits": gettext_lazy("Exits"),
    "exchange": gettext_lazy("Exchange with other systems"),
}
"""The parameters by the first part of their keys, in the order of the page."""


def value_in_words(known: Known, value: Any) -> str:
    """A value as people write it: 7, 2 of 3, 10-01 to 10-31, 12-31, or the label of a word."""
    if isinstance(known, Parameter):
        return str(value)
    if isinstance(known, Choice):
        return _(dict(known.words)[value])
    if isinstance(known, Account):
        return value or _("none")
    if isinstance(known, Share):
        return _("%(part)s of %(whole)s") % {"part": value[0], "whole": value[1]}
    if isinstance(known, Window):
        words = {"first": _day(value[0]), "last": _day(value[1])}
        return _("%(first)s to %(last)s") % words
    return _day(value)


def _day(written: str) -> str:
    day = day_in(EVERY_YEAR, written)
    return _("%(month)02d-%(day)02d") % {"month": day.month, "day": day.day}


@dataclass(frozen=True)
class Held:
    """A parameter with one of its rows; a row that waits for the officer who confirms it is not
    in force yet.
    """

    key: str
    label: str
    value: str
    row: PolicyParameter

    @property
    def waits(self) -> bool:
        return self.key in BY_TWO and bool(self.row.set_by_id) and not self.row.confirmed_by_id


@dataclass(frozen=True)
class Group:
    """Some parameters that belong together; `name` is the first part of their keys."""

    name: str
    title: Promise
    parameters: list[Held]


def parameters_of(officer: Officer, year: int) -> list[Group]:
    """All parameters that hold in the officer's division in a year."""
    found = parameters_in_force(PARAMETERS, officer.acting_division, year)
    return [
        Group(
            name, title, [_held(key, found[key]) for key in PARAMETERS if key.split(".")[0] == name]
        )
        for name, title in GROUPS.items()
    ]


def _held(key: str, row: PolicyParameter) -> Held:
    known = PARAMETERS[key]
    return Held(key, _(known.label), value_in_words(known, row.value), row)


def held_by(officer: Officer, key: str, year: int) -> Held:
    """The one parameter as it holds in the officer's division in a year."""
    return _held(key, parameters_in_force([key], officer.acting_division, year)[key])


def history_of(officer: Officer, key: str) -> list[Held]:
    """Every version that was ever set for the division and those above it, the nearest first."""
    ordered = versions_for(officer).filter(key=key).order_by("-division_id", "-year", "-version")
    return [_held(key, row) for row in ordered]


def waiting_for(officer: Officer) -> list[Held]:
    """The versions of the division and those above it that wait to be confirmed."""
    found = versions_for(officer).waiting().order_by("key", "year", "version")
    return [_held(row.key, row) for row in found if row.key in PARAMETERS]


def versions_for(officer: Officer) -> PolicyParameterQuerySet:
    """Every version of every parameter that can hold in the officer's division."""
    found = PolicyParameter.objects.filter(division_id__in=speakers_for(officer.acting_division))
    return found.select_related("division", "set_by", "confirmed_by")


def may_confirm(officer: Officer, one: Held) -> bool:
    """Whether the officer may confirm a version that waits."""
    own = officer.acting_role == CONFIRMER and officer.acting_division == one.row.division_id
    return one.waits and own and one.row.set_by_id != officer.pk


def why_not_set(officer: Officer, key: str = "") -> str:
    """The sentence that says who sets parameters here; empty for the officer who can."""
    level = officer.posting.division.level if officer.posting else Level.NATION
    if officer.acting_role in setters_of(key, level):
        return ""
    if key in BY_TWO:
        return _(
            "Counties are judged by this, so the province sets it: one officer of the province"
            " writes a version, and the province approver, another officer, confirms it."
        )
    return _(
        "The province approver, the city reviewer and the county approver set parameters, each"
        " for the division of the own posting. What the nearest of them says holds."
    )
