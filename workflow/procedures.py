"""Which procedure runs under which kind. Apps register their machines when they are ready."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from django.utils.module_loading import import_string

from workflow.machine import Machine, Records, Weighed

if TYPE_CHECKING:
    from workflow.models import Case

Reader = Callable[["Sequence[Case]"], Mapping[int, Records]]
Weigher = Callable[["Sequence[Case]"], Sequence[Weighed]]

_machines: dict[str, Machine] = {}
_readers: dict[str, str] = {}
_weighers: dict[str, str] = {}


def register(machine: Machine, *, records: str = "") -> None:
    """Make a machine known; ValueError when another one has its kind.

    `records` is the dotted path of the query that reads what the app keeps about such cases.
    """
    if _machines.setdefault(machine.kind, machine) is not machine:
        raise ValueError(f"two machines of kind {machine.kind}")
    if records:
        _readers[machine.kind] = records


def weigh_by(path: str, *kinds: str) -> None:
    """Let the query at a dotted path weigh the risk of cases of these kinds, saved or not."""
    _weighers.update(dict.fromkeys(kinds, path))


def machine_of(kind: str) -> Machine:
    """The machine of a kind; KeyError for an unknown one."""
    return _machines[kind]


def machines() -> list[Machine]:
    """All machines, in the order of their kinds."""
    return [_machines[kind] for kind in sorted(_machines)]


def reader_of(kind: str) -> Reader | None:
    """The query that reads what an app keeps about cases of a kind; None where it keeps nothing."""
    path = _readers.get(kind)
    return import_string(path) if path else None


def weigher_of(kind: str) -> Weigher | None:
    """The query that weighs cases of a kind; None where their risk is all the same."""
    path = _weighers.get(kind)
    return import_string(path) if path else None
