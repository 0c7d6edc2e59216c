"""Whether a plan of help can stand: its goal, its measures, their conditions, claims and caps.

Values in, faults out; money is exact (Decimal yuan). What is wished for is judged together with
what is agreed for the same household already, in this plan and in those of other years. A claim or
a cap of a measure for a person is counted for that person, of any other for the household or the
village.
"""

from calendar import monthrange
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from assistance.rules.eligibility import ALL, ANY, FACT, NOT, fact_of, holds
from assistance.rules.facts import UNKNOWN, FactKind
from assistance.rules.measures import CapBasis, Per, Repeats, Terms, Unit
from assistance.rules.sheets import Given, PlanFault, Sheet, Verdict, Wish
from workflow.machine import gettext_noop

EVER = "ever"


def claims_of(terms: Terms, year: int) -> tuple[str, str]:
    """What a measure claims while it stands: its group, and the year or "ever"; "" for none."""
    once = {Repeats.FREE: "", Repeats.YEARLY: str(year), Repeats.ONCE: EVER}
    return terms.group, once[terms.repeats]


def verdict_of(
    conditions: Iterable[Mapping[str, Any]], facts: Mapping[str, int], unit: Unit
) -> Verdict:
    """Whether the facts meet all conditions; UNKNOWN where what fails rests on missing facts."""
    failed = [one for one in conditions if not holds(one, facts)]
    if not failed:
        return Verdict.MET
    is_unknown = all(any(_is_missing(n, facts, unit) for n in names_in(one)) for one in failed)
    return Verdict.UNKNOWN if is_unknown else Verdict.UNMET


def names_in(condition: Mapping[str, Any]) -> set[str]:
    """The facts that a condition looks at."""
    if FACT in condition:
        return {condition[FACT]}
    if NOT in condition:
        return names_in(condition[NOT])
    parts = condition[ANY] if ANY in condition else condition[ALL]
    return {name for part in parts for name in names_in(part)}


def _is_missing(name: str, facts: Mapping[str, int], unit: Unit) -> bool:
    fact = fact_of(name, unit)
    missing = 0 if fact and fact.kind is FactKind.CODE else UNKNOWN
    return facts[name] == missing


def plan_faults(sheet: Sheet) -> list[PlanFault]:
    """All that stands against the plan, in the order of its page."""
    found = []
    if not sheet.has_goal:
        text = gettext_noop("The plan has no goal. Write what it is to reach this year.")
        found.append(PlanFault(None, "goal", text, {}))
    if not sheet.has_helper:
        text = gettext_noop(
            "Nobody answers for the plan. Choose the helper of the household, or somebody of the"
            " work team."
        )
        found.append(PlanFault(None, "helper", text, {}))
    kept = [one for one in sheet.given if one.year == sheet.year and one.was_given]
    if not sheet.wishes and not kept:
        text = gettext_noop("The plan holds no measure. Add one at least.")
        found.append(PlanFault(None, "items", text, {}))
    for place, wish in enumerate(sheet.wishes):
        found += _wish_faults(wish, sheet.wishes[:place], sheet)
    return found


def _wish_faults(wish: Wish, before: Sequence[Wish], sheet: Sheet) -> list[PlanFault]:
    if wish.terms is None:
        text = gettext_noop("%(measure)s is not offered here in this year. Take it out.")
        return [_at(wish, "measure", text)]
    if wish.has_left:
        text = gettext_noop(
            "%(measure)s is for somebody who does not belong to the household any more. Take it"
            " out."
        )
        return [_at(wish, "person", text)]
    mine = [one for one in before if one.terms is not None and one.person == wish.person]
    chain, year = sheet.chain(wish), sheet.year
    links = {one.key for one in chain if one.code == wish.code}
    theirs = [one for one in sheet.counted() if one.person == wish.person]
    others = [one for one in theirs if one.key not in links]
    return [
        *_replaced_faults(wish, chain, year),
        *_condition_faults(wish, wish.terms),
        *_group_faults(wish, wish.terms, mine, others, year),
        *_once_faults(wish, wish.terms, mine, others, year),
        *_cap_faults(wish, wish.terms, mine, theirs, year, links),
        *_day_faults(wish, wish.terms, year),
        *_fund_faults(wish),
    ]


def _at(wish: Wish, name: str, text: str, **values: Any) -> PlanFault:
    return PlanFault(wish.key, name, text, {"measure": wish.name} | values)


def needs_confirmation(terms: Terms, verdict: Verdict) -> bool:
    """Whether the planner must confirm something that no fact of the register tells."""
    return bool(terms.confirmations) or verdict is Verdict.UNKNOWN


def _condition_faults(wish: Wish, terms: Terms) -> list[PlanFault]:
    if wish.verdict is Verdict.UNMET:
        text = gettext_noop(
            "%(measure)s: the conditions are not met. Take it out, or correct the facts of the"
            " household first."
        )
        return [_at(wish, "measure", text)]
    if needs_confirmation(terms, wish.verdict) and not wish.confirmed:
        text = gettext_noop(
            "%(measure)s: not everything follows from the register. Check the conditions and"
            " confirm them."
        )
        return [_at(wish, "confirmed", text)]
    return []


def _group_faults(
    wish: Wish, terms: Terms, before: Iterable[Wish], given: Iterable[Given], year: int
) -> list[PlanFault]:
    """Another of the group: in this plan, live, given in the same year, or once for good.

    The same measure can follow itself within a year once the first is done: a second contract.
    """
    if not terms.group:
        return []
    others = [one.name for one in before if one.terms and one.terms.group == terms.group]
    text = gettext_noop(
        "%(measure)s and %(other)s shut each other out. Keep one of them in the plan."
    )
    if others:
        return [_at(wish, "measure", text, other=others[0])]
    for one in given:
        other = one.was_given and one.code != terms.code
        shut = one.is_live or (other and (one.for_good or one.year == year))
        if one.group == terms.group and shut:
            text = gettext_noop(
                "%(measure)s cannot go together with %(other)s in the plan of %(year)s. Take it"
                " out, or let the other end first."
            )
            return [_at(wish, "measure", text, other=one.name, year=one.year)]
    return []


def _once_faults(
    wish: Wish, terms: Terms, before: Iterable[Wish], given: Iterable[Given], year: int
) -> list[PlanFault]:
    if terms.repeats is Repeats.FREE:
        return []
    if any(one.code == terms.code for one in before):
        return [_at(wish, "measure", gettext_noop("%(measure)s stands twice. Take one out."))]
    for one in given:
        in_time = terms.repeats is Repeats.ONCE or one.year == year
        if one.code == terms.code and one.was_given and in_time:
            text = (
                gettext_noop(
                    "%(measure)s comes once only, and the plan of %(year)s holds it. Take it out."
                )
                if terms.repeats is Repeats.ONCE
                else gettext_noop("%(measure)s comes once a year. The plan of %(year)s holds it.")
            )
            return [_at(wish, "measure", text, year=one.year)]
    return []


def _cap_faults(
    wish: Wish,
    terms: Terms,
    before: Iterable[Wish],
    given: Iterable[Given],
    year: int,
    links: Collection[int],
) -> list[PlanFault]:
    if terms.cap is None:
        return []
    total = wish.planned
    if terms.cap_basis is CapBasis.ITEM:
        total += sum((one.amount for one in given if one.key in links), Decimal())
    else:
        total += sum((one.planned for one in before if one.code == terms.code), Decimal())
        total += sum(
            (
                one.owing if terms.cap_basis is CapBasis.OWED else one.amount
                for one in given
                if one.code == terms.code
                and (terms.cap_basis is not CapBasis.YEAR or one.year == year)
            ),
            Decimal(),
        )
    if total <= terms.cap:
        return []
    text = {
        CapBasis.ITEM: gettext_noop(
            "%(measure)s: at most %(cap)s yuan each time, not %(total)s. Lower the amount by"
            " %(over)s."
        ),
        CapBasis.YEAR: gettext_noop(
            "%(measure)s: at most %(cap)s yuan in a year; with this it would be %(total)s. Lower"
            " the amount by %(over)s."
        ),
        CapBasis.TOTAL: gettext_noop(
            "%(measure)s: at most %(cap)s yuan in all years together; with this it would be"
            " %(total)s. Lower the amount by %(over)s."
        ),
        CapBasis.OWED: gettext_noop(
            "%(measure)s: at most %(cap)s yuan owed at a time; with this it would be %(total)s."
            " Lower the amount by %(over)s, or let more be repaid first."
        ),
    }[terms.cap_basis]
    said = {"cap": yuan(terms.cap), "total": yuan(total), "over": yuan(total - terms.cap)}
    return [_at(wish, "planned", text, **said)]


def _replaced_faults(wish: Wish, chain: Sequence[Given], year: int) -> list[PlanFault]:
    """What keeps a wish from coming in the place of the last of its chain."""
    if not chain:
        return []
    old = chain[0]
    if not old.is_live:
        text = gettext_noop(
            "%(measure)s: the one in whose place it comes has ended meanwhile. Take it out; if"
            " more is to come, add the measure anew."
        )
        return [_at(wish, "measure", text)]
    found = []
    if old.owed > 0:
        text = gettext_noop(
            "%(measure)s: the loan of the one in whose place it comes is not repaid, %(owed)s yuan"
            " are left. Take it out."
        )
        found.append(_at(wish, "measure", text, owed=yuan(old.owed)))
    if old.post_until is not None:
        text = gettext_noop(
            "%(measure)s: a post of the one in whose place it comes runs until %(day)s. End its"
            " contract first, or take it out."
        )
        found.append(_at(wish, "measure", text, day=old.post_until.isoformat()))
    rest = old.amount - old.delivered
    if old.year != year and wish.planned > rest:
        text = gettext_noop(
            "%(measure)s: only %(rest)s yuan are left of the plan of %(year)s. Lower the amount by"
            " %(over)s, or take it out and add it anew."
        )
        said = {"rest": yuan(rest), "over": yuan(wish.planned - rest), "year": old.year}
        found.append(_at(wish, "planned", text, **said))
    return found


def _fund_faults(wish: Wish) -> list[PlanFault]:
    text = gettext_noop("%(measure)s: say from which funds the amount comes.")
    return [_at(wish, "funding", text)] if wish.lacks_funds else []


def yuan(amount: Decimal) -> str:
    """An amount in words of a sentence: 1,250.50, without fen where there are none."""
    whole = amount == amount.to_integral_value()
    return f"{amount:,.0f}" if whole else f"{amount:,.2f}"


def _day_faults(wish: Wish, terms: Terms, year: int) -> list[PlanFault]:
    found = []
    if wish.starts_on.year != year:
        text = gettext_noop("%(measure)s begins outside the year of the plan, %(year)s.")
        found.append(_at(wish, "starts_on", text, year=year))
    if wish.due_on < wish.starts_on:
        text = gettext_noop("%(measure)s: the due day lies before the start.")
        found.append(_at(wish, "due_on", text))
    elif terms.most_months is not None:
        latest = months_after(wish.starts_on, terms.most_months)
        if wish.due_on > latest:
            text = gettext_noop(
                "%(measure)s lasts %(months)s months at most. Let it be due by %(day)s."
            )
            day = latest.isoformat()
            found.append(_at(wish, "due_on", text, months=terms.most_months, day=day))
    elif wish.due_on.year != year:
        text = gettext_noop(
            "%(measure)s is due after the year of the plan. Let it be due by %(day)s; what is"
            " unfinished then is carried forward."
        )
        found.append(_at(wish, "due_on", text, day=date(year, 12, 31).isoformat()))
    return found


def months_after(day: date, months: int) -> date:
    """The same day so many months later; the last of the month where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def cost_of(sheet: Sheet) -> Decimal:
    """What the plan of its year costs once it is agreed, in yuan: what it holds and is to hold."""
    kept = (one.amount for one in sheet.counted() if one.year == sheet.year)
    return sum((w.planned for w in sheet.wishes), Decimal()) + sum(kept, Decimal())


def plan_years(today: date) -> tuple[int, int]:
    """The years for which a plan is drafted or changed: this one and the next."""
    return today.year, today.year + 1


def rest_of_year(year: int, today: date) -> tuple[date, date]:
    """From when to when a measure of a plan of `year` runs, unless somebody says otherwise."""
    return max(date(year, 1, 1), min(today, date(year, 12, 31))), date(year, 12, 31)


def amount_of(low: Decimal | None, per: Per, first: date, last: date) -> Decimal:
    """What a measure of the typical amount `low` costs from `first` to `last`, in yuan.

    An amount a month counts for each month that is begun; 0 where nothing is typical.
    """
    if low is None:
        return Decimal()
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    return low * months if per is Per.MONTH else low


def next_due(due_on: date, year: int) -> date:
    """The due day of a measure that is carried into `year`: the same day of that year."""
    return months_after(due_on, 12 * (year - due_on.year))
