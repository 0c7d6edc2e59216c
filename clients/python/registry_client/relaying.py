"""Carrying what changes in one registry into another one, so that the two hold the same."""

import json
from collections import Counter
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from registry_client.copying import HOUSEHOLD, Copy
from registry_client.door import Door
from registry_client.pulling import next_page

KEY_DIGITS = 40


def relay(source: Door, target: Door, copy: Copy) -> Counter[str]:
    """Push every household that changed in `source` to `target`; households by result.

    `copy` is what was carried over so far: its cursor moves on once a page is answered. A page that
    is sent again after a crash is done once, or changes nothing. What is gone at the source stays
    at the target: no push takes a household away. Raises Refusal, Unreachable.
    """
    counts: Counter[str] = Counter()
    if copy.cursor is None:
        copy.begin_anew()
    while True:
        page = next_page(source, copy, kinds=HOUSEHOLD)
        if items := [*_items(page["results"])]:
            body = json.dumps({"households": items}, ensure_ascii=False).encode()
            key = sha256(body).hexdigest()[:KEY_DIGITS]
            answer = target.post("sync/batches/", body, key=key)
            counts.update(one["result"] for one in answer["results"])
        copy.take(page["results"], cursor=page["next"], more=page["more"])
        if not page["more"]:
            return counts


def _items(changes: Iterable[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    """The documents as items: a version of the source says nothing at the target."""
    for change in changes:
        if change["document"] is not None:
            yield {name: value for name, value in change["document"].items() if name != "version"}
