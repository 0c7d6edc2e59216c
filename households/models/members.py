import uuid
from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from households import codes
from households.models.households import Household

ACTIVE = Q(end_reason="", withdrawn_at=None)
HEAD = "01"
ID_FIELD = "households.member.id_number"
PERSON_FIELD = "households.member.person"


class MemberQuerySet(models.QuerySet):
    def active(self) -> Self:
        """Members who belong to their household now."""
        return self.filter(ACTIVE)


class Member(models.Model):
    """A person's membership of a household, with what is known of the person.

    `id_blind` is the blind index of the first 18 characters (an ID and a certificate are one
    person), `id_digest` that of the whole number ("unchanged"). A person is active in one
    household at most; a membership ends with a reason and a date and is never deleted.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    household = models.ForeignKey(Household, models.PROTECT, related_name="members")
    person_number = models.CharField(_("person number"), max_length=24, db_collation="C")
    name = models.CharField(_("name"), max_length=50)
    id_sealed = models.BinaryField(null=True)
    id_blind = models.UUIDField(null=True)
    id_digest = models.UUIDField(null=True)
    no_id_reason = models.CharField(
        _("reason for no ID number"),
        max_length=1,
        blank=True,
        default="",
        choices=codes.choices("no_id_reason"),
    )
    relation = models.CharField(
        _("relation to the head"), max_length=2, choices=codes.choices("relation")
    )
    sex = models.CharField(_("sex"), max_length=1, choices=codes.choices("sex"))
    birth_date = models.DateField(_("date of birth"))
    ethnicity = models.CharField(
        _("ethnicity"),
        max_length=2,
        blank=True,
        default="",
        choices=codes.choices("ethnicity"),
    )
    education = models.CharField(
        _("education"),
        max_length=2,
        blank=True,
        default="",
        choices=codes.choices("education"),
    )
    in_school = models.CharField(
        _("in school"),
        max_length=2,
        blank=True,
        default="",
        choices=codes.choices("in_school"),
    )
    health = models.CharField(
        _("health"),
        max_length=2,
        blank=True,
        default="",
        choices=codes.choices("health"),
    )
    labour = models.CharField(
        _("labour capacity"),
        max_length=2,
        blank=True,
        default="",
        choices=codes.choices("labour"),
    )
    work_place = models.CharField(
        _("place of work"),
        max_length=2,
        blank=True,
        default="",
        choices=codes.choices("work_place"),
    )
    work_months = models.SmallIntegerField(_("months worked"), null=True, blank=True)
    medical_insurance = models.BooleanField(_("basic medical insurance"), null=True, blank=True)
    critical_illness_insurance = models.BooleanField(
        _("critical illness insurance"), null=True, blank=True
    )
    pension_insurance = models.BooleanField(_("basic pension insurance"), null=True, blank=True)
    allowance = models.BooleanField(_("enjoys the subsistence allowance"), null=True, blank=True)
    out_of_school_reason = models.CharField(
        _("reason for not being in school"),
        max_length=2,
        blank=True,
        default="",
        db_default="",
        choices=codes.choices("out_of_school_reason"),
    )
    join_reason = models.CharField(
        _("reason of joining"),
        max_length=2,
        blank=True,
        default="",
        db_default="",
        choices=codes.choices("member_join_reason"),
    )
    joined_on = models.DateField(_("member since"), null=True, blank=True)
    end_reason = models.CharField(
        _("reason of the end"),
        max_length=2,
        blank=True,
        default="",
        choices=codes.choices("member_end_reason"),
    )
    end_date = models.DateField(_("date of the end"), null=True, blank=True)
    version = models.IntegerField(default=1)
    batch = models.ForeignKey("households.ImportBatch", models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    objects = MemberQuerySet.as_manager()

    class Meta:
        ordering = ["household_id", "relation", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["id_blind"],
                condition=ACTIVE,
                name="a_person_is_active_in_one_household",
                violation_error_message=_(
                    "This person is already registered. Ask the county office."
                ),
            ),
            models.UniqueConstraint(
                fields=["person_number"],
                condition=ACTIVE,
                name="active_person_number_is_unique",
                violation_error_message=_("This person number is already used."),
            ),
            models.UniqueConstraint(
                fields=["household"],
                condition=ACTIVE & Q(relation=HEAD),
                name="a_household_has_one_head",
                violation_error_message=_("The household has a head already."),
            ),
            models.CheckConstraint(
                condition=Q(end_reason="", end_date=None)
                | (~Q(end_reason="") & Q(end_date__isnull=False)),
                name="a_membership_ends_with_reason_and_date",
            ),
            models.CheckConstraint(
                condition=Q(id_sealed=None, id_blind=None, id_digest=None) & ~Q(no_id_reason="")
                | Q(
                    id_sealed__isnull=False,
                    id_blind__isnull=False,
                    id_digest__isnull=False,
                ),
                name="a_member_has_an_id_or_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(work_months=None) | Q(work_months__range=(0, 12)),
                name="months_worked_are_0_to_12",
            ),
            models.CheckConstraint(
                condition=Q(joined_on=None)
                | Q(end_date=None)
                | Q(joined_on__lte=models.F("end_date")),
                name="a_membership_ends_after_it_began",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="a_member_has_a_name"),
        ]
        indexes = [
            models.Index(fields=["person_number"], name="member_by_number"),
            models.Index(
                fields=["id_blind"],
                name="ended_member_by_id",
                condition=~Q(end_reason="") & Q(withdrawn_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.person_number
