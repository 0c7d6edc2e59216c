"""The rows of a file of any list as text, and what was found in them."""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Generic, Protocol, TypeVar

from households.importing.filed import Fault
from households.importing.template import Layout
from teams.importing.rows import Record


class Choice:
    """What becomes of a file with faulty rows."""

    SOUND, ALL = "sound", "all"


@dataclass(frozen=True)
class FileTable(ABC):
    """The rows of a file as text."""

    headings: tuple[str, ...]
    records: list[Record]

    @staticmethod
    @abstractmethod
    def reads(headings: Sequence[str], /) -> Layout:
        """How the list reads the headings of its files."""

    @property
    def layout(self) -> Layout:
        """Which column stands where."""
        return self.reads(self.headings)


class Judged(Protocol):
    """A row with what becomes of it; one with faults is left out."""

    @property
    def row(self) -> Any: ...

    @property
    def kind(self) -> StrEnum: ...


J = TypeVar("J", bound=Judged)
S = TypeVar("S")


@dataclass
class FileOutcome(Generic[J, S]):
    """What was found in a file, and what was saved of it, None before that."""

    table: FileTable
    verdicts: list[J] = field(default_factory=list)
    saved: S | None = None

    @property
    def counts(self) -> Counter[str]:
        """The rows by what becomes of them."""
        return Counter(one.kind.value for one in self.verdicts)

    @property
    def faults(self) -> list[Fault]:
        """Every fault, in the order of the file."""
        return [fault for one in self.verdicts for fault in one.row.faults]

    @property
    def faulty(self) -> list[Any]:
        """The rows that are left out."""
        return [one.row for one in self.verdicts if one.row.faults]
