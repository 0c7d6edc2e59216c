"""Input of a freeze: first the year and the place, then the reason."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from divisions.forms import DivisionField, offer_within
from divisions.models import Division, Level
from households.actions.freezing import REASON_LENGTH
from households.models import Standard
from officers.models import Officer
from trail.dates import business_date
from trail.forms import PlainForm


class FreezeChoiceForm(PlainForm):
    """Which year of which place to freeze. Whether it can be frozen is for the action to say.

    Without a published standard nothing of a year was ever judged, so it is not offered.
    """

    division = DivisionField(
        label=_("Place"), levels=[level for level in Level if level != Level.NATION]
    )

    def __init__(self, *args: Any, officer: Officer, **kwargs: Any):
        super().__init__(*args, **kwargs)
        offer_within(self.fields["division"], officer)
        begun = Standard.objects.published().filter(year__lte=business_date().year)
        years = begun.order_by("-year").values_list("year", flat=True).distinct()
        self.fields["year"] = forms.TypedChoiceField(
            label=_("Year"), coerce=int, choices=[(year, str(year)) for year in years]
        )
        self.order_fields(["year", "division"])

    def choice(self) -> tuple[int, Division]:
        """The year and the place of a valid form."""
        return self.cleaned_data["year"], self.cleaned_data["division"]


class FreezeForm(PlainForm):
    """Why, and that the officer has read what is not ready; `told` says what that is."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=REASON_LENGTH,
        help_text=_("It stays in the trace and in the list of freezes. No names."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why.")},
    )
    seen = forms.BooleanField(
        label=_("I have read what is not ready. The year shall be frozen nevertheless."),
        error_messages={"required": _("Confirm that you have read what is not ready.")},
    )

    def __init__(self, *args: Any, told: list[str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        if not told:
            del self.fields["seen"]
