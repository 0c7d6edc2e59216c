"""What needs attention in a review: households that could not be decided, parts that fail."""

from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from households.rights import drawn_count, listed_count
from households.rules import Kind
from officers.models import Officer
from reviews.faults import Words, in_words
from reviews.models import UNFINISHED, Proposal, Review
from reviews.queries.progress import WorkPart, failed_parts
from reviews.queries.proposals import Row, rows_of
from reviews.rights import own_part

PAGE_ROWS = 50


@dataclass(frozen=True)
class Troubled:
    """A household that could not be decided, and why in plain words."""

    row: Row
    fault: Words


@dataclass(frozen=True)
class Attention:
    """One page of the households, and the parts that fail; `count` is text, see `listed_count`."""

    page: Page
    households: list[Troubled]
    count: str
    many: int
    parts: list[WorkPart]

    @property
    def is_empty(self) -> bool:
        return not self.households and not self.parts


def troubled_proposals(officer: Officer, review: Review) -> QuerySet[Proposal]:
    """Proposals in force within the posting that say: this household could not be decided."""
    found = Proposal.objects.visible_to(officer).in_force()
    return found.filter(review=review, kind=Kind.ATTENTION)


def attention_of(officer: Officer, review: Review, *, page: str) -> Attention:
    """What the page of attention shows."""
    found = (
        troubled_proposals(officer, review)
        .select_related("village", "household")
        .defer("household__search", "household__phone_sealed")
        .order_by("village_id", "household_id")
    )
    pages = Paginator(found, PAGE_ROWS)
    shown = pages.get_page(page)
    rows = rows_of(officer, review, shown.object_list)
    part = own_part(officer, review)
    return Attention(
        page=shown,
        households=[Troubled(row, in_words(row.proposal.error)) for row in rows],
        count=listed_count(officer, pages.count),
        many=drawn_count(officer, pages.count),
        parts=failed_parts(review, part) if review.state in UNFINISHED else [],
    )
