"""When a village may leave the list of poor villages."""

from workflow.machine import Fault, Situation

BASIS_POINTS = 10_000


def is_below(part: int, whole: int, *, limit_bp: int) -> bool:
    """Whether part ÷ whole is less than a limit in basis points; on the limit is not below.

    A whole of nobody is never below. Source: domain reference §7.1, vectors of §19.3.
    """
    return whole > 0 and part * BASIS_POINTS < limit_bp * whole


def village_may_exit(situation: Situation) -> list[Fault]:
    """A fault for the incidence, a veto or a missing record; they stand on record."""
    return list(situation.records.values["faults"])
