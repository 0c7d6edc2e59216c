"""Input of plans: the list, a plan, its measures, signatures and reasons."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from assistance.actions.plan_items import ItemEntry
from assistance.actions.planning import LONGEST_GOAL, Chosen, Frame
from assistance.forms.delivering import yuan_field
from assistance.models import Measure
from assistance.models.catalogue import choices
from assistance.models.plans import SOURCE_NAMES
from assistance.procedure import SIGNING_WAYS
from assistance.queries.plan_list import KIND_LABELS, Kind
from assistance.rules.measures import Unit
from assistance.rules.planning import plan_years
from teams.forms.judged import JudgedForm, day_field, reason_field, text_area
from teams.forms.versioned import VersionedForm
from trail.forms import PlainForm

FIRST_YEAR = 2014
Person = tuple[int, str]


class PlanListForm(PlainForm):
    """Which plans a list shows (GET): of which place, year and kind."""

    division = forms.CharField(required=False, widget=forms.HiddenInput, max_length=12)
    year = forms.TypedChoiceField(label=_("Year"), required=False, coerce=int)
    kind = forms.ChoiceField(
        label=_("Plans"),
        required=False,
        choices=[(kind.value, label) for kind, label in KIND_LABELS.items()],
    )

    def __init__(self, data: Any, *, today: date):
        shown = data.copy()
        shown.setdefault("year", str(today.year))
        super().__init__(shown)
        years = range(plan_years(today)[-1], FIRST_YEAR - 1, -1)
        self.fields["year"].choices = [(year, str(year)) for year in years]  # type: ignore[attr-defined]
        self.today = today

    def wanted_year(self) -> int:
        """The year; this one where none, or an odd one, is named."""
        return (self.cleaned_data.get("year") if self.is_valid() else None) or self.today.year

    def wanted_kind(self) -> Kind:
        """The kind of plans; all where none, or an odd one, is named."""
        return Kind((self.cleaned_data.get("kind") if self.is_valid() else None) or Kind.ALL)


class FrameForm(JudgedForm):
    """What a plan is to reach, and who answers for it; `helpers` are (key, name)."""

    goal = text_area(
        _("Goal of the year"),
        max_length=LONGEST_GOAL,
        help_text=_("What will be better for them by the end of the year. It is kept sealed."),
    )
    target_income = yuan_field(
        _("Target income a person (yuan)"),
        required=False,
        help_text=_("What a person of the household is to have in the year."),
    )
    helper = forms.TypedChoiceField(
        label=_("Responsible helper"), required=False, coerce=int, empty_value=None
    )

    def __init__(self, *args: Any, helpers: Iterable[Person], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["helper"].choices = [("", _("nobody yet")), *helpers]  # type: ignore[attr-defined]

    def frame(self) -> Frame:
        """What was entered."""
        known = self.cleaned_data
        return Frame(known["goal"], known["target_income"], known["helper"])


class NewPlanForm(FrameForm):
    """A plan that is to be drafted, with the recommended measures to tick."""

    year = forms.TypedChoiceField(label=_("Year"), coerce=int, widget=forms.HiddenInput)
    measures = forms.MultipleChoiceField(
        label=_("Measures"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "From the causes, the people and the house as they are on the register. Those of the"
            " first rank are ticked. Others can be added later."
        ),
    )

    def __init__(
        self, *args: Any, years: Sequence[int], offered: Sequence[tuple[str, Chosen]], **kwargs: Any
    ):
        super().__init__(*args, **kwargs)
        self.offered = {key_of(chosen): chosen for _label, chosen in offered}
        self.fields["year"].choices = [(year, str(year)) for year in years]  # type: ignore[attr-defined]
        if offered:
            named = [(key_of(chosen), label) for label, chosen in offered]
            self.fields["measures"].choices = named  # type: ignore[attr-defined]
        else:
            del self.fields["measures"]

    def chosen(self) -> list[Chosen]:
        """The ticked measures."""
        return [self.offered[key] for key in self.cleaned_data.get("measures", [])]


def key_of(chosen: Chosen) -> str:
    """How a tick names a measure and the member that it is for."""
    return f"{chosen.code}:{chosen.member or ''}"


class ChangeFrameForm(VersionedForm, FrameForm):
    """A draft's goal, target and helper, changed with a reason."""

    reason = reason_field()


class ItemForm(VersionedForm):
    """A measure of a draft; `version` is that of the plan's case."""

    member = forms.TypedChoiceField(label=_("For whom"), coerce=int)
    content = forms.CharField(
        label=_("What exactly"),
        required=False,
        max_length=200,
        help_text=_(
            "Such as 20 laying hens, or a course for welders. Name no person and no illness."
        ),
    )
    planned = yuan_field(_("Planned amount of the year (yuan)"))
    funding = forms.ChoiceField(
        label=_("Source of funds"),
        required=False,
        choices=[("", _("none needed")), *choices(SOURCE_NAMES)],
    )
    responsible = forms.TypedChoiceField(
        label=_("Responsible"), required=False, coerce=int, empty_value=None
    )
    starts_on = day_field(_("Start"))
    due_on = day_field(_("Due"))
    confirmed = forms.BooleanField(
        label=_("I checked the conditions and they are met"), required=False
    )

    def __init__(
        self,
        *args: Any,
        measure: Measure,
        people: Iterable[Person],
        helpers: Iterable[Person],
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        self.measure = measure
        if measure.unit == Unit.PERSON:
            self.fields["member"].choices = [("", _("choose")), *people]  # type: ignore[attr-defined]
        else:
            del self.fields["member"]
        self.fields["responsible"].choices = [("", _("nobody yet")), *helpers]  # type: ignore[attr-defined]

    def entry(self) -> ItemEntry:
        """What was entered."""
        known = self.cleaned_data
        return ItemEntry(
            code=self.measure.code,
            planned=known["planned"],
            starts_on=known["starts_on"],
            due_on=known["due_on"],
            member=known.get("member"),
            content=known["content"],
            funding=known["funding"],
            responsible=known["responsible"],
            confirmed=known["confirmed"],
        )


class ChangeItemForm(ItemForm):
    """A measure that stands in the plan already, changed with a reason."""

    reason = reason_field()


class ReasonForm(VersionedForm):
    """Why something is done with a draft that the officer saw."""

    reason = reason_field()


class BeginForm(JudgedForm):
    """Why an agreed plan is to be changed."""

    reason = reason_field()


class SignForm(VersionedForm):
    """The signatures of helper and head; `version` is that of the plan's case."""

    head_signed_on = day_field(_("Signed by the head on"))
    signer = forms.CharField(
        label=_("Who signed"),
        max_length=50,
        help_text=_("The head, or an adult of the household; for a village, who chaired."),
    )
    way = forms.ChoiceField(label=_("Kept as"), widget=forms.RadioSelect)
    helper_signed_on = day_field(_("Signed by the helper on"))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["way"].choices = [(key, _g(label)) for key, label in SIGNING_WAYS]  # type: ignore[attr-defined]

    def evidence(self) -> dict[str, Any]:
        """The entries as the procedure names them."""
        return {name: self.cleaned_data[name] for name in self.fields if name != "version"}


class TakeUpForm(VersionedForm):
    """That a returned plan is worked on again."""


class CarryForm(JudgedForm):
    """That what is unfinished goes into the plan of the next year."""
