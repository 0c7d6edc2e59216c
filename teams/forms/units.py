"""Input of sponsoring units: the record of one, its end, and which to list."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from divisions.forms import DivisionField, offer_within
from divisions.models import Level
from officers.models import Officer
from teams.actions.units import UnitEntry
from teams.forms.judged import JudgedForm, day_field
from teams.forms.versioned import VersionedForm
from teams.models import Unit, UnitKind, UnitLevel
from teams.queries.units import Wanted
from trail.dates import business_date
from trail.forms import PlainForm


class UnitForm(JudgedForm):
    """The record of a unit."""

    name = forms.CharField(label=_("Name of the unit"), max_length=100)
    level = forms.ChoiceField(
        label=_("Level"), choices=[("", _("choose")), *UnitLevel.choices], initial=UnitLevel.COUNTY
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("choose")), *UnitKind.choices])
    counterpart = DivisionField(
        label=_("Place that it supports"),
        levels=[Level.CITY, Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE],
        required=False,
        help_text=_("Code or name, where the unit supports a fixed place."),
    )

    def __init__(self, *args: Any, officer: Officer, **kwargs: Any):
        super().__init__(*args, **kwargs)
        offer_within(self.fields["counterpart"], officer)

    def entry(self) -> UnitEntry:
        """What was entered."""
        known = self.cleaned_data
        return UnitEntry(known["name"], known["level"], known["kind"], known["counterpart"])


class ChangeUnitForm(VersionedForm, UnitForm):
    """The record of a unit that stands already, at the version that was seen."""


def entered_before(unit: Unit) -> dict[str, Any]:
    """What the form of a unit shows at first."""
    return {
        "name": unit.name,
        "level": unit.level,
        "kind": unit.kind,
        "counterpart": unit.counterpart,
        "version": unit.version,
    }


class EndUnitForm(JudgedForm):
    """Since when a unit sends nobody."""

    ended_on = day_field(_("Sends nobody since"))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["ended_on"].initial = business_date


class UnitListForm(PlainForm):
    """Which units to list (GET): names of units are public."""

    term = forms.CharField(label=_("Name or place"), required=False, max_length=50)
    level = forms.ChoiceField(
        label=_("Level"), required=False, choices=[("", _("all")), *UnitLevel.choices]
    )
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("all")), *UnitKind.choices]
    )
    ended = forms.ChoiceField(
        label=_("Which"),
        required=False,
        choices=[("", _("that send people")), ("yes", _("that send nobody any more"))],
    )

    def wanted(self) -> Wanted:
        """The filter; an odd value narrows nothing."""
        self.is_valid()
        return Wanted(**{name: self.cleaned_data.get(name, "") for name in self.fields})
