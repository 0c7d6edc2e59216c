"""Why a row of village records is left out: one sentence for each code."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from households.importing import reasons as of_households

OWN: dict[str, Any] = {
    "village_number": _("write a whole number from 0 to 10,000,000"),
    "village_decimal": _("write a number from 0 with at most two decimals"),
    "year_range": _("write a year from %(first)s to %(last)s"),
    "part_larger": _("this is more than “%(whole)s”, of which it is a part"),
    "no_figures": _("the row has no figure"),
    "rows_same": _("row %(other)s has the same village and year"),
    "reason_missing": _("the record of this year differs; say why it is corrected"),
}


def say(code: str, params: Mapping[str, Any]) -> str:
    """The sentence of a code in the active language."""
    if code not in OWN:
        return of_households.say(code, params)
    text = str(OWN[code])
    return text % {name: str(value) for name, value in params.items()} if params else text
