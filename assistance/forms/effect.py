"""What the effect of help is asked for."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assistance.forms.villages import YearForm
from assistance.models import Measure
from assistance.queries.effect import Asked, Base
from divisions.models import DIGITS, Division, Level
from households import codes


class EffectForm(YearForm):
    """Which place, year and measures, over which base (GET). An odd value narrows nothing."""

    category = forms.ChoiceField(label=_("Category"), required=False)
    measure = forms.ChoiceField(label=_("Measure"), required=False)
    base = forms.ChoiceField(
        label=_("Of whom"),
        required=False,
        choices=[(one.value, one.label) for one in (Base.SUPPORTED, Base.REGISTERED)],
    )

    def __init__(self, data: Any, *, today: date, measures: Iterable[Measure]):
        super().__init__(data, today=today)
        fields: Any = self.fields
        fields["year"].choices = [("", _("all years")), *fields["year"].choices]
        fields["category"].choices = [("", _("all categories")), *codes.choices("need")]
        fields["measure"].choices = [("", _("all measures")), *self._offered(measures)]

    def _offered(self, measures: Iterable[Measure]) -> list[tuple[str, str]]:
        """The measures of the chosen category; all of them without one."""
        chosen = self.data.get("category", "")
        return [(one.code, one.name) for one in measures if chosen in ("", one.category)]

    def asked(self, place: Division) -> Asked:
        """What is asked for; what is odd is left out."""
        return Asked(
            code=place.pk,
            digits=DIGITS[Level(min(place.level + 1, Level.VILLAGE))],
            year=self.chosen("year") or None,
            base=Base(self.chosen("base") or Base.SUPPORTED),
            category=self.chosen("category"),
            measure=self.chosen("measure"),
        )
