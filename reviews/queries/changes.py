"""What refreshes changed since the first run of a review: counted by reason and day, and listed.

A change is a pair: the proposal that was superseded at one moment and the one of that household
that was added at the very same moment; one of the two may be missing.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.functional import Promise

from divisions.scope import code_range
from households.rights import FEWEST_COUNTED, is_hidden_count, shown_count
from officers.models import Officer
from reviews.changes import REASON_NAMES, Reason, Trait, proposes_otherwise, reasons_of
from reviews.models import Proposal, Review
from reviews.queries.proposals import Row, rows_of

PAGE_ROWS = 50
TRAITS = {
    Trait.NO_BEFORE: "before.id IS NULL",
    Trait.NO_AFTER: "after.id IS NULL",
    Trait.VILLAGE: "before.village_code <> after.village_code",
    Trait.STATE: "before.state <> after.state",
    Trait.SURVEY_CAME: "before.survey_id IS NULL AND after.survey_id IS NOT NULL",
    Trait.SURVEY_GONE: "before.survey_id IS NOT NULL AND after.survey_id IS NULL",
    Trait.SURVEY_OTHER: "before.survey_id <> after.survey_id",
    Trait.SURVEY_BACK: "before.survey_id > after.survey_id",
    Trait.PERSONS: "before.persons <> after.persons",
    Trait.ATTENTION: "before.error IS NOT NULL",
    Trait.ACCEPTED: "before.accepted_at IS NOT NULL",
    Trait.ANSWERED: "before.answer IS NOT NULL",
    Trait.OTHER_KIND: "before.kind <> after.kind",
}
BITS = " + ".join(
    f"{trait.value} * coalesce(({test})::int, 0)"
    for trait, test in TRAITS.items()
    if trait not in {Trait.NO_BEFORE, Trait.NO_AFTER}
)
CHANGES = f"""
    WITH touched AS (
        SELECT * FROM reviews_proposal
        WHERE review_id = %(review)s AND (added_at IS NOT NULL OR superseded_at IS NOT NULL)
            AND village_code >= %(low)s AND village_code < %(high)s
    ),
    change AS (
        SELECT before.id AS before, after.id AS after,
            coalesce(after.added_at, before.superseded_at) AS moment,
            coalesce(after.village_code, before.village_code) AS village_code,
            coalesce(after.household_id, before.household_id) AS household_id,
            (before.id IS NULL)::int * {Trait.NO_BEFORE.value}
                + (after.id IS NULL)::int * {Trait.NO_AFTER.value} + {BITS} AS traits
        FROM (SELECT * FROM touched WHERE superseded_at IS NOT NULL) AS before
        FULL JOIN (SELECT * FROM touched WHERE added_at IS NOT NULL) AS after
            ON after.household_id = before.household_id AND after.added_at = before.superseded_at
    )
"""  # noqa: S608 - constants of this module
COUNTED = f"""{CHANGES}
    SELECT (moment AT TIME ZONE %(zone)s)::date AS day, traits, count(*)
    FROM change GROUP BY day, traits
"""  # noqa: S608 - constants of this module
LISTED = f"""{CHANGES}
    SELECT before, after, moment, traits FROM change
    WHERE traits = ANY(%(traits)s) AND (moment AT TIME ZONE %(zone)s)::date = ANY(%(days)s)
    ORDER BY moment DESC, village_code, household_id LIMIT %(rows)s OFFSET %(skipped)s
"""  # noqa: S608 - constants of this module


@dataclass(frozen=True)
class Sought:
    """What the list is narrowed to; an empty value does not narrow.

    `otherwise` leaves out the changes after which the review still proposes the same.
    """

    division: str = ""
    reason: str = ""
    day: date | None = None
    otherwise: bool = False


@dataclass(frozen=True)
class Change:
    """One change as the list shows it; `before` or `after` is None where there was none."""

    moment: datetime
    before: Row | None
    after: Row | None
    reasons: list[Promise]

    @property
    def proposal(self) -> Proposal:
        """The one that leads to the household: the later of the two."""
        row = self.after or self.before
        assert row is not None  # noqa: S101 - a change has one of them
        return row.proposal


@dataclass(frozen=True)
class ChangePage:
    """Counts of the place by reason and by day, and one page of the changes sought.

    `all` and the counts are text: small counts are hidden from some roles. A reason has the number
    of its changes and how many of these propose otherwise. `count` is the number sought, `page`
    begins at 1.
    """

    all: str
    otherwise: str
    by_reason: list[tuple[Reason, Promise, str, str]]
    by_day: list[tuple[date, str]]
    count: str
    many: int
    rows: list[Change]
    page: int
    pages: int


def change_page(
    officer: Officer, review: Review, part: str, sought: Sought, *, page: int
) -> ChangePage:
    """The changes below `part`, which must lie within the officer's own part of the review."""
    low, high = code_range(sought.division or part)
    known: dict[str, Any] = {"review": review.pk, "low": low, "high": high}
    known["zone"] = settings.TIME_ZONE
    counted = _counted(known)
    reasons: Counter[Reason] = Counter()
    otherwise: Counter[Reason] = Counter()
    days: Counter[date] = Counter()
    for (day, traits), number in counted.items():
        [reason, *_others] = reasons_of(traits)
        reasons[reason] += number
        otherwise[reason] += number * proposes_otherwise(traits)
        days[day] += number
    wanted = {key: number for key, number in counted.items() if _is_sought(sought, *key)}
    count = sum(wanted.values())
    pages = max(1, -(-count // PAGE_ROWS))
    page = min(max(page, 1), pages)
    return ChangePage(
        all=shown_count(officer, sum(counted.values())),
        otherwise=shown_count(officer, otherwise.total()),
        by_reason=[
            (
                one,
                REASON_NAMES[one],
                shown_count(officer, number),
                shown_count(officer, otherwise[one]),
            )
            for one, number in reasons.most_common()
        ],
        by_day=[(day, shown_count(officer, days[day])) for day in sorted(days, reverse=True)],
        count=shown_count(officer, count),
        many=FEWEST_COUNTED if is_hidden_count(officer, count) else count,
        rows=_rows(officer, review, known, wanted, page),
        page=page,
        pages=pages,
    )


def _counted(known: dict[str, Any]) -> dict[tuple[date, int], int]:
    with connection.cursor() as cursor:
        cursor.execute(COUNTED, known)
        return {(day, traits): number for day, traits, number in cursor.fetchall()}


def _is_sought(sought: Sought, day: date, traits: int) -> bool:
    if sought.day and day != sought.day:
        return False
    if sought.otherwise and not proposes_otherwise(traits):
        return False
    return not sought.reason or reasons_of(traits)[0] == sought.reason


def _rows(
    officer: Officer,
    review: Review,
    known: dict[str, Any],
    wanted: Iterable[tuple[date, int]],
    page: int,
) -> list[Change]:
    keys = list(wanted)
    parameters = known | {
        "traits": sorted({traits for _day, traits in keys}),
        "days": sorted({day for day, _traits in keys}),
        "rows": PAGE_ROWS,
        "skipped": (page - 1) * PAGE_ROWS,
    }
    with connection.cursor() as cursor:
        cursor.execute(LISTED, parameters)
        found = cursor.fetchall()
    proposals = (
        Proposal.objects.visible_to(officer)
        .filter(review=review, pk__in=[pk for pair in found for pk in pair[:2] if pk])
        .select_related("village", "household")
        .defer("household__search", "household__phone_sealed")
    )
    rows = {row.proposal.pk: row for row in rows_of(officer, review, proposals)}
    return [
        Change(
            moment=moment,
            before=rows.get(before),
            after=rows.get(after),
            reasons=[REASON_NAMES[reason] for reason in reasons_of(traits)],
        )
        for before, after, moment, traits in found
    ]
