"""Why a row of a roster is left out: one sentence for each code, which says how to mend it."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from households.importing import reasons as of_households

OWN: dict[str, Any] = {
    "id_missing": _("fill in the ID number: this person is not on record yet"),
    "id_certificate": _("this is a disability certificate; write the 18 characters of the ID"),
    "id_hidden": _("write all 18 characters: nobody on record has this name and number"),
    "id_differs": _("the record of this person has another ID number; compare both"),
    "number_unknown": _("your county keeps no record of this number; leave it blank"),
    "name_differs": _("the record with this number has another name; compare both"),
    "busy": _("this person serves elsewhere until %(last)s; import him after that day"),
    "busy_open": _("this person serves elsewhere, and no last day is known; ask the person"),
    "phone_hidden": _("write all 11 digits, or leave the cell blank: the record says otherwise"),
    "work_before_birth": _("the work begins after the birth"),
    "unit_missing": _("give the name of the unit with its level"),
    "unit_level_missing": _("this unit is not on record yet: give its level"),
    "unit_level_differs": _("the unit on record has another level: %(level)s"),
    "unit_ended": _("this unit sends nobody any more"),
    "due_before_start": _("the planned last day lies before or on the first"),
    "last_before_start": _("the last day lies before the first"),
    "end_reason_missing": _("give the reason with the last day"),
    "last_day_missing": _("give the last day with the reason"),
    "rows_overlap": _("row %(other)s has the same person in these days"),
    "rows_two_secretaries": _("row %(other)s has a first secretary of this village in these days"),
    "rows_differ": _("row %(other)s says otherwise of the same person"),
    "serves": _("this person serves in %(village)s from %(first)s to %(last)s"),
    "serves_open": _("this person serves in %(village)s since %(first)s; end that term first"),
    "serves_elsewhere": _("this person serves elsewhere until %(last)s"),
    "serves_elsewhere_open": _("this person serves elsewhere, and no last day is known yet"),
    "post_taken": _("%(name)s is first secretary here from %(first)s to %(last)s"),
    "post_taken_open": _("%(name)s is first secretary here since %(first)s; end that term first"),
    "term_differs": _(
        "the term on record says “%(recorded)s”; write that, or change the term on its page"
    ),
    "account_unknown": _("no account with this user name is managed at your county"),
    "account_name": _("this account belongs to somebody of another name"),
    "account_used": _("this account belongs to another record"),
    "own_record": _("this is your own record; another officer imports it"),
    "account_own": _("another officer links your own account; leave it blank"),
    "account_differs": _("the record has another account; change it on the page of the person"),
}
SHARED = (
    "blank", "full_width", "not_listed", "digits_12", "too_long", "not_storable", "name_formula",
    "name_invisible", "id_number", "date_form", "date_future", "phone", "surplus", "sex_differs",
    "birth_differs", "village_unknown", "village_ended", "village_outside",
)  # fmt: skip
"""What the import of households says in the same words."""

TEXTS: Mapping[str, Any] = {code: of_households.TEXTS[code] for code in SHARED} | OWN
OPEN = "_open"


def say(code: str, params: Mapping[str, Any]) -> str:
    """The sentence of a code in the active language."""
    if code in SHARED:
        return of_households.say(code, params)
    text = str(OWN[code])
    return text % params if params else text
