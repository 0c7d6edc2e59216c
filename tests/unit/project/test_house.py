"""The order of the house: small modules with a subject, templates that compile, no signals."""

import ast
from pathlib import Path

from django.template.loader import get_template

PROJECT = Path(__file__).parents[3]
LONGEST_MODULE = 400
FORBIDDEN_NAMES = {"utils", "helpers", "core", "common"}


def files(pattern: str) -> dict[str, Path]:
    """Files of the project by their path in it, without what tools keep there."""
    found = {str(path.relative_to(PROJECT)): path for path in PROJECT.rglob(pattern)}
    return {name: path for name, path in sorted(found.items()) if not name.startswith(".")}


MODULES = {name: path for name, path in files("*.py").items() if "/migrations/" not in name}


def test_every_module_is_small_enough_to_read():
    lengths = {name: len(path.read_text().splitlines()) for name, path in MODULES.items()}
    assert {name: length for name, length in lengths.items() if length > LONGEST_MODULE} == {}


def test_every_module_is_named_by_its_subject():
    words = {name: {*Path(name).with_suffix("").parts} for name in MODULES}
    assert [name for name, parts in words.items() if FORBIDDEN_NAMES & parts] == []


def test_every_template_compiles():
    for name in files("templates/**/*.html"):
        assert get_template(name.removeprefix("templates/"))


def test_no_signal_receiver_does_work_behind_a_call():
    """Celery's own worker hooks are not meant: they set up a process."""
    receivers = [
        name
        for name, path in MODULES.items()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("django.dispatch")
    ]
    assert receivers == []
