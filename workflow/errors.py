"""Refusals of the workflow, each with what an officer needs to go on."""

from trail.errors import Refused


class AlreadyOpen(Refused):
    """An open case of that kind exists; `details["cases"]` maps subjects to the ids of theirs."""

    code = "already_open"


class Incomplete(Refused):
    """The entries of a step are missing or impossible; `details["fields"]` says which (400)."""

    status = 400
    code = "incomplete"
