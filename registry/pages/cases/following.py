"""The list that an officer works through: kept in the address, and which case comes next in it."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.urls import reverse

from divisions.models import DIGITS, Level
from officers.models import Officer
from registry.pages.cases.inbox import (
    ALL,
    HIGHEST_FIRST,
    ORDERS,
    TABS,
    Wanted,
    first_of,
    in_order,
    narrowed,
    usual_order,
    visible_cases,
)
from workflow.models import Case
from workflow.procedures import machine_of, machines
from workflow.queries import held_back

LOOKED_AT = 20
"""How many cases are read at once to find one that the officer himself may move on."""


def list_of(officer: Officer, asked: Mapping[str, str]) -> Wanted:
    """The list that an address names to an officer; what is odd narrows nothing."""
    kinds = {one.kind for one in machines()}
    tab, kind = asked.get("tab", ""), asked.get("kind", "")
    usual = usual_order(officer, tab)
    village, order = asked.get("village", ""), asked.get("order", "")
    is_code = village.isascii() and village.isdecimal() and len(village) == DIGITS[Level.VILLAGE]
    return Wanted(
        tab=tab if tab in TABS else ALL,
        kind=kind if kind in kinds else "",
        village=village if is_code else "",
        order=order if order in ORDERS else usual,
        usual=usual,
    )


def query_of(wanted: Wanted) -> str:
    """The list as the end of an address; nothing for the one that opens first."""
    named = {
        "tab": wanted.tab if wanted.tab != ALL else "",
        "kind": wanted.kind,
        "village": wanted.village,
        "order": wanted.order if wanted.order != wanted.usual else "",
    }
    kept = {key: value for key, value in named.items() if value}
    return "?" + urlencode(kept) if kept else ""


def place_of(officer: Officer, case: Case, wanted: Wanted, *, today: date) -> tuple[Any, ...]:
    """Where a case stands in the list: what orders it, the day since it waits, its key."""
    own = visible_cases(officer).filter(pk=case.pk)
    ordered = in_order(officer, own, wanted, today)
    return ordered.values_list(first_of(wanted), "entered_state_on", "pk").get()


def next_url(officer: Officer, wanted: Wanted, place: tuple[Any, ...], *, today: date) -> str:
    """The case behind `place`, from its end on the first one; the list itself when none is left.

    Those that another officer must take are passed over.
    """
    others = in_order(officer, narrowed(officer, wanted, today), wanted, today)
    others = others.exclude(pk=place[-1])
    behind = _first(officer, others.filter(_behind(wanted, place)))
    found = behind if behind is not None else _first(officer, others)
    if found is None:
        return reverse("pages:inbox") + query_of(wanted)
    return reverse("pages:case", args=[found]) + query_of(wanted)


def _behind(wanted: Wanted, place: tuple[Any, ...]) -> Q:
    """Rows after a place; a first value that is not known comes last."""
    name, (first, since, key) = first_of(wanted), place
    rest = Q(entered_state_on__gt=since) | Q(entered_state_on=since, pk__gt=key)
    if first is None:
        return Q(**{f"{name}__isnull": True}) & rest
    if wanted.order in HIGHEST_FIRST:
        return Q(**{f"{name}__lt": first}) | Q(**{name: first}) & rest
    later = Q(**{f"{name}__gt": first}) | Q(**{f"{name}__isnull": True})
    return later | Q(**{name: first}) & rest


def _first(officer: Officer, cases: QuerySet[Case]) -> int | None:
    found = list(cases[:LOOKED_AT])
    steps = {one.pk: machine_of(one.kind).onward(one.state) for one in found}
    others = held_back(officer, steps)
    return next((one.pk for one in found if one.pk not in others), None)
