"""Step 2: who belongs to the household, one row a person."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from households.entry import fields
from households.entry.content import StepContent
from registry.pages.registering.defaults import as_table
from registry.pages.registering.forms.base import RowForm, StepForm, Work, entered

MAIN = (
    "name", "relation", "id_number", "education", "in_school", "health", "labour",
    "medical_insurance",
)  # fmt: skip
"""The columns of the grid; everything else stands below a person."""
HIDDEN = "person_number"
BLANK_NUMBER = "__n__"
SHORT = {"name": "name-cell", "id_number": "id-cell"}


class MembersForm(StepForm):
    """The grid of persons. Of a household on record nobody is added or left out here."""

    step = fields.MEMBERS
    row_names = tuple(fields.BY_STEP[fields.MEMBERS])

    @classmethod
    def typed(cls, data: QueryDict, work: Work) -> StepContent:
        """As sent; for a household on record, only the rows of its members."""
        found = super().typed(data, work)
        if not work.known:
            return found
        kept = tuple(row for row in found.rows if row.get(HIDDEN) in work.masked_ids)
        return StepContent(0, found.values, kept)

    def made_rows(self, typed: StepContent) -> list[RowForm]:
        return [self._row(row, number) for number, row in enumerate(typed.rows)]

    def ask_rows(self, wanted: int) -> None:
        if not self.work.known:
            fewest = max(wanted, 1)
            self.rows += [self._row({}, n) for n in range(len(self.rows), fewest)]

    def _row(self, row: Any, number: int | str) -> "PersonForm":
        serial = number + 1 if isinstance(number, int) else number
        made = {}
        for name, one in fields.BY_STEP[self.step].items():
            label = _("%(field)s, person %(serial)s") % {"field": one.label, "serial": serial}
            made[name] = entered(one, label=label)
            made[name].widget.attrs["class"] = SHORT.get(name, "cell")
        made[HIDDEN].widget = forms.HiddenInput()
        return PersonForm(
            row,
            number=number,
            made=made,
            masked_id=self.work.masked_ids.get(row.get(HIDDEN, ""), ""),
        )

    @cached_property
    def blank_row(self) -> "PersonForm":
        """An empty row for the script, its number left open."""
        return self._row({}, BLANK_NUMBER)

    @property
    def headings(self) -> list[Any]:
        """The labels of the grid's columns."""
        return [fields.BY_STEP[self.step][name].label for name in MAIN]

    @property
    def age_defaults(self) -> list[list[int | str]]:
        """For the script: what an age suggests."""
        return as_table()

    def name_of_row(self, row: int, *versions: StepContent) -> str:
        names = [one.rows[row].get("name") for one in versions if row < len(one.rows)]
        found = next((name for name in names if name), "")
        return found or _("Person %(serial)s") % {"serial": row + 1}

    def row_label(self, row: RowForm) -> str:
        return row.row.get("name") or _("Person %(serial)s") % {"serial": row.serial}


class PersonForm(RowForm):
    """One person. `masked_id` is the number on record, which stays when the field stays blank."""

    def __init__(self, row: Any, *, number: int | str, made: Any, masked_id: str):
        super().__init__(row, number=number, made=made)
        self.masked_id = masked_id

    @property
    def main(self) -> list[forms.BoundField]:
        """The fields of the grid."""
        return [self[name] for name in MAIN]

    @property
    def more(self) -> list[forms.BoundField]:
        """The fields below the person."""
        return [self[name] for name in self.fields if name not in (*MAIN, HIDDEN)]

    @property
    def hidden(self) -> forms.BoundField:
        """The person number of somebody on record."""
        return self[HIDDEN]

    @property
    def is_open(self) -> bool:
        """Whether the fields below must be seen: one is faulty, or there is no ID number."""
        return any(field.errors for field in self.more) or bool(self.row.get("no_id_reason"))
