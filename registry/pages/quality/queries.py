"""What the pages of data quality show. Open issues only, unless explained ones are asked for."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from divisions.models import Division
from divisions.scope import in_range
from households.actions.quality import EXPLAINERS
from households.entry.drafts import DRAFTERS
from households.models import Household, Member, QualityIssue
from households.models.issues import IssueState
from households.models.members import HEAD
from households.quality.rules import RULES
from households.rights import FIELD_ROLES
from households.rules import State
from officers.models import Officer
from trail.errors import NotAllowed

PAGE_ROWS = 50
COUNT_CAP = 10_000
TOP_ROWS = 100
PER = 100
MUST_MEND = 1


@dataclass(frozen=True)
class Asked:
    """What the list is narrowed to; an empty value does not narrow."""

    rule: str = ""
    village: str = ""
    editor: int | None = None
    year: int | None = None
    severity: int | None = None
    state: str = IssueState.OPEN


def require_reader(officer: Officer) -> None:
    """NotAllowed for a role that reads no names: every issue is somebody's."""
    if officer.acting_role not in FIELD_ROLES:
        raise NotAllowed(
            _("Village, township and county look after single facts. Your role reads figures."),
            code="wrong_role",
        )


def issues_of(officer: Officer, asked: Asked) -> QuerySet[QualityIssue]:
    """The issues that the list is narrowed to, within the posting; ended households have none."""
    found = QualityIssue.objects.visible_to(officer).filter(state=asked.state or IssueState.OPEN)
    if officer.acting_role not in FIELD_ROLES:
        return found.none()
    found = found.filter(household__withdrawn_at=None).exclude(household__state=State.CANCELLED)
    if asked.village:
        found = found.filter(in_range("village_id", asked.village))
    wanted = {
        "rule": asked.rule,
        "editor_id": asked.editor,
        "year": asked.year,
        "severity": asked.severity,
    }
    return found.filter(**{name: value for name, value in wanted.items() if value})


def open_issues(officer: Officer) -> QuerySet[QualityIssue]:
    """What waits for the officer to be mended or explained."""
    return issues_of(officer, Asked())


@dataclass(frozen=True)
class Tally:
    """How many issues one rule, village or editor has; `rate` is per 100 households."""

    key: str
    label: str
    count: int
    severity: int | None = None
    rate: Decimal | None = None


def by_rule(found: QuerySet[QualityIssue]) -> list[Tally]:
    """The rules with open issues, what must be mended first."""
    counts = found.order_by().values_list("rule").annotate(number=Count("pk"))
    rows = [
        Tally(rule, _(RULES[rule].sentence), number, RULES[rule].severity)
        for rule, number in counts
        if rule in RULES
    ]
    return sorted(rows, key=lambda one: (one.severity or 0, -one.count, one.key))


def by_village(found: QuerySet[QualityIssue]) -> list[Tally]:
    """The villages with open issues, the highest rate of issues per 100 households first."""
    counts = dict(found.order_by().values_list("village_id").annotate(number=Count("pk")))
    households = dict(
        Household.everywhere.standing()
        .filter(village_id__in=counts)
        .order_by()
        .values_list("village_id")
        .annotate(number=Count("pk"))
    )
    names = dict(Division.objects.filter(pk__in=counts).values_list("pk", "name"))
    rows = [
        Tally(code, names[code], count, rate=_rate(count, households.get(code, 0)))
        for code, count in counts.items()
    ]
    return sorted(rows, key=lambda one: (-(one.rate or 0), one.key))[:TOP_ROWS]


def _rate(count: int, households: int) -> Decimal | None:
    if not households:
        return None
    return (Decimal(count) * PER / households).quantize(Decimal("0.1"))


def by_editor(found: QuerySet[QualityIssue]) -> list[Tally]:
    """Who recorded the facts, the most issues first."""
    counts = (
        found.exclude(editor=None)
        .order_by()
        .values_list("editor_id", "editor__name")
        .annotate(number=Count("pk"))
    )
    rows = [Tally(str(key), name, number) for key, name, number in counts]
    return sorted(rows, key=lambda one: (-one.count, one.label))[:TOP_ROWS]


@dataclass(frozen=True)
class Line:
    """One issue with whom it concerns, what to do, and the step and field where it is mended."""

    issue: QualityIssue
    householder: str
    person: str
    sentence: str
    advice: str
    step: str
    field: str
    mend_url: str
    mends_by_draft: bool
    may_explain: bool


def lines_of(officer: Officer, issues: Iterable[QualityIssue]) -> list[Line]:
    """The issues in words, with the head of each household, in two queries."""
    found = list(issues)
    heads = dict(
        Member.objects.active()
        .filter(household_id__in={one.household_id for one in found}, relation=HEAD)
        .values_list("household_id", "name")
    )
    explains = officer.acting_role in EXPLAINERS
    drafts = officer.acting_role in DRAFTERS
    return [
        Line(
            issue=one,
            householder=heads.get(one.household_id, ""),
            person=one.member.name if one.member else "",
            sentence=_(RULES[one.rule].sentence) % one.params,
            advice=_(RULES[one.rule].advice),
            step=RULES[one.rule].step,
            field=RULES[one.rule].field,
            mend_url=reverse("pages:household", args=[one.household.number]),
            mends_by_draft=drafts,
            may_explain=explains and one.severity > MUST_MEND and one.state == IssueState.OPEN,
        )
        for one in found
        if one.rule in RULES
    ]


def page_of(found: QuerySet[QualityIssue], number: int) -> list[QualityIssue]:
    """One page of issues by village, in each by rule: what must be mended has the lowest numbers.

    The order is that of `standing_issue_by_village`, so that a page costs the same anywhere.
    """
    start = (number - 1) * PAGE_ROWS
    rows = found.select_related("household", "member", "village", "explained_by")
    ordered = rows.order_by("village_id", "rule", "pk")
    return list(ordered[start : start + PAGE_ROWS])


def count_of(found: QuerySet[QualityIssue]) -> int:
    """How many there are; it stops at COUNT_CAP + 1."""
    return found.order_by()[: COUNT_CAP + 1].count()


def standing_of(officer: Officer, household: Household) -> list[Line]:
    """What stands about one household, explained or not, for its own page."""
    if officer.acting_role not in FIELD_ROLES:
        return []
    found = QualityIssue.objects.visible_to(officer).standing().filter(household=household)
    rows = found.select_related("household", "member", "village", "explained_by")
    return lines_of(officer, rows.order_by("-state", "-year", "severity", "rule", "pk"))
