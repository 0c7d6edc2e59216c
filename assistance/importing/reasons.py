"""Why a row of measures is left out: one sentence for each code, which says how to mend it."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from households.importing import reasons as of_households

RULE = "rule"
"""A fault of the rules of plans: `params` hold its sentence and the values in it."""

OWN: dict[str, Any] = {
    "year_range": _("write a year from %(first)s to %(last)s"),
    "household_unknown": _("your place holds no household of this number; look it up in the list"),
    "household_closed": _("this household is cancelled; nobody plans help for it any more"),
    "measure_unknown": _(
        "this is no measure of the catalogue of %(year)s there; copy code or name from its list"
    ),
    "measure_village": _("this measure is for a village; it goes by the plan of the village"),
    "person_missing": _("this measure is for a person; give the person number"),
    "person_surplus": _("this measure is for the household; leave the person number blank"),
    "person_unknown": _("the household has nobody of this person number; copy it from its page"),
    "person_left": _("this person had left the household by the start of the measure"),
    "row_twice": _("row %(other)s says the same; leave one of them out"),
    "item_unknown": _("your place holds no measure of this number; leave the cell blank"),
    "item_other": _("the measure of this number is another one; leave the cell blank or mend it"),
    "several": _("several such measures stand on record; give the number of the one you mean"),
    "item_dropped": _("this measure is not agreed; it goes by its plan"),
    "plan_open": _("the plan of this year is being drafted or decided; import after that"),
    "plan_unagreed": _(
        "nobody agreed on the plan of %(year)s; take it up on its page and let it be approved first"
    ),
    "not_agreed": _(
        "help of %(year)s is agreed on by its plan; plan it on the page of the household, or bring"
        " it in when all of it is delivered"
    ),
    "delivered_over": _("more is delivered than planned; mend one of the amounts"),
    "delivered_day_missing": _("give the day of the delivery"),
    "delivered_early": _("this day lies before the start of the measure"),
    "nothing_delivered": _("nothing was delivered by this row; leave the day blank"),
    "status_agreed": _("something was delivered, so that it is under way or done"),
    "status_done": _("it is done: give the day of the last delivery"),
    "status_stopped": _("a measure is stopped on its page, with the reason; write another status"),
    "loan_page": _("a loan is drawn on the page of the measure; leave amount and day blank"),
    "move_page": _("a move is finished on the page of the measure; write that it is under way"),
    "agreed_differs": _(
        "the agreed measure says “%(recorded)s”; write that, or change the plan on its page"
    ),
    "delivered_less": _(
        "%(recorded)s yuan are delivered by the record; take a delivery back on its page first"
    ),
    "status_back": _("the record says “%(recorded)s”; a file takes no measure back"),
    "ended": _("this measure has ended; nothing is added to it"),
}
SHARED = (
    "blank", "full_width", "not_listed", "number_form", "too_long", "not_storable", "date_form",
    "date_future", "year_form", "money", "surplus",
)  # fmt: skip
"""What the import of households says in the same words."""

TEXTS: Mapping[str, Any] = {code: of_households.TEXTS[code] for code in SHARED} | OWN


def say(code: str, params: Mapping[str, Any]) -> str:
    """The sentence of a code in the active language."""
    if code == RULE:
        return gettext(params["text"]) % params["values"]
    if code in SHARED:
        return of_households.say(code, params)
    text = str(OWN[code])
    return text % params if params else text
