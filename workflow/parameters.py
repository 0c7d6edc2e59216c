"""Which policy parameters there are, with their limits. No Django here.

The values, with their sources, are rows: the nation's come by migration, others by
`set_parameter`.
"""

from dataclasses import dataclass
from typing import Any

from workflow.machine import gettext_noop


@dataclass(frozen=True)
class Parameter:
    """A whole number between two limits, both included."""

    label: str
    least: int
    most: int

    def allows(self, value: Any) -> bool:
        """Whether `value` can be set."""
        return type(value) is int and self.least <= value <= self.most

    @property
    def limits(self) -> str:
        return f"{self.least}–{self.most}"

    @property
    def advice(self) -> str:
        return gettext_noop("Enter a whole number from %(least)s to %(most)s.")


@dataclass(frozen=True)
class Share:
    """A share of a whole, written [2, 3] for two thirds; `least` and `most` bound the second."""

    label: str
    least: int = 1
    most: int = 100

    def allows(self, value: Any) -> bool:
        """Whether `value` can be set."""
        if not (isinstance(value, list) and [type(part) for part in value] == [int, int]):
            return False
        part, whole = value
        return self.least <= whole <= self.most and 0 < part <= whole

    @property
    def limits(self) -> str:
        return "a share, written [2, 3]"

    @property
    def advice(self) -> str:
        return gettext_noop("Enter a share as [2, 3] for two thirds.")


IDENTIFICATION_VILLAGE_DAYS = "notice.identification.village_days"
IDENTIFICATION_TOWNSHIP_DAYS = "notice.identification.township_days"
EXIT_VILLAGE_DAYS = "notice.exit.village_days"
WATCH_VILLAGE_DAYS = "notice.watch.village_days"
QUORUM = "appraisal.quorum"
VISITORS = "visit.visitors"
WATCH_MONTHS = "watch.months_before_elimination"

PARAMETERS: dict[str, Parameter | Share] = {
    IDENTIFICATION_VILLAGE_DAYS: Parameter(
        gettext_noop("Days of the village notice of an identification"), 1, 90
    ),
    IDENTIFICATION_TOWNSHIP_DAYS: Parameter(
        gettext_noop("Days of the township notice of an identification"), 1, 90
    ),
    EXIT_VILLAGE_DAYS: Parameter(gettext_noop("Days of the village notice of an exit"), 1, 90),
    WATCH_VILLAGE_DAYS: Parameter(gettext_noop("Days of the village notice of a watch"), 1, 90),
    QUORUM: Share(gettext_noop("Share of the villagers' representatives who must be present")),
    VISITORS: Parameter(gettext_noop("People who visit a household together"), 1, 10),
    WATCH_MONTHS: Parameter(
        gettext_noop("Months under watch before the risk can be declared gone"), 1, 60
    ),
}
