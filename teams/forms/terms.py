"""Input of the end of a term and of its handover."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from teams.actions.change_of_hands import HandedOn
from teams.forms.judged import JudgedForm, day_field, text_area
from teams.forms.versioned import VersionedForm
from teams.models import END_REASONS, Cadre, Candidacy

LONGEST_NOTE = 200
LONGEST_TEXT = 5000
LONGEST_LETTER = 100


def handed_text() -> forms.CharField:
    """The words of a handover."""
    return text_area(
        _("What is handed on"),
        rows=8,
        max_length=LONGEST_TEXT,
        help_text=_(
            "Work under way, papers and keys, promises that are still open, households that need"
            " attention. It is kept sealed."
        ),
    )


class EndForm(VersionedForm):
    """The last day of a term, which may lie ahead, and why it ends."""

    last_day = day_field(
        _("Last day"), help_text=_("The last day of service itself; it may lie ahead.")
    )
    reason = forms.ChoiceField(
        label=_("Reason of the end"),
        choices=[(str(reason), label) for reason, label in END_REASONS.items()],
    )
    note = forms.CharField(
        label=_("Remark"),
        required=False,
        max_length=LONGEST_NOTE,
        help_text=_("A recall says why and who decided it. Name no household and no illness here."),
    )


class SuccessionForm(EndForm):
    """The end of a term whose handover stands, and the approved candidate who follows."""

    successor = forms.TypedChoiceField(
        label=_("Successor"),
        coerce=int,
        help_text=_("Approved for this place. The term begins on the day after the last day."),
    )
    letter = forms.CharField(label=_("Number of the dispatch letter"), max_length=LONGEST_LETTER)
    briefed_on = day_field(_("Day of the briefing"))

    def __init__(self, *args: Any, candidates: Iterable[Candidacy], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["successor"].choices = [  # type: ignore[attr-defined]
            (one.case_id, f"{one.cadre.name} {one.cadre.number}") for one in candidates
        ]
        self.order_fields(["successor", *EndForm.base_fields, "handed_on", "text"])

    def handing(self) -> HandedOn | None:
        """What is handed on by this form: nothing, it was before."""
        return None


class ChangeOfHandsForm(SuccessionForm):
    """The same with the handover, which is recorded along."""

    handed_on = day_field(_("Day of the handover"))
    text = handed_text()

    def handing(self) -> HandedOn | None:
        """What is handed on, and when."""
        return HandedOn(self.cleaned_data["handed_on"], self.cleaned_data["text"])


class HandoverForm(JudgedForm):
    """What is handed on, when and to whom."""

    handed_on = day_field(_("Day of the handover"))
    to = forms.TypedChoiceField(
        label=_("Handed over to"), required=False, coerce=int, empty_value=None
    )
    text = handed_text()

    def __init__(self, *args: Any, takers: Iterable[Cadre], **kwargs: Any):
        super().__init__(*args, **kwargs)
        named = [(one.pk, f"{one.name} {one.number}") for one in takers]
        self.fields["to"].choices = [("", _("nobody yet")), *named]  # type: ignore[attr-defined]
