"""The households of a place that are not ready for the review, by what is missing or doubtful."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import compress
from typing import Any, Literal

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from households.explain import LABELS
from households.models import Household, Member
from households.models.members import HEAD
from households.rights import masked_name, reads_names
from officers.models import Officer
from reviews.quality import GAP_KINDS, ISSUES, WHOLES
from reviews.queries import measures
from reviews.queries.readiness import demanded_in

PAGE_ROWS = 50
Position = tuple[str, int]
FIRST: Position = ("", 0)
KIND_LABELS: dict[str, Promise] = {
    **{kind: gettext_lazy(whole.label) for kind, whole in WHOLES.items()},
    **{kind: LABELS[name] for kind, name in GAP_KINDS.items()},
    **{kind: gettext_lazy(issue.label) for kind, issue in ISSUES.items()},
}


@dataclass(frozen=True)
class Unready:
    """One household with its head, and what is missing of it or doubtful.

    For roles that see no names the head is the family name alone.
    """

    household: Household
    head: str
    unknown: list[Promise]
    others: list[Promise]


@dataclass(frozen=True)
class UnreadyPage:
    """One page of the households of one kind, and how many there are in all."""

    rows: list[Unready]
    count: int
    previous: Position | None
    next: Position | None


def unready_page(
    officer: Officer,
    code: str,
    year: int,
    kind: str,
    *,
    today: date,
    after: Position | None,
    before: Position | None,
) -> UnreadyPage:
    """One page in the order (village, id): behind `after`, before `before`, or the first.

    The place lies within the officer's posting and is a county or within one.
    """
    demanded = demanded_in(code, year)
    values = measures.parameters(code, year, today)
    with connection.cursor() as cursor:
        cursor.execute(measures.number_statement(kind, demanded), values)
        count = cursor.fetchone()[0]
    order: Literal["ASC", "DESC"] = "DESC" if before else "ASC"
    village, household = before or after or FIRST
    values |= {"village": village, "household": household, "rows": PAGE_ROWS + 1}
    with connection.cursor() as cursor:
        cursor.execute(measures.listed_statement(kind, demanded, order=order), values)
        keys = [key for (key,) in cursor.fetchall()]
    page, more = keys[:PAGE_ROWS], len(keys) > PAGE_ROWS
    kinds = _found(values | {"keys": page}, demanded)
    rows = rows_of(officer, page[::-1] if before else page, kinds)
    earlier, later = (more, True) if before else (after is not None, more)
    return UnreadyPage(
        rows,
        count,
        previous=_position(rows[0]) if earlier and rows else None,
        next=_position(rows[-1]) if later and rows else None,
    )


def _position(row: Unready) -> Position:
    return row.household.village_id, row.household.pk


def _found(values: Mapping[str, Any], demanded: Sequence[str]) -> dict[int, list[str]]:
    """The kinds that each of the households shows."""
    names = measures.shown_kinds(demanded)
    with connection.cursor() as cursor:
        cursor.execute(measures.found_statement(demanded), values)
        return {key: [*compress(names, flags)] for key, *flags in cursor.fetchall()}


def rows_of(
    officer: Officer, keys: Sequence[int], kinds: Mapping[int, Sequence[str]]
) -> list[Unready]:
    """The households with their heads, in the order of `keys`, where the officer may see them."""
    found = Household.objects.visible_to(officer).select_related("village")
    households = found.defer("search", "phone_sealed").in_bulk(keys)
    members = Member.objects.active().filter(household_id__in=keys, relation=HEAD)
    heads = dict(members.values_list("household_id", "name"))
    shown = (lambda name: name) if reads_names(officer) else masked_name
    return [
        Unready(
            households[key],
            shown(heads[key]) if key in heads else "",
            unknown=[KIND_LABELS[kind] for kind in kinds[key] if kind in GAP_KINDS],
            others=[KIND_LABELS[kind] for kind in kinds[key] if kind not in GAP_KINDS],
        )
        for key in keys
        if key in households
    ]
