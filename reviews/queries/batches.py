"""The batches of a review, how far each has come, and its rows one by one."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from officers.models import Officer
from reviews.models import BatchAcceptance, BatchState, LeftOutRow, Proposal, Review
from reviews.queries.proposals import never_helped_of
from reviews.refusals import why_left_out, why_stopped
from trail.sheets import Cell, Sheet, csv_lines

READ_AT_ONCE = 2000


@dataclass(frozen=True)
class Advance:
    """How far a batch has come; `rate` in proposals a second, both None before the first part."""

    batch: BatchAcceptance
    done: int
    rate: int | None
    seconds_left: int | None
    why_stopped: str

    @property
    def is_running(self) -> bool:
        return self.batch.state == BatchState.RUNNING


@dataclass(frozen=True)
class Row:
    """A proposal that a batch left out, and why."""

    proposal: Proposal
    why: str


def batches_of(officer: Officer, review: Review) -> QuerySet[BatchAcceptance]:
    """Batches of a review within the posting, the latest first."""
    found = BatchAcceptance.objects.visible_to(officer).filter(review=review)
    return found.select_related("by", "division").defer("proposals")


def advance_of(batch: BatchAcceptance, now: datetime) -> Advance:
    """How far the batch has come at `now`."""
    done = batch.accepted + batch.left_out
    seconds = ((batch.finished_at or now) - batch.created_at).total_seconds()
    rate = done / seconds if done and seconds > 0 else None
    return Advance(
        batch=batch,
        done=done,
        rate=None if rate is None else max(1, round(rate)),
        seconds_left=None if rate is None else max(1, round((batch.expected - done) / rate)),
        why_stopped=why_stopped(batch.stopped_why) if batch.stopped_why else "",
    )


def left_out_rows(batch: BatchAcceptance) -> QuerySet[LeftOutRow]:
    """What the batch left out, in the order of village and household."""
    return batch.rows.select_related("proposal__household", "proposal__village").order_by("pk")


def shown_rows(found: QuerySet[LeftOutRow] | list[LeftOutRow]) -> list[Row]:
    """Rows with the reason in words."""
    return [Row(one.proposal, why_left_out(one.code, one.message)) for one in found]


def batch_lines(officer: Officer, batch: BatchAcceptance, *, most: int) -> Iterator[str]:
    """The first proposals of a batch as lines of a file: what became of each, and why. No names."""
    headings = [
        _("Household number"), _("Village code"), _("Proposal"), _("Result"), _("Case"),
        _("Never helped"), _("Why"),
    ]  # fmt: skip
    return csv_lines(Sheet(_("Batches"), headings, islice(_batch_rows(officer, batch), most)))


def _batch_rows(officer: Officer, batch: BatchAcceptance) -> Iterator[list[Cell]]:
    why = dict(batch.rows.values_list("proposal_id", "code"))
    said = dict(batch.rows.values_list("code", "message"))
    done = batch.accepted + batch.left_out
    for start in range(0, batch.expected, READ_AT_ONCE):
        keys = batch.proposals[start : start + READ_AT_ONCE]
        found = Proposal.objects.visible_to(officer).select_related("household").in_bulk(keys)
        unhelped = never_helped_of(found.values())
        for place, key in enumerate(keys, start):
            proposal, code = found[key], why.get(key)
            case = str(proposal.case_id) if code is None and place < done else ""
            yield [
                proposal.household.number,
                proposal.village_id,
                str(proposal.get_kind_display()),
                _result(code, case),
                case,
                _("yes") if proposal.household_id in unhelped else "",
                why_left_out(code, said[code]) if code else "",
            ]


def _result(code: str | None, case: str) -> str:
    if code:
        return pgettext("batch", "left out")
    return _("accepted") if case else _("not yet")
