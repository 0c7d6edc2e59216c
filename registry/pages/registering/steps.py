"""The six steps of a registration: what each is called, its form and its page."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from households.entry import fields
from registry.pages.registering.forms.base import StepForm
from registry.pages.registering.forms.causes import CausesForm
from registry.pages.registering.forms.consent import ConsentForm
from registry.pages.registering.forms.household import HouseholdForm
from registry.pages.registering.forms.incomes import IncomesForm
from registry.pages.registering.forms.living import LivingForm
from registry.pages.registering.forms.members import MembersForm


@dataclass(frozen=True)
class Step:
    """A step: its title, what it asks in one line, its form and its template."""

    name: str
    title: Promise
    about: Promise
    form: type[StepForm]
    template: str
    script: str = ""


STEPS: dict[str, Step] = {
    one.name: one
    for one in (
        Step(
            fields.HOUSEHOLD,
            _("Household"),
            _("group, address, phone, attribute, bank account"),
            HouseholdForm,
            "registering/household.html",
        ),
        Step(
            fields.MEMBERS,
            _("Members"),
            _("everybody who belongs to the household"),
            MembersForm,
            "registering/members.html",
        ),
        Step(
            fields.INCOMES,
            _("Incomes and costs"),
            _("what came in and what was spent on it, line by line"),
            IncomesForm,
            "registering/incomes.html",
            "incomes.js",
        ),
        Step(
            fields.LIVING,
            _("Living conditions"),
            _("food, clothing, schooling, medical care, housing, water"),
            LivingForm,
            "registering/living.html",
        ),
        Step(
            fields.CAUSES,
            _("Causes and help wanted"),
            _("why the household is poor and what it needs"),
            CausesForm,
            "registering/causes.html",
        ),
        Step(
            fields.CONSENT,
            _("Application and consent"),
            _("that the household applies, and its signature"),
            ConsentForm,
            "registering/consent.html",
        ),
    )
}


def step_after(name: str) -> Step | None:
    """The step that follows; None after the last."""
    names = [*STEPS]
    place = names.index(name) + 1
    return STEPS[names[place]] if place < len(names) else None
