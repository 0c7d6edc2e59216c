"""What a reviewer remarked at the fields when he returned the household's case."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from households.entry.fields import FIELDS
from households.models import Draft
from identification.queries import Remarks, remarks_for
from officers.models import Officer

LABELS = {f"{field.step}.{field.name}": field.label for field in FIELDS}


@dataclass(frozen=True)
class Remark:
    """One remark: the step and name of its field, the field's label, and what is wrong there."""

    step: str
    name: str
    label: str
    text: str


@dataclass(frozen=True)
class Returned:
    """The return of a case, with its remarks at the fields of one step or of all."""

    whole: Remarks
    remarks: list[Remark]

    @property
    def due_on(self) -> date:
        return self.whole.due_on


def returned_of(officer: Officer, draft: Draft, step: str = "") -> Returned | None:
    """The return that the draft is to mend; None for a new household and where there is none."""
    whole = remarks_for(draft.household, officer) if draft.household else None
    if whole is None:
        return None
    found = [_remark(path, text) for path, text in whole.fields.items()]
    return Returned(whole, [one for one in found if step in ("", one.step)])


def _remark(path: str, text: str) -> Remark:
    step, _dot, name = path.partition(".")
    return Remark(step, name, str(LABELS.get(path, path)), text)


def put_at_fields(form: Any, returned: Returned) -> None:
    """Say each remark in the hint of its field, where the form has that field by its name."""
    for remark in returned.remarks:
        if field := getattr(form, "fields", {}).get(remark.name):
            said = _("Remark of the reviewer: %(text)s") % {"text": remark.text}
            field.help_text = f"{field.help_text} {said}".strip()
