"""The register in memory: villages, households, members, surveys, standards."""

from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from typing import Any

OPERATOR, COUNTY_CLERK, VILLAGE_OFFICIAL = "operator", "county_clerk", "village_official"
IMPORTERS = (OPERATOR, COUNTY_CLERK, VILLAGE_OFFICIAL)
ORDINARY, EXITED, RELAPSED = 4, 1, 3


@dataclass(frozen=True)
class Importer:
    role: str
    division: str

    def reaches(self, code: str) -> bool:
        return self.division == "0" or code.startswith(self.division)


@dataclass
class Village:
    code: str
    in_force: bool = True
    successor: str = ""


@dataclass
class Member:
    """A membership. `person` is the same for all memberships of one human being."""

    person: int
    person_number: str = ""
    name: str = ""
    id_number: str = ""
    birth_date: date | None = None
    sex: str = ""
    relation: str = ""
    cells: dict[str, Any] = field(default_factory=dict)
    end_reason: str = ""
    end_date: date | None = None

    @property
    def active(self) -> bool:
        return self.end_reason == ""


@dataclass
class Survey:
    """The eleven cells as filed (None is blank), who counted, and how often it was corrected."""

    facts: dict[str, Any]
    members: frozenset[int]

    @property
    def persons(self) -> int:
        return len(self.members)


@dataclass
class Household:
    number: str
    village: str
    state: int = ORDINARY
    exit_year: int | None = None
    cells: dict[str, Any] = field(default_factory=dict)
    members: list[Member] = field(default_factory=list)
    surveys: dict[int, list[Survey]] = field(default_factory=dict)

    def active(self) -> list[Member]:
        return [member for member in self.members if member.active]

    def copy(self) -> "Household":
        return deepcopy(self)


@dataclass
class Register:
    villages: dict[str, Village] = field(default_factory=dict)
    households: dict[str, Household] = field(default_factory=dict)
    standards: dict[int, tuple[int, int]] = field(default_factory=dict)
    frozen: set[tuple[str, int]] = field(default_factory=set)
    last_person: int = 0

    def new_person(self) -> int:
        self.last_person += 1
        return self.last_person

    def is_frozen(self, village: str, year: int) -> bool:
        return any(
            year == frozen_year and (division == "0" or village.startswith(division))
            for division, frozen_year in self.frozen
        )


class Index:
    """Who is known when an import begins, by person number and by ID."""

    def __init__(self, register: Register) -> None:
        self.by_key: dict[tuple[str, str], list[tuple[Household, Member]]] = {}
        for home in register.households.values():
            for member in home.members:
                keys = (("number", member.person_number), ("id", member.id_number[:18]))
                for kind, key in keys:
                    self.by_key.setdefault((kind, key), []).append((home, member))

    def find(self, kind: str, key: str | None) -> tuple[Household, Member] | None:
        """The active membership of the person who has the key, else the latest one."""
        met = self.by_key.get((kind, key), []) if key else []
        active = [pair for pair in met if pair[1].active]
        return (active or met)[-1] if met else None
