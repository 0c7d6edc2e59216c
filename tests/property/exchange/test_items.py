"""Whatever JSON stands in a field of a pushed household, it is read or refused at its place."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from exchange.items import Item, ItemReader, Shape
from exchange.meanings import HOUSEHOLD, LINES, MEMBER, REASON, SURVEY, Meanings
from households import codes
from households.entry.content import LONGEST_TEXT

TODAY = date(2020, 6, 30)
ROOTS = {
    HOUSEHOLD: "",
    MEMBER: "/members/0",
    SURVEY: "/surveys/0",
    LINES: "/surveys/0/lines/0",
    REASON: "/surveys/0/reasons",
}
CODES = sorted({text for listed in codes.tables() for text in codes.by_text(listed)})
TEXTS = st.sampled_from(CODES) | st.text(max_size=6)
PLAIN = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    TEXTS,
    TEXTS.map(lambda text: f" {text} "),
    st.just("9" * (LONGEST_TEXT + 1)),
)
JSON = st.recursive(
    PLAIN,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=2),
    max_leaves=4,
)


READER, MEANINGS = ItemReader(), Meanings(TODAY)


def places() -> Iterator[tuple[str, str]]:
    """Each field that an item may have, with the object in which it stands."""
    shapes: dict[str, Shape] = {
        HOUSEHOLD: READER.household,
        MEMBER: READER.member,
        SURVEY: READER.survey,
        LINES: READER.line,
        REASON: READER.reasons,
    }
    for kind, shape in shapes.items():
        yield from ((kind, name) for name in sorted({*shape.readers, *shape.others}))


def item_with(kind: str, name: str, value: Any) -> dict[str, Any]:
    """A household that says something everywhere, with a value in one of its fields."""
    lines, reasons = [{"kind": "wage_income"}], {"wage_income": "worked longer"}
    survey = {"year": 2019, "food": "1", "lines": lines, "reasons": reasons}
    found = {"number": "A1", "members": [{"name": "陈大山"}], "surveys": [survey]}
    objects = {HOUSEHOLD: found, MEMBER: found["members"][0], SURVEY: survey, LINES: lines[0]}
    (objects | {REASON: reasons})[kind][name] = value
    return found


def said(item: Item, kind: str) -> dict[str, Any]:
    """What an item says in the object of a kind."""
    if kind == HOUSEHOLD:
        return item.values
    if kind == MEMBER:
        return (item.members or [{}])[0]
    if not item.surveys:
        return {}
    (survey,) = item.surveys
    return {SURVEY: survey.values, LINES: (survey.lines or [{}])[0], REASON: survey.reasons}[kind]


@pytest.mark.parametrize(("kind", "name"), [*places()])
@settings(max_examples=25)
@given(value=JSON)
@example(value="11")
@example(value=" ")
@example(value="")
@example(value=[])
@example(value=["", ","])
def test_a_field_is_read_or_refused_at_its_place(kind, name, value):
    item = READER.read(0, item_with(kind, name, value))
    at = f"{ROOTS[kind]}/{name}"
    assert [one for one in item.faults if not one.pointer.startswith(at)] == []
    if not item.faults and name in said(item, kind):
        MEANINGS.of(kind, "" if kind == REASON else name, said(item, kind)[name])
