"""Input about villages and counties: lists, proposals, judgements, indicators, evaluations."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exits.actions.counties import Report
from exits.actions.indicators import Entry
from exits.actions.villages import NOTE_LENGTH, Finding
from exits.importing.sample import COUNTED, MOST_BYTES
from exits.models import Evaluation, Indicator
from exits.rules.counties import Sample
from households.village_fields import DECIMAL_DIGITS, PARTS, fields
from teams.forms.judged import JudgedForm, day_field, text_area
from teams.forms.seen import SeenForm
from trail.dates import business_date
from trail.forms import PlainForm

FIRST_YEAR = 2014
"""Limits and indicators of exits hold from this year on."""

SEPARATORS = re.compile(r"[\s,;，；、]+")
YES_NO = (("1", gettext_lazy("yes")), ("0", gettext_lazy("no")))
MOST_PEOPLE = 100_000_000
EXPLANATION_LENGTH = 500
COLUMNS = {column.name: column for column in Evaluation._meta.fields}


def which_years(first: int, last: int) -> str:
    """Which years can be asked for."""
    return _("Choose a year from %(first)s to %(last)s.") % {"first": first, "last": last}


class PlaceYearForm(PlainForm):
    """Which place and year (GET). An odd value narrows nothing and is told at its field."""

    division = forms.CharField(required=False, max_length=12, widget=forms.HiddenInput)
    year = forms.TypedChoiceField(label=gettext_lazy("Year"), required=False, coerce=int)

    def __init__(self, data: QueryDict, *, first: int, last: int, default: int):
        asked = data.copy()
        asked.setdefault("year", str(default))
        super().__init__(asked)
        years = range(last, first - 1, -1)
        self.fields["year"].choices = [(str(year), str(year)) for year in years]  # type: ignore[attr-defined]
        self.fields["year"].error_messages["invalid_choice"] = which_years(first, last)
        self.default = default

    def wanted_year(self) -> int:
        """The year that is asked for, else the default."""
        self.is_valid()
        return self.cleaned_data.get("year") or self.default


class ListPlacesForm(JudgedForm):
    """Places that a decision put onto the list, by their codes."""

    codes = text_area(
        gettext_lazy("Codes"),
        max_length=20_000,
        help_text=gettext_lazy("One code on each line; several at once."),
    )
    listed_on = day_field(gettext_lazy("Day of the decision"))
    source = forms.CharField(
        label=gettext_lazy("Source"),
        max_length=200,
        help_text=gettext_lazy("The paper that names the places, with its number."),
    )

    def wanted(self) -> list[str]:
        """The codes that were written."""
        return [code for code in SEPARATORS.split(self.cleaned_data["codes"].strip()) if code]


class ProposeForm(JudgedForm):
    """A proposal on just the figures that the page shows: `seen` is their digest."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    year = forms.IntegerField(
        min_value=0, max_value=9999, widget=forms.HiddenInput(attrs={"id": "proposed_year"})
    )

    def clean_year(self) -> int:
        """A year for which limits hold, this one at the latest."""
        year: int = self.cleaned_data["year"]
        last = business_date().year
        if not FIRST_YEAR <= year <= last:
            raise ValidationError(which_years(FIRST_YEAR, last), code="year")
        return year


class JudgeForm(JudgedForm):
    """What somebody found about an indicator without a figure."""

    met = forms.TypedChoiceField(
        label=gettext_lazy("Is it met?"),
        choices=YES_NO,
        coerce=lambda text: text == "1",
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=gettext_lazy("What was found"), max_length=NOTE_LENGTH)
    on = day_field(gettext_lazy("Day"))

    def finding(self) -> Finding:
        """What was entered."""
        known = self.cleaned_data
        return Finding(known["met"], known["note"], known["on"])


def bound_field(label: Any) -> forms.DecimalField:
    """The end of a range; it can stay open."""
    text = gettext_lazy("Enter a number with at most two places, such as 5.00.")
    codes = ("invalid", "max_digits", "max_decimal_places", "max_whole_digits")
    return forms.DecimalField(
        label=label,
        required=False,
        max_digits=DECIMAL_DIGITS,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "short"}),
        error_messages=dict.fromkeys(codes, text),
    )


class IndicatorForm(SeenForm):
    """A version of an indicator; `seen` is the key of the newest that the officer saw."""

    year = forms.TypedChoiceField(label=gettext_lazy("From year"), coerce=int)
    name_zh = forms.CharField(label=gettext_lazy("Name in Chinese"), max_length=60)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=80)
    field = forms.ChoiceField(
        label=gettext_lazy("Figure of the record"),
        required=False,
        help_text=gettext_lazy("Without a figure somebody judges it in each case."),
    )
    least = bound_field(gettext_lazy("At least"))
    most = bound_field(gettext_lazy("At most"))
    vetoes = forms.TypedChoiceField(
        label=gettext_lazy("Stops the exit when it is not met"),
        choices=YES_NO,
        coerce=lambda text: text == "1",
        widget=forms.RadioSelect,
    )
    asked = forms.TypedChoiceField(
        label=gettext_lazy("Is asked from that year on"),
        choices=YES_NO,
        coerce=lambda text: text == "1",
        widget=forms.RadioSelect,
    )
    source = forms.CharField(label=gettext_lazy("Source"), max_length=200)

    def __init__(self, *args: Any, years: Sequence[int], before: Indicator | None, **kwargs: Any):
        initial: dict[str, Any] = {"year": years[1], "vetoes": "0", "asked": "1"}
        if before:
            names = ("name_zh", "name_en", "field", "least", "most")
            initial |= {name: getattr(before, name) for name in names}
            initial |= {"vetoes": "1" if before.vetoes else "0", "seen": str(before.pk)}
        super().__init__(*args, **kwargs | {"initial": initial})
        groups = [
            (title, [(one.name, str(one)) for one in fields().values() if one.part == part])
            for part, title in PARTS.items()
        ]
        self.fields["year"].choices = [(str(year), str(year)) for year in years]  # type: ignore[attr-defined]
        self.fields["field"].choices = [("", _("none: it is judged")), *groups]  # type: ignore[attr-defined]

    def entry(self) -> Entry:
        """What was entered."""
        known = self.cleaned_data
        return Entry(**{name: known[name] for name in Entry.__dataclass_fields__})


class NewIndicatorForm(IndicatorForm):
    """A new indicator of the province."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=20,
        help_text=gettext_lazy("Capitals, digits and hyphens, such as INDUSTRY-2."),
    )
    field_order = ("code",)


def count_field(name: str) -> forms.IntegerField:
    """A count of an evaluation, named as its model names it."""
    return forms.IntegerField(
        label=capfirst(COLUMNS[name].verbose_name),
        min_value=0,
        max_value=MOST_PEOPLE,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "short"}),
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), gettext_lazy("Enter a whole number, 0 or more.")
        ),
    )


class ReportForm(JudgedForm):
    """The report of a special evaluation without the counts of its sample."""

    evaluator = forms.CharField(label=gettext_lazy("Who evaluated"), max_length=100)
    first_day = day_field(gettext_lazy("First day"))
    last_day = day_field(gettext_lazy("Last day"))
    remaining_poor = count_field("remaining_poor")
    exited_total = count_field("exited_total")
    unregistered_total = count_field("unregistered_total")
    rural_population = count_field("rural_population")
    explanation = text_area(
        gettext_lazy("Why the report differs from the register"),
        rows=3,
        required=False,
        max_length=EXPLANATION_LENGTH,
        help_text=gettext_lazy("Only where poor or exited persons or the population differ."),
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.order_fields([name for name in self.fields if name != "explanation"])

    def report(self, sampled: dict[str, int]) -> Report:
        """What was entered, with the counts of the sample."""
        known = self.cleaned_data
        whole = ("remaining_poor", "exited_total", "unregistered_total", "rural_population")
        sample = Sample(**sampled, **{name: known[name] for name in whole})
        first: date = known["first_day"]
        return Report(known["evaluator"], first, known["last_day"], sample, known["explanation"])


class EvaluationForm(ReportForm):
    """The report of a special evaluation with the counts of its sample."""

    exited_sampled = count_field("exited_sampled")
    wrongly_exited = count_field("wrongly_exited")
    unregistered_sampled = count_field("unregistered_sampled")
    missed = count_field("missed")
    households_asked = count_field("households_asked")
    households_approving = count_field("households_approving")

    def sampled(self) -> dict[str, int]:
        """The counts of the sample."""
        return {name: self.cleaned_data[name] for name in COUNTED}


class EvaluationFileForm(ReportForm):
    """The report of a special evaluation with a file that holds the counts village by village."""

    file = forms.FileField(
        label=gettext_lazy("File of the sample"),
        help_text=gettext_lazy("CSV or XLSX: a row for each village of the sample."),
        allow_empty_file=True,
        max_length=200,
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )

    def clean_file(self) -> UploadedFile:
        """A file of a size that can be read at once."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise ValidationError(_("The file is larger than 1 MB. Split it."), code="too_large")
        return file
