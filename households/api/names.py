"""Other names for the fields of the door, and labels for their codes: translated here alone.

Beside its own name a field may go by the code of the national lists (AAC…, AAB…, AAR…) that heads
its column in a file; the import template is the one list of these. Beside a code its Chinese or
English label is understood, exactly as the code list writes it. Behind the door there are own names
and codes alone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from households import codes
from households.api.shapes import (
    FIGURE_FIELDS,
    HOUSEHOLD_FIELDS,
    LINE_FIELDS,
    LIVING_FIELDS,
    PERSON_FIELDS,
)
from households.entry.fields import YES_NO, Field
from households.importing.template import BY_KEY
from households.incomes import items
from households.models.households import STATE_NAMES
from households.rules import State
from trail.api import ApiFault, escaped

ITEMS, STATUS = "income_item", "status"
MEANINGS = {"1": True, "0": False}
NAMED_TWICE: dict[str, Promise] = {
    "named_twice": _("this field stands here under its other name too; give it once"),
}


class Names(StrEnum):
    OWN = "own"
    NATIONAL = "national"


class Values(StrEnum):
    CODES = "codes"
    LABELS = "labels"


@dataclass(frozen=True)
class Vocabulary:
    """How the fields of one object are called nationally, what lists their codes are of, and the
    same of the objects in it. All by own name.
    """

    aliases: Mapping[str, str] = field(default_factory=dict)
    lists: Mapping[str, str] = field(default_factory=dict)
    answers_yes_no: frozenset[str] = frozenset()
    within: Mapping[str, "Vocabulary"] = field(default_factory=dict)


def _of(entered: Iterable[Field], columns: Mapping[str, str], **more: Any) -> Vocabulary:
    """The vocabulary of fields of the entry table, and of others by their columns of a file."""
    known = [*entered]
    named = {one.name: one.column for one in known if one.column} | dict(columns)
    lists = {one.name: one.codes for one in known if one.codes and one.sort != YES_NO}
    return Vocabulary(
        aliases={name: BY_KEY[key].alias for name, key in named.items() if BY_KEY[key].alias},
        lists=lists | more.get("lists", {}),
        answers_yes_no=frozenset(one.name for one in known if one.sort == YES_NO),
        within=more.get("within", {}),
    )


PERSON = _of(
    PERSON_FIELDS,
    {},
    lists={"join_reason": "member_join_reason", "end_reason": "member_end_reason"},
)
LINE = _of(LINE_FIELDS, {}, lists={"item": ITEMS})
SURVEY = _of(
    (*FIGURE_FIELDS, *LIVING_FIELDS),
    {},
    within={"lines": LINE, "reasons": _of(FIGURE_FIELDS, {})},
)
HOUSEHOLD = _of(
    HOUSEHOLD_FIELDS,
    {
        "number": "household_number",
        "village": "village_code",
        "status": "status",
        "exit_year": "exit_year",
    },
    lists={"status": STATUS},
    within={"members": PERSON, "survey": SURVEY, "surveys": SURVEY},
)
FINDING = _of(
    (),
    {"household": "household_number"},
    within={"finding": _of((), {"per_capita_net_income": "per_capita_net_income"})},
)


@dataclass(frozen=True)
class Read:
    """A body in own names and codes. `given` holds, by the pointer of a field in it, the name under
    which it was sent; `faults` name those that were sent under both.
    """

    body: Any
    given: Mapping[str, str]
    faults: list[ApiFault]

    def pointer(self, own: str, vocabulary: Vocabulary, names: Names) -> str:
        """Where in the body that was sent the place stands that `own` points at.

        What was not sent goes by the names that the answer is asked in.
        """
        here, sent, known = "", "", vocabulary
        for part in own.split("/")[1:]:
            here = f"{here}/{part}"
            wanted = known.aliases.get(part, part) if names == Names.NATIONAL else part
            sent = f"{sent}/{escaped(self.given.get(here, wanted))}"
            known = known if part.isdecimal() else known.within.get(part, Vocabulary())
        return sent


def inwards(body: Any, vocabulary: Vocabulary) -> Read:
    """A body of whatever names and labels, for the rules behind the door."""
    given: dict[str, str] = {}
    faults: list[ApiFault] = []
    return Read(_inwards(body, vocabulary, ("", ""), given, faults), given, faults)


def _inwards(
    value: Any,
    known: Vocabulary,
    at: tuple[str, str],
    given: dict[str, str],
    faults: list[ApiFault],
) -> Any:
    """`at` is where the value stands: in own names, and as it was sent."""
    if isinstance(value, list):
        return [
            _inwards(one, known, (f"{at[0]}/{place}", f"{at[1]}/{place}"), given, faults)
            for place, one in enumerate(value)
        ]
    if not isinstance(value, dict):
        return value
    own_names = {alias: name for name, alias in known.aliases.items()}
    fields: dict[str, Any] = value
    found: dict[str, Any] = {}
    for sent, inner in fields.items():
        name = own_names.get(sent, sent)
        place = (f"{at[0]}/{escaped(name)}", f"{at[1]}/{escaped(sent)}")
        if name in found:
            sentence = str(NAMED_TWICE["named_twice"])
            faults.append(ApiFault("named_twice", sentence, place[1]))
            continue
        given[place[0]] = sent
        below = known.within.get(name, Vocabulary())
        found[name] = _inwards(_coded(inner, name, known), below, place, given, faults)
    return found


def _coded(value: Any, name: str, known: Vocabulary) -> Any:
    """A label as its code, yes and no as booleans; anything else as it is."""
    if name in known.answers_yes_no:
        is_label = isinstance(value, str) and value not in MEANINGS
        code = codes.by_text("yes_no").get(value) if is_label else None
        return value if code is None else MEANINGS[code]
    listed = known.lists.get(name)
    if listed is None:
        return value
    texts = _by_text(listed)
    if isinstance(value, list):
        return [texts.get(one, one) if isinstance(one, str) else one for one in value]
    return texts.get(value, value) if isinstance(value, str) else value


def _by_text(listed: str) -> Mapping[str, str]:
    if listed == ITEMS:
        return {text: one.item for one in items().values() for text in (one.item, one.zh, one.en)}
    return codes.by_text(listed)


def outwards(answer: Any, vocabulary: Vocabulary, *, names: Names, values: Values) -> Any:
    """An answer, or a page of such, in the names and with the values that are asked for."""
    if isinstance(answer, list):
        return [outwards(one, vocabulary, names=names, values=values) for one in answer]
    if not isinstance(answer, dict):
        return answer
    if answer.keys() == {"next", "results"}:
        rows = outwards(answer["results"], vocabulary, names=names, values=values)
        return answer | {"results": rows}
    found = {}
    for name, value in answer.items():
        listed = vocabulary.lists.get(name) if values == Values.LABELS else None
        shown = _labelled(value, listed) if listed else value
        below = vocabulary.within.get(name, Vocabulary())
        alias = vocabulary.aliases.get(name, name) if names == Names.NATIONAL else name
        found[alias] = outwards(shown, below, names=names, values=values)
    return found


def _labelled(value: Any, listed: str) -> Any:
    """A code by its label in the active language."""
    if isinstance(value, list):
        return [_labelled(one, listed) for one in value]
    if not isinstance(value, str):
        return value
    if listed == ITEMS:
        return str(items()[value]) if value in items() else value
    if listed == STATUS and value not in codes.tables()[STATUS]:
        return str(STATE_NAMES[State(int(value))])
    return codes.label(listed, value)
