"""When a county may leave the list of poor counties."""

from workflow.machine import Fault, Situation


def county_may_be_proposed(situation: Situation) -> list[Fault]:
    """A fault for each thing that its villages and its incidence lack; they stand on record."""
    return list(situation.records.values["faults"])


def evaluation_is_known(situation: Situation) -> list[Fault]:
    """A fault while no result of the special evaluation is on record."""
    return list(situation.records.values["missing"])


def evaluation_passes(situation: Situation) -> list[Fault]:
    """A fault for each figure of the special evaluation that fails; any one vetoes."""
    values = situation.records.values
    return [*values["missing"], *values["failed"]]
