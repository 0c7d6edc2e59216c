"""Step 4: guarantees and living conditions, those that follow from other facts proposed."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from households.entry import fields
from households.entry.content import Value
from households.guarantees import Derived, Person, derived
from households.identity import InvalidNumber, read_identity
from households.rules import NOT_MET
from registry.pages.registering.forms.base import StepForm, Work

HOUSE = (
    "housing_grade", "housing_structure", "housing_m2", "water_source", "toilet", "electricity",
    "television", "fuel",
)  # fmt: skip
LAND = ("arable_mu", "forest_mu", "grassland_mu", "road_type", "road_km")
FOLLOWS = {
    "education": gettext_lazy("Cause: schooling. Help: schooling."),
    "medical": gettext_lazy("Cause: illness. Help: health."),
    "housing": gettext_lazy("Help: housing or relocation."),
    "water": gettext_lazy("Cause: lack of water. Help: infrastructure."),
    "food": gettext_lazy("Help: allowances."),
    "clothing": gettext_lazy("Help: allowances."),
}
"""What a guarantee that is not met suggests for the step of causes and needs."""


class LivingForm(StepForm):
    """Six guarantees, the house, land and road."""

    step = fields.LIVING
    value_names = (*fields.GUARANTEES, *HOUSE, *LAND)

    @classmethod
    def suggested(cls, work: Work) -> Mapping[str, Value]:
        """What the members and the grade say, where nothing is stated yet."""
        found = facts_say(work, grade=_earlier_grade(work))
        return {name: str(one.value) for name, one in found.items() if one.value is not None}

    def made_fields(self) -> dict[str, forms.Field]:
        made = super().made_fields()
        for name in (*HOUSE, *LAND):
            made[name].help_text = str(fields.BY_STEP[self.step][name].unit)
        for name, one in self.derived.items():
            made[name].help_text = _(one.sentence) % one.params
        return made

    @cached_property
    def derived(self) -> dict[str, Derived]:
        """What the other facts say of three guarantees."""
        grade = self.typed_content.values.get("housing_grade", "")
        return facts_say(self.work, grade=str(grade) or _earlier_grade(self.work))

    @property
    def guarantees(self) -> list[dict[str, Any]]:
        """Each guarantee with what differs from the other facts, and what follows if not met."""
        found = []
        for name in fields.GUARANTEES:
            stated, known = self.typed_content.values.get(name), self.derived.get(name)
            differs = bool(
                stated and known and known.value is not None and stated != str(known.value)
            )
            follows = FOLLOWS[name] if stated == str(NOT_MET) else ""
            found.append({"field": self[name], "differs": differs, "follows": follows})
        return found

    @property
    def house(self) -> list[forms.BoundField]:
        """The house."""
        return [self[name] for name in HOUSE]

    @property
    def land(self) -> list[forms.BoundField]:
        """Land and road."""
        return [self[name] for name in LAND]


def _earlier_grade(work: Work) -> str:
    kept = work.content.step(fields.LIVING).values.get("housing_grade", "")
    return str(kept)


def facts_say(work: Work, *, grade: str) -> dict[str, Derived]:
    """The guarantees as the members of the draft and the grade of the house have them."""
    rows = work.content.step(fields.MEMBERS).rows
    people = [_person(row, work.today) for row in rows]
    return derived(people, housing_grade=grade.strip(), on=work.today)


def _person(row: Mapping[str, str], today: date) -> Person:
    return Person(
        birth_date=_born(row, today),
        in_school=row.get("in_school", ""),
        out_of_school_reason=row.get("out_of_school_reason", ""),
        medical_insurance=row.get("medical_insurance", ""),
        no_id_reason=row.get("no_id_reason", ""),
    )


def _born(row: Mapping[str, str], today: date) -> date | None:
    try:
        return read_identity(row.get("id_number", "").strip(), today=today).birth_date
    except InvalidNumber:
        pass
    try:
        return date.fromisoformat(row.get("birth_date", "").strip())
    except ValueError:
        return None
