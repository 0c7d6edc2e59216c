"""Step 3: what the household earned and spent, line by line, with what it adds up to."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _

from households.entry import fields
from households.entry.account import worked_out
from households.entry.content import StepContent
from households.entry.jumps import jumps
from households.importing.cells import BadCell
from households.incomes import (
    WHOLE_PERCENT,
    Totals,
    coefficient_of,
    item_choices,
    items,
    items_of,
    summed,
    totals,
)
from households.rules import EXPENSE, MONEY
from registry.pages.registering.forms.base import RowForm, StepForm, entered

BLANK_NUMBER = "__n__"
LINE_NAMES = tuple(fields.LINES)
UNSEEN = ("kind", "coefficient_percent")
SHOWN = ("item", "amount", "quantity", "unit_price", "text")
WIDTHS = {"amount": "short", "quantity": "short", "unit_price": "short"}
OWN_VALUES = tuple(
    name
    for kind in MONEY
    for name in (kind, fields.NONE_PREFIX + kind, fields.REASON_PREFIX + kind)
)


class LineForm(RowForm):
    """One line. `note` says what coefficient its item has."""

    @property
    def cells(self) -> list[forms.BoundField]:
        """The fields of the table."""
        return [self[name] for name in SHOWN]

    @property
    def unseen(self) -> list[forms.BoundField]:
        """The kind, which the section says, and the coefficient that the line was worked out by."""
        return [self[name] for name in UNSEEN]


@dataclass(frozen=True)
class Section:
    """One kind: its lines, its sum this year and last, and whether it must be explained."""

    kind: str
    label: Promise
    rows: list[LineForm]
    blank: LineForm
    none: forms.BoundField
    plain: forms.BoundField
    reason: forms.BoundField
    total: int | None
    before: int | None
    change: int | None

    @property
    def asks_reason(self) -> bool:
        """Whether the reason is to be seen: the sum jumped, or one was written."""
        return self.change is not None or bool(self.reason.value()) or bool(self.reason.errors)

    @property
    def shows_plain(self) -> bool:
        """Whether a sum without lines was typed."""
        return bool(self.plain.value()) or bool(self.plain.errors)

    @property
    def units_json(self) -> str:
        """For the script: what the quantity of each item counts."""
        units = {one.item: one.unit for one in items_of(self.kind) if one.unit}
        return json.dumps(units, ensure_ascii=False)


class IncomesForm(StepForm):
    """Five sections of lines, the four kinds of income and the costs."""

    step = fields.INCOMES
    value_names = OWN_VALUES
    row_names = LINE_NAMES
    asked = ""

    def ask_line(self, kind: str) -> None:
        self.asked = kind

    @classmethod
    def typed(cls, data: QueryDict, work: Any) -> StepContent:
        """As sent, without lines in which only the section's own kind stands."""
        found = super().typed(data, work)
        kept = work.content.step(cls.step).rows
        rows = tuple(
            worked_anew(row, kept[place] if place < len(kept) else {})
            for place, row in enumerate(found.rows)
            if any(row.get(name) for name in LINE_NAMES if name not in UNSEEN)
        )
        return StepContent(0, found.values, rows)

    def made_fields(self) -> dict[str, forms.Field]:
        made: dict[str, forms.Field] = {}
        known = fields.BY_STEP[self.step]
        for kind in MONEY:
            label = known[kind].label
            made[kind] = entered(known[kind])
            made[kind].label = _("%(kind)s, sum without lines") % {"kind": label}
            made[fields.NONE_PREFIX + kind] = forms.CharField(
                label=_("none of this kind"),
                required=False,
                widget=forms.CheckboxInput(attrs={"value": "1"}),
            )
            made[fields.REASON_PREFIX + kind] = forms.CharField(
                label=_("%(kind)s: why it changed so much") % {"kind": label},
                required=False,
                strip=False,
                widget=forms.TextInput(attrs={"autocomplete": "off"}),
            )
        return made

    def made_rows(self, typed: StepContent) -> list[RowForm]:
        return [self._line(row, number) for number, row in enumerate(typed.rows)]

    def _line(self, row: Mapping[str, str], number: int | str) -> LineForm:
        kind = row.get("kind", "")
        made = {}
        for name in LINE_NAMES:
            one = fields.LINES[name]
            choices = item_choices(kind) if name == "item" else None
            made[name] = entered(one, choices=choices or [], label=str(one.label))
            made[name].widget.attrs["class"] = WIDTHS.get(name, "cell")
        made["kind"].widget = forms.HiddenInput()
        made["coefficient_percent"].widget = forms.HiddenInput()
        made["item"].widget.choices = numbered(kind, self.work.coefficients)
        return LineForm(row, number=number, made=made)

    def label_of(self, name: str) -> Any:
        for prefix in (fields.NONE_PREFIX, fields.REASON_PREFIX):
            if name.startswith(prefix):
                return self.fields[name].label
        return super().label_of(name)

    def row_label(self, row: RowForm) -> str:
        item = items().get(row.row.get("item", ""))
        return str(item) if item else super().row_label(row)

    @cached_property
    def figures(self) -> dict[str, int | None]:
        """The sum of each kind in fen as far as it can be read; None is unknown."""
        lined = summed(
            (row.row.get("kind", ""), amount)
            for row in self.rows
            if (amount := self._amount(row.row)) is not None
        )
        return {kind: lined.get(kind, self._stated(kind)) for kind in MONEY}

    def _stated(self, kind: str) -> int | None:
        values = self.typed_content.values
        if values.get(fields.NONE_PREFIX + kind):
            return 0
        return read("amount", str(values.get(kind, "")))

    def _amount(self, row: Mapping[str, str]) -> int | None:
        quantity, price = (
            read("quantity", row.get("quantity", "")),
            read("unit_price", row.get("unit_price", "")),
        )
        if quantity is None or price is None:
            return read("amount", row.get("amount", ""))
        share = read("coefficient_percent", row.get("coefficient_percent", ""))
        return worked_out(
            quantity, price, share or coefficient_of(row.get("item", ""), self.work.coefficients)
        )

    @cached_property
    def figures_before(self) -> dict[str, int | None]:
        """The sums of the last year on record, in fen."""
        earlier = type(self)(self.work_before, self.work.earlier.step(self.step))
        return earlier.figures

    @property
    def work_before(self) -> Any:
        """The same work without an earlier year, to read that year's own lines."""
        return type(self.work)(
            self.work.village, self.work.year - 1, self.work.today,
            coefficients=self.work.coefficients,
        )  # fmt: skip

    @property
    def has_before(self) -> bool:
        """Whether an earlier year is on record."""
        return self.work.earlier_year is not None

    @property
    def has_last_year(self) -> bool:
        """Whether that year is the last one: only against it a change must be explained."""
        return self.work.earlier_year == self.work.year - 1

    @cached_property
    def sections(self) -> list[Section]:
        """The five kinds, each with its lines and one empty one where it has none."""
        before = self.figures_before if self.has_before else {}
        compared = before if self.has_last_year else {}
        found = jumps(compared, self.figures, percent=self.work.jump_percent)
        changes = {one.name: one.percent for one in found}
        spare = len(self.rows)
        made = []
        for kind in MONEY:
            own = [row for row in self.rows if row.row.get("kind") == kind]
            none = self.typed_content.values.get(fields.NONE_PREFIX + kind)
            plain = self.typed_content.values.get(kind)
            if kind == self.asked or not (own or none or plain):
                own = [*own, self._line({"kind": kind}, spare)]
                spare += 1
            made.append(
                Section(
                    kind=kind,
                    label=fields.BY_STEP[self.step][kind].label,
                    rows=own,
                    blank=self._line({"kind": kind}, BLANK_NUMBER),
                    none=self[fields.NONE_PREFIX + kind],
                    plain=self[kind],
                    reason=self[fields.REASON_PREFIX + kind],
                    total=self.figures[kind],
                    before=before.get(kind),
                    change=changes.get(kind),
                )
            )
        return made

    @property
    def persons(self) -> int:
        """How many people the income is shared by."""
        return len(self.work.content.step(fields.MEMBERS).rows)

    @cached_property
    def totals(self) -> Totals:
        """Gross, net, per head and distance to the line, as far as they are known."""
        return totals(self.figures, persons=self.persons, line_fen=self.work.line_fen)

    @property
    def shown_distance(self) -> int:
        """How far from the line in fen, without a sign."""
        return abs(self.totals.distance or 0)

    @cached_property
    def totals_before(self) -> Totals | None:
        """The same of the last year on record."""
        if not self.has_before:
            return None
        return totals(self.figures_before, persons=self.persons, line_fen=None)

    @property
    def for_script(self) -> dict[str, Any]:
        """What the running totals need: people, line, costs, coefficients, last year's sums."""
        before = self.figures_before if self.has_last_year else {}
        return {
            "persons": self.persons,
            "line": self.work.line_fen,
            "expense": EXPENSE,
            "jump": self.work.jump_percent,
            "before": before,
            "shares": {
                one.item: coefficient_of(one.item, self.work.coefficients)
                for one in items().values()
                if one.coefficient
            },
        }


def worked_anew(row: dict[str, str], kept: Mapping[str, str]) -> dict[str, str]:
    """A line whose amount was worked out before it was corrected: it is worked out again.

    Another item has another coefficient.
    """
    fresh = dict(row)
    if kept and row.get("item") != kept.get("item"):
        fresh.pop("coefficient_percent", None)
    counted = row.get("quantity") and row.get("unit_price")
    moved = any(row.get(name) != kept.get(name) for name in ("item", "quantity", "unit_price"))
    if counted and moved and row.get("amount") == kept.get("amount"):
        fresh.pop("amount", None)
    return fresh


def numbered(kind: str, coefficients: Mapping[str, int]) -> list[tuple[str, Any]]:
    """The items of a kind, each with a digit or letter in front by which a keyboard chooses it.

    An item of which only a part is income says so.
    """
    keys = "123456789abcdefghijklmnop"
    return [
        ("", ""),
        *(
            (one.item, f"{key} {one}{_share(one.item, coefficients)}")
            for key, one in zip(keys, items_of(kind), strict=False)
        ),
    ]


def _share(item: str, coefficients: Mapping[str, int]) -> str:
    share = coefficient_of(item, coefficients)
    return "" if share == WHOLE_PERCENT else f" ({share} %)"


def read(name: str, text: str) -> Any:
    """The value of a typed text of a line; None for a blank and for what cannot be read."""
    if not text.strip():
        return None
    try:
        return fields.line_rules()[name](text.strip())
    except BadCell:
        return None
