"""Why households were refused, in words without the figures of a single case."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from exchange.items import ITEMS
from households.api.names import NAMED_TWICE
from households.importing.reasons import CELLS, ENTRIES, HOUSEHOLDS, PERSONS
from trail.api import SHAPES

IN_GENERAL = {
    "too_long": _("a text is too long"),
    "id_number": _("an ID number cannot be right"),
    "year_late": _("a year lies too far ahead"),
    "sex_differs": _("an ID number says another sex"),
    "same_person": _("a household has the same person twice"),
    "two_heads": _("a household needs exactly one head"),
    "year_frozen": _("the figures of the year are frozen"),
    "amount_differs": _("quantity, price and factor do not give the amount"),
    "sum_too_large": _("the amounts of a kind are too large together"),
    "sum_differs": _("the parts do not add up to the total"),
    "reason_missing": _("a large change against the year before has no reason"),
}

REASONS: Mapping[str, Any] = {
    **SHAPES, **ITEMS, **NAMED_TWICE, **CELLS, **PERSONS, **HOUSEHOLDS, **ENTRIES, **IN_GENERAL
}  # fmt: skip
"""By the codes of the faults that a push or an upload is answered with."""
