"""Input of what is kept of a measure beside its deliveries: loan, contract, move, course."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assistance.actions.courses import Taught
from assistance.actions.loans import Drawing
from assistance.actions.moves import Home
from assistance.actions.posts import Hiring
from assistance.forms.delivering import yuan_field
from teams.forms.judged import JudgedForm, day_field, reason_field
from teams.forms.versioned import VersionedForm

NUMBER = {"inputmode": "decimal"}
MOST_VERSION = 2**31 - 1


def percent_field(label: Any, most: int, places: int, **more: Any) -> forms.DecimalField:
    """A share or a rate in percent."""
    return forms.DecimalField(
        label=label,
        min_value=Decimal(0),
        max_value=Decimal(most),
        decimal_places=places,
        widget=forms.TextInput(attrs=NUMBER),
        error_messages={"invalid": _("Enter a number as 4 or 4.35.")},
        **more,
    )


class LoanForm(JudgedForm):
    """A micro-credit as it is drawn."""

    bank = forms.CharField(label=_("Bank"), max_length=50)
    principal = yuan_field(_("Principal (yuan)"))
    rate_percent = percent_field(_("Interest, percent a year"), 36, 2)
    subsidised_percent = percent_field(
        _("Subsidised part of the interest, percent"), 100, 0, initial=100
    )
    purpose = forms.CharField(
        label=_("Used for"),
        max_length=100,
        help_text=_("Production only, such as: two cows and a shed."),
    )
    drawn_on = day_field(_("Drawn on"))
    due_on = day_field(_("Due on"))

    def __init__(self, *args: Any, payees: Sequence[tuple[int, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["payee"] = forms.TypedChoiceField(
            label=_("Borrower"),
            required=False,
            coerce=int,
            empty_value=None,
            choices=[("", ""), *payees],
        )

    def drawing(self) -> Drawing:
        """The loan as entered; the form is valid."""
        said = self.cleaned_data
        return Drawing(**said | {"subsidised_percent": int(said["subsidised_percent"])})


class ExtendLoanForm(VersionedForm):
    """Until when a loan is extended, and why."""

    extended_to = day_field(_("Due on after the extension"))
    reason = reason_field()


class RepayForm(VersionedForm):
    """What was paid back of a loan."""

    day = day_field(_("Paid back on"))
    amount = yuan_field(_("Amount (yuan)"))


class ContractForm(JudgedForm):
    """A contract of a post."""

    employer = forms.CharField(label=_("Employer"), max_length=80)
    job = forms.CharField(
        label=_("Job"), max_length=60, help_text=_("Such as: cleaner, road keeper, forest ranger.")
    )
    starts_on = day_field(_("First day"))
    last_day = day_field(_("Last day"))
    monthly_pay = yuan_field(_("Pay a month (yuan)"))

    def hiring(self) -> Hiring:
        """The contract as entered; the form is valid."""
        return Hiring(**self.cleaned_data)


class EndContractForm(VersionedForm):
    """The new last day of a contract, and why it ends early."""

    last_day = day_field(_("Last day"))
    reason = reason_field()


def first_version_field() -> forms.IntegerField:
    """The version of a row that may not be there yet: 0 then."""
    return forms.IntegerField(min_value=0, max_value=MOST_VERSION, widget=forms.HiddenInput)


class MoveForm(VersionedForm):
    """A relocation as far as it is known."""

    version = first_version_field()
    site = forms.CharField(label=_("Place of resettlement"), max_length=100)
    area_m2 = forms.DecimalField(
        label=_("Area of the new house (m²)"),
        min_value=Decimal(0),
        max_digits=6,
        decimal_places=2,
        widget=forms.TextInput(attrs=NUMBER),
        error_messages={"invalid": _("Enter a number as 75 or 75.5.")},
    )
    persons = forms.IntegerField(
        label=_("Persons who move"),
        min_value=1,
        max_value=99,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    own_debt = yuan_field(_("Own debt (yuan)"), initial=0)
    moved_in_on = day_field(_("Moved in on"), required=False)
    old_house_gone_on = day_field(_("Old house demolished on"), required=False)

    def home(self) -> Home:
        """The relocation as entered; the form is valid."""
        said = {key: value for key, value in self.cleaned_data.items() if key != "version"}
        return Home(**said)


class CourseForm(VersionedForm):
    """A course of a person."""

    version = first_version_field()
    subject = forms.CharField(label=_("Subject"), max_length=80)
    first_day = day_field(_("First day"))
    last_day = day_field(_("Last day"))

    def taught(self) -> Taught:
        """The course as entered; the form is valid."""
        said = self.cleaned_data
        return Taught(said["subject"], said["first_day"], said["last_day"])


class CertificateForm(VersionedForm):
    """The certificate of a course."""

    certificate = forms.CharField(label=_("Certificate"), max_length=80)
    certified_on = day_field(_("Certified on"))
