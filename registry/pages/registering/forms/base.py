"""What the forms of all six steps have in common: they show a step exactly as it was typed.

A form judges nothing. What stands against the step (`households.entry.judging`) is put at the
fields. The fields come from `households.entry.fields`, so that page, file and REST ask alike.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from households.entry import fields
from households.entry.content import MOST_ROWS, Content, StepContent, Value
from households.entry.fields import Field
from households.entry.judged import EntryFault

ROW_NAME = re.compile("([0-9]{1,3})-([a-z_0-9]+)")
Choices = list[tuple[str, Any]]


@dataclass(frozen=True)
class Work:
    """The draft as the form of a step sees it.

    `content` are all six steps as typed; `earlier` the facts of the last year on record in the same
    shape, empty for a new household. `known` says that the household is on the register; then
    `masked_ids` are its members' ID numbers by person number, `masked` its phone and account.
    """

    village: str
    year: int
    today: date
    content: Content = field(default_factory=Content)
    earlier: Content = field(default_factory=Content)
    earlier_year: int | None = None
    known: bool = False
    masked_ids: Mapping[str, str] = field(default_factory=dict)
    masked: Mapping[str, str] = field(default_factory=dict)
    line_fen: int | None = None
    """The poverty line of the year; None where no standard is published."""

    coefficients: Mapping[str, int] = field(default_factory=dict)
    jump_percent: int = 50


def coded(choices: Iterable[tuple[str, Any]]) -> Choices:
    """Choices with their code in front, so that one digit or letter chooses by keyboard."""
    return [("", ""), *((code, _coded(code, label)) for code, label in choices)]


def _coded(code: str, label: Any) -> str:
    short = code.lstrip("0") or code[-1:]
    return f"{short} {label}" if len(code) <= 2 else str(label)


class TypedField(forms.CharField):
    """A text as it was typed: nothing is stripped, nothing refused."""

    def __init__(self, **kwargs: Any):
        super().__init__(required=False, strip=False, **kwargs)
        self.validators = []


class TickedField(forms.MultipleChoiceField):
    """The codes that were ticked, known or not."""

    def __init__(self, **kwargs: Any):
        super().__init__(required=False, widget=forms.CheckboxSelectMultiple, **kwargs)

    def validate(self, value: Any) -> None:
        """Nothing is refused here."""


def entered(one: Field, *, choices: Choices | None = None, label: str = "") -> forms.Field:
    """The form field of an entered field; `label` is its name in a row, for screen readers."""
    known = one.choices() if choices is None else choices
    if one.sort == fields.CHOICES:
        return TickedField(label=one.label, help_text=one.hint, choices=known)
    widget = _widget(one, known)
    if label:
        widget.attrs["aria-label"] = label
    return TypedField(label=one.label, help_text="" if label else one.hint, widget=widget)


def _widget(one: Field, choices: Choices) -> forms.Widget:
    if one.sort in (fields.CHOICE, fields.YES_NO):
        return forms.Select(choices=coded(choices))
    attrs = {"autocomplete": "off", "class": "mid"}
    if one.sort in (fields.NUMBER, fields.MONEY):
        attrs |= {"inputmode": "decimal", "class": "short"}
    if one.sort == fields.DATE:
        attrs |= {"inputmode": "numeric", "class": "short"}
    return forms.TextInput(attrs=attrs)


def labelled(label: str | Promise, sentence: str) -> str:
    """A sentence with the name of its field in front."""
    return pgettext("between label and sentence", ": ").join((str(label), sentence))


class RowForm(forms.Form):
    """One row of a step: a person, an income line. `number` counts from 0."""

    def __init__(self, row: Mapping[str, str], *, number: int | str, made: Mapping[str, Any]):
        data = MultiValueDict({f"{number}-{name}": [text] for name, text in row.items()})
        super().__init__(data=data, prefix=str(number))
        self.number = number
        self.row = row
        self.fields = dict(made)
        self.full_clean()

    @property
    def serial(self) -> int:
        """Its place as people count."""
        return self.number + 1 if isinstance(self.number, int) else 0


@dataclass(frozen=True)
class SummaryLine:
    """One line of the summary of errors; `target` is the id of the field, "" for none."""

    target: str
    text: str


class StepForm(forms.Form):
    """The form of one step. A subclass names its `step` and, where it has rows, makes them.

    `value_names` are the texts that the step keeps beside its rows, `row_names` those of a row.
    """

    step: ClassVar[str]
    value_names: ClassVar[tuple[str, ...]] = ()
    row_names: ClassVar[tuple[str, ...]] = ()

    def __init__(self, work: Work, typed: StepContent, faults: Iterable[EntryFault] = ()):
        super().__init__(data=_data(typed.values))
        self.work = work
        self.typed_content = typed
        self.fields = self.made_fields()
        self.rows = self.made_rows(typed)
        self.full_clean()
        self.summary: list[SummaryLine] = []
        for fault in faults:
            self._place(fault)

    def made_fields(self) -> dict[str, forms.Field]:
        """The fields beside the rows, by name."""
        known = fields.BY_STEP[self.step]
        return {name: entered(known[name]) for name in self.value_names}

    def made_rows(self, typed: StepContent) -> list[RowForm]:
        """The rows as typed; none for a step without rows."""
        return []

    @classmethod
    def suggested(cls, work: Work) -> Mapping[str, Value]:
        """What the page of a step that nobody has saved proposes; nothing of it is kept unasked."""
        return {}

    @classmethod
    def typed(cls, data: QueryDict, work: Work) -> StepContent:
        """The step exactly as it was sent."""
        return StepContent(0, cls.typed_values(data), tuple(typed_rows(data, cls.row_names)))

    @classmethod
    def typed_values(cls, data: QueryDict) -> dict[str, Value]:
        """The texts beside the rows, as sent."""
        known = fields.BY_STEP[cls.step]
        return {
            name: data.getlist(name)
            if name in known and known[name].sort == fields.CHOICES
            else data.get(name, "")
            for name in cls.value_names
        }

    def ask_rows(self, wanted: int) -> None:
        """Show at least so many rows, the last of them empty; nothing for a step without rows."""

    def ask_line(self, kind: str) -> None:
        """Show an empty line more of one kind; nothing for a step without kinds."""

    def label_of(self, name: str) -> Any:
        """What a field of the step or of its rows is called."""
        one = fields.BY_STEP[self.step].get(name) or fields.LINES.get(name)
        return one.label if one else name

    def name_of_row(self, row: int, *versions: StepContent) -> str:
        """How two versions of a row are called."""
        return str(_("Row %(serial)s") % {"serial": row + 1})

    def row_label(self, row: RowForm) -> str:
        """How the summary of errors calls a row."""
        return _("Row %(serial)s") % {"serial": row.serial}

    def _place(self, fault: EntryFault) -> None:
        """Put a fault at its field; where there is none, on top alone."""
        if fault.row is None:
            if fault.name in self.fields:
                text = labelled(self.fields[fault.name].label or "", fault.sentence)
                self.add_error(fault.name, text)
                self.summary.append(SummaryLine(self[fault.name].id_for_label, text))
            else:
                self.add_error(None, fault.sentence)
                self.summary.append(SummaryLine("", fault.sentence))
            return
        row = self.rows[fault.row]
        if fault.name in row.fields:
            text = labelled(row.fields[fault.name].label or "", fault.sentence)
            row.add_error(fault.name, text)
            target = row[fault.name].id_for_label
        else:
            text, target = fault.sentence, ""
        said = labelled(self.row_label(row), text)
        self.add_error(None, said)
        self.summary.append(SummaryLine(target, said))


def typed_rows(data: QueryDict, names: Iterable[str]) -> list[dict[str, str]]:
    """The rows that were sent as 0-name, 1-name …, in order, as typed."""
    found: dict[int, dict[str, str]] = {}
    known = frozenset(names)
    for key in data:
        parts = ROW_NAME.fullmatch(key)
        if parts and parts[2] in known:
            found.setdefault(int(parts[1]), {})[parts[2]] = data.get(key, "")
    return [found[number] for number in sorted(found)]


def _data(values: Mapping[str, Value]) -> MultiValueDict:
    return MultiValueDict(
        {name: [value] if isinstance(value, str) else value for name, value in values.items()}
    )


def enough_rows(wanted: str) -> int:
    """How many rows an address asks for, within reason; 0 for nonsense."""
    return min(int(wanted), MOST_ROWS) if wanted.isdecimal() and len(wanted) < 4 else 0
