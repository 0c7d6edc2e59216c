"""An entered household, and what the verdict on it found: values alone, nothing is read here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from households.entry import fields
from households.entry.content import Content, StepContent, Value
from households.importing.cells import BadCell
from households.importing.filed import End
from households.importing.judging import Verdict
from households.importing.reasons import say
from households.importing.template import SURVEY_FIELDS, SURVEY_KEYS


@dataclass(frozen=True)
class EntryFault:
    """One error: in which step, at which row of it (from 0; None: no row), at which field."""

    step: str
    row: int | None
    name: str
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """Such as "members.2.id_number"; a fault of a whole step ends with the step."""
        return ".".join(
            str(part) for part in (self.step, self.row, self.name) if part not in (None, "")
        )

    @property
    def sentence(self) -> str:
        """What is wrong and how to mend it, in the active language."""
        return say(self.code, self.params)


@dataclass(frozen=True)
class Entry:
    """A household as entered: texts only, nothing judged. `number` is empty for a new one.

    A blank leaves a number that is sealed on record (ID, phone, account) as it is, and clears any
    other value. A known household whose five figures, lines and guarantees are all blank gets no
    survey. `returns` are the rows of people (from 0) who may come back after they left, `past`
    those of memberships that are over and not on record, `over` of such with the end on record;
    `strangers` are those of people whom no name leads to, others here having the same.
    `wanted` is the number under which a new household is registered, drawn where it is empty;
    `status` and `exit_year` are its history, taken over from another system. A figure that jumped
    needs a reason where `asks_reasons` says so.
    """

    village: str
    year: int
    number: str = ""
    steps: Mapping[str, StepContent] = field(default_factory=dict)
    returns: frozenset[int] = frozenset()
    past: frozenset[int] = frozenset()
    over: Mapping[int, End] = field(default_factory=dict)
    strangers: frozenset[int] = frozenset()
    wanted: str = ""
    status: str = ""
    exit_year: str = ""
    asks_reasons: bool = True

    def step(self, name: str) -> StepContent:
        """One step; an empty one when nothing was entered in it."""
        return self.steps.get(name, StepContent())


def entry_of(content: Content, *, village: str, year: int, number: str = "") -> Entry:
    """The entry that a draft's content makes."""
    return Entry(village, year, number, content.steps)


@dataclass
class Judged:
    """What an entry holds. `verdict` is the kernel's; None while there is no member to judge.

    `extras` are the values of each step that the import knows no column for, `people` those of
    each member, `lines` the income lines with amounts in fen, `reasons` by figure.
    """

    entry: Entry
    verdict: Verdict | None = None
    faults: list[EntryFault] = field(default_factory=list)
    extras: dict[str, dict[str, Any]] = field(default_factory=dict)
    people: list[dict[str, Any]] = field(default_factory=list)
    lines: list[dict[str, Any]] = field(default_factory=list)
    reasons: dict[str, str] = field(default_factory=dict)

    def read(
        self,
        into: dict[str, Any],
        at: tuple[str, int | None, str],
        value: Value,
        rule: Callable[[str], Any],
    ) -> None:
        """Put what `value` means into `into`, or its fault at `at`; a blank means nothing."""
        text = as_text(value).strip()
        if not text:
            return
        try:
            into[at[2]] = rule(text)
        except BadCell as bad:
            self.faults.append(EntryFault(*at, bad.code, bad.params))

    def faults_of(self, step: str) -> list[EntryFault]:
        """The faults of one step."""
        return [one for one in self.faults if one.step == step]

    @property
    def conditions(self) -> dict[str, Any]:
        """The living conditions that are known, by column."""
        living = self.extras.get(fields.LIVING, {})
        return {name: living[name] for name in fields.CONDITIONS if name in living}


def as_text(value: Value) -> str:
    """A value as a cell of the import holds it: several codes with commas between them."""
    return value if isinstance(value, str) else ",".join(value)


def surveyed(judged: Judged) -> bool:
    """Whether the entry says anything of the year: a figure or a guarantee."""
    verdict = judged.verdict
    return verdict is not None and any(key in verdict.filed.values for key in SURVEY_KEYS)


def figures_of_entry(judged: Judged) -> dict[str, Any]:
    """The eleven figures of the year by survey field, money in fen; None is unknown."""
    values: Mapping[str, Any] = judged.verdict.filed.values if judged.verdict else {}
    return {SURVEY_FIELDS[key]: values.get(key) for key in SURVEY_KEYS}
