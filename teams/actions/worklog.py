"""The work log of a village: what is about no single household."""

import uuid
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from psycopg2.errors import UniqueViolation

from officers.models import Officer
from officers.rights import require
from teams.models import LogEntry
from teams.models.helping import LOG_FIELD
from teams.refusals import EntryRefused, UsedForm
from teams.rights import BASE
from teams.rules.visiting import DAYS_BACK, is_recordable
from trail.actions import record
from trail.dates import business_date
from trail.sealing import seal
from trail.transactions import retried


@dataclass(frozen=True)
class Line:
    """An entry of the log. `key` is that of the form: the same one again is the same entry."""

    key: uuid.UUID
    day: date
    topics: tuple[str, ...]
    text: str


@retried
@transaction.atomic
def write_log(village: str, line: Line, *, by: Officer) -> LogEntry:
    """Write an entry, which stays for good. The same form again is the same entry.

    Raises NotAllowed; EntryRefused with (field, sentence) of every fault.
    """
    require(by, *BASE, code=village)
    if before := _known(line.key, by):
        return before
    if faults := _faults(line, business_date()):
        raise EntryRefused(faults)
    try:
        with transaction.atomic():
            return _saved(village, line, by)
    except IntegrityError as error:
        if before := _known(line.key, by):
            return before
        if not isinstance(error.__cause__, UniqueViolation):
            raise
        raise UsedForm from error


def _known(key: uuid.UUID, by: Officer) -> LogEntry | None:
    return LogEntry.everywhere.filter(uuid=key, writer=by).first()


def _faults(line: Line, today: date) -> list[tuple[str, str]]:
    found = []
    if not is_recordable(line.day, today):
        text = _("Write what happened today or in the last %(days)s days.")
        found.append(("day", text % {"days": DAYS_BACK}))
    if not line.topics:
        found.append(("topics", _("Tick at least one topic.")))
    if not line.text.strip():
        found.append(("text", _("Write what was done.")))
    return found


def _saved(village: str, line: Line, by: Officer) -> LogEntry:
    entry = LogEntry(
        uuid=line.key,
        village_id=village,
        day=line.day,
        writer=by,
        topics=list(line.topics),
        text_sealed=seal(line.text.strip(), field=LOG_FIELD, row=line.key),
    )
    entry.full_clean(exclude=["text_sealed", "uuid"])
    entry.save(force_insert=True)
    record(
        by=by,
        action="write_log",
        subject=entry,
        division=village,
        after={"day": line.day.isoformat(), "topics": sorted(line.topics)},
    )
    return entry
