"""What an action of the section finds wrong in an entry, field by field."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from trail.errors import Refused


class EntryRefused(Refused):
    """What was entered cannot be kept; `faults` are (field, sentence), "" for the whole (400)."""

    status = 400
    code = "entry_refused"

    def __init__(self, faults: Iterable[tuple[str, str]]):
        super().__init__(_("Correct what is marked, then send it again."))
        self.faults = list(faults)
