"""Input of training: a course, and who took part in it."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from teams.actions.training import Course, Part, course_of
from teams.forms.judged import JudgedForm, day_field
from teams.forms.seen import SeenForm
from teams.models import Training
from teams.queries.training import Participant

PASSED = (
    ("", gettext_lazy("not tested")),
    ("yes", gettext_lazy("passed")),
    ("no", gettext_lazy("not passed")),
)
ANSWERS = {"": None, "yes": True, "no": False}


class CourseForm(JudgedForm):
    """A course."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=100)
    place = forms.CharField(label=gettext_lazy("Place"), max_length=100, required=False)
    starts_on = day_field(gettext_lazy("First day"))
    last_day = day_field(gettext_lazy("Last day"))

    def entry(self) -> Course:
        """What was entered."""
        known = self.cleaned_data
        return Course(known["title"], known["place"], known["starts_on"], known["last_day"])


class CorrectCourseForm(SeenForm, CourseForm):
    """A course that stands already; `seen` is what the officer saw, in one line."""

    def stands_as(self, training: Training) -> bool:
        """Whether the course is still what the officer saw."""
        return self.cleaned_data["seen"] == mark_of(training)


def mark_of(training: Training) -> str:
    """A course in one line, to notice when somebody else changed it."""
    return "|".join(map(str, vars(course_of(training)).values()))


class ParticipantsForm(SeenForm):
    """A tick, days and a result for each person; `seen` marks what was on record."""

    def __init__(self, *args: Any, people: Sequence[Participant], days: int, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.people = people
        for one in people:
            self._add(one, days)

    def _add(self, one: Participant, days: int) -> None:
        name, key, row = one.cadre.name, one.cadre.pk, one.record
        self.fields[f"took_{key}"] = forms.BooleanField(
            label=_("%(name)s took part") % {"name": name},
            required=False,
            initial=row is not None,
        )
        text = _("Enter a number of days from 1 to %(most)s.") % {"most": days}
        self.fields[f"days_{key}"] = forms.IntegerField(
            label=_("Days of %(name)s") % {"name": name},
            required=False,
            min_value=1,
            max_value=days,
            initial=row.days if row else days,
            widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "short"}),
            error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), text),
        )
        self.fields[f"passed_{key}"] = forms.ChoiceField(
            label=_("Result of %(name)s") % {"name": name},
            required=False,
            choices=PASSED,
            initial=next(word for word, value in ANSWERS.items() if value is row.passed)
            if row
            else "",
        )

    def clean(self) -> dict[str, Any]:
        """Whoever took part did so for some days."""
        known = super().clean() or self.cleaned_data
        for one in self.people:
            name = f"days_{one.cadre.pk}"
            if known.get(f"took_{one.cadre.pk}") and known.get(name) is None and name in known:
                self.take([(name, _("fill this in."))])
        return known

    def parts(self) -> dict[int, Part]:
        """Who took part, by the keys of the cadres."""
        known = self.cleaned_data
        return {
            one.cadre.pk: Part(
                known[f"days_{one.cadre.pk}"], ANSWERS[known[f"passed_{one.cadre.pk}"]]
            )
            for one in self.people
            if known[f"took_{one.cadre.pk}"]
        }

    def rows(self) -> list[tuple[Participant, list[forms.BoundField]]]:
        """Each person with his three fields."""
        names = ("took", "days", "passed")
        return [(one, [self[f"{name}_{one.cadre.pk}"] for name in names]) for one in self.people]
