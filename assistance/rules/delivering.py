"""What may be delivered when, when a measure is done, and what is due next.

Money is yuan. A measure is live while it is agreed or under way.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum

from assistance.rules.measures import Category, Repeats, Terms, Unit
from assistance.rules.planning import yuan
from workflow.machine import Fault, gettext_noop

AGREED, ONGOING, DONE, STOPPED = "agreed", "ongoing", "done", "stopped"
LIVE = (AGREED, ONGOING)
CENT = Decimal("0.01")
NOTHING = Decimal(0)
MOST_INSTALMENTS = 12
DIED, MISTAKEN = "01", "10"
"""Codes of the list "member_end_reason"."""


class Extra(StrEnum):
    """What is kept of a measure beside its deliveries."""

    NONE = "none"
    LOAN = "loan"
    POST = "post"
    MOVE = "move"
    COURSE = "course"


def extra_of(terms: Terms) -> Extra:
    """What is kept of such a measure: a loan, the contracts of a post, a move, or a course.

    A post is known by its group, so that forest rangers are among them; a move is the relocation
    itself, not the support after it.
    """
    if terms.category == Category.CREDIT:
        return Extra.LOAN
    if terms.group == "post":
        return Extra.POST
    if terms.category == Category.RELOCATION and terms.group == "house":
        return Extra.MOVE
    taught = terms.category in (Category.EMPLOYMENT, Category.INDUSTRY)
    if taught and terms.unit == Unit.PERSON and terms.repeats == Repeats.FREE:
        return Extra.COURSE
    return Extra.NONE


@dataclass(frozen=True)
class Agreed:
    """A measure as it was agreed and as far as it was delivered."""

    status: str
    planned: Decimal
    delivered: Decimal
    due_on: date
    agreed_on: date | None

    @property
    def is_live(self) -> bool:
        """Whether it is agreed and not ended."""
        return self.status in LIVE

    @property
    def rest(self) -> Decimal:
        """What is still to be delivered."""
        return self.planned - self.delivered


@dataclass(frozen=True)
class Person:
    """Who gets something: his household (its key), and why and when he left it, if he did."""

    household: int
    end_reason: str = ""
    end_date: date | None = None


@dataclass(frozen=True)
class Handed:
    """A delivery as it is to be recorded."""

    day: date
    amount: Decimal
    is_money: bool


def live_fault(agreed: Agreed) -> Fault | None:
    """A fault unless the measure is agreed and not ended."""
    if agreed.is_live:
        return None
    if agreed.status == DONE:
        return Fault(gettext_noop("This measure is done. Nothing is added to it any more."))
    if agreed.status == STOPPED:
        return Fault(gettext_noop("This measure was stopped. Nothing is added to it any more."))
    return Fault(gettext_noop("This measure is not agreed yet. Its plan must be approved first."))


def day_fault(agreed: Agreed, day: date, today: date, field: str) -> Fault | None:
    """A fault for a day that lies ahead, or before the day on which the measure was agreed."""
    if day > today:
        return Fault(gettext_noop("The day lies ahead. Record it when it has come."), field=field)
    if agreed.agreed_on is not None and day < agreed.agreed_on:
        return Fault(
            gettext_noop("The measure was agreed on %(day)s. Nothing was delivered before."),
            {"day": agreed.agreed_on},
            field,
        )
    return None


def person_fault(person: Person, day: date, field: str) -> Fault | None:
    """A fault for somebody who had died or left the household by `day`; his last day counts."""
    if not person.end_reason:
        return None
    if person.end_date is not None and day <= person.end_date and person.end_reason != MISTAKEN:
        return None
    if person.end_reason == DIED:
        text = gettext_noop("This person had died by that day. Choose somebody of the household.")
    else:
        text = gettext_noop("This person had left by that day. Choose somebody of the household.")
    return Fault(text, field=field)


def delivery_faults(
    agreed: Agreed,
    handed: Handed,
    *,
    household: int | None,
    person: Person | None,
    payee: Person | None,
    today: date,
) -> list[Fault]:
    """What keeps a delivery of a live measure from being recorded, by field: day, amount, payee.

    `household` is the key of that of the measure, None for a measure of the village; `person` whom
    the measure is for.
    """
    found = [day_fault(agreed, handed.day, today, "day"), *_amount_faults(agreed, handed)]
    if payee is not None:
        if household is None or payee.household != household:
            text = gettext_noop("The payee is somebody of the household of this measure.")
            found.append(Fault(text, field="payee"))
        else:
            found.append(person_fault(payee, handed.day, "payee"))
    if person is not None:
        found.append(person_fault(person, handed.day, "day" if payee else "payee"))
    return [one for one in found if one is not None]


def _amount_faults(agreed: Agreed, handed: Handed) -> list[Fault]:
    if handed.amount < 0:
        return [Fault(gettext_noop("An amount is not negative."), field="amount")]
    if handed.is_money and not handed.amount:
        return [Fault(gettext_noop("A payment is more than zero."), field="amount")]
    if handed.amount > agreed.rest:
        return [
            Fault(
                gettext_noop(
                    "More than was planned: %(rest)s yuan of %(planned)s are left. For more, change"
                    " the plan first."
                ),
                {"rest": yuan(agreed.rest), "planned": yuan(agreed.planned)},
                "amount",
            )
        ]
    return []


@dataclass(frozen=True)
class Begun:
    """What a measure holds: how many deliveries stand, and what else is kept of it.

    `owed` is what is left of its loan; `post_until` and `course_until` are the last days of posts
    and course.
    """

    extra: Extra = Extra.NONE
    deliveries: int = 0
    last_delivery: date | None = None
    has_loan: bool = False
    owed: Decimal = NOTHING
    post_until: date | None = None
    course_until: date | None = None
    has_move: bool = False
    moved_in_on: date | None = None
    old_house_gone_on: date | None = None

    @property
    def is_anything(self) -> bool:
        """Whether anything was delivered or begun."""
        begun = self.has_loan or self.has_move or self.post_until or self.course_until
        return bool(self.deliveries or begun)


def running_faults(begun: Begun, day: date) -> list[Fault]:
    """What still runs after `day`, so that the measure cannot end then: loan, post, deliveries."""
    found = []
    if begun.last_delivery is not None and day < begun.last_delivery:
        text = gettext_noop("Something was delivered later, on %(day)s.")
        found.append(Fault(text, {"day": begun.last_delivery}, "day"))
    if begun.owed > 0:
        text = gettext_noop("Its loan is not repaid: %(owed)s yuan are left. Record that first.")
        found.append(Fault(text, {"owed": yuan(begun.owed)}))
    if begun.post_until is not None and day < begun.post_until:
        text = gettext_noop("A post runs until %(day)s. End its contract first.")
        found.append(Fault(text, {"day": begun.post_until}, "day"))
    return found


def finish_faults(begun: Begun, day: date) -> list[Fault]:
    """What keeps a measure from being done on `day`."""
    found = running_faults(begun, day)
    if not begun.is_anything:
        text = gettext_noop("Nothing was delivered yet. Record a delivery, or stop the measure.")
        found.append(Fault(text))
    if begun.course_until is not None and day < begun.course_until:
        text = gettext_noop("The course runs until %(day)s.")
        found.append(Fault(text, {"day": begun.course_until}, "day"))
    if begun.extra == Extra.MOVE:
        if begun.moved_in_on is None:
            text = gettext_noop("The household has not moved in. Record the move first.")
            found.append(Fault(text))
        elif begun.old_house_gone_on is None:
            text = gettext_noop("The old house still stands. Record first when it was demolished.")
            found.append(Fault(text))
    return found


def is_whole(agreed: Agreed) -> bool:
    """Whether all the planned money was delivered; never of what was planned without any."""
    return agreed.planned > 0 and agreed.rest == 0


def is_complete(agreed: Agreed, begun: Begun, day: date) -> bool:
    """Whether a measure is done by itself: all that was planned is delivered, nothing runs on."""
    return is_whole(agreed) and not finish_faults(begun, day)


def claims_kept(status: str, repeats: Repeats, begun: Begun) -> tuple[bool, bool]:
    """Whether an ended measure still claims its group, and its turn (the year, or "ever").

    What was stopped before anything was delivered claims nothing. Otherwise a measure that comes
    once keeps its group for good, and the turn was used.
    """
    if status == STOPPED and not begun.is_anything:
        return False, False
    return repeats == Repeats.ONCE, True


@dataclass(frozen=True)
class Part:
    """An instalment: when how much is due."""

    due_on: date
    amount: Decimal


@dataclass(frozen=True)
class Due:
    """What is due next, and when."""

    on: date
    amount: Decimal


def covered(parts: Iterable[Part], delivered: Decimal) -> list[Decimal]:
    """How much of each instalment was delivered: deliveries fill them in their order."""
    found = []
    for part in parts:
        filled = min(part.amount, delivered)
        found.append(filled)
        delivered -= filled
    return found


def next_due(agreed: Agreed, parts: Sequence[Part]) -> Due | None:
    """What is due next of a measure: the first instalment not filled, else the rest on its day.

    None for a measure that is not live, or of which all was delivered. One that was planned
    without an amount is due until it is done.
    """
    if not agreed.is_live or is_whole(agreed):
        return None
    for part, filled in zip(parts, covered(parts, agreed.delivered), strict=True):
        if filled < part.amount:
            return Due(part.due_on, part.amount - filled)
    return Due(agreed.due_on, agreed.rest)


class Urgency(StrEnum):
    """How near a due day is."""

    LATER = "later"
    SOON = "soon"
    OVERDUE = "overdue"


def urgency_of(due_on: date, today: date, soon_days: int) -> Urgency:
    """Overdue from the day after the due day on; soon from so many days before it."""
    if due_on < today:
        return Urgency.OVERDUE
    return Urgency.SOON if due_on <= today + timedelta(days=soon_days) else Urgency.LATER


def instalment_faults(
    agreed: Agreed, parts: Sequence[Part], starts_on: date
) -> list[tuple[int, Fault]]:
    """What is wrong with new instalments: the number of each (from 1; 0 for all) and the fault.

    They add up to what is planned, each later than the one before, between start and due day.
    """
    found = []
    before = None
    for number, part in enumerate(parts, start=1):
        if part.amount <= 0:
            text = gettext_noop("An instalment is more than zero.")
            found.append((number, Fault(text, field="amount")))
        if before is not None and part.due_on <= before:
            text = gettext_noop("Each instalment is due after the one before it.")
            found.append((number, Fault(text, field="due_on")))
        elif not starts_on <= part.due_on <= agreed.due_on:
            text = gettext_noop("It is due between start and due day: %(first)s to %(last)s.")
            values = {"first": starts_on, "last": agreed.due_on}
            found.append((number, Fault(text, values, "due_on")))
        before = part.due_on
    total = sum((part.amount for part in parts), NOTHING)
    if len(parts) > MOST_INSTALMENTS:
        text = gettext_noop("At most %(most)s instalments.")
        found.append((0, Fault(text, {"most": MOST_INSTALMENTS})))
    if parts and total != agreed.planned:
        text = gettext_noop("They add up to %(total)s yuan, and %(planned)s are planned.")
        found.append((0, Fault(text, {"total": yuan(total), "planned": yuan(agreed.planned)})))
    return found


def equal_parts(planned: Decimal, days: Sequence[date]) -> list[Part]:
    """As many instalments as days, of the same amount; the last takes the cents left over."""
    each = (planned / len(days)).quantize(CENT, ROUND_DOWN)
    amounts = [each] * (len(days) - 1) + [planned - each * (len(days) - 1)]
    return [Part(day, amount) for day, amount in zip(days, amounts, strict=True)]


def evenly(first: date, last: date, number: int) -> list[date]:
    """So many days between two days, both ends among them; one day is the last."""
    if number == 1:
        return [last]
    step = (last - first) / (number - 1)
    return [first + step * place for place in range(number - 1)] + [last]
