"""What every day of last year and this one was, for those who served: one line of COPY a day."""

import uuid
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from officers.models import Officer
from teams.models import Term
from teams.rules.presence import Source, Status
from teams.rules.terms import Span

COLUMNS = (
    "uuid", "term_id", "cadre_id", "village_id", "day", "status", "source", "note",
    "recorded_by_id", "recorded_at",
)  # fmt: skip
SATURDAY = 5
SELDOM_THERE, SELDOM = 0.12, (0.56, 0.06)
"""Some are in the village on few days: this share of people, so often on a working day or not."""

OFTEN = (0.84, 0.22)
MEETINGS, LEAVE = 0.05, 0.03
NOTES = {
    Status.OFFICIAL: "到乡镇、县里开会办事",
    Status.LEAVE: "请假",
    Status.ABSENT: "暗访时不在岗",
}
ABSENT_PEOPLE, FAILED_ABSENCES = 0.08, 3


class Calendar:
    """Draws the days of one term after the other."""

    def __init__(self, random: Random, recorder: Callable[[Term], Officer], inspector: Officer):
        """`recorder` knows who keeps the list of a village."""
        self.random, self.recorder, self.inspector = random, recorder, inspector

    def days(self, term: Term, window: Span, *, absences: int) -> Iterator[tuple[Any, ...]]:
        """The recorded days of a term that lie in the window, in COLUMNS."""
        part = term.span.cut(window)
        if part is None or part.last is None:
            return
        random = self.random
        habit = SELDOM if random.random() < SELDOM_THERE else OFTEN
        days = [part.first + timedelta(days=past) for past in range(part.days)]
        absent = self._absent(days, absences)
        account, keeper = term.cadre.account, self.recorder(term)
        for day in days:
            status = Status.ABSENT if day in absent else self._status(day, habit)
            if status is None:
                continue
            source, by = Source.VILLAGE, keeper
            if status is Status.ABSENT:
                source, by = Source.INSPECTION, self.inspector
            elif status is Status.IN_VILLAGE and account is not None:
                source, by = Source.SELF, account
            yield (
                uuid.UUID(int=random.getrandbits(128), version=4), term.pk, term.cadre_id,
                term.village_id, day, status.value, source.value, NOTES.get(status, ""), by.pk,
                f"{day} 08:{random.randrange(60):02d}:00+08",
            )  # fmt: skip

    def _absent(self, days: Sequence[date], absences: int) -> set[date]:
        if not absences and self.random.random() < ABSENT_PEOPLE:
            absences = 1
        working = [day for day in days if day.weekday() < SATURDAY]
        return set(self.random.sample(working, min(absences, len(working))))

    def _status(self, day: date, habit: tuple[float, float]) -> Status | None:
        luck = self.random.random()
        there = habit[0] if day.weekday() < SATURDAY else habit[1]
        if luck < there:
            return Status.IN_VILLAGE
        if day.weekday() >= SATURDAY:
            return None
        if luck < there + MEETINGS:
            return Status.OFFICIAL
        return Status.LEAVE if luck < there + MEETINGS + LEAVE else None
