"""Filters of the list of reviews and of the changes since a first run. Faulty values do not narrow.

The values are those of an address, which anybody may have typed.
"""

from collections.abc import Iterable
from datetime import date

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from divisions.models import Division
from divisions.scope import contains
from reviews.changes import REASON_NAMES, Reason
from reviews.models import UNFINISHED, Review, ReviewState
from reviews.queries.changes import Sought
from trail.forms import PlainForm

PAUSED = "paused"
PADDED_DIGITS = 12


class ReviewFilterForm(PlainForm):
    """Which reviews to list: a year, a state or a pause, a place by name or code."""

    year = forms.TypedChoiceField(label=_("Year"), required=False, coerce=int, empty_value=None)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("all")),
            *ReviewState.choices,
            (PAUSED, pgettext_lazy("state of a review", "paused")),
        ],
    )
    place = forms.CharField(
        label=_("Place, name or code"), required=False, max_length=40, strip=True
    )

    def __init__(self, *args: object, years: Iterable[int], **kwargs: object):
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [("", _("all")), *((year, str(year)) for year in years)]

    @property
    def is_narrow(self) -> bool:
        """Whether anything at all is sought."""
        return any(self.cleaned_data.values())

    def narrowed(self, found: QuerySet[Review]) -> QuerySet[Review]:
        """The reviews that meet the filter."""
        known = self.cleaned_data
        if known.get("year"):
            found = found.filter(year=known["year"])
        if known.get("state") == PAUSED:
            found = found.filter(paused_at__isnull=False, state__in=UNFINISHED)
        elif known.get("state"):
            found = found.filter(state=known["state"])
        if place := known.get("place"):
            code = place.rstrip("0") if len(place) == PADDED_DIGITS else place
            found = found.filter(Q(root__name__icontains=place) | Q(root__code__startswith=code))
        return found


class ChangeFilterForm(PlainForm):
    """Which changes to list. A place outside the officer's part of the review is an error."""

    division = forms.CharField(label=_("Place"), required=False, max_length=12, widget=forms.Select)
    reason = forms.ChoiceField(
        label=_("Reason"),
        required=False,
        choices=[("", _("all")), *((one.value, name) for one, name in REASON_NAMES.items())],
    )
    otherwise = forms.BooleanField(
        label=_("Only where the proposal is another one now"), required=False
    )
    day = forms.DateField(label=_("Day"), required=False, widget=forms.HiddenInput)

    def __init__(self, *args: object, part: str, **kwargs: object):
        super().__init__(*args, **kwargs)
        self.part = part

    def clean_division(self) -> str:
        code: str = self.cleaned_data["division"]
        if code and not (contains(self.part, code) and Division.objects.filter(pk=code).exists()):
            raise forms.ValidationError(_("Choose a place within your posting."), code="unknown")
        return code

    def offer(self, here: Division, below: Iterable[Division]) -> None:
        """Let the select offer the place listed now, the whole, and those below."""
        options = (
            [("", _("all"))] if here.pk == self.part else [("", _("all")), (here.pk, here.name)]
        )
        self.fields["division"].widget.choices = [*options, *((d.pk, d.name) for d in below)]

    def in_words(self) -> list[tuple[str, str]]:
        """What narrows beside the place, by label."""
        sought, reason = self.sought(), self.fields["reason"]
        words = []
        if sought.reason:
            words.append((str(reason.label), str(REASON_NAMES[Reason(sought.reason)])))
        if sought.otherwise:
            words.append((str(self.fields["otherwise"].label), gettext("yes")))
        if sought.day:
            words.append((str(self.fields["day"].label), sought.day.isoformat()))
        return words

    def sought(self) -> Sought:
        """The filter; a faulty field does not narrow."""
        known = self.cleaned_data
        day: date | None = known.get("day")
        return Sought(
            division=known.get("division", ""),
            reason=known.get("reason", ""),
            day=day,
            otherwise=known.get("otherwise", False),
        )
