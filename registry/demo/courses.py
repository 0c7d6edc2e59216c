"""How the demo accounts carry the cases of the story: who takes which step, with which evidence."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

import exits.actions
import exits.actions.following
import identification.actions
import monitoring.actions
from exits.procedure import EXIT
from exits.rules.household import PAPERS
from officers.models import Officer
from registry.demo.papers import sheet
from trail.actions import move_demo_date
from trail.dates import business_date
from workflow.actions.attachments import attach
from workflow.models import Case, CaseEvent, NoticeLine
from workflow.models.attachments import CASE

ONE_DAY = timedelta(days=1)

Advance = Callable[..., CaseEvent]
ADVANCES: dict[str, Advance] = {
    "exit": exits.actions.advance,
    "identification": identification.actions.advance,
    "reinclusion": exits.actions.following.advance_reinclusion,
    "watch": monitoring.actions.advance,
}


@dataclass(frozen=True)
class Act:
    """One step by one of the demo accounts."""

    step: str
    username: str
    evidence: tuple[str, ...] = ()


PLAN = Act("plan", "approver")
VISIT = ("visited_on", "visitors")
MEETING = (
    "meeting_on", "representatives", "present", "votes_for", "votes_against", "abstentions",
)  # fmt: skip
APPRAISE = Act("appraise", "village", MEETING)
POST = Act("post", "village", ("place",))
APPLIED = (
    Act("apply", "village", ("applied_on", "applicant", "kin_of_official")),
    Act("visit", "secretary", (*VISIT, "sheet")),
    Act("compare", "clerk", ("summary",)),
    Act("appraise", "village", (*MEETING, "read_out")),
    POST,
)
COURSES = {
    "exit": (
        PLAN,
        APPRAISE,
        Act("verify", "secretary", VISIT),
        Act("confirm", "village", ("signed_on", "signed_by", "way")),
        POST,
    ),
    "identification": APPLIED,
    "reinclusion": APPLIED,
    "watch": (Act("verify", "secretary", (*VISIT, "risk")), APPRAISE, POST),
}
"""The steps of each procedure up to its first notice."""

CHECK = ("checked_on", "opinion")
SITE_CHECK = ("checked", "checked_on", "checked_by", "opinion")
APPROVE, ANSWER = Act("approve", "approver"), "已核对入户照片和各部门比对结果，情况属实。"
"""The approval, with what it says to the flags of a case."""

ENDS = {
    "identification": (
        Act("review", "township", (*SITE_CHECK, "place")),
        Act("recheck", "clerk", SITE_CHECK),
        APPROVE,
        Act("announce", "village", ("place",)),
        Act("register", "township", ("handed_on",)),
    ),
    "watch": (Act("review", "township", CHECK), APPROVE),
}
ENDS["reinclusion"] = ENDS["identification"]
"""The steps behind the first notice, up to the end; a watch then lasts."""


def carry_to_the_end(cases: Sequence[Case], cast: Mapping[str, Officer]) -> None:
    """Every step of every case, side by side; the business date waits out their notices."""
    courses = [(case, (*COURSES[case.kind], *ENDS[case.kind])) for case in cases]
    for place in range(max((len(course) for _case, course in courses), default=0)):
        wait_for_notices(cases, by=cast["clerk"])
        for case, course in courses:
            if place < len(course):
                take(case, course[place], cast)


def wait_for_notices(cases: Sequence[Case], *, by: Officer) -> None:
    """Move the business date behind the last day of what is posted about the cases."""
    posted = NoticeLine.objects.standing().filter(case__in=cases)
    last = max(posted.values_list("notice__last_day", flat=True), default=None)
    if last and last >= business_date():
        be_on(last + ONE_DAY, by=by)


def be_on(day: date, *, by: Officer) -> None:
    """Let the demonstration's business date be `day`."""
    move_demo_date(by=by, days=(day - timezone.localdate()).days)


def take(case: Case, act: Act, cast: Mapping[str, Officer]) -> None:
    """Take the step, unless the case starts behind it (a planned exit is planned already)."""
    case.refresh_from_db()
    if act == PLAN and case.state != "proposed":
        return
    if act.step == "compare":
        _answers(case, by=cast[act.username])
    if case.kind == EXIT.kind and act.step in PAPERS:
        _keep_paper(case, PAPERS[act.step], by=cast[act.username])
    known = _evidence()
    ADVANCES[case.kind](
        case.pk,
        act.step,
        by=cast[act.username],
        version=case.version,
        note=ANSWER if act == APPROVE else "",
        evidence={name: known[name] for name in act.evidence},
    )


def _keep_paper(case: Case, purpose: str, *, by: Officer) -> None:
    """The minutes or the signature, photographed at the case."""
    attach(
        sheet(f"{case.pk} {purpose} {business_date()}"), by=by, division=case.division_id,
        subject_kind=CASE, subject_id=str(case.pk), purpose=purpose,
    )  # fmt: skip


def _answers(case: Case, *, by: Officer) -> None:
    """What the departments answer: nothing stands against the household."""
    for department in ("public_security", "civil_affairs", "market"):
        identification.actions.record_comparison(
            case.pk, by=by, department=department, result="no_hit", explanation="",
            on=business_date(),
        )  # fmt: skip


def _evidence() -> dict[str, Any]:
    today = business_date()
    return {
        "visited_on": today,
        "visitors": "林望舒，乔一帆",
        "meeting_on": today,
        "representatives": 30,
        "present": 26,
        "votes_for": 24,
        "votes_against": 1,
        "abstentions": 1,
        "signed_on": today,
        "signed_by": "户主本人",
        "way": "slip",
        "checked_on": today,
        "opinion": "材料齐全，程序到位，同意",
        "announced_on": today,
        "place": "村务公开栏",
        "risk": "illness",
        "applied_on": today,
        "applicant": "head",
        "kin_of_official": "no",
        "sheet": "入户核查表，户主已签字，存村委会",
        "summary": "各部门比对均无异常",
        "read_out": "yes",
        "checked": "yes",
        "checked_by": "乡镇包村干部两人",
        "handed_on": today,
    }
