"""Carrying what changes in one registry into another one, so that the two hold the same."""

import json
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from registry_client.batching import batches
from registry_client.copying import HOUSEHOLD, REJECTED, Copy
from registry_client.door import Door
from registry_client.pulling import next_page


@dataclass(frozen=True)
class Relayed:
    """What a run came to: households by result, as often as they were sent.

    `left_behind` are the last results of those that the target rejected, or of which it refused
    values; the next run sends them again, changed or not.
    """

    counts: Counter[str]
    left_behind: list[dict[str, Any]]


def relay(source: Door, target: Door, copy: Copy) -> Relayed:
    """Push every household that changed in `source` to `target`.

    `copy` is what was carried over so far: its cursor moves on once a page is answered, and it
    remembers what was left behind. That is sent again at the end, as long as it becomes less: what
    hung on a household of a later page is taken then. A page that is sent again after a crash
    changes nothing more. What is gone at the source stays at the target: no push takes a household
    away. Raises Refusal, Unreachable.
    """
    counts: Counter[str] = Counter()
    if copy.cursor is None:
        copy.begin_anew()
    while True:
        page = next_page(source, copy, kinds=HOUSEHOLD)
        documents = (one["document"] for one in page["results"])
        counts += _pushed(target, copy, (one for one in documents if one is not None))
        copy.take(page["results"], cursor=page["next"], more=page["more"])
        if not page["more"]:
            break
    counts += _tried_again(target, copy)
    return Relayed(counts, copy.left_behind())


def _tried_again(target: Door, copy: Copy) -> Counter[str]:
    counts: Counter[str] = Counter()
    waiting = [one["number"] for one in copy.left_behind()]
    while waiting:
        counts += _pushed(target, copy, (copy.document(HOUSEHOLD, one) for one in waiting))
        still = [one["number"] for one in copy.left_behind() if one["result"] == REJECTED]
        if len(still) >= len(waiting):
            break
        waiting = still
    return counts


def _pushed(target: Door, copy: Copy, documents: Iterable[dict[str, Any]]) -> Counter[str]:
    """Each batch under a key of its own: a household that is again as it was once is news, too."""
    counts: Counter[str] = Counter()
    for batch in batches(_lines(documents)):
        answer = target.post_lines("sync/batches/", batch.body, key=uuid.uuid4().hex)
        copy.note_answer(answer["results"])
        counts.update(one["result"] for one in answer["results"])
    return counts


def _lines(documents: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    """The documents as items: a version of the source says nothing at the target."""
    for document in documents:
        item = {name: value for name, value in document.items() if name != "version"}
        yield json.dumps(item, ensure_ascii=False).encode()
