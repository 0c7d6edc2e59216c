"""Which procedure runs under which kind. Apps register their machines when they are ready."""

from workflow.machine import Machine

_machines: dict[str, Machine] = {}


def register(machine: Machine) -> None:
    """Make a machine known; ValueError when another one has its kind."""
    if _machines.setdefault(machine.kind, machine) is not machine:
        raise ValueError(f"two machines of kind {machine.kind}")


def machine_of(kind: str) -> Machine:
    """The machine of a kind; KeyError for an unknown one."""
    return _machines[kind]


def machines() -> list[Machine]:
    """All machines, in the order of their kinds."""
    return [_machines[kind] for kind in sorted(_machines)]
