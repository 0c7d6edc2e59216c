"""Input of the pages of data quality: what to list, and an explanation."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from households.models.issues import IssueState
from households.quality.rules import RULES
from registry.pages.cases.forms import ActForm
from registry.pages.quality.queries import Asked
from trail.forms import PlainForm

LONGEST_CODE = 12
SEVERITIES = (
    (1, _("1 must be mended")),
    (2, _("2 to be mended")),
    (3, _("3 incomplete")),
    (4, _("4 doubtful")),
    (5, _("5 to be explained")),
)


class IssueFilter(PlainForm):
    """Which issues to show; a faulty field does not narrow."""

    severity = forms.TypedChoiceField(
        label=_("Severity"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", _("all")), *SEVERITIES],
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            (IssueState.OPEN.value, IssueState.OPEN.label),
            (IssueState.EXPLAINED.value, IssueState.EXPLAINED.label),
        ],
    )
    year = forms.IntegerField(label=_("Year"), required=False, min_value=2000, max_value=2100)
    rule = forms.CharField(required=False, max_length=30, widget=forms.HiddenInput)
    village = forms.CharField(required=False, max_length=LONGEST_CODE, widget=forms.HiddenInput)
    editor = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["year"].widget.attrs["class"] = "short"

    def asked(self) -> Asked:
        """The filter; what cannot be read is passed over."""
        self.is_valid()
        said = self.cleaned_data
        village = said.get("village", "")
        return Asked(
            rule=said.get("rule", "") if said.get("rule") in RULES else "",
            village=village if village.isdecimal() else "",
            editor=said.get("editor"),
            year=said.get("year"),
            severity=said.get("severity"),
            state=said.get("state") or IssueState.OPEN,
        )


class ExplainForm(ActForm):
    """Why a finding is right as it stands."""

    explanation = forms.CharField(
        label=_("Explanation"),
        help_text=_("What you saw at home, or which paper says so."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write why, in at most 200 characters.")},
    )
