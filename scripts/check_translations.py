"""Every source string has its Chinese, and the catalogue holds no other. Needs Debian's gettext."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import polib

PROJECT = Path(__file__).parent.parent
CATALOGUE = Path("locale/zh_Hans/LC_MESSAGES/django.po")
NOT_SHOWN = (".git", ".venv", ".data", "tests", "scripts", "benchmarks", "docs", "*.mo", "*_cache")

Message = tuple[str | None, str]


def messages(path: Path) -> dict[Message, polib.POEntry]:
    entries = polib.pofile(str(path))
    return {(entry.msgctxt, entry.msgid): entry for entry in entries if not entry.obsolete}


def extracted() -> dict[Message, polib.POEntry]:
    """What the sources say now, by makemessages in a copy of the project."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "project"
        shutil.copytree(PROJECT, copy, ignore=shutil.ignore_patterns(*NOT_SHOWN))
        catalogue = copy / CATALOGUE
        catalogue.parent.mkdir(parents=True, exist_ok=True)
        catalogue.unlink(missing_ok=True)
        command = [sys.executable, "manage.py", "makemessages", "--locale", "zh_Hans"]
        subprocess.run([*command, "--verbosity", "0"], cwd=copy, check=True)
        return messages(catalogue)


def problems() -> list[str]:
    if not (PROJECT / CATALOGUE).exists():
        return [f"{CATALOGUE} is missing."]
    ours, theirs = messages(PROJECT / CATALOGUE), extracted()
    said = [f"not in the catalogue: {text!r}" for _, text in theirs.keys() - ours.keys()]
    said += [f"no longer in the sources: {text!r}" for _, text in ours.keys() - theirs.keys()]
    for (_, text), entry in ours.items():
        if entry.fuzzy:
            said.append(f"fuzzy: {text!r}")
        elif not entry.translated():
            said.append(f"not translated: {text!r}")
    checked = subprocess.run(
        ["msgfmt", "--check", "--output-file=/dev/null", CATALOGUE],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    return said + (checked.stderr.splitlines() if checked.returncode else [])


if __name__ == "__main__":
    if not shutil.which("msgfmt"):
        sys.exit("GNU gettext is needed: apt install gettext")
    found = problems()
    sys.exit("\n".join(sorted(found)) if found else 0)
