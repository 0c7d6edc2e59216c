from datetime import date
from functools import cached_property
from typing import Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from divisions.models import Division
from officers.rules import Role
from trail.dates import business_date

ROLE_NAMES = {
    Role.VILLAGE_OFFICIAL: _("village official"),
    Role.TEAM_MEMBER: _("work-team member"),
    Role.HELPER: _("helper"),
    Role.TOWNSHIP_REVIEWER: _("township reviewer"),
    Role.COUNTY_CLERK: _("county clerk"),
    Role.COUNTY_APPROVER: _("county approver"),
    Role.CITY_REVIEWER: _("city reviewer"),
    Role.PROVINCE_OFFICER: _("province officer"),
    Role.PROVINCE_APPROVER: _("province approver"),
    Role.READER: _("reader"),
    Role.AUDITOR: _("auditor"),
    Role.ACCOUNT_ADMIN: _("account administrator"),
    Role.SYSTEM_ADMIN: _("system administrator"),
    Role.MACHINE_CLIENT: _("machine client"),
    Role.OPERATOR: _("operator"),
}


class OfficerManager(BaseUserManager["Officer"]):
    def get_by_natural_key(self, username: str) -> "Officer":
        return self.get(username__iexact=username)


class Officer(AbstractBaseUser):
    """An account. What it may do and see comes from its postings alone; there is no superuser."""

    username = models.CharField(
        _("user name"),
        max_length=40,
        validators=[
            RegexValidator(r"^[a-z0-9][a-z0-9._-]*$", _("Use small letters, digits, dot, dash."))
        ],
    )
    name = models.CharField(_("full name"), max_length=50)
    phone = models.CharField(_("office phone"), max_length=20, blank=True, default="")
    home = models.ForeignKey(
        Division,
        models.PROTECT,
        related_name="+",
        verbose_name=_("managed at"),
        help_text=_("Account administrators of this division look after the account."),
    )
    is_active = models.BooleanField(_("may sign in"), default=True)
    password_set_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = OfficerManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["username"]
        constraints = [
            models.UniqueConstraint(
                models.functions.Lower("username"),
                name="username_is_unique",
                violation_error_message=_("This user name is taken."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @cached_property
    def posting(self) -> "Posting | None":
        """The acting posting: the one chosen in the header, else the officer's first in force."""
        return self.postings.in_force(business_date()).select_related("division").first()

    def act_as(self, posting: "Posting | None") -> Self:
        """Act under `posting` from now on, in this process."""
        self.posting = posting
        return self

    @property
    def reach(self) -> tuple[str, ...]:
        """Division codes that the acting posting opens: one, or none without a posting."""
        return (self.posting.division_id,) if self.posting else ()

    @property
    def acting_role(self) -> str:
        return self.posting.role if self.posting else ""

    @property
    def acting_division(self) -> str:
        return self.posting.division_id if self.posting else ""


class PostingQuerySet(models.QuerySet):
    def in_force(self, on: date) -> Self:
        """Postings whose days contain `on`; the last day counts."""
        return self.filter(
            Q(ends_on=None) | Q(ends_on__gte=on),
            starts_on__lte=on,
            officer__is_active=True,
        )


class Posting(models.Model):
    """One officer in one role at one division for some days. Never edited but for its end."""

    officer = models.ForeignKey(Officer, models.PROTECT, related_name="postings")
    role = models.CharField(
        _("role"), max_length=20, choices=[(r.value, ROLE_NAMES[r]) for r in Role]
    )
    division = models.ForeignKey(
        Division, models.PROTECT, related_name="+", verbose_name=_("division")
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    granted_by = models.ForeignKey(
        Officer,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("granted by"),
    )
    end_reason = models.CharField(_("reason of the end"), max_length=200, blank=True, default="")

    objects = PostingQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="posting_ends_after_it_starts",
                violation_error_message=_("The last day lies before the first."),
            ),
            models.UniqueConstraint(
                fields=["officer", "role", "division"],
                condition=Q(ends_on=None),
                name="posting_is_open_once",
                violation_error_message=_("The officer holds this posting already."),
            ),
            models.CheckConstraint(
                condition=Q(granted_by=None) | ~Q(granted_by=F("officer")),
                name="posting_is_not_granted_by_its_holder",
                violation_error_message=_("Nobody grants a posting to himself."),
            ),
        ]
        indexes = [models.Index(fields=["division", "role"], name="posting_by_division")]

    def __str__(self) -> str:
        return f"{self.get_role_display()} · {self.division}"
