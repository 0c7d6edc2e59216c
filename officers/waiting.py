"""What waits for a posting. Only the apps above know: settings.WHAT_WAITS names who tells."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.utils.module_loading import import_string

from officers.models import Posting


@dataclass(frozen=True)
class Waiting:
    """So much of one kind waits for whoever holds the posting; `figure` is its count as text."""

    label: str
    figure: str


def waits_for(posting: Posting) -> list[Waiting]:
    """What waits for the posting now; nothing of what nobody waits for."""
    tell: Callable[[Posting], list[Waiting]] = import_string(settings.WHAT_WAITS)
    return tell(posting)
