"""Refusals that an officer can read: every action raises one of these, every door shows it."""

from collections.abc import Mapping
from typing import Any


class Refused(Exception):
    """The act is not possible as things stand (409).

    `message` is a translated sentence that says why and what to do; `code` is stable for
    machines; `details` are plain values that a page may show, such as a difference.
    """

    status = 409
    code = "refused"

    def __init__(self, message: str, *, code: str = "", details: Mapping[str, Any] | None = None):
        super().__init__(message)
        self.message = message
        self.code = code or self.code
        self.details = dict(details or {})


class NotAllowed(Refused):
    """The officer has no right to this act, now, in this division (403)."""

    status = 403
    code = "not_allowed"


class Stale(Refused):
    """Somebody changed the facts since the officer read them (409, with the difference)."""

    code = "stale"
