"""Input of a correction: the eleven figures of one household and year, why, and what proves it."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from households.actions.corrections import TEXT_LENGTH
from households.explain import LABELS
from households.importing.cells import BadCell, half_width, money
from households.importing.reasons import say
from households.models import Survey
from households.models.surveys import GUARANTEE_CHOICES
from households.rules import GUARANTEES, MONEY
from households.snapshot import shown_figure, survey_values
from trail.errors import Refused
from trail.forms import PlainForm

CHANGE, PROPOSE = "change", "propose"
read_money = half_width(money)


class MoneyField(forms.CharField):
    """Yuan as the register template takes them; empty is unknown, never zero."""

    widget = forms.TextInput(
        attrs={"inputmode": "decimal", "class": "short", "autocomplete": "off"}
    )

    def clean(self, value: Any) -> Decimal | None:
        text: str = super().clean(value)
        if not text:
            return None
        try:
            return Decimal(read_money(text)).scaleb(-2)
        except BadCell as bad:
            fault = pgettext("between label and sentence", ": ").join(
                (str(self.label), say(bad.code, bad.params))
            )
            raise ValidationError(fault, code=bad.code) from None


def text_field(label: Any, hint: Any, missing: Any) -> forms.CharField:
    """A few lines that must not stay empty."""
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": missing},
    )


class CorrectionForm(PlainForm):
    """All figures of the year as they shall stand, filled with those in force.

    `seen` is the survey that the officer read.
    """

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None, *, survey: Survey | None):
        known: dict[str, Any] = {
            name: getattr(survey, name, None) for name in (*MONEY, *GUARANTEES)
        }
        initial = known | {"seen": survey.pk if survey else None}
        super().__init__(data, initial=initial)
        stands = {
            name: _("In force: %(figure)s") % {"figure": shown_figure(name, value)}
            for name, value in survey_values(survey).items()
        }
        for name in MONEY:
            self.fields[name] = MoneyField(
                label=str(LABELS[name]), help_text=stands[name], required=False
            )
        for name in GUARANTEES:
            self.fields[name] = forms.TypedChoiceField(
                label=str(LABELS[name]),
                help_text=stands[name],
                required=False,
                choices=[("", _("unknown")), *GUARANTEE_CHOICES],
                coerce=int,
                empty_value=None,
            )
        self.fields["reason"] = text_field(
            _("Why the figures in force are wrong"),
            _("It stays in the trace. No names, no ID numbers."),
            _("Say why."),
        )
        self.fields["proof"] = text_field(
            _("What proves the right figures"),
            _("A document, its date and where it is kept."),
            _("Name the proof."),
        )

    @property
    def money_fields(self) -> list[forms.BoundField]:
        """The five amounts."""
        return [self[name] for name in MONEY]

    @property
    def guarantee_fields(self) -> list[forms.BoundField]:
        """The six guarantees."""
        return [self[name] for name in GUARANTEES]

    @property
    def typed(self) -> list[tuple[str, str]]:
        """Every entry as it was sent, to be sent again."""
        return [(name, self.data.get(name, "")) for name in self.fields]

    def figures(self) -> dict[str, Decimal | int | None]:
        """The eleven figures by name."""
        return {name: self.cleaned_data[name] for name in (*MONEY, *GUARANTEES)}

    def take_refusal(self, refusal: Refused) -> None:
        """Put what the action refused at the fields that it names, else at the head."""
        fields = refusal.details.get("fields", {None: refusal.message})
        for name, text in fields.items():
            self.add_error(name, text)
