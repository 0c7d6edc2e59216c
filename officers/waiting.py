"""What waits for a posting, as told by the apps above, which register when they are ready."""

from collections.abc import Callable
from dataclasses import dataclass

from officers.models import Posting


@dataclass(frozen=True)
class Waiting:
    """So many things of one kind wait for whoever holds the posting."""

    label: str
    number: int


Source = Callable[[Posting], list[Waiting]]
SOURCES: list[Source] = []


def register(source: Source) -> None:
    """Ask `source` too, once, whenever somebody wants to know what waits for a posting."""
    if source not in SOURCES:
        SOURCES.append(source)


def waits_for(posting: Posting) -> list[Waiting]:
    """What waits for the posting, nothing left out that an app has told of."""
    return [one for source in SOURCES for one in source(posting) if one.number]
