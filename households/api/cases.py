"""What the resources of cases about households share: whose case it is, and what it rests on."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from households.api.description import account_schema
from households.api.findings import facts_json
from households.models import Household, Member
from households.models.members import HEAD
from households.rights import masked_name
from officers.models import Officer
from trail.shapes import HOUSEHOLD_NUMBER, INTEGER, TEXT, YUAN, Schema, nullable, said, whole
from workflow.api.views import CaseList, CaseResource, CasesQuery, OneCase
from workflow.models import Case


class HouseholdCasesQuery(CasesQuery):
    """Which cases about households."""

    household = serializers.CharField(
        required=False, help_text=gettext_lazy("Of the household of this number.")
    )


class OfHouseholds(CaseResource):
    """Cases about households, each with its number and the family name of its head."""

    def subjects(self, officer: Officer, cases: Sequence[Case]) -> Mapping[int, Mapping[str, Any]]:
        heads = householders(officer, {one.subject for one in cases})
        return {
            one.pk: {"household": one.subject, "householder": heads.get(one.subject)}
            for one in cases
        }


class HouseholdCaseList(OfHouseholds, CaseList):
    """A list of cases about households."""


class OneHouseholdCase(OfHouseholds, OneCase):
    """One case about a household."""

    def facts(self, case: Case) -> dict[str, Any] | None:
        return facts_json(case.facts)


def householders(officer: Officer, numbers: Iterable[str]) -> dict[str, str]:
    """The masked names of the heads of these households, as far as they stand in the posting."""
    within = Household.objects.visible_to(officer).standing().filter(number__in=list(numbers))
    heads = Member.objects.active().filter(household__in=within, relation=HEAD).order_by()
    found = heads.values_list("household__number", "name")
    return {number: masked_name(name) for number, name in found}


def subject_schema() -> Schema:
    """Whose case it is."""
    name = said(nullable(TEXT), _("the family name alone; null where the household has moved away"))
    return {"household": HOUSEHOLD_NUMBER, "householder": name}


def facts_schema() -> Schema:
    """What a case about a household rests on."""
    standard = {"number": INTEGER, "line": YUAN, "monitoring_line": YUAN}
    return whole({"year": INTEGER, "standard": whole(standard), "finding": account_schema()})
