from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from households.models import Member
from officers.models import Officer
from workflow.models import Case


class Application(models.Model):
    """What a household applied with, and the days that its registration starts.

    `registration_number` is given when the case is registered; helper and plan are due on the days
    that the policy parameters count from there.
    """

    HEAD, PROXY = "head", "proxy"
    APPLICANTS = [(HEAD, _("the householder")), (PROXY, _("somebody for the household"))]

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True, related_name="application")
    applied_on = models.DateField(_("applied on"))
    applicant = models.CharField(_("applied by"), max_length=10, choices=APPLICANTS)
    statement = models.CharField(_("what the household says"), max_length=500, blank=True)
    kin_of_official = models.BooleanField(_("kin of an official"), default=False)
    registration_number = models.CharField(
        _("registration number"), max_length=30, blank=True, default=""
    )
    helper_due_on = models.DateField(_("helper due"), null=True, blank=True)
    plan_due_on = models.DateField(_("plan due"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["registration_number"],
                condition=~Q(registration_number=""),
                name="a_registration_number_is_unique",
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id}"


class Comparison(models.Model):
    """What one department answered about a household of a case. A new answer is a new row."""

    NO_HIT, EXPLAINED, CONFIRMED = "no_hit", "explained", "confirmed"
    MISMATCH, NOT_FOUND = "mismatch", "not_found"
    RESULTS = [
        (NO_HIT, _("no hit")),
        (EXPLAINED, _("hit, explained")),
        (CONFIRMED, _("hit, confirmed")),
        (MISMATCH, _("identity does not match")),
        (NOT_FOUND, _("not found there")),
    ]

    case = models.ForeignKey(Case, models.PROTECT, related_name="comparisons")
    department = models.CharField(_("department"), max_length=30)
    result = models.CharField(_("result"), max_length=10, choices=RESULTS)
    explanation = models.CharField(_("explanation"), max_length=500, blank=True, default="")
    on = models.DateField(_("date"))
    recorded_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(result="no_hit") | ~Q(explanation=""),
                name="a_hit_is_explained",
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.department}"


class RedLineHit(models.Model):
    """That a household of a case meets a red line, with its one explanation.

    `rule` is the code of a red line (`identification.redlines`). A hit of a rule that can be
    explained stands against the case until somebody accepts the explanation: another officer than
    the one who recorded it.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="red_line_hits")
    rule = models.CharField(_("red line"), max_length=30)
    member = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    found = models.CharField(_("what was found"), max_length=500)
    recorded_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    recorded_on = models.DateField()
    explanation = models.CharField(_("explanation"), max_length=500, blank=True, default="")
    accepted_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, blank=True, related_name="+"
    )
    accepted_on = models.DateField(null=True, blank=True)
    withdrawn_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "rule", "member"],
                condition=Q(withdrawn_on=None),
                nulls_distinct=False,
                name="a_red_line_is_hit_once",
            ),
            models.CheckConstraint(
                condition=Q(accepted_by=None, accepted_on=None)
                | (
                    Q(accepted_by__isnull=False, accepted_on__isnull=False)
                    & ~Q(accepted_by=F("recorded_by"))
                    & ~Q(explanation="")
                ),
                name="nobody_accepts_his_own_explanation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.rule}"


class Appeal(models.Model):
    """A request to look again at a result: by the applicant or by somebody who objected.

    An open appeal holds the case like an objection.
    """

    APPLICANT, OBJECTOR = "applicant", "objector"
    APPELLANTS = [(APPLICANT, _("the applicant")), (OBJECTOR, _("somebody who objected"))]
    TOWNSHIP, COUNTY = "township", "county"
    LEVELS = [(TOWNSHIP, _("to the township")), (COUNTY, _("to the county"))]

    case = models.ForeignKey(Case, models.PROTECT, related_name="appeals")
    level = models.CharField(_("to whom"), max_length=10, choices=LEVELS)
    appellant = models.CharField(_("by whom"), max_length=10, choices=APPELLANTS)
    received_on = models.DateField(_("received on"))
    text = models.CharField(_("what is said"), max_length=500)
    recorded_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    resolved_on = models.DateField(_("resolved on"), null=True, blank=True)
    resolved_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, blank=True, related_name="+"
    )
    upheld = models.BooleanField(_("upheld"), null=True, blank=True)
    finding = models.CharField(_("result of the inquiry"), max_length=500, blank=True, default="")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(resolved_on=None, resolved_by=None, upheld=None)
                | Q(resolved_on__isnull=False, resolved_by__isnull=False, upheld__isnull=False),
                name="an_appeal_is_resolved_whole",
            ),
            models.CheckConstraint(
                condition=Q(resolved_by=None) | ~Q(resolved_by=F("recorded_by")),
                name="nobody_resolves_an_appeal_that_he_recorded",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.level}"
