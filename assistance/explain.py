"""Conditions, reasons and obstacles in the words of the page, and codes read from words."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _

from assistance.rules.eligibility import (
    ALL,
    ANY,
    FACT,
    IS,
    LEAST,
    MOST,
    NONE_OF,
    NOT,
    ONE_OF,
    Condition,
    fact_of,
    malformed,
)
from assistance.rules.facts import (
    GRADES,
    HOUSEHOLD,
    HOUSEHOLD_FACTS,
    PERSON_FACTS,
    UNKNOWN,
    Fact,
    FactKind,
)
from assistance.rules.measures import Unit
from assistance.rules.recommending import Against, Obstacle, Row
from households import codes
from households.explain import LABELS
from households.models.households import STATE_NAMES
from households.rules import State
from workflow.machine import Fault, gettext_noop

NOT_MET = "_not_met"
CODED = {"cause": "cause_", "need": "wants_"}
GROUP_NAMES: dict[str, Promise] = {
    "credit": gettext_lazy("loans"),
    "post": gettext_lazy("paid posts"),
    "house": gettext_lazy("houses: repair, rebuilding or a move"),
    "study_grant": gettext_lazy("grants for vocational school or college"),
    "cover": gettext_lazy("subsistence allowance or extreme-hardship support"),
}
"""The groups of measures that shut each other out."""


def is_chinese() -> bool:
    """Whether the page speaks Chinese."""
    return (get_language() or "").startswith("zh")


def facts_for(unit: str) -> list[str]:
    """The facts that conditions of a measure for `unit` can name, those of a person first."""
    if unit == Unit.PERSON:
        return [*PERSON_FACTS, *(HOUSEHOLD + name for name in HOUSEHOLD_FACTS)]
    return [*HOUSEHOLD_FACTS] if unit == Unit.HOUSEHOLD else []


def fact_in_words(name: str, unit: str) -> str:
    """What a fact is called; on a measure for persons a household's says so."""
    fact = _known(name, unit)
    plain = name.removeprefix(HOUSEHOLD)
    label = _(fact.label)
    for listed, prefix in CODED.items():
        if fact.kind is FactKind.FLAG and fact.codes == listed:
            label = _colon(label, codes.label(listed, plain.removeprefix(prefix)))
    if plain.endswith(NOT_MET):
        label = _colon(label, str(LABELS[plain.removesuffix(NOT_MET)]))
    return _colon(_("household"), label) if name != plain else label


def value_in_words(name: str, unit: str, value: int) -> str:
    """A value of a fact as a page says it."""
    fact = _known(name, unit)
    if fact.kind is FactKind.FLAG:
        return _("yes") if value else _("no")
    if fact.kind is FactKind.CODE:
        return code_in_words(fact, value)
    if value == UNKNOWN:
        return _("unknown")
    if fact.name == "state" and value in set(State):
        return str(STATE_NAMES[State(value)])
    return f"{value:,}"


def code_in_words(fact: Fact, value: int) -> str:
    """The label of a code that rules know as a number; "unknown" for none."""
    if not value:
        return _("unknown")
    code = _written(fact.codes).get(value)
    return codes.label(fact.codes, code) if code else str(value)


@cache
def _written(listed: str) -> dict[int, str]:
    """The codes of a list by the numbers that rules know them by."""
    numbers = {
        code: GRADES[code] if code in GRADES else int(code) for code in codes.tables()[listed]
    }
    return {number: code for code, number in numbers.items()}


def numbers_of(fact: Fact) -> list[tuple[int, str]]:
    """The codes of a fact as numbers, with their labels."""
    return [
        (number, codes.label(fact.codes, code)) for number, code in _written(fact.codes).items()
    ]


def number_of(fact: Fact, text: str) -> int | None:
    """The number of a code, written with or without zeros or as its label; None for no such."""
    text = text.strip()
    numbers = {code: number for number, code in _written(fact.codes).items()}
    known = codes.by_text(fact.codes).get(text)
    if known is None and text.isascii() and text.isdecimal():
        known = _written(fact.codes).get(int(text[:9]))
    return numbers.get(known) if known else None


def condition_faults(conditions: Any, unit: str) -> list[Fault]:
    """What is wrong with conditions before anybody is judged by them, unknown codes among it."""
    if found := malformed(conditions, unit):
        return found
    return [fault for one in conditions for fault in _unknown_codes(one, unit)]


def _unknown_codes(condition: Condition, unit: str) -> list[Fault]:
    if FACT not in condition:
        inner = next(iter(condition.values()))
        parts = [inner] if NOT in condition else inner
        return [fault for one in parts for fault in _unknown_codes(one, unit)]
    fact = _known(condition[FACT], unit)
    if fact.kind is not FactKind.CODE:
        return []
    listed = [*condition.get(ONE_OF, []), *condition.get(NONE_OF, [])]
    listed += [condition[IS]] if IS in condition else []
    text = gettext_noop("“%(code)s” is no code of “%(fact)s”.")
    label = _(fact.label)
    return [
        Fault(text, {"code": one, "fact": label})
        for one in listed
        if one and one not in _written(fact.codes)
    ]


def condition_in_words(condition: Condition, unit: str) -> str:
    """A condition as a part of a sentence, such as "age: 16 to 69"."""
    if ANY in condition:
        return _either(condition_in_words(one, unit) for one in condition[ANY])
    if ALL in condition:
        parts = [condition_in_words(one, unit) for one in condition[ALL]]
        return pgettext("between conditions", " and ").join(parts)
    if NOT in condition:
        return _("not (%(condition)s)") % {"condition": condition_in_words(condition[NOT], unit)}
    name = condition[FACT]
    label, fact = fact_in_words(name, unit), _known(name, unit)
    if fact.kind is FactKind.FLAG:
        return label if condition[IS] else _("not: %(fact)s") % {"fact": label}
    return _colon(label, pgettext("between tests", ", ").join(_tests(condition, name, unit)))


def _tests(condition: Condition, name: str, unit: str) -> list[str]:
    """What the fact must be, in words; mostly one test."""

    def word(value: int) -> str:
        return value_in_words(name, unit, value)

    found = []
    if IS in condition:
        found.append(word(condition[IS]))
    if LEAST in condition and MOST in condition:
        bounds = {"least": word(condition[LEAST]), "most": word(condition[MOST])}
        found.append(_("%(least)s to %(most)s") % bounds)
    elif LEAST in condition:
        found.append(_("at least %(least)s") % {"least": word(condition[LEAST])})
    elif MOST in condition:
        found.append(_("at most %(most)s") % {"most": word(condition[MOST])})
    if ONE_OF in condition:
        found.append(_either(map(word, condition[ONE_OF])))
    if NONE_OF in condition:
        found.append(_("not %(codes)s") % {"codes": _either(map(word, condition[NONE_OF]))})
    return found


def obstacle_in_words(
    obstacle: Obstacle,
    *,
    unit: str,
    facts: Mapping[str, int],
    rows: Iterable[Row],
    names: Mapping[str, str],
) -> str:
    """Why a measure is not recommended. `names` are those of the catalogue's measures by code."""
    if obstacle.kind is Against.CONDITION and obstacle.condition is not None:
        said = condition_in_words(obstacle.condition, unit)
        name = obstacle.condition.get(FACT)
        if name is None or _known(name, unit).kind is FactKind.FLAG:
            return _("not met: %(condition)s") % {"condition": said}
        here = value_in_words(name, unit, facts[name])
        return _("not met: %(condition)s; here %(value)s") % {"condition": said, "value": here}
    if obstacle.kind is Against.WITHHELD:
        reason = next((row_in_words(row) for row in rows if row.id == obstacle.row), obstacle.row)
        return _("does not suit the household: %(reason)s") % {"reason": reason}
    if obstacle.kind is Against.CONFLICT:
        rival = names.get(obstacle.rival) or _("a measure that is not offered any more")
        return _("does not go together with %(measure)s") % {"measure": rival}
    if obstacle.kind is Against.ENJOYED:
        return _("enjoyed already")
    return _("the cap is reached")


def row_in_words(row: Row) -> str:
    """The reason of a row of the table."""
    return row.zh if is_chinese() else row.en


def _known(name: str, unit: str) -> Fact:
    """The fact; KeyError where conditions were written past every check."""
    fact = fact_of(name, unit)
    if fact is None:
        raise KeyError(name)
    return fact


def _either(parts: Iterable[str]) -> str:
    return pgettext("between conditions", " or ").join(parts)


def _colon(label: str, text: str) -> str:
    return pgettext("between label and sentence", ": ").join((label, text))
