"""Step 4: how the household lives."""

from households.entry import fields
from registry.pages.registering.forms.base import StepForm


class LivingForm(StepForm):
    """Guarantees and living conditions."""

    step = fields.LIVING
    value_names = tuple(fields.BY_STEP[fields.LIVING])
