"""Input of what is recorded about an identification: answers, red lines, appeals."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from identification.departments import DEPARTMENTS
from identification.models import Appeal, Comparison
from identification.queries import effects_of
from registry.pages.cases.forms import MISSING, ActForm, day_field, note_field
from workflow.models import Case
from workflow.parameters import RED_LINES


def choice_field(label: Any, choices: Any, **more: Any) -> forms.ChoiceField:
    """One of a list, blank at first."""
    listed = [("", ""), *choices]
    return forms.ChoiceField(
        label=label, choices=listed, error_messages={"required": MISSING}, **more
    )


class ComparisonForm(ActForm):
    """What one department answered."""

    department = choice_field(gettext_lazy("Department"), [])
    result = choice_field(gettext_lazy("Result"), Comparison.RESULTS)
    explanation = note_field(gettext_lazy("Explanation of a hit"))
    on = day_field(gettext_lazy("Day of the answer"))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        names = [(code, _(label)) for code, label in DEPARTMENTS.items()]
        self.fields["department"].choices = [("", ""), *names]


class RedLineForm(ActForm):
    """A red line that the household meets."""

    rule = choice_field(gettext_lazy("Red line"), [])
    member = forms.TypedChoiceField(
        label=gettext_lazy("Member"), required=False, coerce=int, empty_value=None
    )
    found = note_field(
        gettext_lazy("What was found"), missing=gettext_lazy("Write what was found.")
    )

    def __init__(self, *args: Any, case: Case, members: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        effects = effects_of(case.division_id)
        asked = [(rule, _(text)) for rule, text in RED_LINES.items() if effects[rule] != "off"]
        self.fields["rule"].choices = [("", ""), *asked]
        self.fields["member"].choices = [("", _("the whole household")), *members]


class ExplainForm(ActForm):
    """The one explanation of a red line."""

    explanation = note_field(
        gettext_lazy("Explanation"), missing=gettext_lazy("Write the explanation.")
    )


class AcceptForm(ActForm):
    """The acceptance of an explanation needs no entry."""


class WithdrawForm(ActForm):
    """Why a red line was recorded wrongly."""

    reason = note_field(gettext_lazy("Reason"), missing=gettext_lazy("Say why."))


class AppealForm(ActForm):
    """That somebody asks to look at a result again."""

    level = choice_field(gettext_lazy("To whom"), Appeal.LEVELS)
    appellant = choice_field(gettext_lazy("By whom"), Appeal.APPELLANTS)
    received_on = day_field(gettext_lazy("Day on which it was received"))
    text = note_field(gettext_lazy("What is said"), missing=gettext_lazy("Write what is said."))


class AppealResultForm(ActForm):
    """What the inquiry into an appeal found, and what follows."""

    RESULTS = (
        ("dismiss", gettext_lazy("The appeal is not right: the result stands")),
        ("uphold", gettext_lazy("The appeal is right: the case goes back to the visit")),
    )
    finding = note_field(
        gettext_lazy("What the inquiry found"),
        missing=gettext_lazy("Write what the inquiry found."),
    )
    result = forms.ChoiceField(
        label=gettext_lazy("Result"),
        choices=RESULTS,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose the result.")},
    )
