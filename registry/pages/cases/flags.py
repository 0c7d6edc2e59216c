"""What makes a case one to look at twice: red lines, data to mend, kin, objections, a near line."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import DecimalField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Abs, Cast
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assistance.queries.helped import never_helped, unfinished_of
from exits.procedure import EXIT
from exits.queries.warned import warned, with_exit_figures
from exits.queries.warnings import limits_in, warnings_of_cases
from exits.rules.warnings import ALLOWANCE, ELDERLY, HUGGING, JUMP, REFUSED, TRANSFERS
from households.models import Household
from households.models.issues import QualityIssue
from identification.models import Appeal, Application, RedLineHit
from officers.models import Officer
from workflow.models import Case, Objection

WORST_SEVERITY = 2
NEAR_PERCENT = 2
RED_LINE, ISSUE, KIN, NEAR, OBJECTION, APPEAL, NEVER_HELPED, UNFINISHED = (
    "red_line", "issue", "kin", "near", "objection", "appeal", "never_helped", "unfinished",
)  # fmt: skip
FLAGS: dict[str, Promise] = {
    RED_LINE: _("red line"),
    OBJECTION: _("objection"),
    APPEAL: _("appeal"),
    KIN: _("kin of an official"),
    ISSUE: _("data to mend"),
    NEAR: _("close to the line"),
    REFUSED: _("refused to sign"),
    HUGGING: _("hugs the line"),
    ALLOWANCE: _("above the line by the allowance alone"),
    TRANSFERS: _("mostly transfers"),
    JUMP: _("income jump"),
    ELDERLY: _("all elderly"),
    NEVER_HELPED: _("never helped"),
    UNFINISHED: _("help unfinished"),
}
TONES = {RED_LINE: "bad-tag", OBJECTION: "bad-tag", APPEAL: "bad-tag", UNFINISHED: "info"}
HINTS = frozenset({NEVER_HELPED, UNFINISHED})
"""What is shown of an exit and keeps it out of no batch: the approval refuses what blocks."""

WARNINGS = (HUGGING, TRANSFERS, ALLOWANCE, ELDERLY, JUMP, REFUSED)


@dataclass(frozen=True)
class Flag:
    """One flag of a case, in words; `tone` is that of its tag."""

    code: str

    @property
    def label(self) -> str:
        return str(FLAGS[self.code])

    @property
    def tone(self) -> str:
        return TONES.get(self.code, "warn")

    @property
    def holds(self) -> bool:
        """Whether such a case is decided by itself alone, never in a batch."""
        return self.code not in HINTS


def with_margin(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Adds `year`, and `line`, `per_capita`, `margin` in yuan, from the facts; null if unknown."""
    yuan = DecimalField(max_digits=12, decimal_places=2)
    standard, finding = KeyTransform("standard", "facts"), KeyTransform("finding", "facts")
    found = cases.annotate(
        line=Cast(KeyTextTransform("line", standard), yuan),
        year=KeyTextTransform("year", "facts"),
        per_capita=Cast(KeyTextTransform("per_capita", finding), yuan),
    )
    margin = ExpressionWrapper(F("per_capita") - F("line"), output_field=yuan)
    return found.annotate(margin=margin)


def with_flags(cases: QuerySet[Case], place: str, year: int) -> QuerySet[Case]:
    """Those of which any of FLAGS holds that is no hint, by the limits of a place and year."""
    standing = Household.everywhere.standing()
    household = standing.filter(number=OuterRef(OuterRef("subject"))).values("pk")
    marks = (
        Exists(RedLineHit.objects.filter(standing_hit(), case=OuterRef("pk")))
        | Exists(Objection.objects.open().filter(line__case=OuterRef("pk")))
        | Exists(Appeal.objects.filter(case=OuterRef("pk"), resolved_on=None))
        | Exists(Application.objects.filter(case=OuterRef("pk"), kin_of_official=True))
        | Exists(worst_issues().filter(household__in=household))
    )
    near = Q(margin__isnull=False) & Q(distance__lte=F("line") * NEAR_PERCENT / 100)
    found = with_exit_figures(with_margin(cases)).annotate(distance=Abs("margin"))
    return found.filter(marks | near | warned(limits_in(place, year)))


def standing_hit() -> Q:
    """Red lines that are neither withdrawn nor explained to somebody's content."""
    return Q(withdrawn_on=None, accepted_by=None)


def worst_issues() -> QuerySet[QualityIssue]:
    """Standing issues that are so grave that nobody decides over them unseen."""
    return QualityIssue.everywhere.standing().filter(severity__lte=WORST_SEVERITY)


def flags_of(officer: Officer, cases: Sequence[Case]) -> dict[int, list[Flag]]:
    """The flags of cases by key, the gravest first; `cases` come from `with_margin`."""
    keys = [case.pk for case in cases]
    issues = QualityIssue.objects.visible_to(officer).standing()
    numbers = issues.filter(
        severity__lte=WORST_SEVERITY,
        household__withdrawn_at=None,
        household__number__in=[case.subject for case in cases],
    )
    faulty = set(numbers.values_list("household__number", flat=True))
    marked: dict[str, set[int]] = (
        {
            RED_LINE: _keys(RedLineHit.objects.filter(standing_hit(), case__in=keys), "case"),
            OBJECTION: _keys(Objection.objects.open().filter(line__case__in=keys), "line__case"),
            APPEAL: _keys(Appeal.objects.filter(case__in=keys, resolved_on=None), "case"),
            KIN: _keys(Application.objects.filter(case__in=keys, kin_of_official=True), "case"),
            ISSUE: {case.pk for case in cases if case.subject in faulty},
            NEAR: {case.pk for case in cases if is_near(case)},
        }
        | _help_of_exits(cases)
        | _warnings_of_exits(cases)
    )
    return {case.pk: [Flag(code) for code in FLAGS if case.pk in marked[code]] for case in cases}


def _help_of_exits(cases: Sequence[Case]) -> dict[str, set[int]]:
    """The exits of households that no help ever reached, and of those whose help is unfinished."""
    exits = {case.subject: case.pk for case in cases if case.kind == EXIT.kind}
    if not exits:
        return {NEVER_HELPED: set(), UNFINISHED: set()}
    found = Household.everywhere.standing().filter(number__in=exits).values_list("pk", "number")
    numbers = dict(found)
    begun = unfinished_of(numbers).values_list("household", flat=True).distinct()
    return {
        NEVER_HELPED: {exits[numbers[key]] for key in never_helped(numbers)},
        UNFINISHED: {exits[numbers[key]] for key in begun},
    }


def _warnings_of_exits(cases: Sequence[Case]) -> dict[str, set[int]]:
    """The exits of which each warning holds."""
    found = warnings_of_cases(cases)
    return {
        code: {key for key, own in found.items() if any(one.code == code for one in own)}
        for code in WARNINGS
    }


def _keys(rows: QuerySet, name: str) -> set[int]:
    return set(rows.values_list(name, flat=True))


def is_near(case: Case) -> bool:
    """Whether the income lies within two percent of the line, above or below."""
    margin, line = getattr(case, "margin", None), getattr(case, "line", None)
    if margin is None or line is None:
        return False
    return abs(margin) <= line * Decimal(NEAR_PERCENT) / 100


def words(flags: Iterable[Flag]) -> str:
    """The flags in one sentence, for a refusal."""
    return ", ".join(flag.label for flag in flags)
