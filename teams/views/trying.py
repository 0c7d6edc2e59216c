"""An act tried with what a form holds: what was refused goes back to the fields of the form."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from teams.forms.judged import JudgedForm
from teams.forms.seen import SeenForm
from teams.forms.versioned import VersionedForm
from teams.refusals import EntryRefused
from trail.errors import NotAllowed, Refused, Stale
from workflow.errors import Incomplete

T = TypeVar("T")
BAD_REQUEST = 400


@dataclass(frozen=True)
class Tried(Generic[T]):
    """What came of it: the result, or the status of the page, and what differs since."""

    result: T | None = None
    status: int = 200
    stale: Stale | None = None


def tried(form: JudgedForm, act: Callable[[], T], *, now: Callable[[], int] = int) -> Tried[T]:
    """Do the act when the form is sound. Raises NotAllowed.

    What is stale can be sent again on purpose: it then stands against the version or the key that
    is on record `now`.
    """
    if not form.is_bound:
        return Tried()
    if not form.is_valid():
        return Tried(status=BAD_REQUEST)
    try:
        return Tried(act())
    except EntryRefused as refused:
        form.take(refused.faults)
        return Tried(status=refused.status)
    except Incomplete as refused:
        form.take(refused.details["fields"].items())
        return Tried(status=refused.status)
    except Stale as stale:
        if isinstance(form, VersionedForm):
            form.see(now())
        elif isinstance(form, SeenForm):
            form.see(str(now()))
        return Tried(status=stale.status, stale=stale)
    except NotAllowed:
        raise
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return Tried(status=refusal.status)
