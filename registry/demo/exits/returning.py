"""What came after: exits taken back, who came back onto the register, who never belonged there."""

import io
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from PIL import Image, ImageDraw

import identification.actions
from exits.actions import removal, revocation
from exits.actions.opening import propose_removal, propose_revocation, standard_of
from exits.models import Tracking
from exits.queries.revocation import APPROVALS
from households.models import Household, Survey
from households.rules import State
from households.snapshot import snapshots
from registry.demo.accounts import VILLAGE
from registry.demo.assistance.writing import moment
from registry.demo.courses import COURSES, ENDS, ONE_DAY, Act, be_on, take, wait_for_notices
from registry.demo.exits.courses import BOARD
from registry.demo.exits.hands import Hands
from registry.demo.exits.places import carry
from trail.dates import business_date
from workflow.actions.attachments import attach
from workflow.models import Case, CaseEvent
from workflow.models.attachments import CASE

CLEAR = "证据充分，同意清退。"
MEETING: dict[str, Any] = {
    "representatives": 30, "present": 27, "votes_for": 25, "votes_against": 1, "abstentions": 1,
}  # fmt: skip
VISITORS = "乡镇包村干部，县扶贫办干部"
AGREED = "情况属实，同意撤销，我当时审批未看房屋鉴定。"
DOUBT = "回访发现住房安全鉴定与实际不符，请核实。"
UNSAFE = "主房墙体开裂，经鉴定为 C 级危房，退出时住房安全未达标。"
FALLEN = "外出务工人员因病返乡，收入减少，申请返贫纳入。"
VEHICLE, SHOP = (
    "户主名下有营运货车，识别时未如实申报。",
    "户主在县城经营建材门市，识别时未如实申报。",
)
PHOTO = (640, 480)
LAST_APPLICATION = (11, 18)
VISITED = Act("visit", "village", COURSES["reinclusion"][1].evidence)
COURSE_BACK = (VISITED, *COURSES["reinclusion"][2:], *ENDS["reinclusion"][:-1])
"""From the visit to the announcement; the first secretary applied, the registration is left."""


def revoke(last: int, hands: Hands) -> None:
    """In spring an earlier exit, which the second approver had signed, is taken back by two."""
    household = _signed_by_second(last, hands).first()
    if household is None:
        return
    be_on(date(last, 3, 9), by=hands["clerk"])
    case = _doubted(household, date(last, 3, 12), hands)
    be_on(date(last, 3, 16), by=hands["approver"])
    note = "核查属实，撤销退出，恢复帮扶并安排危房改造。"
    carry(revocation.advance, case, "revoke_first", hands["approver"], note=note)
    carry(revocation.advance, case, "revoke", hands.second, note=AGREED)


def doubt(last: int, hands: Hands) -> None:
    """In December another one waits for the first approver to revoke it, or not."""
    household = _signed_by_second(last, hands).first()
    if household is not None:
        be_on(date(last, 12, 2), by=hands["clerk"])
        _doubted(household, date(last, 12, 7), hands)


def _doubted(household: Household, day: date, hands: Hands) -> Case:
    case = propose_revocation(household, by=hands["clerk"], reason=DOUBT)
    checker = hands.station(household.village_id)
    be_on(day, by=checker)
    carry(
        revocation.advance, case, "check", checker, checked_on=day, cause="guarantee",
        finding=UNSAFE,
    )  # fmt: skip
    return case


def _signed_by_second(last: int, hands: Hands) -> QuerySet[Household]:
    """Households of the accounts' village whose exit of a year before the last one the second
    approver alone approved, and which are tracked since, the latest first.
    """
    approvals = CaseEvent.objects.filter(step__in=APPROVALS)
    own = approvals.filter(case__division=VILLAGE, case__facts__year__lt=last)
    tracked = Tracking.everywhere.filter(
        case__in=own.filter(actor_id=hands.second.pk).values("case"), ended_on=None
    ).exclude(case__in=approvals.exclude(actor_id=hands.second.pk).values("case"))
    found = Household.everywhere.filter(pk__in=tracked.values("household"), state=State.EXITED)
    return found.order_by("-exit_year", "-pk")


def come_back(last: int, hands: Hands) -> None:
    """In November a household that had left, and is poor again by its survey, comes back."""
    survey = _fallen(last)
    if survey is None:
        return
    be_on(timezone.localdate(survey.recorded_at) + ONE_DAY, by=hands["secretary"])
    case = identification.actions.apply(
        survey.household, by=hands["secretary"], year=last, applied_on=business_date(),
        applicant="head", statement=FALLEN, kin_of_official=False,
    )  # fmt: skip
    for act in COURSE_BACK:
        wait_for_notices([case], by=hands["clerk"])
        take(case, act, hands.officers)


def _fallen(year: int) -> Survey | None:
    """The first survey that shows a tracked household of the accounts' village poor, early enough
    for the notices of its re-inclusion.
    """
    tracked = Tracking.everywhere.filter(village=VILLAGE, ended_on=None).values("household")
    early = moment(date(year, *LAST_APPLICATION))
    surveys = Survey.objects.filter(household__in=tracked, year=year, recorded_at__lt=early)
    found = list(surveys.in_force().select_related("household"))
    if not found:
        return None
    households = [one.household for one in found]
    facts = snapshots(households, year=year, standard=standard_of(households[0], year))
    findings = {key: one["finding"] for key, one in facts.items()}
    fallen = [
        one
        for one in found
        if findings[one.household_id]["lacks"] and not findings[one.household_id]["gaps"]
    ]
    return min(fallen, key=lambda one: (one.recorded_at, one.pk), default=None)


def remove(last: int, hands: Hands) -> None:
    """In June a household that never belonged there is taken off the register."""
    be_on(date(last, 6, 2), by=hands["village"])
    case = _wrong(last - 1, VEHICLE, hands)
    if case is None:
        return
    be_on(date(last, 6, 5), by=hands["township"])
    carry(
        removal.advance, case, "verify", hands["township"], visited_on=business_date(),
        visitors=VISITORS, ground="vehicle", finding=VEHICLE, heard="户主承认，同意清退。",
    )  # fmt: skip
    be_on(date(last, 6, 8), by=hands["secretary"])
    carry(
        removal.advance, case, "appraise", hands["secretary"], meeting_on=business_date(),
        **MEETING,
    )  # fmt: skip
    carry(removal.advance, case, "post", hands["village"], place=BOARD)
    be_on(date(last, 6, 17), by=hands["township"])
    carry(
        removal.advance, case, "check", hands["township"], checked_on=business_date(),
        opinion="证据充分，公示无异议。",
    )  # fmt: skip
    be_on(date(last, 6, 19), by=hands["approver"])
    carry(removal.advance, case, "approve", hands["approver"], note=CLEAR)


def ask_to_remove(last: int, hands: Hands) -> None:
    """In December another one is asked for, with its evidence; the township is to look."""
    be_on(date(last, 12, 7), by=hands["village"])
    _wrong(last - 1, SHOP, hands)


def _wrong(year: int, reason: str, hands: Hands) -> Case | None:
    """The case of a poor household of the accounts' village of which there was no case before."""
    poor = Household.everywhere.standing().filter(village=VILLAGE, state=State.POOR)
    surveyed = poor.filter(surveys__year=year).distinct()
    strangers = surveyed.exclude(number__in=Case.everywhere.values("subject"))
    household = strangers.order_by("-pk").first()
    if household is None:
        return None
    case = propose_removal(household, by=hands["village"], year=year, reason=reason)
    attach(
        _photo(), by=hands["village"], division=VILLAGE, subject_kind=CASE,
        subject_id=str(case.pk), purpose="proof", year=year,
    )  # fmt: skip
    return case


def _photo() -> bytes:
    """A picture of what was found, drawn: nobody's house and nobody's car."""
    picture = Image.new("RGB", PHOTO, "#b8cfe0")
    drawing = ImageDraw.Draw(picture)
    drawing.rectangle((0, 330, 640, 480), fill="#8d8468")
    drawing.rectangle((120, 190, 420, 350), fill="#3c6e9e", outline="#22384c", width=4)
    drawing.rectangle((420, 240, 540, 350), fill="#d9b24c", outline="#5c4a1a", width=4)
    for left in (180, 360, 460):
        drawing.ellipse((left, 320, left + 64, 384), fill="#2b2b2b", outline="#777777", width=8)
    content = io.BytesIO()
    picture.save(content, "JPEG", quality=80)
    return content.getvalue()
