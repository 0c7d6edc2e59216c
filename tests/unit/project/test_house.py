"""The order of the house: small modules with a subject, templates that compile, no signals."""

import ast
from pathlib import Path

import pytest
from django.template.loader import get_template

PROJECT = Path(__file__).parents[3]
LONGEST_MODULE = 400
FORBIDDEN_NAMES = {"utils", "helpers", "core", "common"}


def files(pattern: str) -> list[Path]:
    """Files of the project, without what tools keep in it."""
    found = PROJECT.rglob(pattern)
    return sorted(path for path in found if not path.relative_to(PROJECT).parts[0].startswith("."))


MODULES = [path for path in files("*.py") if "migrations" not in path.parts]
TEMPLATES = [path.relative_to(PROJECT / "templates") for path in files("templates/**/*.html")]


def named(path: Path) -> str:
    return str(path.relative_to(PROJECT)) if path.is_absolute() else str(path)


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_a_module_is_small_enough_to_read(path):
    assert len(path.read_text().splitlines()) <= LONGEST_MODULE


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_a_module_is_named_by_its_subject(path):
    assert not FORBIDDEN_NAMES & {path.stem, *path.relative_to(PROJECT).parts}


@pytest.mark.parametrize("path", TEMPLATES, ids=str)
def test_a_template_compiles(path):
    assert get_template(str(path))


def test_no_signal_receiver_does_work_behind_a_call():
    """Celery's own worker hooks are not meant: they set up a process."""
    receivers = [
        named(path)
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("django.dispatch")
    ]
    assert receivers == []
