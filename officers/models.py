from datetime import date, datetime
from functools import cached_property
from typing import Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from divisions.models import Division
from divisions.scope import Posted, in_reach
from officers.rules import Role, Scope
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


class OfficerQuerySet(models.QuerySet["Officer"]):
    def visible_to(self, officer: Posted) -> Self:
        """The accounts managed within the officer's acting posting; none without one."""
        return self.filter(in_reach("home_id", officer.reach))


class OfficerManager(BaseUserManager.from_queryset(OfficerQuerySet)):  # type: ignore[misc]
    def get_by_natural_key(self, username: str) -> "Officer":
        return self.get(username__iexact=username)


class Officer(AbstractBaseUser):
    """An account. What it may do and see comes from its postings alone; there is no superuser."""

    username = models.CharField(
        _("user name"),
        max_length=40,
        validators=[
            RegexValidator(r"^[a-z0-9][a-z0-9._-]*\Z", _("Use small letters, digits, dot, dash."))
        ],
    )
    name = models.CharField(_("full name"), max_length=50)
    phone = models.CharField(
        _("office phone"),
        max_length=20,
        blank=True,
        default="",
        validators=[RegexValidator(r"^[0-9 +()-]*\Z", _("Write digits, spaces, + and - only."))],
    )
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


class PostingTerms(models.Model):
    """One officer in one role at one division for some days; the last day counts."""

    officer = models.ForeignKey(Officer, models.PROTECT, related_name="%(class)ss")
    role = models.CharField(
        _("role"), max_length=20, choices=[(r.value, ROLE_NAMES[r]) for r in Role]
    )
    division = models.ForeignKey(
        Division, models.PROTECT, related_name="+", verbose_name=_("division")
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("last day"), null=True, blank=True)

    scope_column = "division_id"

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.get_role_display()} · {self.division}"


class PostingQuerySet(models.QuerySet["Posting"]):
    def visible_to(self, officer: Posted) -> Self:
        """The postings to divisions within the officer's acting posting; none without one."""
        return self.filter(in_reach("division_id", officer.reach))

    def in_force(self, on: date) -> Self:
        """Postings of active officers whose days contain `on`; the last day counts."""
        return self.not_over(on).filter(starts_on__lte=on, officer__is_active=True)

    def not_over(self, on: date) -> Self:
        """Postings whose last day is not before `on`, begun or not."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=on))

    def overlapping(self, starts_on: date, ends_on: date | None) -> Self:
        """Postings that share a day with the term from `starts_on` to `ends_on` (None: open)."""
        return self.not_over(starts_on).filter(
            Q() if ends_on is None else Q(starts_on__lte=ends_on)
        )


class Posting(PostingTerms):
    """A posting that counts. Never edited but for its end."""

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

    @property
    def is_over(self) -> bool:
        """Whether its last day has passed."""
        return self.ends_on is not None and self.ends_on < business_date()


class PostingRequestQuerySet(models.QuerySet["PostingRequest"]):
    def visible_to(self, officer: Posted) -> Self:
        """The requests for divisions within the officer's acting posting; none without one."""
        return self.filter(in_reach("division_id", officer.reach))

    def open(self) -> Self:
        """Requests that nobody has decided."""
        return self.filter(decided_at=None)


class PostingRequest(PostingTerms):
    """A posting to a role of trust, which two account administrators grant together."""

    proposed_by = models.ForeignKey(
        Officer, models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    proposed_at = models.DateTimeField(_("proposed"), db_default=Now())
    decided_by = models.ForeignKey(
        Officer,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    posting = models.OneToOneField(Posting, models.PROTECT, null=True, blank=True, related_name="+")
    refusal = models.CharField(_("reason of the refusal"), max_length=200, blank=True, default="")

    objects = PostingRequestQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["officer", "role", "division"],
                condition=Q(decided_at=None),
                name="posting_request_is_open_once",
                violation_error_message=_("This posting waits for a second person already."),
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None)
                | ~Q(decided_by=F("proposed_by")) & ~Q(decided_by=F("officer")),
                name="posting_request_needs_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(proposed_by=F("officer")),
                name="posting_request_is_not_for_oneself",
                violation_error_message=_("Nobody grants a posting to himself."),
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None, decided_at=None, posting=None, refusal="")
                | Q(decided_by__isnull=False, decided_at__isnull=False, posting__isnull=False)
                & Q(refusal="")
                | Q(decided_by__isnull=False, decided_at__isnull=False, posting=None)
                & ~Q(refusal=""),
                name="posting_request_is_decided_whole",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="posting_request_ends_after_it_starts",
                violation_error_message=_("The last day lies before the first."),
            ),
        ]


class PastPassword(models.Model):
    """The hash of a password that an officer used before; the newest few may not come back."""

    officer = models.ForeignKey(Officer, models.PROTECT, related_name="past_passwords")
    password = models.CharField(max_length=128)
    replaced_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.officer_id} {self.replaced_at}"


class ClientQuerySet(models.QuerySet["Client"]):
    def visible_to(self, officer: Posted) -> Self:
        """The clients managed within the officer's acting posting; none without one."""
        return self.filter(in_reach("officer__home_id", officer.reach))


class Client(models.Model):
    """Another system: its account has no password and one posting, as machine client."""

    officer = models.OneToOneField(Officer, models.PROTECT, primary_key=True, related_name="+")
    addresses = ArrayField(
        models.CharField(max_length=43), default=list, blank=True, verbose_name=_("networks")
    )
    """Networks that its requests may come from ("10.1.0.0/16"); from anywhere without any."""

    registered_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    registered_at = models.DateTimeField(db_default=Now())

    objects = ClientQuerySet.as_manager()

    class Meta:
        ordering = ["officer_id"]

    def __str__(self) -> str:
        return self.officer.name


class Telling(models.Model):
    """That an answer told a client of so many persons outside of its posting.

    What is older than a day goes with the next one; the trace keeps who they were.
    """

    client = models.ForeignKey(Client, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())
    persons = models.IntegerField()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["client", "at"], name="telling_by_client")]
        constraints = [
            models.CheckConstraint(condition=Q(persons__gt=0), name="a_telling_tells_of_somebody")
        ]

    def __str__(self) -> str:
        return f"{self.client_id} {self.persons}"


class ClientKeyQuerySet(models.QuerySet["ClientKey"]):
    def live(self, at: datetime) -> Self:
        """Keys that open something at the moment `at`: neither revoked nor expired."""
        return self.filter(revoked_at=None, expires_at__gt=at)

    def visible_to(self, officer: Posted) -> Self:
        """The keys of clients managed within the officer's acting posting."""
        return self.filter(in_reach("client__officer__home_id", officer.reach))


class ClientKey(models.Model):
    """A key of a client: of its secret only a digest is kept, the prefix names it in the trace.

    The secret has 256 random bits, so that a plain SHA-256 is enough. `last_used_at` is renewed
    once an hour at most.
    """

    client = models.ForeignKey(Client, models.PROTECT, related_name="keys")
    prefix = models.CharField(_("prefix"), max_length=8, unique=True)
    digest = models.CharField(max_length=64)
    scopes = ArrayField(
        models.CharField(max_length=20, choices=[(one.value, one.value) for one in Scope]),
        verbose_name=_("scopes"),
    )
    issued_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(_("issued"), db_default=Now())
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    revoke_reason = models.CharField(
        _("reason of the revocation"), max_length=200, blank=True, default=""
    )
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)

    objects = ClientKeyQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(scopes__len__gt=0), name="a_key_opens_something"),
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoke_reason="")
                | (Q(revoked_at__isnull=False) & ~Q(revoke_reason="")),
                name="a_key_is_revoked_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.prefix
