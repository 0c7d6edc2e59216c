"""Carrying cases in tests: who takes which step, with which evidence, on which day."""

import uuid
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

from django.conf import settings

from assistance.models import Item
from exits import actions as exits
from exits.actions import following, removal, revocation
from exits.rules.household import PAPERS
from households.models import Household, Standard
from households.snapshot import snapshot
from identification import actions as identification
from identification.models import Comparison
from monitoring import actions as monitoring
from officers.models import Officer
from tests import factories as make
from tests.cast import Cast
from tests.unguarded import unguarded
from trail.dates import business_date
from trail.models import DemoClock
from workflow.actions import open_case
from workflow.machine import Kind, Step
from workflow.models import Attachment, Case, CaseEvent, Notice, NoticeLine
from workflow.models.attachments import CASE
from workflow.pictures import JPEG
from workflow.procedures import machine_of

Advance = Callable[..., CaseEvent]
ADVANCE: dict[str, Advance] = {
    "identification": identification.advance,
    "reinclusion": following.advance_reinclusion,
    "exit": exits.advance,
    "revocation": revocation.advance,
    "removal": removal.advance,
    "watch": monitoring.advance,
}
SAMPLES = {
    "visitors": "王建国, 李芳",
    "representatives": 30,
    "present": 24,
    "votes_for": 20,
    "votes_against": 3,
    "abstentions": 1,
    "kin_of_official": "no",
    "way": "slip",
}
REJECTED_BY_VOTE = {"votes_for": 10, "votes_against": 14, "abstentions": 0}
IDENTIFIED = (
    "apply", "visit", "compare", "appraise", "post", "review", "recheck", "approve", "announce",
    "register",
)  # fmt: skip
"""The steps of an identification that meets no obstacle."""
HANDS = {
    "apply": "village_official",
    "compare": "county_clerk",
    "recheck": "county_clerk",
    "close": "township_reviewer",
    "visit": "village_official",
    "appraise": "village_official",
    "verify": "first_secretary",
    "confirm": "village_official",
    "post": "village_official",
    "review": "township_reviewer",
    "check": "township_reviewer",
    "plan": "county_approver",
    "approve": "county_approver",
    "register": "village_official",
    "announce": "village_official",
    "clear": "village_official",
    "post_clear": "village_official",
    "review_clear": "township_reviewer",
    "eliminate": "county_approver",
    "refuse": "village_official",
    "answer": "township_reviewer",
}


def sample_evidence(step: Step) -> dict[str, Any]:
    """Sound entries for every field that the step asks for."""
    plain = {
        Kind.TEXT: "村委会公示栏",
        Kind.NUMBER: 1,
        Kind.DATE: business_date(),
        Kind.REMARKS: {},
    }
    found: dict[str, Any] = {}
    for wanted in step.needs_evidence:
        sample = SAMPLES.get(wanted.name)
        if wanted.kind == Kind.CHOICE:
            offered = [value for value, _ in wanted.choices]
            found[wanted.name] = sample if sample in offered else offered[0]
        else:
            found[wanted.name] = sample or plain[wanted.kind]
    return found


def open_for(household: Household, kind: str, *, by: Officer, year: int = 2019) -> Case:
    """A case on the household's facts of the year against the national standard.

    Who is to exit was helped: nobody exits otherwise. The business date is one on which an exit may
    rest on these facts, which needs the `calendar` fixture.
    """
    if kind == "exit" and not Item.everywhere.filter(household=household).exists():
        make.make_help(household, year)
    return open_unhelped(household, kind, by=by, year=year)


def open_unhelped(household: Household, kind: str, *, by: Officer, year: int = 2019) -> Case:
    """The same, with no help on record but what the test itself wrote."""
    if kind == "exit":
        reach_year_after(year)
    standard = Standard.objects.holding(household.village_id, year).get(division_id="0")
    facts = snapshot(household, year=year, standard=standard)
    return open_case(kind, household.number, household.village_id, facts, by=by)


def post_all(cases: Sequence[Case]) -> None:
    """One list that was posted for these cases and has hung out its days; their lines stand."""
    first, posted_on = cases[0], business_date() - timedelta(days=9)
    with unguarded():
        notice = Notice.everywhere.create(
            division_id=first.division_id, kind=first.kind, step="post", place="公示栏",
            posted_on=posted_on, counted_from=posted_on, days=7,
            last_day=posted_on + timedelta(days=7), posted_by=make.the_operator(),
        )  # fmt: skip
        NoticeLine.objects.bulk_create(
            NoticeLine(notice=notice, case=case, serial=place, householder="户主", people=1)
            for place, case in enumerate(cases, 1)
        )


def take(case: Case, name: str, *, by: Officer, note: str = "", **entries: Any) -> CaseEvent:
    """One step with sound evidence, `entries` put over it, at the case's present version.

    The file that a step of an exit rests on is added to the case first.
    """
    if case.kind == "exit" and name in PAPERS:
        kept_at(case, PAPERS[name], by=by)
    return take_bare(case, name, by=by, note=note, **entries)


def take_bare(case: Case, name: str, *, by: Officer, note: str = "", **entries: Any) -> CaseEvent:
    """The same, on the files that are kept at the case already."""
    case.refresh_from_db()
    steps = machine_of(case.kind).by_source
    step = steps.get((case.state, name))
    evidence = (sample_evidence(step) if step else {}) | entries
    event = ADVANCE[case.kind](
        case.pk, name, by=by, version=case.version, note=note, evidence=evidence
    )
    case.refresh_from_db()
    return event


def kept_at(case: Case, purpose: str, *, by: Officer, digest: str = "") -> Attachment:
    """The row of a photo at a case, of which nothing lies on the disk."""
    row = uuid.uuid4()
    return Attachment.everywhere.create(
        uuid=row, division_id=case.division_id, subject_kind=CASE, subject_id=str(case.pk),
        purpose=purpose, media_type=JPEG, size=1, width=1, height=1,
        digest=digest or sha256(row.bytes).hexdigest(), added_by=by,
    )  # fmt: skip


def carry(case: Case, cast: Cast, *names: str) -> CaseEvent:
    """Several steps, each by the usual hand, waiting out every notice before the next one."""
    event = None
    for name in names:
        wait_for_notice(case)
        if name == "compare":
            answer(case, by=cast.county_clerk)
        event = take(case, name, by=getattr(cast, HANDS[name]))
    assert event is not None
    return event


def answer(case: Case, *, by: Officer, **said: Any) -> Comparison:
    """One department's answer: nothing found, unless said otherwise."""
    entries = {"department": "civil_affairs", "result": "no_hit", "explanation": ""} | said
    return identification.record_comparison(case.pk, by=by, on=business_date(), **entries)


def wait_for_notice(case: Case) -> None:
    """Move the business date behind the last day of the notices that the case stands on."""
    last = max((line.notice.last_day for line in case.notice_lines.standing()), default=None)
    if last and (left := (last - business_date()).days + 1) > 0:
        move_date(left)


def move_to(day: date) -> None:
    """Let the business date be `day`; needs the `calendar` fixture."""
    move_date((day - business_date()).days)


def reach_year_after(year: int) -> None:
    """Move the business date into the year after facts of `year`, where it is later than that."""
    if business_date().year > year + 1:
        move_to(date(year + 1, 6, 1))


def move_date(days: int) -> None:
    """Let the business date run `days` further ahead; needs the `calendar` fixture."""
    assert settings.DEMO
    clock, _ = DemoClock.objects.get_or_create(pk=1)
    clock.days += days
    clock.save()
