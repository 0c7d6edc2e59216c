"""Input about exits of households: proposals, and the survey that a planned exit rests on."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from exits.actions.opening import LONGEST_REASON
from teams.forms.judged import JudgedForm, text_area
from teams.forms.versioned import VersionedForm


class YearForm(JudgedForm):
    """On the facts of which year the household is proposed."""

    year = forms.TypedChoiceField(label=_("Year of the facts"), coerce=int)

    def __init__(self, *args: Any, years: list[int], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(str(year), str(year)) for year in years]  # type: ignore[attr-defined]


class ReasonForm(JudgedForm):
    """Why a decision on a household is to be taken back."""

    reason = text_area(
        _("Reason"),
        rows=3,
        max_length=LONGEST_REASON,
        help_text=_("It stands in the case. Say which figure or which step was wrong, and why."),
    )


class RemovalForm(ReasonForm, YearForm):
    """Why a household never belonged onto the register, and the facts of which year show it."""

    field_order = ("year", "reason")


class SurveyForm(VersionedForm):
    """Why a planned exit rests on a later survey from now on."""

    note = text_area(_("Reason"), rows=2, max_length=LONGEST_REASON)
