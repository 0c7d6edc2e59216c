"""The project's own modules as syntax trees, and what the architecture tests ask of them."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[3]
APPS = (
    "trail", "divisions", "officers", "workflow", "households", "teams", "assistance",
    "identification", "monitoring", "exits", "reviews", "exchange", "registry",
)  # fmt: skip
EDGES = ("views", "api", "forms", "serializers", "filters", "tasks", "templatetags")
DEEDS = ("actions", "rules", "queries")


@dataclass(frozen=True)
class Module:
    """One file: its path below the project and its syntax tree."""

    path: Path
    tree: ast.Module

    @property
    def parts(self) -> tuple[str, ...]:
        """Folders and file name without ending: ("households", "views", "register")."""
        return self.path.with_suffix("").parts

    def is_one_of(self, names: tuple[str, ...]) -> bool:
        """Whether the file, or a package that it lies in, has one of these names."""
        return any(part in names for part in self.parts[1:])

    def at(self, node: ast.AST) -> str:
        """Where a node stands, for the message of a failed test."""
        return f"{self.path}:{getattr(node, 'lineno', 1)}"

    def nodes(self, *kinds: type[ast.AST]) -> Iterator[ast.AST]:
        """All nodes of these kinds."""
        return (node for node in ast.walk(self.tree) if isinstance(node, kinds))


@cache
def modules() -> tuple[Module, ...]:
    """Every module of the apps but migrations."""
    paths = [path for app in APPS for path in sorted((ROOT / app).rglob("*.py"))]
    kept = [path for path in paths if "migrations" not in path.parts]
    return tuple(
        Module(path.relative_to(ROOT), ast.parse(path.read_text(encoding="utf-8"))) for path in kept
    )


def module_of(source: str, path: str = "app/views.py") -> Module:
    """A module made of a text, to test the tests with."""
    return Module(Path(path), ast.parse(source))


def name_of(node: ast.AST) -> str:
    """The last part of a name: `models.ModelChoiceField` is "ModelChoiceField"."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
