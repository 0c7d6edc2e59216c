"""Whether a step can be taken, decided from values. No clock, no database, no Django.

Each function gives the faults it finds; none means the step is possible.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from trail.rules import digest
from workflow.machine import (
    FACTS,
    OPEN,
    POSTING,
    Evidence,
    Fault,
    Flagged,
    Hand,
    Kind,
    Machine,
    Posted,
    Situation,
    Step,
    Way,
    gettext_noop,
)

TEXT_LENGTH, PUBLIC_LENGTH = 500, 200
NUMBER_OF_A_PERSON = re.compile(r"(?<![0-9])(?:(?:86)?1[0-9]{10}|[0-9]{15,19})(?![0-9])")
PARTED = re.compile(r"(?<=[0-9])[\s\-‐-―−·._]+(?=[0-9])")
NUMBER_LIMIT = 100_000


def last_day(counted_from: date, days: int) -> date:
    """The last day of a notice of `days` full days; the day of posting does not count.

    Posted on 1 March for 7 days it stands to the end of 8 March; changed on 5 March, to 12 March.
    """
    return counted_from + timedelta(days=days)


def resolver_fault(
    machine: Machine, *, recorder: int, acts: Iterable[Hand], officer: int
) -> Fault | None:
    """Why this officer may not resolve an objection: he recorded it, or it is about his own work.

    `acts` are those in the case it is about, with `FACTS` for whoever recorded what the case rests
    on and `POSTING` for whoever posted the notice.
    """
    if officer == recorder:
        return Fault(gettext_noop("You recorded this objection. Another officer must resolve it."))
    preparing = machine.preparing | {OPEN, FACTS, POSTING}
    own = next((act for act in acts if act.officer_id == officer and act.step in preparing), None)
    if own is None:
        return None
    if own.step == OPEN:
        return Fault(
            gettext_noop("You proposed this case. Another officer must resolve the objection.")
        )
    text = gettext_noop(
        "You prepared this case on %(day)s. Another officer must resolve the objection."
    )
    return Fault(text, {"day": own.on})


def facts_fault(machine: Machine, situation: Situation) -> Fault | None:
    """Why the facts of the case must stay as they are; None when they may be replaced.

    What the village read on a notice is what the county decides on: only a return, or a decision
    that ends one part of the procedure and begins the next with a notice of its own, opens the
    facts again. Where steps rest on them already, replacing them sends the case back
    (`Machine.restarts`).
    """
    decided = situation.state in machine.settled or not machine.awaits_decision(situation.state)
    if decided:
        return Fault(gettext_noop("The case has been decided. Open a new case on the new facts."))
    noticed = False
    for before, hand in pairwise(situation.hands):
        step = machine.by_source.get((before.to_state, hand.step))
        if step and step.notice:
            noticed = True
        elif step and opens_facts(machine, step):
            noticed = False
    if noticed:
        return Fault(
            gettext_noop(
                "The facts stood on a public notice. Let the case be returned first, or withdraw"
                " it and open a new one."
            )
        )
    return None


def opens_facts(machine: Machine, step: Step) -> bool:
    """Whether the step lets facts be replaced that stood on a notice."""
    return step.way == Way.RETURN or (step.decides and machine.notice_ahead(step.target))


def step_faults(machine: Machine, step: Step, situation: Situation) -> list[Fault]:
    """What stands against the step, evidence and rights apart: notice, objections, conditions."""
    faults = standing_faults(machine, step, situation) + order_faults(step, situation)
    return faults + (step.judge(situation) if step.judge else [])


def order_faults(step: Step, situation: Situation) -> list[Fault]:
    """A fault at each day that lies before what it follows."""
    faults = []
    for wanted in step.needs_evidence:
        first = situation.since(wanted.not_before) if wanted.not_before else None
        entered = situation.evidence.get(wanted.name)
        if first and entered and entered < first:
            text = gettext_noop("Enter %(day)s or a later day: what it follows happened then.")
            faults.append(Fault(text, {"day": first}, wanted.name))
    return faults


def standing_faults(machine: Machine, step: Step, situation: Situation) -> list[Fault]:
    """What stands against the step whatever is entered for it."""
    faults = notice_faults(machine, step, situation)
    return faults + (machine.holds(step, situation) if machine.holds else [])


def notice_faults(machine: Machine, step: Step, situation: Situation) -> list[Fault]:
    """What holds a case whose notice was posted: its days, an open objection, a removed line.

    An objection may be put on record after the days, so it holds every decision as well. A
    withdrawal is possible at any time. Once the line is gone, because an objection was upheld, the
    case can only go back or be rejected.
    """
    if step.way == Way.WITHDRAW:
        return []
    posting = machine.posting_steps(situation.state)
    if situation.open_objections and (posting or step.decides):
        return [Fault(gettext_noop("An objection is open. It must be resolved first."))]
    heard = heard_steps(machine, situation.state) if step.decides else posting
    resting = posting or heard
    lines = [line for line in situation.posted if line.step in resting]
    if resting and not lines and step.way == Way.FORWARD:
        return [Fault(gettext_noop("The case stands on no notice any more. Return or reject it."))]
    return still_posted(lines, situation.today) if posting else []


def heard_steps(machine: Machine, state: str) -> frozenset[str]:
    """The steps whose notices can be objected to while a case stands in `state`: those that it
    waits out or has waited out, until what they ask about is decided.
    """
    if not machine.awaits_decision(state):
        return frozenset()
    posting = (step for step in machine.steps if step.notice)
    return frozenset(step.name for step in posting if state in states_behind(machine, step))


def states_behind(machine: Machine, step: Step) -> set[str]:
    """The states in which the facts stand on the notice of a step, or stood on it and stay."""
    edge, found = [step.target], {step.target}
    while edge:
        for after in machine.steps_from(edge.pop()):
            onward = after.way == Way.FORWARD and not opens_facts(machine, after)
            if onward and after.target not in found:
                found.add(after.target)
                edge.append(after.target)
    return found


def still_posted(lines: Iterable[Posted], today: date) -> list[Fault]:
    """A fault while any of the notices has a day left; its last day still belongs to it."""
    left = max(((line.last_day - today).days + 1 for line in lines), default=0)
    if left <= 0:
        return []
    last = today + timedelta(days=left - 1)
    text = gettext_noop(
        "The public notice stands until %(day)s. The next step is possible after it."
    )
    return [Fault(text, {"day": last})]


def checks_due(*, done: int, checked: int, waiting: int, share: Sequence[int]) -> int:
    """How many of `waiting` cases must be checked on site, so that of all the share is reached.

    `done` cases have passed, `checked` of them were checked; `share` is [1, 5] for a fifth.
    """
    part, whole = share
    wanted = -(-(done + waiting) * part // whole)
    return min(waiting, max(0, wanted - checked))


def same_hand(step: Step, hands: Iterable[Hand], officer_id: int) -> Hand | None:
    """The earlier act of this officer that keeps him from the step, or None."""
    mine = (hand for hand in hands if hand.officer_id == officer_id)
    return next((hand for hand in mine if hand.step in step.not_same_hand_as), None)


def flags_seen(flags: Iterable[Flagged]) -> str:
    """The digest of flags with their figures, in whatever order, so that a page can say which ones
    an officer looked at.
    """
    return digest({one.code: dict(one.values) for one in flags})


def evidence_faults(step: Step, evidence: Mapping[str, Any], note: str, today: date) -> list[Fault]:
    """Missing or impossible entries of the step's form, each at its field."""
    faults = [
        Fault(text, field=wanted.name)
        for wanted in step.needs_evidence
        if (text := _entry_fault(wanted, evidence.get(wanted.name), today))
    ]
    if step.needs_note and not note.strip():
        faults.append(Fault(gettext_noop("Say why."), field="note"))
    unknown = set(evidence) - {wanted.name for wanted in step.needs_evidence}
    return faults + [Fault(gettext_noop("This entry is not asked for."), field=n) for n in unknown]


def _entry_fault(wanted: Evidence, value: Any, today: date) -> str:
    if value is None or value == "":
        return "" if wanted.optional else gettext_noop("Enter this.")
    return _CHECKS[wanted.kind](wanted, value, today)


def _text_fault(wanted: Evidence, value: Any, today: date) -> str:
    if not isinstance(value, str) or not value.strip():
        return gettext_noop("Enter this.")
    if wanted.public and carries_number(value):
        return gettext_noop(
            "Anybody reads this. Leave out the numbers of phones, ID cards and accounts."
        )
    if wanted.public and len(value) > PUBLIC_LENGTH:
        return gettext_noop("Write at most 200 characters.")
    return gettext_noop("Write at most 500 characters.") if len(value) > TEXT_LENGTH else ""


def carries_number(text: str) -> bool:
    """Whether a mobile phone, an ID number or an account stands in a text, in whatever width and
    however its digits are parted.
    """
    plain = unicodedata.normalize("NFKC", text)
    return any(NUMBER_OF_A_PERSON.search(one) for one in (plain, PARTED.sub("", plain)))


def _number_fault(wanted: Evidence, value: Any, today: date) -> str:
    whole = isinstance(value, int) and not isinstance(value, bool)
    if not whole or not 0 <= value < NUMBER_LIMIT:
        return gettext_noop("Enter a whole number, 0 or more.")
    return ""


def _date_fault(wanted: Evidence, value: Any, today: date) -> str:
    if not isinstance(value, date):
        return gettext_noop("Enter a date as 2020-12-31.")
    return gettext_noop("The date lies in the future.") if value > today else ""


def _choice_fault(wanted: Evidence, value: Any, today: date) -> str:
    known = value in dict(wanted.choices)
    return "" if known else gettext_noop("Choose one of the list.")


def _remarks_fault(wanted: Evidence, value: Any, today: date) -> str:
    if not isinstance(value, Mapping):
        return gettext_noop("Write a remark for each field that you choose.")
    texts = [_text_fault(wanted, text, today) for text in value.values()]
    return next(filter(None, texts), "")


_CHECKS = {
    Kind.TEXT: _text_fault,
    Kind.NUMBER: _number_fault,
    Kind.DATE: _date_fault,
    Kind.CHOICE: _choice_fault,
    Kind.REMARKS: _remarks_fault,
}


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """The entries of two snapshots that differ, by name; nested ones by a dotted name."""
    found: dict[str, tuple[Any, Any]] = {}
    for name in before.keys() | after.keys():
        old, new = before.get(name), after.get(name)
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            found |= {f"{name}.{key}": pair for key, pair in differences(old, new).items()}
        elif old != new:
            found[name] = (old, new)
    return found
