"""Input of exit plans: which plan is shown, and the numbers of several years."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exits.actions.exit_plans import Entry, plan_years
from exits.forms.places import FIRST_YEAR, MOST_PEOPLE, PlaceYearForm
from exits.models import ExitPlan
from teams.forms.judged import LONGEST_REASON, text_area
from teams.forms.seen import SeenForm

YEARS_AHEAD = 4
About = ExitPlan.About


class PlanFilterForm(PlaceYearForm):
    """Which place, year and kind of exits (GET). An odd value narrows nothing."""

    about = forms.ChoiceField(label=gettext_lazy("Exits of"), required=False, choices=About.choices)

    def __init__(self, data: QueryDict, *, this: int):
        asked = data.copy()
        asked.setdefault("about", About.HOUSEHOLDS)
        super().__init__(asked, first=FIRST_YEAR, last=this + YEARS_AHEAD, default=this)

    def wanted_about(self) -> str:
        """The kind that is asked for, else households."""
        self.is_valid()
        return self.cleaned_data.get("about") or About.HOUSEHOLDS


def count_field(label: str) -> forms.IntegerField:
    """A number of exits or persons; a blank plans nothing."""
    widget = forms.TextInput(attrs={"inputmode": "numeric", "class": "short"})
    return forms.IntegerField(
        label=label, required=False, min_value=0, max_value=MOST_PEOPLE, widget=widget
    )


class PlansForm(SeenForm):
    """The plan of a place for this year and the next four; blank years are left as they are."""

    def __init__(self, *args: Any, about: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.with_persons = about == About.HOUSEHOLDS
        label = {
            About.HOUSEHOLDS: _("Households in %(year)s"),
            About.VILLAGES: _("Villages in %(year)s"),
            About.COUNTIES: _("Counties in %(year)s"),
        }[About(about)]
        for year in plan_years():
            self.fields[f"count_{year}"] = count_field(label % {"year": year})
            if self.with_persons:
                text = _("Persons in %(year)s") % {"year": year}
                self.fields[f"persons_{year}"] = count_field(text)
        self.fields["reason"] = text_area(
            _("Reason"),
            rows=2,
            max_length=LONGEST_REASON,
            help_text=_("It is kept with your name. Name no household and no illness here."),
        )

    def clean(self) -> dict[str, Any]:
        """Persons come with their households."""
        known = super().clean() or self.cleaned_data
        for year in plan_years() if self.with_persons else ():
            if known.get(f"persons_{year}") is not None and known.get(f"count_{year}") is None:
                self.add_error(f"count_{year}", _("Enter how many households these are."))
        return known

    def entries(self) -> dict[int, Entry]:
        """What is planned, by year."""
        known = self.cleaned_data
        return {
            year: Entry(known[f"count_{year}"], known.get(f"persons_{year}"))
            for year in plan_years()
            if known.get(f"count_{year}") is not None
        }
