"""Input of the catalogue: which measures to list, a version with its conditions, a withdrawal."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.core.validators import RegexValidator
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assistance.actions.catalogue import Entry, Kind
from assistance.explain import (
    GROUP_NAMES,
    condition_in_words,
    facts_for,
)
from assistance.forms.conditions import (
    NUMBER,
    ROW_FIELDS,
    as_row,
    from_row,
    is_row,
    offered_facts,
    row_fields,
    written,
)
from assistance.models import Measure
from assistance.models.catalogue import (
    CAP_NAMES,
    PER_NAMES,
    REPEAT_NAMES,
    SECTOR_NAMES,
    UNIT_NAMES,
    choices,
)
from assistance.rules.eligibility import (
    LONGEST,
    Condition,
)
from assistance.rules.measures import CapBasis, Per, Repeats
from households import codes
from teams.forms.judged import JudgedForm
from teams.forms.versioned import VersionedForm
from trail.forms import PlainForm

BLANK_ROWS = 3
MOST_LINES, LONGEST_LINE = 12, 100
GROUPS = [("", gettext_lazy("none")), *GROUP_NAMES.items()]
MONEY = {"inputmode": "decimal", "class": "short", "autocomplete": "off"}


class CatalogueForm(PlainForm):
    """Which part of the catalogue to list (GET); an odd value narrows nothing."""

    division = forms.CharField(required=False, widget=forms.HiddenInput)
    year = forms.TypedChoiceField(label=gettext_lazy("Year"), required=False, coerce=int)
    category = forms.ChoiceField(label=gettext_lazy("Category"), required=False)
    unit = forms.ChoiceField(label=gettext_lazy("For whom"), required=False)

    def __init__(self, *args: Any, years: Iterable[int], this: int, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.this = this
        every = [("", gettext_lazy("all"))]
        _select(self, "year").choices = [
            ("", str(this)),
            *((one, one) for one in years if one != this),
        ]
        _select(self, "category").choices = [*every, *codes.choices("need")]
        _select(self, "unit").choices = [*every, *choices(UNIT_NAMES)]

    def chosen(self, name: str) -> Any:
        """A sound choice, or the empty one."""
        self.is_valid()
        return self.cleaned_data.get(name) or ""

    def wanted_year(self) -> int:
        """The chosen year, else this one."""
        return self.chosen("year") or self.this


class LinesField(forms.CharField):
    """Names in both languages, one a line: Chinese | English."""

    def __init__(self, **kwargs: Any):
        super().__init__(
            required=False,
            max_length=MOST_LINES * (2 * LONGEST_LINE + 4),
            help_text=gettext_lazy("One a line: Chinese | English"),
            widget=forms.Textarea(attrs={"rows": 4}),
            **kwargs,
        )

    def clean(self, value: Any) -> list[dict[str, str]]:
        lines = [line for line in super().clean(value).splitlines() if line.strip()]
        if len(lines) > MOST_LINES:
            text = _("%(label)s: write at most %(most)s lines.")
            raise forms.ValidationError(text % {"label": self.label, "most": MOST_LINES})
        return [self._pair(line) for line in lines]

    def _pair(self, line: str) -> dict[str, str]:
        parts = [part.strip() for part in line.replace("｜", "|").split("|")]
        if len(parts) != 2 or not all(0 < len(part) <= LONGEST_LINE for part in parts):
            text = _("%(label)s: write each line as Chinese | English, not as “%(line)s”.")
            raise forms.ValidationError(text % {"label": self.label, "line": line[:40]})
        return {"zh": parts[0], "en": parts[1]}


def as_lines(pairs: Iterable[Mapping[str, str]]) -> str:
    """Names in both languages as that field writes them."""
    return "\n".join(f"{one['zh']} | {one['en']}" for one in pairs)


@dataclass(frozen=True)
class ConditionRow:
    """The fields of one condition."""

    number: int
    fields: list[BoundField]


class EntryForm(JudgedForm):
    """What a version says. Conditions are rows of fields; `nested` ones can only be kept."""

    year = forms.TypedChoiceField(label=gettext_lazy("Holds from the year"), coerce=int)
    name_zh = forms.CharField(label=gettext_lazy("Name in Chinese"), max_length=60)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=80)
    sector = forms.ChoiceField(
        label=gettext_lazy("Department in charge"), choices=choices(SECTOR_NAMES)
    )
    typical_low = forms.DecimalField(
        label=gettext_lazy("Typical amount, from (yuan)"),
        required=False, min_value=0, max_digits=12, decimal_places=2,
        widget=forms.TextInput(attrs=MONEY),
    )  # fmt: skip
    typical_high = forms.DecimalField(
        label=gettext_lazy("Typical amount, to (yuan)"),
        required=False, min_value=0, max_digits=12, decimal_places=2,
        widget=forms.TextInput(attrs=MONEY),
    )  # fmt: skip
    typical_per = forms.ChoiceField(
        label=gettext_lazy("Counted by"), choices=choices(PER_NAMES), initial=Per.ONCE
    )
    cap = forms.DecimalField(
        label=gettext_lazy("Most (yuan)"),
        required=False, min_value=0, max_digits=12, decimal_places=2,
        widget=forms.TextInput(attrs=MONEY), help_text=gettext_lazy("Empty for no cap."),
    )  # fmt: skip
    cap_basis = forms.ChoiceField(
        label=gettext_lazy("Counted over"), choices=choices(CAP_NAMES), initial=CapBasis.ITEM
    )
    repeats = forms.ChoiceField(
        label=gettext_lazy("How often"), choices=choices(REPEAT_NAMES), initial=Repeats.FREE
    )
    most_months = forms.IntegerField(
        label=gettext_lazy("Longest term, months"),
        required=False, min_value=1, max_value=600,
        widget=forms.TextInput(attrs=NUMBER),
    )  # fmt: skip
    group = forms.ChoiceField(
        label=gettext_lazy("Shuts out others of the group"),
        required=False,
        choices=GROUPS,
    )
    documents = LinesField(label=gettext_lazy("Documents"))
    confirmations = LinesField(label=gettext_lazy("To be confirmed by the planner"))
    source = forms.CharField(
        label=gettext_lazy("Source"),
        max_length=200,
        help_text=gettext_lazy("The rule or notice that it comes from, with its date or number."),
    )
    conditions = forms.MultipleChoiceField(
        label=gettext_lazy("Further conditions"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self, *args: Any, unit: str, years: Iterable[int], standing: Measure | None, **kwargs: Any
    ):
        super().__init__(*args, **kwargs)
        self.unit = unit
        _select(self, "year").choices = [(one, one) for one in years]
        conditions = standing.conditions if standing else []
        self._offer_nested([one for one in conditions if not is_row(one, unit)])
        known = [one for one in conditions if is_row(one, unit)]
        if standing and standing.group and standing.group not in GROUP_NAMES:
            _select(self, "group").choices = [*GROUPS, (standing.group, standing.group)]
        sent = sum(f"fact_{place}" in self.data for place in range(LONGEST))
        self.count = min(max(len(known) + BLANK_ROWS, sent), LONGEST) if facts_for(unit) else 0
        self.facts = offered_facts(unit)
        for place in range(self.count):
            self._add_row(place, known[place] if place < len(known) else None)

    def _offer_nested(self, nested: list[Condition]) -> None:
        if not nested:
            del self.fields["conditions"]
            return
        offered = [(written(one), condition_in_words(one, self.unit)) for one in nested]
        _select(self, "conditions").choices = offered
        self.initial.setdefault("conditions", [value for value, _label in offered])

    def _add_row(self, place: int, known: Condition | None) -> None:
        said = as_row(known, self.unit) if known else {}
        for name, field in row_fields(self.facts).items():
            field.label = self._of_row(place, str(field.label))
            field.initial = said.get(name)
            self.fields[f"{name}_{place}"] = field

    @property
    def rows(self) -> list[ConditionRow]:
        """The rows of fields, for the page."""
        return [
            ConditionRow(place + 1, [self[f"{name}_{place}"] for name in ROW_FIELDS])
            for place in range(self.count)
        ]

    @property
    def plain_fields(self) -> list[BoundField]:
        """Everything but the rows."""
        rows = {f"{name}_{place}" for name in ROW_FIELDS for place in range(self.count)}
        return [self[name] for name in self.fields if name not in rows]

    def clean(self) -> dict[str, Any]:
        known = self.cleaned_data
        found = [json.loads(one) for one in known.get("conditions", [])]
        for place in range(self.count):
            values = {name: known.get(f"{name}_{place}") for name in ROW_FIELDS}
            if not values["fact"]:
                if any(value not in (None, "") for value in values.values()):
                    self.add_error(f"fact_{place}", self._of_row(place, _("choose a fact.")))
                continue
            try:
                found.append(from_row(values, self.unit))
            except forms.ValidationError as fault:
                self.add_error(f"test_{place}", self._of_row(place, str(fault.message)))
        self.found = found
        return known

    def _of_row(self, place: int, text: str) -> str:
        """A label or a fault of one row."""
        return _("Condition %(number)s: %(field)s") % {"number": place + 1, "field": text}

    def entry(self) -> Entry:
        """What was entered."""
        known = self.cleaned_data
        plain = {name: known[name] for name in ENTRY_FIELDS}
        return Entry(conditions=self.found, **plain)


ENTRY_FIELDS = (
    "year", "name_zh", "name_en", "sector", "confirmations", "documents", "group", "repeats",
    "typical_low", "typical_high", "typical_per", "cap", "cap_basis", "most_months", "source",
)  # fmt: skip


class VersionForm(VersionedForm, EntryForm):
    """A new version; `version` is the key of the newest one that was seen."""


class NewMeasureForm(EntryForm):
    """A measure of a place's own."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=20,
        validators=[
            RegexValidator(
                r"^[A-Z]{3,4}-[A-Z0-9]{2,12}\Z",
                gettext_lazy("Code: write it as capitals with a dash, such as EMP-LOCAL."),
            )
        ],
    )
    category = forms.ChoiceField(label=gettext_lazy("Category"))
    field_order = ("code", "category")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        _select(self, "category").choices = codes.choices("need")

    def kind(self) -> Kind:
        """What it is for good."""
        known = self.cleaned_data
        return Kind(known["code"], known["category"], self.unit)


class WithdrawMeasureForm(VersionedForm):
    """From which year on a measure is not offered, by which rule."""

    year = forms.TypedChoiceField(label=gettext_lazy("Not offered from the year"), coerce=int)
    source = forms.CharField(
        label=gettext_lazy("Source"),
        max_length=200,
        help_text=gettext_lazy("The rule or notice that it comes from, with its date or number."),
    )

    def __init__(self, *args: Any, years: Iterable[int], **kwargs: Any):
        super().__init__(*args, **kwargs)
        _select(self, "year").choices = [(one, one) for one in years]


class RecommendationForm(PlainForm):
    """For which year measures are recommended (GET)."""

    year = forms.TypedChoiceField(label=gettext_lazy("Year"), required=False, coerce=int)

    def __init__(self, *args: Any, years: Iterable[int], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.years = list(years)
        _select(self, "year").choices = [(one, one) for one in self.years]

    def wanted(self) -> int:
        """The chosen year, else the first of those offered."""
        self.is_valid()
        return self.cleaned_data.get("year") or self.years[0]


def _select(form: forms.Form, name: str) -> forms.ChoiceField:
    """A field whose choices the form sets when it is made."""
    return cast(forms.ChoiceField, form.fields[name])


def said_before(measure: Measure) -> dict[str, Any]:
    """What the form of a new version shows at first."""
    known = {name: getattr(measure, name) for name in ENTRY_FIELDS}
    lines = {name: as_lines(known[name]) for name in ("documents", "confirmations")}
    return known | lines
