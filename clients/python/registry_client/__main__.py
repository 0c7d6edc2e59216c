"""registry-client push | upload | pull | reconcile | relay, with SITE and KEY set: see --help."""

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from registry_client.copying import Copy
from registry_client.door import Door, Refusal, Unreachable
from registry_client.pulling import pull
from registry_client.pushing import push_file, try_file
from registry_client.reconciling import reconcile
from registry_client.relaying import relay
from registry_client.uploading import UploadFailed, upload_file

DONE, SOME_DIFFER, FAILED = 0, 3, 2
NOT_TAKEN = ("rejected", "queued", "refused")


def parser() -> argparse.ArgumentParser:
    """The commands and what each needs."""
    found = argparse.ArgumentParser(prog="registry-client", description=__doc__)
    commands = found.add_subparsers(dest="command", required=True)
    push = commands.add_parser("push", help="send a file of households (NDJSON, .gz too)")
    push.add_argument("file", type=Path)
    push.add_argument("--dry-run", action="store_true", help="judge everything, change nothing")
    sent = commands.add_parser("upload", help="send a large file in parts (NDJSON, CSV, .gz too)")
    sent.add_argument("file", type=Path)
    sent.add_argument("--year", type=int, help="of the figures of a CSV file")
    pulled = commands.add_parser("pull", help="bring a copy up to date")
    pulled.add_argument("copy", type=Path, help="SQLite file, made when it is missing")
    pulled.add_argument("--files", type=Path, help="folder that also gets each page as NDJSON")
    compared = commands.add_parser("reconcile", help="list the households that differ")
    compared.add_argument("copy", type=Path)
    compared.add_argument("division", help="code of a province, city, county, township or village")
    carried = commands.add_parser("relay", help="carry what changed at SITE to TARGET_SITE")
    carried.add_argument("copy", type=Path, help="SQLite file of what was carried over so far")
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status: 0 done, 3 done but some households were not taken or differ, 2 failed."""
    asked = parser().parse_args(arguments)
    try:
        with _door("SITE", "KEY") as door:
            return COMMANDS[asked.command](door, asked)
    except (Unset, Refusal, Unreachable, UploadFailed) as failure:
        _say(str(failure))
    return FAILED


class Unset(Exception):
    """A variable of the environment is missing."""


def _door(site: str, key: str) -> Door:
    missing = [name for name in (site, key) if not os.environ.get(name)]
    if missing:
        raise Unset(f"Set {' and '.join(missing)}: the site's address, and the client's key.")
    return Door(os.environ[site], os.environ[key])


def _push(door: Door, asked: argparse.Namespace) -> int:
    act, told = (try_file, "tried") if asked.dry_run else (push_file, "results")
    progress = act(door, asked.file, told=lambda so_far: _say(_counted(so_far.counts)))
    return _concluded(progress.counts, asked.file, told)


def _upload(door: Door, asked: argparse.Namespace) -> int:
    upload = upload_file(door, asked.file, year=asked.year, told=_tell_upload)
    for heading in upload["unknown"]:
        _say(f"passed over, no template has it: {heading}")
    return _concluded(upload["counts"], asked.file, "results")


def _concluded(counts: Mapping[str, int], file: Path, told: str) -> int:
    """Say what came of a file, and where it stands household by household."""
    _say(f"{_counted(counts)}: see {file}.{told}.ndjson")
    return SOME_DIFFER if any(counts.get(one) for one in NOT_TAKEN) else DONE


def _tell_upload(upload: dict[str, Any]) -> None:
    is_sending = upload["state"] == "open"
    parts, lines = len(upload["parts"]), upload["lines_done"]
    _say(f"parts sent: {parts}" if is_sending else f"lines taken in: {lines}")


def _pull(door: Door, asked: argparse.Namespace) -> int:
    if asked.files:
        asked.files.mkdir(parents=True, exist_ok=True)
    copy = Copy(asked.copy)
    try:
        pull(door, copy, files=asked.files, told=lambda came: _say(f"{came} changes"))
    finally:
        copy.close()
    return DONE


def _reconcile(door: Door, asked: argparse.Namespace) -> int:
    copy = Copy(asked.copy)
    try:
        found = reconcile(door, copy, division=asked.division)
    finally:
        copy.close()
    for one in found:
        sys.stdout.write(f"{one.village} {one.number} {one.ours or '-'} {one.theirs or '-'}\n")
    return SOME_DIFFER if found else DONE


def _relay(door: Door, asked: argparse.Namespace) -> int:
    copy = Copy(asked.copy)
    try:
        with _door("TARGET_SITE", "TARGET_KEY") as target:
            found = relay(door, target, copy)
    finally:
        copy.close()
    _say(_counted(found.counts))
    for one in found.left_behind:
        why = one["errors"] or [{"code": "refused", "pointer": place} for place in one["refused"]]
        for fault in why:
            sys.stdout.write(f"{one['number']} {fault['code']} {fault['pointer']}\n")
    return SOME_DIFFER if found.left_behind or found.counts["queued"] else DONE


def _counted(counts: Mapping[str, int]) -> str:
    return " · ".join(f"{count} {result}" for result, count in sorted(counts.items()))


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


COMMANDS = {
    "push": _push,
    "upload": _upload,
    "pull": _pull,
    "reconcile": _reconcile,
    "relay": _relay,
}

if __name__ == "__main__":
    sys.exit(main())
