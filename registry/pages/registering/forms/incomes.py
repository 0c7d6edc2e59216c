"""Step 3: what the household earned and spent."""

from households.entry import fields
from registry.pages.registering.forms.base import StepForm


class IncomesForm(StepForm):
    """The five figures."""

    step = fields.INCOMES
    value_names = tuple(fields.BY_STEP[fields.INCOMES])
