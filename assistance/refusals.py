"""Faults that the rules found, told to whoever sent the entry."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from teams.refusals import EntryRefused
from workflow.machine import Fault


def said(fault: Fault) -> str:
    """A fault in the language of the reader."""
    return _(fault.text) % fault.values if fault.values else _(fault.text)


def refuse(faults: Iterable[Fault | None]) -> None:
    """EntryRefused with these faults, each at its field; nothing where there is none."""
    found = [(one.field, said(one)) for one in faults if one is not None]
    if found:
        raise EntryRefused(found)
