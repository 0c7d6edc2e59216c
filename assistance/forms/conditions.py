"""A condition as a row of fields: fact, test, least, most, codes; and back."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from assistance.explain import fact_in_words, facts_for, number_of, value_in_words
from assistance.rules.eligibility import FACT, IS, LEAST, MOST, NONE_OF, ONE_OF, Condition, fact_of
from assistance.rules.facts import HOUSEHOLD, Fact, FactKind

ROW_FIELDS = ("fact", "test", "least", "most", "codes")
BETWEEN_CODES = re.compile(r"[;；、\n]")
BETWEEN_NUMBERS = re.compile(r"[,，]")
YES, NO, BETWEEN = "yes", "no", "between"
TESTS: dict[str, Promise] = {
    YES: pgettext_lazy("test of a condition", "yes"),
    NO: pgettext_lazy("test of a condition", "no"),
    BETWEEN: gettext_lazy("from least to most"),
    ONE_OF: gettext_lazy("one of the codes"),
    NONE_OF: gettext_lazy("none of the codes"),
}
FITTING = {
    FactKind.FLAG: (YES, NO),
    FactKind.NUMBER: (BETWEEN,),
    FactKind.MONEY: (BETWEEN,),
    FactKind.CODE: (ONE_OF, NONE_OF),
}
"""The tests that fit a kind of fact."""

NUMBER = {"inputmode": "numeric", "class": "short", "autocomplete": "off"}


def row_fields(facts: list[tuple[str, Any]]) -> dict[str, forms.Field]:
    """The fields of one row, in the order of ROW_FIELDS, with the facts to choose from.

    The caller says in their labels of which condition they are.
    """
    return {
        "fact": forms.ChoiceField(label=_("fact"), required=False, choices=facts),
        "test": forms.ChoiceField(
            label=_("must be"), required=False, choices=[("", _("choose")), *TESTS.items()]
        ),
        "least": _bound(_("least")),
        "most": _bound(_("most")),
        "codes": forms.CharField(label=_("codes"), required=False, max_length=200),
    }


def _bound(label: str) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=0,
        max_value=10**9,
        widget=forms.TextInput(attrs=NUMBER),
    )


def offered_facts(unit: str) -> list[tuple[str, Any]]:
    """The facts of a condition to choose from; on a measure for persons in two groups."""
    named = [(name, fact_in_words(name, unit)) for name in facts_for(unit)]
    own = [one for one in named if not one[0].startswith(HOUSEHOLD)]
    shared = [one for one in named if one[0].startswith(HOUSEHOLD)]
    if not shared:
        return [("", "–"), *own]
    return [("", "–"), (_("Of the person"), own), (_("Of the household"), shared)]


def is_row(condition: Condition, unit: str) -> bool:
    """Whether a row of fields can hold the condition."""
    fact = fact_of(condition[FACT], unit) if FACT in condition else None
    if fact is None:
        return False
    tests = set(condition) - {FACT}
    if fact.kind is FactKind.FLAG:
        return tests == {IS}
    if fact.kind is FactKind.CODE:
        return tests in ({IS}, {ONE_OF}, {NONE_OF})
    return bool(tests) and tests <= {IS, LEAST, MOST} and (tests == {IS} or IS not in tests)


def as_row(condition: Condition, unit: str) -> dict[str, Any]:
    """A condition as the values of its fields."""
    name = condition[FACT]
    fact = fact_of(name, unit)
    if fact is None:
        raise KeyError(name)
    if fact.kind is FactKind.FLAG:
        return {"fact": name, "test": YES if condition[IS] else NO}
    if fact.kind is FactKind.CODE:
        test = NONE_OF if NONE_OF in condition else ONE_OF
        listed = condition.get(test) or [condition[IS]]
        words = [value_in_words(name, unit, one) for one in listed]
        return {"fact": name, "test": test, "codes": "; ".join(words)}
    least, most = condition.get(LEAST, condition.get(IS)), condition.get(MOST, condition.get(IS))
    return {"fact": name, "test": BETWEEN, "least": least, "most": most}


def from_row(values: Mapping[str, Any], unit: str) -> dict[str, Any]:
    """The condition that a row of fields says. ValidationError where its fields do not fit."""
    fact = fact_of(values["fact"], unit)
    if fact is None:
        raise KeyError(values["fact"])
    test = values["test"] or next(iter(FITTING[fact.kind]))
    if test not in FITTING[fact.kind]:
        names = {"tests": ", ".join(str(TESTS[one]) for one in FITTING[fact.kind])}
        raise forms.ValidationError(_("this fact must be: %(tests)s.") % names)
    if test in (YES, NO):
        return {FACT: values["fact"], IS: int(test == YES)}
    if test == BETWEEN:
        bounds = {name: values[name] for name in (LEAST, MOST) if values[name] is not None}
        if not bounds:
            raise forms.ValidationError(_("give the least, the most or both."))
        return {FACT: values["fact"], **bounds}
    return {FACT: values["fact"], test: list(_numbers(fact, values["codes"] or ""))}


def _numbers(fact: Fact, text: str) -> Iterator[int]:
    """The codes of a text. A label may hold a comma itself, so it counts as one first."""
    parts = []
    for part in BETWEEN_CODES.split(text):
        known = number_of(fact, part) is not None
        parts += [part] if known else BETWEEN_NUMBERS.split(part)
    wanted = [part.strip() for part in parts if part.strip()]
    if not wanted:
        raise forms.ValidationError(_("name the codes that count."))
    for part in wanted:
        number = number_of(fact, part)
        if number is None:
            known_code = {"code": part[:40]}
            raise forms.ValidationError(_("“%(code)s” is no code of this fact.") % known_code)
        yield number


def written(condition: Condition) -> str:
    """A condition as the value of a box to tick."""
    return json.dumps(condition, ensure_ascii=False, sort_keys=True)
