"""The warnings of exits as one condition of the database, for lists that show flagged cases alone.

It holds for the same cases as `exits.rules.warnings`; a test compares the two.
"""

from django.db.models import (
    BigIntegerField,
    DecimalField,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast, ExtractYear, Round
from django.db.models.lookups import GreaterThanOrEqual

from exits.procedure.household import EXIT
from exits.queries.warnings import ALLOWANCES
from exits.rules.warnings import OLD_AGE, Limits
from households.models import Member, Survey
from households.models.details import IncomeLine
from households.rules import EXPENSE, INCOMES
from workflow.models import Case, CaseEvent

YUAN = DecimalField(max_digits=14, decimal_places=2)
EXACT = DecimalField(max_digits=20, decimal_places=6)
NUMBER = IntegerField()


def with_exit_figures(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Adds what the condition reads of the facts, under names that begin with `exit_`."""
    facts, finding = KeyTransform("facts", "facts"), KeyTransform("finding", "facts")
    amounts = {name: Cast(KeyTextTransform(name, facts), YUAN) for name in INCOMES}
    return cases.annotate(
        exit_year=Cast(KeyTextTransform("year", "facts"), NUMBER),
        exit_persons=Cast(KeyTextTransform("persons", "facts"), NUMBER),
        exit_survey=Cast(KeyTextTransform("survey", "facts"), BigIntegerField()),
        exit_net=Cast(KeyTextTransform("net_income", finding), YUAN),
        exit_line=Cast(KeyTextTransform("line", KeyTransform("standard", "facts")), YUAN),
        exit_transfers=amounts["transfer_income"],
        exit_gross=sum(amounts.values(), start=Cast(Value(0), YUAN)),
    ).annotate(
        exit_needed=_exact(F("exit_line") * F("exit_persons")),
    )


def warned(limits: Limits) -> Q:
    """The exits of which any warning holds; on cases with `with_exit_figures`."""
    return Q(kind=EXIT.kind) & (
        _hugging(limits)
        | _transfers(limits)
        | _allowance()
        | _elderly()
        | _jump(limits)
        | _refused()
    )


def _exact(expression: object) -> ExpressionWrapper:
    return ExpressionWrapper(expression, output_field=EXACT)


def _hugging(limits: Limits) -> Q:
    most = _exact(F("exit_needed") * (100 + limits.hugging) / 100)
    return Q(exit_net__gt=F("exit_needed"), exit_net__lte=most)


def _transfers(limits: Limits) -> Q:
    least = _exact(F("exit_gross") * limits.transfers / 100)
    return Q(exit_gross__gt=0, exit_transfers__gte=least)


def _allowance() -> Q:
    lines = IncomeLine.objects.filter(survey=OuterRef("exit_survey"), item__in=ALLOWANCES)
    lifting = lines.order_by().values("survey").annotate(sum=Sum("amount"))
    enough = lifting.filter(sum__gte=_exact(OuterRef("exit_net") - OuterRef("exit_needed")))
    return Q(Exists(enough), exit_net__gt=F("exit_needed"))


def _elderly() -> Q:
    members = Member.objects.active().filter(
        household__number=OuterRef("subject"), household__withdrawn_at=None
    )
    younger = members.annotate(born=ExtractYear("birth_date")).filter(
        born__gt=ExpressionWrapper(OuterRef("exit_year") - OLD_AGE, output_field=NUMBER)
    )
    return Q(Exists(members)) & ~Q(Exists(younger))


def _jump(limits: Limits) -> Q:
    earlier = Survey.objects.filter(
        household__number=OuterRef("subject"),
        household__withdrawn_at=None,
        year=ExpressionWrapper(OuterRef("exit_year") - 1, output_field=NUMBER),
        withdrawn_at=None,
    ).order_by("-recorded_at", "-id")
    net = sum((F(name) for name in INCOMES), start=Cast(Value(0), YUAN)) - F(EXPENSE)
    each = Round(ExpressionWrapper(net * 1.0 / F("persons"), output_field=EXACT), precision=2)
    before = Subquery(earlier.annotate(each=each).values("each")[:1], output_field=EXACT)
    now = Round(_exact(F("exit_net") * 1.0 / F("exit_persons")), precision=2)
    least = _exact(before * (100 + limits.jump) / 100)
    return Q(exit_persons__gt=0, exit_net__gt=0) & Q(GreaterThanOrEqual(now, least))


def _refused() -> Q:
    refusals = CaseEvent.objects.filter(
        case__kind=EXIT.kind, case__subject=OuterRef("subject"), step="refuse"
    )
    return Q(Exists(refusals))
