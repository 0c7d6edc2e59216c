"""Input about pairings: who takes over, from which day, why one ends."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from teams.actions.pairing import HANDED_ON
from teams.forms.judged import JudgedForm, day_field, ticks
from teams.forms.versioned import VersionedForm
from teams.models import Pairing
from teams.queries.helper_list import Helper

REASONS = [(one.value, one.label) for one in HANDED_ON]
ENDINGS = [
    (one.value, one.label)
    for one in (Pairing.EndReason.LEFT, Pairing.EndReason.HOUSEHOLD, Pairing.EndReason.OTHER)
]


def helper_choices(helpers: Iterable[Helper]) -> list[tuple[str, str]]:
    """Helpers as a list to choose from: name, unit, free places."""
    return [(one.cadre.number, _label(one)) for one in helpers]


def _label(helper: Helper) -> str:
    parts = [helper.cadre.name]
    if helper.cadre.unit:
        parts.append(helper.cadre.unit.name)
    free = ngettext("%(free)s place free", "%(free)s places free", helper.free)
    return " · ".join([*parts, free % {"free": helper.free}])


class HandOnForm(JudgedForm):
    """Who takes over the households of somebody who leaves."""

    day = day_field(_("They begin on"))
    reason = forms.ChoiceField(label=_("Why"), choices=REASONS)

    def __init__(self, *args: Any, helpers: Iterable[Helper], today: date, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["day"].initial = today
        self.fields["to"] = ticks(
            _("Who takes over"),
            helper_choices(helpers),
            help_text=_("Whoever has the most free places takes the next household."),
        )
        self.order_fields(["to"])


class ReassignForm(VersionedForm):
    """Another helper for one household."""

    day = day_field(_("Helps from"))
    reason = forms.ChoiceField(label=_("Why"), choices=REASONS)

    def __init__(self, *args: Any, helpers: Iterable[Helper], today: date, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["day"].initial = today
        self.fields["reason"].initial = Pairing.EndReason.REASSIGNED
        self.fields["to"] = forms.ChoiceField(
            label=_("New helper"), choices=helper_choices(helpers)
        )
        self.order_fields(["to"])


class EndPairingForm(VersionedForm):
    """The end of a pairing that nobody takes over."""

    last_day = day_field(_("Last day"))
    why = forms.ChoiceField(label=_("Why it ends"), choices=ENDINGS)

    def __init__(self, *args: Any, today: date, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["last_day"].initial = today
