"""Input of the yearly evaluation of a plan."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assistance.actions.evaluating import Evaluation, Said
from assistance.models import Item
from assistance.queries.evaluations import OUTCOME_NAMES, SATISFACTION_NAMES
from assistance.rules.effect import Outcome
from teams.forms.judged import text_area
from teams.forms.versioned import VersionedForm

LONGEST_WORDS, LONGEST_REMARK = 1000, 200


class EvaluationForm(VersionedForm):
    """Satisfaction and words of the household, and what came of each measure."""

    satisfaction = forms.TypedChoiceField(
        label=gettext_lazy("How satisfied the household is"),
        coerce=int,
        choices=[(str(grade), name) for grade, name in SATISFACTION_NAMES.items()],
        widget=forms.RadioSelect,
    )
    words = text_area(
        gettext_lazy("What the household says"),
        help_text=gettext_lazy("In its own words. They are kept sealed."),
        required=False,
        max_length=LONGEST_WORDS,
    )

    def __init__(self, *args: Any, items: Sequence[Item], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.items = items
        for one in items:
            named = {"name": name_of(one)}
            self.fields[f"outcome_{one.pk}"] = forms.ChoiceField(
                label=_("What came of it: %(name)s") % named,
                choices=[("", ""), *((key.value, name) for key, name in OUTCOME_NAMES.items())],
            )
            self.fields[f"remark_{one.pk}"] = forms.CharField(
                label=_("Remark: %(name)s") % named,
                required=False,
                max_length=LONGEST_REMARK,
            )

    @property
    def first_fields(self) -> list[forms.BoundField]:
        """What the household says."""
        return [self[name] for name in ("version", "satisfaction", "words")]

    def rows(self) -> list[tuple[Item, forms.BoundField, forms.BoundField]]:
        """Each measure with its two fields."""
        return [(one, self[f"outcome_{one.pk}"], self[f"remark_{one.pk}"]) for one in self.items]

    def evaluation(self) -> Evaluation:
        """What was entered; the form is valid."""
        known = self.cleaned_data
        said = {
            one.pk: Said(Outcome(known[f"outcome_{one.pk}"]), known[f"remark_{one.pk}"])
            for one in self.items
        }
        return Evaluation(known["satisfaction"], known["words"], said)


def name_of(item: Item) -> str:
    """A measure with the person it is for."""
    return f"{item.measure.name} ({item.member.name})" if item.member else item.measure.name
