"""How many gaps stand where, by rule and by kind, as a role may see it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _

from assistance.models import GapRun, RunState
from assistance.models.gaps import GAP_KIND_NAMES
from assistance.queries.gap_facts import standing_rules
from assistance.queries.gap_words import rule_name
from assistance.rules.gaps import GapKind
from divisions.models import DIGITS, Division, Level
from divisions.queries import codes_above
from divisions.scope import NATION, code_range
from households.rights import ShownCounts, shown_counts
from households.suppression import Key, Sum, total
from officers.models import Officer

ALL, OPEN, SAID = "all", "open", "said"
COUNTS = """
    SELECT left(village_id, %(digits)s), rule, kind, resolution <> '', count(*)
    FROM assistance_gap
    WHERE year = %(year)s AND gone_run_id IS NULL
        AND village_id >= %(low)s AND village_id < %(high)s
    GROUP BY 1, 2, 3, 4
"""


@dataclass(frozen=True)
class RuleRow:
    """One rule in a place: how many gaps, as text; `number` follows a plural, 0 for none."""

    rule: str
    name: str
    kind: str
    shown: str
    number: int


@dataclass(frozen=True)
class PlaceRow:
    """A place below: its gaps of each kind and all of them, as texts, unless nobody searched it."""

    division: Division
    kinds: Sequence[tuple[str, str]]
    all: str


@dataclass(frozen=True)
class GapCounts:
    """The gaps of a place in a year: by rule, by place below, by whether somebody answered."""

    rules: list[RuleRow]
    places: list[PlaceRow]
    kinds: list[tuple[str, str]]
    all: str
    number: int
    open: str
    said: str


def gap_counts(
    officer: Officer, place: Division, year: int, *, rule: str = "", on: date
) -> GapCounts:
    """The standing gaps at or below a place; `rule` narrows the places below to one rule.

    Three queries. Roles without names see no few, nor what would tell few by subtraction.
    """
    found = _found(place, year)
    below = _below(place, on)
    counts, sums = _with_sums(found, [one.pk for one in below], rule)
    shown = shown_counts(officer, counts, sums)
    searched = _searched(place.pk, year)
    return GapCounts(
        rules=_rule_rows(counts, shown),
        places=[
            _place_row(one, shown) if _is_searched(one.pk, searched) else _unsearched_row(one)
            for one in below
        ],
        kinds=[(str(name), shown.text(("kind", kind))) for kind, name in GAP_KIND_NAMES.items()],
        all=shown.text(ALL),
        number=shown.drawn(ALL),
        open=shown.text(OPEN),
        said=shown.text(SAID),
    )


def _found(place: Division, year: int) -> list[tuple[str, str, str, bool, int]]:
    low, high = code_range(place.pk)
    digits = DIGITS[Level(min(place.level + 1, Level.VILLAGE))]
    with connection.cursor() as cursor:
        cursor.execute(COUNTS, {"digits": digits, "year": year, "low": low, "high": high})
        return cursor.fetchall()


def _below(place: Division, on: date) -> list[Division]:
    if place.level == Level.VILLAGE:
        return []
    return list(Division.objects.in_force(on).below(place.pk))


def _with_sums(
    found: list[tuple[str, str, str, bool, int]], below: list[str], rule: str
) -> tuple[Mapping[Key, int], list[Sum]]:
    counts: Counter[Key] = Counter()
    rules: dict[str, set[Key]] = {kind: set() for kind in GapKind}
    for place, name, kind, said, number in found:
        rules.setdefault(kind, set()).add(("rule", name))
        for key in (ALL, SAID if said else OPEN, ("rule", name), ("kind", kind)):
            counts[key] += number
        if not rule or name == rule:
            counts["place", place, kind] += number
            counts["place", place] += number
    kinds = list(GapKind)
    sums = [total(ALL, [OPEN, SAID]), total(ALL, [("kind", kind) for kind in kinds])]
    sums += [total(("kind", kind), sorted(rules[kind], key=str)) for kind in kinds]
    sums += [total(("place", code), [("place", code, kind) for kind in kinds]) for code in below]
    whole: Key = ("rule", rule) if rule else ALL
    sums.append(total(whole, [("place", code) for code in below]))
    if not rule:
        sums += [total(("kind", kind), [("place", code, kind) for code in below]) for kind in kinds]
    return counts, sums if below else sums[: 2 + len(kinds)]


def _rule_rows(counts: Mapping[Key, int], shown: ShownCounts) -> list[RuleRow]:
    return [
        RuleRow(
            rule=key,
            name=rule_name(one),
            kind=str(GAP_KIND_NAMES[one.kind]),
            shown=shown.text(("rule", key)),
            number=shown.drawn(("rule", key)),
        )
        for key, one in standing_rules().by_id.items()
        if counts.get(("rule", key))
    ]


def _place_row(division: Division, shown: ShownCounts) -> PlaceRow:
    code = division.pk
    kinds = [
        (str(name), shown.text(("place", code, kind))) for kind, name in GAP_KIND_NAMES.items()
    ]
    return PlaceRow(division, kinds, shown.text(("place", code)))


def _unsearched_row(division: Division) -> PlaceRow:
    """No count is known of a place that nobody searched: not even a zero."""
    kinds = [(str(name), "–") for name in GAP_KIND_NAMES.values()]
    return PlaceRow(division, kinds, _("not searched"))


def _is_searched(code: str, roots: Iterable[str]) -> bool:
    """Whether a place, or a part of it, lies in one of these places."""
    return any(root == NATION or code.startswith(root) or root.startswith(code) for root in roots)


def _searched(code: str, year: int) -> list[str]:
    """The places that were searched for a year, as far as they reach a place or its parts."""
    low, high = code_range(code)
    here = covering(code) | Q(root_id__gte=low, root_id__lt=high)
    runs = GapRun.everywhere.filter(here, year=year, state=RunState.FINISHED)
    return list(runs.order_by().values_list("root", flat=True).distinct())


def covering(code: str) -> Q:
    """Searches whose place contains the division `code`."""
    return Q(root_id__in=[*codes_above(code), code])


def last_search(code: str, year: int) -> GapRun | None:
    """The latest search of a year that went through the whole of a place."""
    runs = GapRun.everywhere.filter(covering(code), year=year, state=RunState.FINISHED)
    return runs.select_related("root", "asked_by").first()


def searched_years(code: str) -> list[int]:
    """The years for which a place, or a part of it, was searched, the latest first."""
    low, high = code_range(code)
    runs = GapRun.everywhere.filter(covering(code) | Q(root_id__gte=low, root_id__lt=high))
    return sorted(set(runs.order_by().values_list("year", flat=True)), reverse=True)
