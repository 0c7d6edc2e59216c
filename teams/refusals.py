"""What an action of the section finds wrong in an entry, field by field."""

from collections.abc import Iterable

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.utils.translation import gettext as _

from trail.errors import Refused


class EntryRefused(Refused):
    """What was entered cannot be kept; `faults` are (field, sentence), "" for the whole (400)."""

    status = 400
    code = "entry_refused"

    def __init__(self, faults: Iterable[tuple[str, str]]):
        super().__init__(_("Correct what is marked, then send it again."))
        self.faults = list(faults)


class UsedForm(Refused):
    """The key of this form stands at something else: of somebody else, or another household."""

    code = "used_form"

    def __init__(self) -> None:
        super().__init__(_("This form was used already. Open it anew and enter it again."))


def refuse_invalid(row: models.Model) -> None:
    """EntryRefused with what the model itself finds wrong in a row, field by field."""
    try:
        row.full_clean()
    except ValidationError as error:
        faults = [
            ("" if name == NON_FIELD_ERRORS else name, text)
            for name, texts in error.message_dict.items()
            for text in texts
        ]
        raise EntryRefused(faults) from error
