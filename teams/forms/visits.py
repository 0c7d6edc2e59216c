"""Input of a visit, of taking it back, and of the lists of visits."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from teams.actions.todo import LONGEST_TEXT, Problem
from teams.actions.visits import Entry
from teams.forms.judged import JudgedForm, day_field, key_field, reason_field, text_area, ticks
from teams.models import Met, Topic
from teams.queries.unvisited import ALL, KINDS
from teams.rules.visiting import MOST_PROBLEMS
from trail.forms import PlainForm
from workflow.forms import FilesField

LONGEST_VISIT = 2000
NUMBERS = range(1, MOST_PROBLEMS + 1)
PARTS = ("text", "assignee", "due_on")


def month_text(month: date) -> str:
    """A month as an address names it: 2020-05."""
    return f"{month:%Y-%m}"


class VisitForm(JudgedForm):
    """A visit with up to three problems, each with who solves it by when, and photos."""

    key = key_field()
    day = day_field(_("Day of the visit"))
    met = ticks(_("Who was met"), Met.choices)
    topics = ticks(_("What it was about"), Topic.choices)
    text = text_area(
        _("What was seen and said"),
        help_text=_("In your own words, as spoken. It is kept sealed."),
        required=False,
        max_length=LONGEST_VISIT,
    )

    def __init__(self, *args: Any, assignees: Iterable[tuple[int, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        people = [("", ""), *assignees]
        for number in NUMBERS:
            counted = {"number": number}
            self.fields[f"problem{number}_text"] = forms.CharField(
                label=gettext("Problem %(number)s: what is to be done") % counted,
                required=False,
                max_length=LONGEST_TEXT,
                widget=forms.Textarea(attrs={"rows": 2}),
            )
            self.fields[f"problem{number}_assignee"] = forms.TypedChoiceField(
                label=gettext("Problem %(number)s: who does it") % counted,
                required=False,
                coerce=int,
                empty_value=None,
                choices=people,
            )
            due = day_field(gettext("Problem %(number)s: to be done by") % counted, required=False)
            self.fields[f"problem{number}_due_on"] = due
        self.fields["photos"] = FilesField(
            label=_("Photos"),
            required=False,
            help_text=_("Up to 5 files, together at most 20 MB. A phone can take the photo now."),
        )

    @property
    def first_fields(self) -> list[forms.BoundField]:
        """The visit itself."""
        return [self[name] for name in ("key", "day", "met", "topics", "text")]

    @property
    def problem_groups(self) -> list[tuple[int, list[forms.BoundField], bool]]:
        """For each problem its number, its fields, and whether something stands in one of them."""
        groups = []
        for number in NUMBERS:
            bound = [self[f"problem{number}_{part}"] for part in PARTS]
            groups.append((number, bound, any(one.value() or one.errors for one in bound)))
        return groups

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        for number in NUMBERS:
            names = [f"problem{number}_{part}" for part in PARTS]
            if not any(said.get(name) for name in names):
                continue
            missing = [n for n in names if not said.get(n) and n not in self.errors]
            text = gettext("fill this in, or empty the whole problem.")
            self.take((name, text) for name in missing)
        return said

    def entry(self) -> Entry:
        """The visit as entered; the form is valid."""
        said = self.cleaned_data
        problems = [
            Problem(*(said[f"problem{number}_{part}"] for part in PARTS))
            for number in NUMBERS
            if said[f"problem{number}_text"]
        ]
        return Entry(
            key=said["key"],
            day=said["day"],
            met=tuple(said["met"]),
            topics=tuple(said["topics"]),
            text=said["text"],
            problems=tuple(problems),
        )


class WithdrawVisitForm(JudgedForm):
    """Why a visit is taken back."""

    reason = reason_field()


class KindForm(PlainForm):
    """Which households to show: all of them, or those that were not visited for long."""

    division = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, labels: Iterable[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["kind"] = forms.ChoiceField(
            label=_("Households"),
            required=False,
            choices=labels,
            error_messages={"invalid_choice": _("Choose one of the kinds.")},
        )

    def wanted_kind(self) -> str:
        """One of KINDS; all where none, or no such one, is chosen."""
        self.is_valid()
        chosen = self.cleaned_data.get("kind", "")
        return chosen if chosen in KINDS else ALL


class MonthForm(PlainForm):
    """Which month of which place."""

    division = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, months: Iterable[date], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.months = {month_text(one): one for one in months}
        self.fields["month"] = forms.ChoiceField(
            label=_("Month"),
            required=False,
            choices=[(text, text) for text in self.months],
            error_messages={"invalid_choice": _("Choose one of the months.")},
        )

    def wanted_month(self) -> date:
        """The first day of the chosen month; the first of those offered where none is chosen."""
        self.is_valid()
        chosen = self.cleaned_data.get("month", "")
        return self.months.get(chosen) or next(iter(self.months.values()))


class WhoseMonthForm(MonthForm):
    """Which month of which place, and of whom."""

    def __init__(self, *args: Any, people: Iterable[tuple[int, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["person"] = forms.TypedChoiceField(
            label=_("Whose"),
            required=False,
            coerce=int,
            empty_value=None,
            choices=[("", _("everybody")), *people],
            error_messages={"invalid_choice": _("Choose one of those offered.")},
        )

    def wanted_person(self) -> int | None:
        """The key of the chosen person; None for everybody."""
        self.is_valid()
        return self.cleaned_data.get("person")
