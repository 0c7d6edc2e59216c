"""What the pages of standards show: what holds where, the drafts, the history of a year."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import OuterRef, Q, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from divisions.models import DIGITS, Division, Level
from divisions.scope import NATION, code_range
from households.explain import LABELS
from households.models import Standard
from households.models.standards import StandardQuerySet
from households.rights import ShownCounts, shown_counts
from households.rules import GUARANTEES
from households.suppression import Key, total
from officers.models import Officer
from reviews.models import Review, ReviewState
from reviews.queries.comparing import Pair
from reviews.queries.parts import BAR_UNITS, digits_below
from reviews.queries.standards import visible_standards
from trail.models import Change

KIND = Standard._meta.label_lower
ALL, CHANGES, STAYING = "all", "changes", "staying"
CHANGED = """
    SELECT left(coalesce(before.village_code, after.village_code), %(digits)s), count(*),
        count(*) FILTER (WHERE before.kind IS DISTINCT FROM after.kind)
    FROM (
        SELECT household_id, village_code, kind FROM reviews_proposal
        WHERE review_id = %(before)s AND superseded_at IS NULL
            AND village_code >= %(low)s AND village_code < %(high)s
    ) AS before
    FULL JOIN (
        SELECT household_id, village_code, kind FROM reviews_proposal
        WHERE review_id = %(after)s AND superseded_at IS NULL
            AND village_code >= %(low)s AND village_code < %(high)s
    ) AS after USING (household_id)
    GROUP BY 1 ORDER BY 1
"""


@dataclass(frozen=True)
class Held:
    """A published standard of a place and year that no later one of the same replaced.

    It is `overruled` where the officer's own province has published one of its own.
    """

    standard: Standard
    overruled: bool


def held_standards(officer: Officer) -> list[Held]:
    """Of each place and year the last one published, latest year first, the nation's first."""
    latest = (
        visible_standards(officer)
        .published()
        .order_by("-year", "division_id", "-number")
        .distinct("year", "division_id")
    )
    found = list(latest)
    own = {one.year for one in found if one.division_id in {code[:2] for code in officer.reach}}
    return [Held(one, one.division_id == NATION and one.year in own) for one in found]


def drafts(officer: Officer) -> StandardQuerySet:
    """Drafts that the officer may read, latest first; `preview` is the state of the last trial."""
    runs = (
        Review.objects.visible_to(officer)
        .filter(dry_run=True, standard=OuterRef("pk"), root_id=OuterRef("division_id"))
        .exclude(state=ReviewState.CANCELLED)
        .order_by("-pk")
    )
    waiting = visible_standards(officer).drafts().order_by("-pk")
    return waiting.annotate(preview=Subquery(runs.values("state")[:1]))


@dataclass(frozen=True)
class Past:
    """One standard or draft of a year, and how it ended.

    `end` is the trace of a draft set aside, `successor` the draft that was made in its place.
    """

    standard: Standard
    end: Change | None
    successor: Standard | None


def history_of(officer: Officer, year: int) -> list[Past]:
    """Everything prepared or published for a year, latest first."""
    found = list(visible_standards(officer).filter(year=year).order_by("-pk"))
    ends = _ends(officer, found)
    return [Past(one, *ends[one.pk]) for one in found]


def past_of(officer: Officer, standard: Standard) -> Past:
    """One standard and how it ended."""
    return Past(standard, *_ends(officer, [standard])[standard.pk])


def _ends(
    officer: Officer, found: Sequence[Standard]
) -> Mapping[int, tuple[Change | None, Standard | None]]:
    """By standard: the act that set it aside, and the draft made in its place."""
    aside = [one.pk for one in found if one.discarded_at]
    made = visible_standards(officer).filter(replaces__in=aside)
    successors = {one.replaces_id: one for one in made}
    acts = Q(action="discard", subject_id__in=[str(key) for key in aside])
    acts |= Q(action="change", subject_id__in=[str(one.pk) for one in successors.values()])
    changes = {act.subject_id: act for act in Change.objects.filter(acts, subject_kind=KIND)}
    ends: dict[int, tuple[Change | None, Standard | None]] = {}
    for one in found:
        successor = successors.get(one.pk)
        act = changes.get(str(successor.pk if successor else one.pk)) if one.discarded_at else None
        ends[one.pk] = act, successor
    return ends


@dataclass(frozen=True)
class Saying:
    """One thing that a standard says; `before` is None where nothing held before it."""

    label: Promise | str
    before: Any
    after: Any

    @property
    def is_changed(self) -> bool:
        return self.before is not None and self.before != self.after


@dataclass(frozen=True)
class Account:
    """A standard beside the one that it would replace, or did; `old` is None without any.

    `amounts` are yuan, `guarantees` whether each is demanded.
    """

    old: Standard | None
    amounts: list[Saying]
    guarantees: list[Saying]


def account_of(standard: Standard) -> Account:
    """What a standard says, held against what held before it."""
    holding = Standard.objects.holding(standard.division_id, standard.year)
    if standard.published_at:
        holding = holding.filter(number__lt=standard.number)
    old = holding.first()
    return Account(
        old=old,
        amounts=[
            Saying(_("Poverty line"), old and old.line, standard.line),
            Saying(_("Monitoring line"), old and old.monitoring_line, standard.monitoring_line),
        ],
        guarantees=[
            Saying(LABELS[name], old and name in old.guarantees, name in standard.guarantees)
            for name in GUARANTEES
        ],
    )


def content_to_begin_with(officer: Officer, year: int) -> dict[str, Any]:
    """What holds in the officer's province in `year`, or in the last year before that has any.

    Without the source: what is new has one of its own.
    """
    [own] = officer.reach
    places = [NATION, own[:2]]
    standing = Standard.objects.published().filter(division_id__in=places, year__lte=year)
    holding = standing.order_by("-year", "-division_id", "-number").first()
    if holding is None:
        return {"year": year, "guarantees": [*GUARANTEES]}
    return {
        "year": year,
        "line": holding.line,
        "monitoring_line": holding.monitoring_line,
        "guarantees": holding.guarantees,
    }


@dataclass(frozen=True)
class PartChange:
    """Households of one division, and those whose proposal would change; small counts hidden.

    `length` of BAR_UNITS is the largest number of changes, no finer than the text.
    """

    division: Division
    households: str
    changed: str
    length: float


def changes_by_part(officer: Officer, trial: Pair) -> list[PartChange]:
    """Where the proposals would change: by county, within a county by what lies right below."""
    below, (low, high) = digits_below(trial.part), code_range(trial.part)
    if below is None:
        return []
    digits = max(below, DIGITS[Level.COUNTY])
    parameters: dict[str, Any] = {"before": trial.before.pk, "after": trial.after.pk}
    parameters |= {"digits": digits, "low": low, "high": high}
    with connection.cursor() as cursor:
        cursor.execute(CHANGED, parameters)
        counted = {code: (households, changed) for code, households, changed in cursor}
    divisions = Division.objects.in_bulk(counted)
    shown = _shown_places(officer, counted)
    drawn = {code: shown.drawn((CHANGES, code)) for code in counted}
    largest = max(drawn.values(), default=0) or 1
    return [
        PartChange(
            division=divisions[code],
            households=shown.text((ALL, code)),
            changed=shown.text((CHANGES, code)),
            length=round(BAR_UNITS * drawn[code] / largest, 1),
        )
        for code in counted
        if code in divisions
    ]


def _shown_places(officer: Officer, counted: Mapping[str, tuple[int, int]]) -> ShownCounts:
    """The places under their total, the households that change beside those that do not."""
    counts: dict[Key, int] = dict.fromkeys((ALL, CHANGES, STAYING), 0)
    for code, (households, changed) in counted.items():
        for name, number in (
            (ALL, households),
            (CHANGES, changed),
            (STAYING, households - changed),
        ):
            counts[name, code] = number
            counts[name] += number
    sums = [total(name, [(name, code) for code in counted]) for name in (ALL, CHANGES, STAYING)]
    sums += [total((ALL, code), [(CHANGES, code), (STAYING, code)]) for code in counted]
    sums.append(total(ALL, [CHANGES, STAYING]))
    return shown_counts(officer, counts, sums)
