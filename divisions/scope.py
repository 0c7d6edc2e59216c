"""Row scope: which rows an officer can reach at all.

A scoped model stores its own division code; a scope is a range on that column, because every code
starts with its parent's. Edges use `Model.objects.visible_to(officer)`: nothing else on `objects`
works. Actions, constraints and Django itself use `Model.everywhere`.
"""

from collections.abc import Iterable
from typing import Any, Protocol, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from trail.errors import NotAllowed

NATION = "0"
ABOVE_EVERY_CODE = ":"  # the character after "9"


class Posted(Protocol):
    """Anybody with a reach: the division codes that his acting posting opens, or none."""

    @property
    def reach(self) -> tuple[str, ...]: ...


class ScopeError(Exception):
    """An edge tried to reach rows without saying for whom."""


def code_range(code: str) -> tuple[str, str]:
    """Half-open range of the codes at and below `code`; the nation's is everything."""
    if code == NATION:
        return "", ABOVE_EVERY_CODE
    return code, code[:-1] + chr(ord(code[-1]) + 1)


def contains(ancestor: str, code: str) -> bool:
    """Whether `code` lies at or below `ancestor`."""
    return ancestor == NATION or code.startswith(ancestor)


def in_range(field: str, code: str) -> Q:
    """The condition that column `field` lies at or below `code`."""
    low, high = code_range(code)
    return Q(**{f"{field}__gte": low, f"{field}__lt": high})


def in_reach(field: str, codes: Iterable[str]) -> Q:
    """The condition that column `field` lies at or below any of `codes`; nothing for none."""
    condition = Q(pk__in=[])
    for code in codes:
        condition |= in_range(field, code)
    return condition


def reaches(by: Posted, code: str) -> bool:
    """Whether the officer's acting posting contains the division `code`."""
    return any(contains(own, code) for own in by.reach)


def require_within(by: Posted, code: str) -> None:
    """NotAllowed unless the officer's acting posting contains the division `code`."""
    if not reaches(by, code):
        raise NotAllowed(
            _("This lies outside your posting. Ask an officer who is posted there."),
            code="outside_posting",
        )


class ScopedQuerySet(models.QuerySet):
    """Rows that carry their own division code in the column `scope_column` of their model."""

    def visible_to(self, officer: Posted) -> Self:
        """The rows within the officer's acting posting; none without one."""
        return self.filter(in_reach(self._scope_column(), officer.reach))

    def within(self, code: str) -> Self:
        """The rows at or below the division `code`."""
        return self.filter(in_range(self._scope_column(), code))

    def _scope_column(self) -> str:
        return self.model.scope_column  # type: ignore[attr-defined]


class EverywhereManager(models.Manager.from_queryset(ScopedQuerySet)):  # type: ignore[misc]
    """All rows: for actions and constraints, forbidden in edges (a test walks their syntax)."""


class ScopedManager(models.Manager):
    """The manager of edges: it answers `visible_to` and refuses everything else."""

    def visible_to(self, officer: Posted) -> Any:
        """The rows within the officer's acting posting, as a queryset."""
        return self.model.everywhere.visible_to(officer)  # type: ignore[attr-defined]

    def get_queryset(self) -> models.QuerySet:
        raise ScopeError(f"Say for whom: {self.model.__name__}.objects.visible_to(officer).")
