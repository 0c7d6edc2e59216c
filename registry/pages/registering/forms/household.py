"""Step 1: the household itself."""

from django import forms
from django.utils.translation import gettext_lazy as _

from households.entry import fields
from registry.pages.registering.forms.base import StepForm


class HouseholdForm(StepForm):
    """Group, address, phone, attribute, bank account."""

    step = fields.HOUSEHOLD
    value_names = tuple(fields.BY_STEP[fields.HOUSEHOLD])

    def made_fields(self) -> dict[str, forms.Field]:
        made = super().made_fields()
        for name, masked in self.work.masked.items():
            made[name].help_text = _("On record: %(masked)s. Leave it blank to keep it.") % {
                "masked": masked
            }
        return made
