"""Input of the measures of villages: the list, whom they serve, how their income is shared out."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assistance.actions.distributing import Entry, Part
from assistance.models import TransferKind
from assistance.queries.villages import Candidate, Served
from assistance.rules.distributing import Basis, Claim, Whom, proposed_parts
from households.rules import fen
from teams.forms.judged import JudgedForm, day_field, key_field, reason_field
from teams.forms.versioned import VersionedForm
from trail.forms import PlainForm

FIRST_YEAR = 2014
SHARE_DIGITS, SUM_DIGITS = 10, 12
BASES = (
    (Basis.SHARE.value, gettext_lazy("by share")),
    (Basis.EQUAL.value, gettext_lazy("in equal parts")),
    (Basis.PERSONS.value, gettext_lazy("by persons")),
)
WHOM = (
    (Whom.ALL.value, gettext_lazy("among all of them")),
    (Whom.WEAK.value, gettext_lazy("among those with little labour")),
)


def money_field(label: Any, *, digits: int = SHARE_DIGITS, **more: Any) -> forms.DecimalField:
    """Yuan with at most two places."""
    text = gettext_lazy("Enter yuan with at most two places, such as 1200.50.")
    codes = ("invalid", "max_digits", "max_decimal_places", "max_whole_digits")
    return forms.DecimalField(
        label=label,
        max_digits=digits,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "short"}),
        error_messages=dict.fromkeys(codes, text),
        **more,
    )


class YearForm(PlainForm):
    """Which place and year (GET). An odd value narrows nothing."""

    division = forms.CharField(required=False, max_length=12, widget=forms.HiddenInput)
    year = forms.TypedChoiceField(label=gettext_lazy("Year"), required=False, coerce=int)

    def __init__(self, data: Any, *, today: date):
        super().__init__(data)
        years = range(today.year, FIRST_YEAR - 1, -1)
        self.fields["year"].choices = [(str(year), str(year)) for year in years]  # type: ignore[attr-defined]

    def chosen(self, name: str) -> Any:
        """The sound value of a field, "" for none."""
        self.is_valid()
        return self.cleaned_data.get(name) or ""


class VillageListForm(YearForm):
    """The same with all years, and one kind of measure."""

    code = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, today: date):
        super().__init__(data, today=today)
        field: Any = self.fields["year"]
        field.choices = [("", _("all years")), *field.choices]


class AddForm(VersionedForm):
    """A tick and a share for each household that the measure does not serve yet."""

    since = day_field(gettext_lazy("Since"))

    def __init__(self, *args: Any, candidates: Sequence[Candidate], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.candidates = candidates
        for one in candidates:
            named = {"name": one.head}
            self.fields[f"tick_{one.household.pk}"] = forms.BooleanField(
                label=_("%(name)s is served") % named, required=False
            )
            self.fields[f"share_{one.household.pk}"] = money_field(
                _("Share of %(name)s (yuan)") % named, required=False
            )

    def clean(self) -> dict[str, Any]:
        """A share belongs to a tick."""
        known = super().clean() or self.cleaned_data
        for one in self.candidates:
            key = one.household.pk
            if known.get(f"share_{key}") is not None and not known.get(f"tick_{key}"):
                self.take([(f"share_{key}", _("tick the household as well, or empty this."))])
        return known

    def shares(self) -> dict[int, Decimal | None]:
        """The ticked households with their shares; the form is valid."""
        known = self.cleaned_data
        keys = [one.household.pk for one in self.candidates]
        return {key: known[f"share_{key}"] for key in keys if known[f"tick_{key}"]}

    def rows(self) -> list[tuple[Candidate, forms.BoundField, forms.BoundField]]:
        """Each household with its two fields."""
        return [
            (one, self[f"tick_{one.household.pk}"], self[f"share_{one.household.pk}"])
            for one in self.candidates
        ]


class ChangeForm(VersionedForm):
    """The share of each household that is served, and a tick to end it."""

    last_day = day_field(gettext_lazy("Last day of those whose part ends"))

    def __init__(self, *args: Any, served: Sequence[Served], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.served = served
        for one in served:
            key, named = one.beneficiary.pk, {"name": one.head}
            self.fields[f"share_{key}"] = money_field(
                _("Share of %(name)s (yuan)") % named,
                required=False,
                initial=one.beneficiary.share,
            )
            self.fields[f"end_{key}"] = forms.BooleanField(
                label=_("%(name)s is served no longer") % named, required=False
            )

    def shares(self) -> dict[int, Decimal | None]:
        """The shares by the keys of the beneficiaries; the form is valid."""
        keys = [one.beneficiary.pk for one in self.served]
        return {key: self.cleaned_data[f"share_{key}"] for key in keys}

    def ended(self) -> set[int]:
        """Whose part ends, by their keys."""
        keys = [one.beneficiary.pk for one in self.served]
        return {key for key in keys if self.cleaned_data[f"end_{key}"]}

    def rows(self) -> list[tuple[Served, forms.BoundField, forms.BoundField]]:
        """Each household with its two fields."""
        return [
            (one, self[f"share_{one.beneficiary.pk}"], self[f"end_{one.beneficiary.pk}"])
            for one in self.served
        ]


class DistributionForm(VersionedForm):
    """A sum with the part of each household, as one table.

    The proposal fills the parts in; nothing is kept before the form is sent to be recorded.
    """

    key = key_field()
    year = forms.IntegerField(
        label=gettext_lazy("Year of the income"),
        min_value=FIRST_YEAR,
        max_value=9999,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "short"}),
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), gettext_lazy("Enter a year as 2020.")
        ),
    )
    total = money_field(gettext_lazy("Sum (yuan)"), digits=SUM_DIGITS)
    kept = money_field(
        gettext_lazy("Stays with the village (yuan)"),
        digits=SUM_DIGITS,
        required=False,
        help_text=gettext_lazy("For public works and upkeep; empty for nothing."),
    )
    decided_on = day_field(gettext_lazy("Decided by the villagers' meeting on"))
    paid_on = day_field(gettext_lazy("Paid on"))
    note = forms.CharField(label=gettext_lazy("Remark"), max_length=200, required=False)
    basis = forms.ChoiceField(label=gettext_lazy("Divide"), choices=BASES)
    whom = forms.ChoiceField(label=gettext_lazy("Among whom"), choices=WHOM)

    HEAD = ("year", "total", "kept", "decided_on", "paid_on", "note")

    def __init__(self, *args: Any, served: Sequence[Served], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.served = served
        for one in served:
            key, named = one.household.pk, {"name": one.head}
            self.fields[f"amount_{key}"] = money_field(
                _("Part of %(name)s (yuan)") % named, required=False
            )
            self.fields[f"kind_{key}"] = forms.ChoiceField(
                label=_("%(name)s gets it for") % named,
                choices=TransferKind.choices,
                initial=TransferKind.DIVIDEND,
            )

    @property
    def head_fields(self) -> list[forms.BoundField]:
        """What is said of the sum."""
        return [self[name] for name in self.HEAD]

    def propose(self, claims: Iterable[Claim]) -> None:
        """Fill the parts in by the chosen basis, where sum and kept sum stand; else say so."""
        needed = ("total", "kept", "basis", "whom")
        self.full_clean()
        faults = {name: list(self.errors[name]) for name in needed if name in self.errors}
        known = self.cleaned_data
        parts: dict[int, int] = {}
        if not faults:
            left = fen(known["total"]) - fen(known["kept"] or Decimal(0))
            parts = proposed_parts(left, claims, Basis(known["basis"]), Whom(known["whom"]))
        self._fill(parts)
        for name, texts in faults.items():
            for text in texts:
                self.add_error(name, text)
        if not faults and not parts:
            self.take([("basis", _("nobody has a part by it. Choose another way."))])

    def _fill(self, parts: dict[int, int]) -> None:
        data = QueryDict(mutable=True)
        data.update(self.data)
        for one in self.served if parts else ():
            part = parts.get(one.household.pk)
            text = f"{Decimal(part).scaleb(-2):.2f}" if part else ""
            data[f"amount_{one.household.pk}"] = text
        self.data = data
        self._errors = forms.utils.ErrorDict()

    def entry(self) -> Entry:
        """What was entered; the form is valid."""
        known = self.cleaned_data
        keys = [one.household.pk for one in self.served]
        return Entry(
            key=known["key"],
            year=known["year"],
            total=known["total"],
            kept=known["kept"] or Decimal(0),
            decided_on=known["decided_on"],
            paid_on=known["paid_on"],
            note=known["note"],
            parts={
                key: Part(TransferKind(known[f"kind_{key}"]), known[f"amount_{key}"])
                for key in keys
                if known[f"amount_{key}"] is not None
            },
        )

    def rows(self) -> list[tuple[Served, forms.BoundField, forms.BoundField]]:
        """Each household with its two fields."""
        return [
            (one, self[f"amount_{one.household.pk}"], self[f"kind_{one.household.pk}"])
            for one in self.served
        ]


class WithdrawForm(JudgedForm):
    """Why a distribution is taken back."""

    reason = reason_field()
