"""Which role reads what of a household. Scope says which rows; this says which columns.

Source: role matrix of the security note. A city or province role works with figures, not names;
administrators of accounts and machines see no household at all.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import pgettext

from households.suppression import Hidden, Key, Sum, hidden_counts
from officers.models import Officer
from officers.rules import Role

FIELD_ROLES = frozenset(
    {
        Role.VILLAGE_OFFICIAL,
        Role.TEAM_MEMBER,
        Role.TOWNSHIP_REVIEWER,
        Role.COUNTY_CLERK,
        Role.COUNTY_APPROVER,
        Role.AUDITOR,
    }
)
HEALTH_READERS = FIELD_ROLES
FEWEST_COUNTED = 5
NAME_READERS = FIELD_ROLES | {Role.HELPER}
ID_READERS = FIELD_ROLES - {Role.TEAM_MEMBER}
PHONE_READERS = FIELD_ROLES
FREEZERS = (Role.COUNTY_APPROVER, Role.PROVINCE_APPROVER)
HOUSEHOLD_READERS = NAME_READERS | {
    Role.CITY_REVIEWER,
    Role.PROVINCE_OFFICER,
    Role.PROVINCE_APPROVER,
    Role.READER,
}


def reads_households(officer: Officer) -> bool:
    """Whether the acting role sees households at all."""
    return officer.acting_role in HOUSEHOLD_READERS


def reads_names(officer: Officer) -> bool:
    """Whether the acting role sees names; without it, the family name alone is shown."""
    return officer.acting_role in NAME_READERS


def reads_health(officer: Officer) -> bool:
    """Whether the acting role sees health, disability and labour capacity."""
    return officer.acting_role in HEALTH_READERS


def is_hidden_count(officer: Officer, count: int) -> bool:
    """Whether a count is so small that it would point at people the role may not name."""
    return 0 < count < FEWEST_COUNTED and not reads_names(officer)


def shown_count(officer: Officer, count: int) -> str:
    """A count of households or persons as text; "<5" where the role may not see so few."""
    return f"<{FEWEST_COUNTED}" if is_hidden_count(officer, count) else f"{count:,}"


def drawn_count(officer: Officer, count: int) -> int:
    """The count that a bar or a plural may follow: few are all alike where they are hidden."""
    return FEWEST_COUNTED if is_hidden_count(officer, count) else count


def listed_count(officer: Officer, count: int) -> str:
    """How many rows a list holds. A role without names is told only that they are few.

    Any number would be one that a table may have withheld.
    """
    return shown_count(officer, count) if reads_names(officer) or count < FEWEST_COUNTED else ""


@dataclass(frozen=True)
class ShownCounts:
    """Counts that add up, as a role may see them; a key without a count stands for none."""

    counts: Mapping[Key, int]
    hidden: Hidden

    def is_hidden(self, key: Key) -> bool:
        """Whether the count is not told, as few or for the sake of another."""
        return key in self.hidden.few or key in self.hidden.withheld

    def text(self, key: Key) -> str:
        """The count as text, like `shown_count`."""
        if key in self.hidden.few:
            return f"<{FEWEST_COUNTED}"
        if key in self.hidden.withheld:
            return pgettext("count", "hidden")
        return f"{self.counts.get(key, 0):,}"

    def drawn(self, key: Key) -> int:
        """The count that a bar or a plural may follow: all hidden ones look alike."""
        return FEWEST_COUNTED if self.is_hidden(key) else self.counts.get(key, 0)


def shown_counts(officer: Officer, counts: Mapping[Key, int], sums: Iterable[Sum]) -> ShownCounts:
    """Counts that are shown together, where `sums` says which of them add up to which.

    Roles without names see neither few nor what would tell few by subtraction.
    """
    if reads_names(officer):
        return ShownCounts(counts, Hidden())
    return ShownCounts(counts, hidden_counts(counts, sums, fewest=FEWEST_COUNTED))


def masked_name(name: str) -> str:
    """The first character of a name and two stars, for roles that work with figures."""
    return f"{name[:1]}**"
