"""Gaps in words: the rule and the facts that it rests on, in the language of the page."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _

from assistance.models import Gap
from assistance.queries.gap_facts import standing_rules
from assistance.rules.facts import GRADES, HOUSEHOLD_FACTS, PERSON_FACTS, UNKNOWN, Fact, FactKind
from assistance.rules.gaps import Rule
from households import codes
from households.models.households import STATE_NAMES
from households.rights import reads_health
from households.rules import State
from officers.models import Officer

GRADE_OF = {number: grade for grade, number in GRADES.items()}


def rule_names() -> dict[str, str]:
    """The rules by name in words, in the order in which they are told."""
    return {key: rule_name(one) for key, one in standing_rules().by_id.items()}


def rule_name(rule: Rule) -> str:
    """The rule in words."""
    return rule.zh if (get_language() or "").startswith("zh") else rule.en


def rule_of(gap: Gap) -> str:
    """The rule of a gap in words; its name where the rule is not among the rules any more."""
    known = standing_rules().by_id.get(gap.rule)
    return rule_name(known) if known else gap.rule


def fact_lines(officer: Officer, gap: Gap) -> list[tuple[str, str]]:
    """The facts of a gap as the role reads them, each as (what, its value)."""
    untold = UNTOLD if reads_health(officer) else UNTOLD | OF_HEALTH
    return [_line(name, value) for name, value in gap.facts.items() if name not in untold]


def _line(name: str, value: int) -> tuple[str, str]:
    if name in OWN:
        label, said = OWN[name]
        return str(label), said(value)
    fact = PERSON_FACTS.get(name) or HOUSEHOLD_FACTS.get(name)
    return (_(fact.label), fact_value(fact, value)) if fact else (name, str(value))


def fact_value(fact: Fact, value: int) -> str:
    """The value of a fact in words."""
    if fact.kind is FactKind.FLAG:
        return yes_or_no(value)
    if fact.name == "state":
        return str(STATE_NAMES[State(value)])
    if fact.kind is FactKind.CODE:
        return _code(fact.codes, value)
    if value == UNKNOWN:
        return _("unknown")
    if fact.name in CERTIFIED and not value:
        return _("no certificate")
    if fact.kind is FactKind.MONEY:
        return _("%(amount)s yuan") % {"amount": f"{Decimal(value) / 100:,.2f}"}
    return f"{value:,}"


def yes_or_no(value: int) -> str:
    """A flag in a word."""
    return pgettext("fact", "yes") if value else pgettext("fact", "no")


def _code(listed: str, value: int) -> str:
    """The label of a code, which stands here as its number."""
    if not value:
        return _("unknown")
    if listed == "housing_grade":
        return GRADE_OF.get(value, str(value))
    width = len(next(iter(codes.tables()[listed])))
    return codes.label(listed, f"{value:0{width}d}")


def day_of(number: int) -> date:
    """A day that stands as a number, 20191231."""
    return date(number // 10_000, number // 100 % 100, number % 100)


def _day(number: int) -> str:
    return date_format(day_of(number), "Y-m-d") if number else _("unknown")


def _number(value: int) -> str:
    return f"{value:,}"


def _ended(value: int) -> str:
    return _code("member_end_reason", value)


UNTOLD = frozenset({"other_item"})
"""Facts that a page tells by a link."""

CERTIFIED = ("cert_type", "cert_grade")
OF_HEALTH = frozenset({"health", "labour", *CERTIFIED})
"""Facts for those alone who read health."""

OWN: Mapping[str, tuple[Promise, Callable[[int], str]]] = {
    "members_without": (gettext_lazy("members without one"), _number),
    "watched_since": (gettext_lazy("under watch since"), _day),
    "cancelled": (gettext_lazy("the household is cancelled"), yes_or_no),
    "elsewhere": (gettext_lazy("the other one is in another household"), yes_or_no),
    "end_reason": (gettext_lazy("reason of the end of the membership"), _ended),
    "ended_on": (gettext_lazy("end of the membership"), _day),
    "paid_on": (gettext_lazy("last delivered on"), _day),
}
"""Facts of the rules of gaps alone: their labels, and how a value is written."""
