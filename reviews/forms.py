"""Input of the review pages."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from divisions.forms import DivisionField
from divisions.models import Division, Level
from divisions.scope import reaches
from households.explain import LABELS, amount, in_order
from households.models import Standard
from households.models.households import STATE_CHOICES
from households.rules import GAPS, LACKS, fen
from officers.models import Officer
from reviews.models import KIND_NAMES
from reviews.queries.histogram import band_label
from reviews.queries.proposals import ANSWERS, Wanted
from reviews.queries.standards import standards_to_try
from reviews.rules import band_range
from trail.dates import business_date
from trail.forms import PlainForm

NEAR = [
    ("", _("any distance")),
    ("-1:0", _("within 2.5 %")),
    ("-2:1", _("within 5 %")),
    ("-4:3", _("within 10 %")),
    ("0:0", _("just above the line (0 to 2.5 %)")),
    ("-1:-1", _("just below the line (0 to 2.5 %)")),
]


class StandardChoiceField(forms.ModelChoiceField):
    """A standard by its year, its line and its number."""

    def label_from_instance(self, standard: Standard) -> str:
        said = {
            "year": standard.year,
            "line": amount(fen(standard.line)),
            "place": standard.division.name,
            "number": standard.number,
        }
        if standard.number is None:
            return _("%(year)s · %(line)s · draft · %(place)s") % said
        return _("%(year)s · %(line)s · no. %(number)s · %(place)s") % said


class ProposeForm(PlainForm):
    """A review to propose. Whether one is possible is for the action to say.

    A dry run may name a `standard`; a review that counts is held to the one that holds.
    """

    year = forms.TypedChoiceField(label=_("Year"), coerce=int)
    division = DivisionField(
        label=_("Place"),
        levels=(Level.PROVINCE, Level.CITY, Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE),
    )
    dry_run = forms.BooleanField(
        label=_("Dry run: only look, nothing can be accepted"), required=False
    )
    standard = StandardChoiceField(
        label=_("Standard of the dry run"),
        queryset=Standard.objects.none(),
        required=False,
        empty_label=_("the one that holds in that year"),
        help_text=_(
            "What if another line held? A draft or the standard of another year can be tried."
        ),
        error_messages={"invalid_choice": _("Choose a standard of the list.")},
    )

    def __init__(self, *args: object, officer: Officer, **kwargs: object):
        super().__init__(*args, **kwargs)
        self.fields["division"].officer = officer
        years = Standard.objects.published().order_by("-year").values_list("year", flat=True)
        self.fields["year"].choices = [(year, str(year)) for year in years.distinct()]
        begun = years.filter(year__lte=business_date().year)
        self.initial.setdefault("year", begun.first())
        self.fields["standard"].queryset = standards_to_try(officer)

    def clean(self) -> None:
        known = self.cleaned_data
        if known.get("standard") and not known.get("dry_run"):
            self.add_error(
                "standard",
                _("Only a dry run can name a standard. Tick dry run, or leave this empty."),
            )


class CancelForm(PlainForm):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        help_text=_("It is kept in the trace. No names."),
        error_messages={"required": _("Say why the review is cancelled.")},
    )


class ProposalFilterForm(PlainForm):
    """Which proposals of a review to list. A division outside the posting is an error."""

    division = forms.CharField(label=_("Place"), required=False, max_length=12, widget=forms.Select)
    kind = forms.TypedChoiceField(
        label=_("Proposal"),
        required=False,
        choices=[("", _("all")), *((kind.value, name) for kind, name in KIND_NAMES.items())],
        coerce=int,
        empty_value=None,
    )
    state = forms.TypedChoiceField(
        label=_("State then"),
        required=False,
        choices=[("", _("all")), *STATE_CHOICES],
        coerce=int,
        empty_value=None,
    )
    answer = forms.ChoiceField(
        label=_("Decision"),
        required=False,
        choices=[("", _("all")), *((name, label) for name, (label, _which) in ANSWERS.items())],
    )
    near = forms.ChoiceField(label=_("Distance to the line"), required=False, choices=NEAR)
    lack = forms.ChoiceField(
        label=_("Lacks"),
        required=False,
        choices=[
            ("", _("anything or nothing")),
            *((name, LABELS[name]) for name in in_order(LACKS)),
        ],
    )
    gap = forms.ChoiceField(
        label=_("Unknown"),
        required=False,
        choices=[
            ("", _("anything or nothing")),
            *((name, LABELS[name]) for name in in_order(GAPS)),
        ],
    )

    def __init__(self, *args: object, officer: Officer, **kwargs: object):
        super().__init__(*args, **kwargs)
        self.officer = officer
        self._offer_distance(str(self.data.get("near", "")))

    def _offer_distance(self, bands: str) -> None:
        """Let the select offer any bands that an address names."""
        field = self.fields["near"]
        if not field.valid_value(bands):
            try:
                field.choices = [*NEAR, (bands, band_label(*band_range(bands)))]
            except ValueError:
                return

    def clean_division(self) -> str:
        code = self.cleaned_data["division"]
        if code and not (reaches(self.officer, code) and Division.objects.filter(pk=code).exists()):
            raise forms.ValidationError(_("Choose a place within your posting."), code="unknown")
        return code

    def offer(self, here: Division, below: Iterable[Division], whole: str) -> None:
        """Let the select offer the place listed now and those below it; `whole` needs no filter."""
        options = [("" if here.pk == whole else here.pk, here.name)]
        self.fields["division"].widget.choices = [*options, *((d.pk, d.name) for d in below)]

    def wanted(self) -> Wanted:
        """The filter; a faulty field does not narrow."""
        known = self.cleaned_data
        return Wanted(
            division=known.get("division", ""),
            kind=known.get("kind"),
            lack=known.get("lack", ""),
            gap=known.get("gap", ""),
            state=known.get("state"),
            answer=known.get("answer", ""),
            near=known.get("near", ""),
        )
