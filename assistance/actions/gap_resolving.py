"""What somebody makes of a gap: explained, promised by a day, or mended; and lists taken away."""

import uuid
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from assistance.models import Gap, GapResolution
from assistance.models.gaps import WORDS_FIELD
from assistance.rights import GAP_EXPLAINERS
from assistance.rules.gaps import Resolution
from divisions.models import Division
from officers.models import Officer
from officers.rights import require
from teams.refusals import EntryRefused
from teams.rights import BASE, FIELD
from trail.actions import record
from trail.dates import business_date
from trail.errors import Refused, Stale
from trail.sealing import seal
from trail.sheets import Sheet
from trail.transactions import retried

LONGEST_WORDS = 500
FEWEST_WORDS = 2
TAKERS = FIELD - BASE
"""Who takes lists of gaps away as a file, with names: the offices of township and county."""

MOST_TAKEN = 5000


@dataclass(frozen=True)
class Answer:
    """What is said of a gap; a promise names the day until which help comes."""

    kind: Resolution
    words: str
    due_on: date | None = None


@retried
@transaction.atomic
def resolve_gap(gap_id: int, answer: Answer, *, by: Officer, version: int) -> GapResolution:
    """Put an answer to a gap that stands; the one before it stays in its history.

    Raises NotAllowed; EntryRefused with the faults; Refused for a gap that is gone; Stale when
    somebody, or a search, changed it since.
    """
    gap = Gap.everywhere.select_for_update().get(pk=gap_id)
    require(by, *GAP_EXPLAINERS, code=gap.village_id)
    if gap.version != version:
        text = _("This gap changed since you read it: it stands below as it is now. Read it again.")
        raise Stale(text)
    if gap.gone_run_id:
        raise Refused(
            _("This gap is gone: the last search did not find it. Nothing is left to do.")
        )
    if faults := _faults(answer, business_date()):
        raise EntryRefused(faults)
    row = uuid.uuid4()
    resolution = GapResolution.objects.create(
        uuid=row,
        gap=gap,
        kind=answer.kind,
        due_on=answer.due_on if answer.kind == Resolution.PROMISED else None,
        words_sealed=seal(answer.words.strip(), field=WORDS_FIELD, row=row),
        by=by,
        on=business_date(),
    )
    before = {"resolution": gap.resolution}
    gap.resolution, gap.due_on = resolution.kind, resolution.due_on
    gap.version += 1
    gap.save(update_fields=["resolution", "due_on", "version"])
    after: dict[str, Any] = {"resolution": gap.resolution, "rule": gap.rule}
    if gap.due_on:
        after["due_on"] = gap.due_on.isoformat()
    record(
        by=by,
        action="resolve_gap",
        subject=gap,
        division=gap.village_id,
        before=before,
        after=after,
    )
    return resolution


def _faults(answer: Answer, today: date) -> list[tuple[str, str]]:
    found = []
    if len(answer.words.strip()) < FEWEST_WORDS:
        found.append(("words", _("Write what you found out, or what is done.")))
    if answer.kind == Resolution.PROMISED:
        if answer.due_on is None:
            found.append(("due_on", _("Name the day until which help comes.")))
        elif answer.due_on < today:
            found.append(("due_on", _("This day lies in the past.")))
    return found


@transaction.atomic
def take_gaps(place: Division, sheet: Sheet, *, wanted: dict[str, Any], by: Officer) -> Sheet:
    """The table with its rows read; the trace tells who took how many of them.

    Raises NotAllowed; Refused for more than MOST_TAKEN rows, which nobody looks through.
    """
    require(by, *TAKERS, code=place.pk)
    rows = list(islice(sheet.rows, MOST_TAKEN + 1))
    if len(rows) > MOST_TAKEN:
        text = _(
            "These are more than %(most)s gaps. Narrow the list by place, rule or state, then take"
            " the file."
        )
        raise Refused(text % {"most": MOST_TAKEN}, code="too_many")
    record(
        by=by,
        action="download_gaps",
        subject=place,
        division=place.pk,
        after=wanted | {"rows": len(rows)},
    )
    return replace(sheet, rows=rows)
