"""Step 5: why the household is poor, and what help it wants."""

from households.entry import fields
from registry.pages.registering.forms.base import StepForm


class CausesForm(StepForm):
    """Main cause, other causes, explanation, help wanted."""

    step = fields.CAUSES
    value_names = tuple(fields.BY_STEP[fields.CAUSES])
