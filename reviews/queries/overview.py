"""What the list of reviews and the page of one review show."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise

from households.rules import Kind
from officers.models import Officer
from reviews.models import DONE, KIND_NAMES, UNFINISHED, Review
from reviews.queries.progress import Progress, progress_of
from reviews.queries.totals import totals_within
from reviews.rights import own_part

BAR_UNITS = 100


@dataclass(frozen=True)
class Bar:
    """How many households got one kind of proposal; `length` of BAR_UNITS is the largest."""

    kind: int
    name: Promise
    number: int
    length: float


@dataclass(frozen=True)
class Overview:
    """One review as an officer sees it: the whole of it, or the part within his posting.

    `totals` and `bars` are empty until it is finished, `progress` is None from then on.
    """

    review: Review
    part: str
    progress: Progress | None
    totals: dict[str, Any]
    bars: list[Bar]

    @property
    def is_whole(self) -> bool:
        return self.part == self.review.root_id


def visible_reviews(officer: Officer) -> QuerySet[Review]:
    """Reviews within the posting and those that contain it, latest first."""
    found = Review.objects.visible_to(officer)
    return found.select_related("root", "standard", "proposed_by", "committed_by").order_by(
        "-year", "-pk"
    )


def overview_of(officer: Officer, review: Review) -> Overview:
    """What the page of one review shows."""
    part = own_part(officer, review)
    progress = progress_of(review) if review.state in UNFINISHED else None
    totals: dict[str, Any] = {}
    if review.state in DONE:
        whole = part == review.root_id
        totals = review.totals if whole else totals_within(review, part)
    return Overview(review, part, progress, totals, bars_of(totals.get("kinds", {})))


def bars_of(kinds: dict[str, int]) -> list[Bar]:
    """The kinds that have households, largest first."""
    largest = max(kinds.values(), default=0)
    bars = [
        Bar(int(kind), KIND_NAMES[Kind(int(kind))], number, round(BAR_UNITS * number / largest, 1))
        for kind, number in kinds.items()
        if number
    ]
    return sorted(bars, key=lambda bar: -bar.number)
