"""How the exit of a household went: its acts with their days, and what each put on record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from random import Random

OFFICIAL, VERIFIER, TOWNSHIP, STATION, FIRST, SECOND = (
    "official", "verifier", "township", "station", "first", "second",
)  # fmt: skip
"""Who acts: officers of the village and township, and the approver of the case or the other one."""

PLANNED = "plan"
BOARD = "村务公开栏"


@dataclass(frozen=True)
class Act:
    """One step: so many days after the opening, by whom, with what on record."""

    step: str
    day: int
    who: str
    entries: tuple[str, ...] = ()
    note: str = ""


VISIT = ("visited_on", "visitors")
MEETING = (
    "meeting_on", "representatives", "present", "votes_for", "votes_against", "abstentions",
)  # fmt: skip
CHECK = ("checked_on", "opinion")
UP_TO_VERIFIED = (
    Act(PLANNED, 2, FIRST),
    Act("appraise", 4, OFFICIAL, MEETING),
    Act("verify", 6, VERIFIER, VISIT),
)
NOTICED = Act("post", 8, OFFICIAL, ("place",))
CHECKED = (
    *UP_TO_VERIFIED,
    Act("confirm", 7, OFFICIAL, ("signed_on", "signed_by", "way")),
    NOTICED,
    Act("check", 17, TOWNSHIP, CHECK),
)
ANNOUNCE = Act("announce", 22, OFFICIAL, ("announced_on", "place"))
AGREED = (*CHECKED, Act("approve", 19, FIRST), ANNOUNCE)
DOUBT = Act("doubt", 19, FIRST, note="务工收入缺少流水佐证，请另一位审批人复核。")
DOUBTED = (*CHECKED, DOUBT)
SECONDED = (*DOUBTED, Act("approve", 20, SECOND), ANNOUNCE)
REFUSED = (
    *UP_TO_VERIFIED,
    Act("refuse", 7, OFFICIAL, ("refused_on", "because")),
    Act("answer", 8, STATION, ("answered_on", "answer")),
    NOTICED,
    Act("check", 17, TOWNSHIP, CHECK),
    Act("approve_first", 19, FIRST),
    Act("approve", 20, SECOND),
    ANNOUNCE,
)
REJECTED = (
    *CHECKED,
    Act("reject", 19, FIRST, ("reason",), "收入构成核实不清，暂不退出，继续帮扶。"),
)

Course = Sequence[Act]


def decided_by_two(course: Course) -> list[Act]:
    """The course of an exit that is flagged: who would approve it alone is the first of two."""
    if any(act.step == "approve_first" for act in course):
        return list(course)
    found: list[Act] = []
    for act in course:
        if act.step == "approve":
            found.append(replace(act, step="approve_first"))
            other = FIRST if act.who == SECOND else SECOND
            found.append(replace(act, day=act.day + 1, who=other))
        else:
            found.append(act)
    return found


def record_of(act: Act, day: date, random: Random) -> dict[str, object]:
    """What an act puts on record, as JSON values."""
    if not act.entries:
        return {}
    known = _meeting(random) if act.entries == MEETING else dict(_TEXTS)
    return {name: day.isoformat() if name.endswith("_on") else known[name] for name in act.entries}


def _meeting(random: Random) -> Mapping[str, object]:
    present, against, undecided = random.randint(23, 29), random.randint(0, 3), random.randint(0, 2)
    return {
        "representatives": 30,
        "present": present,
        "votes_for": present - against - undecided,
        "votes_against": against,
        "abstentions": undecided,
    }


_TEXTS: Mapping[str, object] = {
    "visitors": "驻村工作队员，村委会委员",
    "signed_by": "户主本人",
    "way": "slip",
    "place": BOARD,
    "opinion": "程序到位，材料齐全，同意上报",
    "because": "担心退出后不再享受低保和医疗救助。",
    "answer": "已逐条说明：退出后“四个不摘”，低保、医疗救助按原条件继续享受。",
    "reason": "figures",
}
