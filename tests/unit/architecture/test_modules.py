"""The house rules that a syntax tree can prove."""

import ast

from tests.unit.architecture.source import DEEDS, ROOT, Module, module_of, modules, name_of

LONGEST_MODULE = 400
DEED_MODULES = [module for module in modules() if module.is_one_of(DEEDS)]
LATE_IMPORTS = {"pandas", "numpy", "pypinyin"}  # each costs time and tens of megabytes
FORBIDDEN_NAMES = {"utils", "helpers", "core", "common", "misc", "signals"}
SIGNALS = {
    "receiver",
    "Signal",
    "pre_save",
    "post_save",
    "pre_delete",
    "post_delete",
    "m2m_changed",
}
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def late_imports(module: Module) -> list[str]:
    """Imports inside functions, but of what few processes need and all would pay for."""
    found = []
    for function in module.nodes(*FUNCTIONS):
        for node in ast.walk(function):
            if isinstance(node, ast.Import):
                roots = {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                roots = {(node.module or "").split(".")[0]}
            else:
                continue
            if not roots <= LATE_IMPORTS:
                found.append(module.at(node))
    return found


def flags(module: Module) -> list[str]:
    """Boolean parameters with a default: two acts want two names."""
    found = []
    for function in module.nodes(*FUNCTIONS):
        defaults = [*function.args.defaults, *function.args.kw_defaults]
        if any(isinstance(one, ast.Constant) and isinstance(one.value, bool) for one in defaults):
            found.append(f"{module.at(function)} {function.name}")
    return found


def swallowed(module: Module) -> list[str]:
    """Handlers that catch everything."""
    blind = {"Exception", "BaseException"}
    found = []
    for node in module.nodes(ast.ExceptHandler):
        caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
        if node.type is None or any(name_of(one) in blind for one in caught):
            found.append(module.at(node))
    return found


def signals(module: Module) -> list[str]:
    """Imports of Django's signals; those of a worker's life are Celery's own."""
    return [
        module.at(node)
        for node in module.nodes(ast.ImportFrom)
        if (node.module or "") in {"django.dispatch", "django.db.models.signals"}
        or {one.name for one in node.names} & SIGNALS
    ]


def silent(module: Module) -> list[str]:
    """Public functions without a docstring."""
    return [
        f"{module.at(node)} {node.name}"
        for node in module.tree.body
        if isinstance(node, FUNCTIONS) and node.name[0] != "_" and not ast.get_docstring(node)
    ]


def test_no_module_is_longer_than_400_lines():
    lengths = {
        str(module.path): len((ROOT / module.path).read_text(encoding="utf-8").splitlines())
        for module in modules()
    }
    assert {path: length for path, length in lengths.items() if length > LONGEST_MODULE} == {}


def test_modules_are_named_after_what_they_do():
    assert [module.path for module in modules() if FORBIDDEN_NAMES & set(module.parts)] == []


def test_imports_stand_at_the_top():
    assert [place for module in modules() for place in late_imports(module)] == []


def test_no_handler_swallows_every_error():
    assert [place for module in modules() for place in swallowed(module)] == []


def test_no_signal_moves_the_domain():
    assert [place for module in modules() for place in signals(module)] == []


def test_no_deed_takes_a_boolean_flag():
    assert [place for module in DEED_MODULES for place in flags(module)] == []


def test_every_public_deed_says_what_its_code_cannot():
    assert [place for module in DEED_MODULES for place in silent(module)] == []


def test_the_walks_see_what_they_look_for():
    assert late_imports(module_of("def f():\n    from os import path"))
    assert not late_imports(module_of("def f():\n    import pandas as pd"))
    assert flags(module_of("def f(*, force=False): ..."))
    assert swallowed(module_of("try: ...\nexcept Exception: ..."))
    assert swallowed(module_of("try: ...\nexcept (ValueError, BaseException): ..."))
    assert swallowed(module_of("try: ...\nexcept: ..."))
    assert not swallowed(module_of("try: ...\nexcept ValueError: ..."))
    assert signals(module_of("from django.db.models.signals import post_save"))
    assert signals(module_of("from django.dispatch import receiver"))
    assert not signals(module_of("from celery.signals import worker_process_init"))
    assert silent(module_of("def f(): ..."))
    assert not silent(module_of("def _f(): ..."))
