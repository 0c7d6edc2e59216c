from django.db import models

from households.models.households import Household
from workflow.models import Case


class Correction(models.Model):
    """A change of a household's facts of a frozen year, proposed by one officer and approved by
    another: the case holds both, the facts before and after, and the reason.
    """

    case = models.OneToOneField(Case, models.PROTECT, related_name="correction")
    household = models.ForeignKey(Household, models.PROTECT, related_name="+")
    year = models.SmallIntegerField()

    def __str__(self) -> str:
        return f"{self.household_id} {self.year}"
