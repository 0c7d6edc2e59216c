"""What the list of reviews and the page of one review show."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.functional import Promise

from households.rights import ShownCounts, reads_names
from households.rules import ACCEPTABLE, Kind
from officers.models import Officer
from reviews.models import DONE, KIND_NAMES, UNFINISHED, Proposal, Review
from reviews.queries.figure_counts import shown_figures
from reviews.queries.keys import HOUSEHOLDS, PERSONS, kind_key
from reviews.queries.parts import counted_parts
from reviews.queries.progress import (
    Progress,
    WorkPart,
    progress_of,
    unfinished_parts,
    without_proposal,
)
from reviews.queries.totals import totals_within
from reviews.rights import own_part

BAR_UNITS = 100


@dataclass(frozen=True)
class Bar:
    """How many households got one kind of proposal; `length` of BAR_UNITS is the largest.

    `number` is text, and `length` tells no more than it: small counts are hidden from some roles.
    """

    kind: int
    name: Promise
    number: str
    length: float


@dataclass(frozen=True)
class Overview:
    """One review as an officer sees it: the whole of it, or the part within his posting.

    `bars` is empty and it is not `is_counted` until it is finished, `progress` is None and
    `parts`, the parts of the work that are under way or failed, are empty from then on.
    `households`, `persons` and `attention`, those that could not be decided, are text: small counts
    are hidden from some roles.
    """

    review: Review
    part: str
    progress: Progress | None
    parts: list[WorkPart]
    is_counted: bool
    households: str
    persons: str
    many_persons: int
    attention: str
    many_attention: int
    bars: list[Bar]
    without_proposal: str

    @property
    def is_whole(self) -> bool:
        return self.part == self.review.root_id


def visible_reviews(officer: Officer) -> QuerySet[Review]:
    """Reviews within the posting and those that contain it, latest first."""
    found = Review.objects.visible_to(officer)
    return found.select_related(
        "root", "standard", "proposed_by", "committed_by", "paused_by"
    ).order_by("-year", "-pk")


def listed_reviews(officer: Officer) -> QuerySet[Review]:
    """The same with `has_waiting`: whether the posting has proposals that wait to be accepted."""
    waiting = Proposal.objects.visible_to(officer).waiting().filter(kind__in=ACCEPTABLE)
    return visible_reviews(officer).annotate(
        has_waiting=Exists(waiting.filter(review=OuterRef("pk")))
    )


def overview_of(officer: Officer, review: Review) -> Overview:
    """What the page of one review shows."""
    part = own_part(officer, review)
    progress = progress_of(review) if review.state in UNFINISHED else None
    totals, shown = shown_totals(officer, review, part)
    attention = kind_key(Kind.ATTENTION)
    return Overview(
        review=review,
        part=part,
        progress=progress,
        parts=unfinished_parts(review, part) if progress else [],
        is_counted=bool(totals),
        households=shown.text(HOUSEHOLDS),
        persons=shown.text(PERSONS),
        many_persons=shown.drawn(PERSONS),
        attention=shown.text(attention) if shown.drawn(attention) else "",
        many_attention=shown.drawn(attention),
        bars=bars_of(shown, totals.get("kinds", {})),
        without_proposal=without_proposal(officer, review),
    )


def shown_totals(officer: Officer, review: Review, part: str) -> tuple[dict[str, Any], ShownCounts]:
    """What the part of a review adds up to, and that as the role may see it; nothing until done."""
    totals: dict[str, Any] = {}
    if review.state in DONE:
        whole = part == review.root_id
        totals = review.totals if whole else totals_within(review, part)
    below = counted_parts(review, part) if totals and not reads_names(officer) else {}
    return totals, shown_figures(officer, totals, below)


def bars_of(shown: ShownCounts, kinds: Iterable[str]) -> list[Bar]:
    """The kinds that have households, largest first; hidden ones are all alike."""
    drawn = {int(kind): shown.drawn(kind_key(int(kind))) for kind in kinds}
    largest = max(drawn.values(), default=0)
    return [
        Bar(
            kind=kind,
            name=KIND_NAMES[Kind(kind)],
            number=shown.text(kind_key(kind)),
            length=round(BAR_UNITS * width / largest, 1),
        )
        for kind, width in sorted(drawn.items(), key=lambda item: (-item[1], item[0]))
        if width
    ]
