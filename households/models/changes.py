import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from divisions.models import Division
from households.models.households import Household
from workflow.models import Case

CONTENT_FIELD = "households.householdchange.content"


class HouseholdChange(models.Model):
    """What a case of the kind "change" is to do to a household, and when it happened.

    `kind` is one of `households.changing.kinds`. `content_sealed` is the sealed JSON of the
    entries, for a new member has an ID number. `applied_on` is set by the step that approves it.
    """

    case = models.OneToOneField(Case, models.PROTECT, related_name="household_change")
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    household = models.ForeignKey(Household, models.PROTECT, related_name="changes")
    kind = models.CharField(_("change"), max_length=20)
    happened_on = models.DateField(_("day of the event"))
    other = models.ForeignKey(
        Household, models.PROTECT, null=True, blank=True, related_name="changes_from_elsewhere"
    )
    to_village = models.ForeignKey(
        Division, models.PROTECT, null=True, blank=True, related_name="+"
    )
    content_sealed = models.BinaryField()
    applied_on = models.DateField(_("applied on"), null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(other=None) | ~Q(other=F("household")),
                name="a_change_names_another_household",
            )
        ]

    def __str__(self) -> str:
        return f"{self.household_id} {self.kind} {self.happened_on}"
