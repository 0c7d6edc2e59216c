"""Visits of the last four months, what they brought to light, and lines of the work log."""

import uuid
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from random import Random

from django.utils import timezone

from officers.models import Officer
from registry.demo.teams.pairing import Home
from teams.models import LogEntry, Met, Task, Topic, Visit
from teams.models.helping import LOG_FIELD, TASK_FIELD, TASK_RESULT_FIELD, VISIT_FIELD
from trail.sealing import seal

LONGEST_AGO, LATE, SOON = 118, 90, 30
NEVER, LATE_ONES, LATER_ONES = 0.03, 0.10, 0.15
PROBLEMS, CLOSED = 0.04, 0.75
AT = time(16, 30)
TEXTS = (
    "核对收入账，外出务工工资已到账，种植收入较去年略增。",
    "宣讲医保政策，提醒按时缴费。",
    "了解在校子女就学情况，教育补助已发放。",
    "查看住房和饮水，均无问题。",
    "老人慢性病用药正常，已约村医随访。",
    "商量明年种植计划，愿意多种两亩中药材。",
)
PROBLEM_TEXTS = (
    "房屋西墙漏雨，需联系住建部门查看。",
    "慢病证尚未办理，需协助申请。",
    "希望介绍就近务工岗位。",
    "自来水水压不足，需联系供水站。",
    "与邻居因地界有争议，需村委会调解。",
)
DONE_TEXTS = ("已解决，本人满意。", "已联系部门办理完毕。")
LOG_TEXTS = ("召开村民小组会议，商议道路养护。", "与驻村工作队核对产业项目进度。")


class Diary:
    """Draws the visits of one household after the other."""

    def __init__(self, random: Random, *, today: date):
        self.random, self.today = random, today

    def visits(self, home: Home, visitors: Sequence[Officer]) -> Iterator[Visit]:
        """The visits of a household, the latest first; none where nobody can visit."""
        random, luck = self.random, self.random.random()
        if not visitors or luck < NEVER:
            return
        if luck < NEVER + LATE_ONES:
            back = random.randint(LATE + 1, LONGEST_AGO)
        elif luck < NEVER + LATE_ONES + LATER_ONES:
            back = random.randint(SOON + 1, LATE)
        else:
            back = random.randint(1, SOON)
        while back <= LONGEST_AGO:
            yield self._visit(home, random.choice(visitors), self.today - timedelta(days=back))
            back += random.randint(22, 40)

    def _visit(self, home: Home, visitor: Officer, day: date) -> Visit:
        random, row = self.random, _row(self.random)
        met = random.choice([[Met.HOUSEHOLDER], [Met.HOUSEHOLDER, Met.SPOUSE], [Met.OTHER_MEMBER]])
        return Visit(
            uuid=row, household_id=home.pk, village_id=home.village, day=day, visitor=visitor,
            role=visitor.acting_role, met=met,
            topics=sorted(random.sample(list(Topic), random.randint(1, 2))),
            text_sealed=seal(random.choice(TEXTS), field=VISIT_FIELD, row=row),
            recorded_at=_moment(day),
        )  # fmt: skip

    def task(self, visit: Visit) -> Task | None:
        """The problem that a visit brought to light, seldom; most of those due are solved."""
        random = self.random
        if random.random() >= PROBLEMS:
            return None
        row = _row(random)
        due_on = visit.day + timedelta(days=random.randint(14, 45))
        task = Task(
            uuid=row, village_id=visit.village_id, household_id=visit.household_id, visit=visit,
            text_sealed=seal(random.choice(PROBLEM_TEXTS), field=TASK_FIELD, row=row),
            assignee=visit.visitor, due_on=due_on, opened_by=visit.visitor, opened_on=visit.day,
        )  # fmt: skip
        if due_on < self.today and random.random() < CLOSED:
            result = random.choice(DONE_TEXTS)
            task.closed_on, task.closed_by = due_on - timedelta(days=3), visit.visitor
            task.result = Task.Result.DONE
            task.result_sealed = seal(result, field=TASK_RESULT_FIELD, row=row)
        return task

    def log(self, village: str, writers: Sequence[Officer]) -> Iterator[LogEntry]:
        """A line of the work log every third week or so."""
        back = self.random.randint(2, 12)
        while writers and back <= LONGEST_AGO:
            row, day = _row(self.random), self.today - timedelta(days=back)
            text = self.random.choice(LOG_TEXTS)
            yield LogEntry(
                uuid=row, village_id=village, day=day, writer=writers[0],
                topics=[Topic.INDUSTRY], text_sealed=seal(text, field=LOG_FIELD, row=row),
                recorded_at=_moment(day),
            )  # fmt: skip
            back += self.random.randint(15, 30)


def _row(random: Random) -> uuid.UUID:
    return uuid.UUID(int=random.getrandbits(128), version=4)


def _moment(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, AT))
