"""What makes a case one to look at twice, in words: red lines, data to mend, kin, a near line."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import DecimalField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Abs, Cast
from django.utils.translation import gettext as _

from exits.procedure import EXIT
from exits.queries.risk import Distance, Judged, standing_hit, worst_issues
from exits.queries.risk import flags_of as flags_on
from exits.queries.warned import warned, with_exit_figures
from exits.queries.warnings import limits_in
from exits.rules.risk import APPEAL, KINDS, NEAR_PERCENT, OBJECTION, RED_LINE, UNFINISHED
from exits.rules.warnings import TEXTS
from households.models import Household
from households.rules import fen
from identification.models import Appeal, Application, RedLineHit
from workflow.models import Case, Objection

TONES = {RED_LINE: "bad-tag", OBJECTION: "bad-tag", APPEAL: "bad-tag", UNFINISHED: "info"}


@dataclass(frozen=True)
class Flag:
    """One flag of a case, in words; `tone` is that of its tag."""

    code: str

    @property
    def label(self) -> str:
        return _(KINDS[self.code].label)

    @property
    def tone(self) -> str:
        return TONES.get(self.code, "warn")

    @property
    def weight(self) -> int:
        """How much it weighs in the order of risk."""
        return KINDS[self.code].weight

    @property
    def holds(self) -> bool:
        """Whether such a case is decided by itself alone, never in a batch."""
        return KINDS[self.code].holds


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
    """Those that are held by a flag, by the limits of a place and year."""
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


def flags_of(cases: Sequence[Case]) -> dict[int, list[Flag]]:
    """The flags of cases by key, the gravest first; `cases` come from `with_margin`."""
    exits = [case.pk for case in cases if case.kind == EXIT.kind]
    facts: dict[int, Any] = {}
    if exits:
        facts = dict(Case.everywhere.filter(pk__in=exits).values_list("pk", "facts"))
    asked = [Judged(case, _distance(case), facts.get(case.pk, {})) for case in cases]
    return {
        one.case.pk: [Flag(flag.code) for flag in flags]
        for one, flags in zip(asked, flags_on(asked), strict=True)
    }


def _distance(case: Case) -> Distance | None:
    margin, line = getattr(case, "margin", None), getattr(case, "line", None)
    return None if margin is None or line is None else Distance(fen(margin), fen(line))


def words(flags: Iterable[Flag]) -> str:
    """The flags in one sentence, for a refusal."""
    return _(", ").join(flag.label for flag in flags)


def in_words(answered: Iterable[Mapping[str, Any]]) -> list[str]:
    """The flags that an event keeps, each with its figures where it has some."""
    return [
        _(TEXTS[one["code"]]) % one["values"] if one["code"] in TEXTS else Flag(one["code"]).label
        for one in answered
    ]
