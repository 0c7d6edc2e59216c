"""Input of a delivery, of taking it back, and of the end of a measure."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assistance.actions.delivering import Entry
from assistance.actions.ending import Stop
from assistance.models import DeliveryKind, StopReason
from assistance.queries.due import What, When
from assistance.rules.delivering import MOST_INSTALMENTS, Part
from teams.forms.judged import JudgedForm, day_field, key_field, reason_field, text_area
from teams.forms.versioned import VersionedForm
from trail.forms import PlainForm
from workflow.forms import FilesField

MOST_YUAN = Decimal("9999999999.99")


def yuan_field(label: Any, *, least: str = "0", **more: Any) -> forms.DecimalField:
    """An amount in yuan."""
    return forms.DecimalField(
        label=label,
        min_value=Decimal(least),
        max_value=MOST_YUAN,
        max_digits=12,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        error_messages={"invalid": _("Enter an amount as 1200 or 1200.50.")},
        **more,
    )


class DeliveryForm(JudgedForm):
    """What reached whom, when, with its proofs; `payees` are (key, name), the likeliest first."""

    key = key_field()
    day = day_field(_("Day of the delivery"))
    kind = forms.ChoiceField(
        label=_("What was delivered"), choices=DeliveryKind.choices, widget=forms.RadioSelect
    )
    amount = yuan_field(_("Worth (yuan)"))
    quantity = forms.CharField(
        label=_("How much of what"),
        help_text=_("Such as 2 sacks of seed; for money leave it empty."),
        required=False,
        max_length=60,
    )
    voucher = forms.CharField(label=_("Voucher number"), required=False, max_length=60)
    note = text_area(_("Remark"), rows=2, required=False, max_length=200)
    photos = FilesField(
        label=_("Proof: photos or PDF"),
        required=False,
        help_text=_("Up to 5 files, together at most 20 MB. A phone can take the photo now."),
    )
    finishes = forms.BooleanField(
        label=_("Nothing more is to come: the measure is done"), required=False
    )

    def __init__(self, *args: Any, payees: Sequence[tuple[int, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        if payees:
            self.fields["payee"] = forms.TypedChoiceField(
                label=_("Who received it"),
                required=False,
                coerce=int,
                empty_value=None,
                choices=[("", gettext("nobody in particular")), *payees],
            )
            self.order_fields(("key", "day", "kind", "amount", "quantity", "payee"))

    def entry(self) -> Entry:
        """The delivery as entered; the form is valid."""
        said = self.cleaned_data
        return Entry(
            day=said["day"],
            kind=said["kind"],
            amount=said["amount"],
            quantity=said["quantity"],
            payee=said.get("payee"),
            voucher=said["voucher"],
            note=said.get("note", ""),
            reference=str(said["key"]),
            finishes=said["finishes"],
        )


class WithdrawDeliveryForm(JudgedForm):
    """Why a delivery is taken back."""

    reason = reason_field()


class FinishForm(VersionedForm):
    """From when on a measure is done."""

    day = day_field(_("Done on"))


class StopForm(VersionedForm):
    """Why a measure ends before it is done."""

    reason = forms.ChoiceField(
        label=_("Why it is stopped"), choices=StopReason.choices, widget=forms.RadioSelect
    )
    day = day_field(_("Stopped on"))
    note = text_area(
        _("Remark"),
        rows=2,
        required=False,
        max_length=200,
        help_text=_("Name no illness here. For another reason it is needed."),
    )

    def wanted(self) -> Stop:
        """The stop as entered; the form is valid."""
        said = self.cleaned_data
        return Stop(said["reason"], said["day"], said["note"])


class HowManyForm(PlainForm):
    """Into how many instalments a measure is divided; asked before their days are."""

    number = forms.TypedChoiceField(
        label=_("Number of instalments"),
        coerce=int,
        choices=[(str(one), str(one)) for one in range(2, MOST_INSTALMENTS + 1)],
    )


class InstalmentsForm(VersionedForm):
    """Days and amounts of so many instalments; rows that are left empty count as none."""

    def __init__(self, *args: Any, parts: Sequence[Part], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.number = len(parts)
        for number, part in enumerate(parts, start=1):
            counted = {"number": number}
            self.fields[f"due_on{number}"] = day_field(
                gettext("Instalment %(number)s: due on") % counted,
                required=False,
                initial=part.due_on,
            )
            self.fields[f"amount{number}"] = yuan_field(
                gettext("Instalment %(number)s: amount (yuan)") % counted,
                required=False,
                initial=part.amount,
            )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        for number in range(1, self.number + 1):
            names = [f"due_on{number}", f"amount{number}"]
            missing = [n for n in names if said.get(n) is None and n not in self.errors]
            if len(missing) == 1:
                self.take([(missing[0], gettext("fill this in, or empty the whole instalment."))])
        return said

    def parts(self) -> list[Part]:
        """The instalments as entered; the form is valid."""
        said = self.cleaned_data
        rows = [
            (said[f"due_on{number}"], said[f"amount{number}"])
            for number in range(1, self.number + 1)
        ]
        return [Part(day, amount) for day, amount in rows if day is not None and amount is not None]


class DueForm(PlainForm):
    """Which list of what is due."""

    division = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        kinds: Sequence[tuple[str, Any]],
        times: Sequence[tuple[str, Any]],
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        self.fields["what"] = forms.ChoiceField(label=_("What"), required=False, choices=kinds)
        self.fields["when"] = forms.ChoiceField(label=_("When"), required=False, choices=times)

    def wanted(self) -> tuple[What, When]:
        """What is asked for; deliveries that are due where nothing, or no such thing, is."""
        self.is_valid()
        said = self.cleaned_data
        return What(said.get("what") or What.DELIVERIES), When(said.get("when") or When.DUE)
