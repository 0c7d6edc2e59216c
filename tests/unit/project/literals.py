"""Words that people read and that no translation reaches: in templates, and in Python.

In a template that is every word outside `{% translate %}` and `{% blocktranslate %}`: text, and the
attributes that are read out. In Python it is a sentence given to something that shows it (a label,
a refusal, a message), and any Chinese outside data.
"""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import TypeGuard

WORD = re.compile(r"[A-Za-z\u3400-\u9fff]")
HAN = re.compile(r"[\u3400-\u9fff]")
BLOCK = re.compile(
    r"{%\s*(blocktranslate|blocktrans|comment)\b.*?{%\s*end\1\s*%}|{#.*?#}", re.DOTALL
)
TRANSLATED = re.compile(r"_\((\"[^\"]*\"|'[^']*')\)")
QUOTED = re.compile(r"\"([^\"]*)\"|'([^']*)'")
TAG = re.compile(r"{%\s*(\w+)(.*?)%}", re.DOTALL)
VALUE = re.compile(r"{{.*?}}", re.DOTALL)
GAP = "\N{NO-BREAK SPACE}"
READ_OUT = {"title", "alt", "aria-label", "placeholder", "data-label", "aria-description"}
SILENT = {"script", "style", "kbd", "code", "svg"}
NAMES_NOT_SHOWN = {"translate", "trans", "url", "static", "load", "include", "extends", "block"}
SHOWS = {"tag", "firstof", "with"}
SHOWN_KEYWORDS = {"label", "help_text", "verbose_name", "empty_label", "title", "message"}
SHOWING = {
    "Refused", "NotAllowed", "Stale", "ValidationError", "Incomplete", "success", "error",
    "warning", "info", "add_error", "BadRequest",
}  # fmt: skip


class _Words(HTMLParser):
    """Gathers the words that a page would show."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        self.found += [known[name] or "" for name in READ_OUT & known.keys()]
        if tag in SILENT:
            self.inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.inside and self.inside[-1] == tag:
            self.inside.pop()

    def handle_data(self, data: str) -> None:
        if not self.inside:
            self.found.append(data)


def words_of_template(source: str) -> list[str]:
    """The untranslated words of one template, in order."""
    plain = BLOCK.sub(GAP, source)
    shown = [text for tag in TAG.finditer(plain) for text in _texts_of(tag)]
    page = _Words()
    page.feed(VALUE.sub(GAP, TAG.sub(GAP, plain)))
    page.close()
    texts = [text.strip(f" \n\t{GAP}") for text in (*page.found, *shown)]
    return [text for text in texts if WORD.search(text)]


def _texts_of(tag: re.Match[str]) -> Iterator[str]:
    """Sentences that a template tag would show: quoted, with a space or in Chinese."""
    if tag[1] in NAMES_NOT_SHOWN:
        return
    for double, single in QUOTED.findall(TRANSLATED.sub("", tag[2])):
        text = double or single
        if HAN.search(text) or (tag[1] in SHOWS and " " in text.strip()):
            yield text


def words_of_module(source: str) -> list[str]:
    """The untranslated sentences of one Python module, and any Chinese outside its docstrings."""
    tree = ast.parse(source)
    silent = {id(text) for text in _docstrings(tree)}
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            found += [text for text in _shown_by(node) if WORD.search(text)]
        elif _is_text(node) and id(node) not in silent and HAN.search(node.value):
            found.append(node.value)
    return found


def _is_text(node: ast.AST) -> TypeGuard[ast.Constant]:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _docstrings(tree: ast.Module) -> Iterator[ast.Constant]:
    """Texts that stand alone as a statement."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value


def _shown_by(call: ast.Call) -> Iterator[str]:
    """Texts given to something that shows them, as they are."""
    for keyword in call.keywords:
        if keyword.arg in SHOWN_KEYWORDS:
            yield from _sentence(keyword.value)
    if _name_of(call.func) in SHOWING:
        for argument in call.args:
            yield from _sentence(argument)


def _name_of(called: ast.expr) -> str:
    """The last part of what is called; nothing for a line of the log."""
    if isinstance(called, ast.Attribute):
        logs = isinstance(called.value, ast.Name) and called.value.id == "logger"
        return "" if logs else called.attr
    return called.id if isinstance(called, ast.Name) else ""


def _sentence(value: ast.expr) -> Iterator[str]:
    """A text of more than one word, plain or formatted."""
    if isinstance(value, ast.JoinedStr):
        parts = [one.value for one in value.values if isinstance(one, ast.Constant)]
        text = GAP.join(str(part) for part in parts)
    else:
        text = value.value if isinstance(value, ast.Constant) else ""
    if isinstance(text, str) and " " in text.strip():
        yield text


def template_paths(project: Path) -> list[Path]:
    """Every template of the project."""
    return sorted((project / "templates").rglob("*.html"))
