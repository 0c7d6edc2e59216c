"""Keeping a copy up to date with the registry's change feed."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from registry_client.copying import Copy
from registry_client.door import Door, Refusal

PAGE = 1_000
GONE = "cursor_gone"


def pull(
    door: Door,
    copy: Copy,
    *,
    files: Path | None = None,
    told: Callable[[int], None] = lambda _: None,
) -> int:
    """Take in all changes since the copy's cursor; how many came. A full load when there is none.

    Also begins anew when the registry says that the cursor holds no more (410): it was restored,
    the client sees another part of it, or the cursor is too old. With `files`, each page is also
    written there, `changes-<number>.ndjson`, one change a line; a page that a crash left is written
    again under its number. Raises Refusal, Unreachable.
    """
    came = 0
    if copy.cursor is None:
        copy.begin_anew()
    while True:
        page = next_page(door, copy)
        if files:
            _write(files / f"changes-{copy.pages + 1:08d}.ndjson", page["results"])
        copy.take(page["results"], cursor=page["next"], more=page["more"])
        came += len(page["results"])
        told(came)
        if not page["more"]:
            return came


def next_page(door: Door, copy: Copy, **more: str) -> Any:
    """The page behind the copy's cursor; where that holds no more, the first of a full load."""
    params: dict[str, Any] = {"limit": PAGE} | more
    if copy.cursor is not None:
        params["cursor"] = copy.cursor
    try:
        return door.get("sync/changes/", **params)
    except Refusal as refusal:
        if refusal.code != GONE:
            raise
    copy.begin_anew()
    params.pop("cursor", None)
    return door.get("sync/changes/", **params)


def _write(path: Path, changes: list[Any]) -> None:
    fresh = path.with_suffix(".new")
    with fresh.open("w", encoding="utf-8") as out:
        for change in changes:
            out.write(json.dumps(change, ensure_ascii=False) + "\n")
    fresh.replace(path)
