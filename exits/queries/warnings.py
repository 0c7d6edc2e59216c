"""The figures behind the warnings of exits, read for many cases at once."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.postgres.aggregates import BoolOr
from django.db.models import Max, Q, Sum

from exits.procedure.household import EXIT
from exits.rules.household import NO
from exits.rules.warnings import Figures, Limits, Warned, age_at, warnings_of
from households.models import Member, Survey
from households.models.details import IncomeLine
from households.queries import survey_per_capita
from households.rules import EXPENSE, INCOMES, fen
from workflow.models import Case, CaseEvent
from workflow.parameters import (
    EXIT_HUGGING_PERCENT,
    EXIT_TRANSFER_PERCENT,
    INCOME_JUMP_PERCENT,
)
from workflow.queries import parameters_in_force

ALLOWANCES = ("allowance", "hardship")
"""Items of the income account: the subsistence allowance and the support of extreme hardship."""

TRANSFERS = "transfer_income"
"""The part of the income in which they stand."""

LIMITS = (EXIT_HUGGING_PERCENT, EXIT_TRANSFER_PERCENT, INCOME_JUMP_PERCENT)
"""The parameters on which the warnings rest."""

Facts = Mapping[str, Any]


def warnings_of_cases(cases: Iterable[Case]) -> dict[int, list[Warned]]:
    """The warnings of the exits among these cases, by key; their facts are read anew."""
    keys = [case.pk for case in cases if case.kind == EXIT.kind]
    if not keys:
        return {}
    found = dict(Case.everywhere.filter(pk__in=keys).values_list("pk", "facts"))
    judged = {key: facts for key, facts in found.items() if "finding" in facts}
    return warnings_of_facts(judged)


def warnings_of_facts(snapshots: Mapping[int, Facts]) -> dict[int, list[Warned]]:
    """The warnings on the snapshots of households (`households.snapshot`), under the same keys."""
    facts = list(snapshots.values())
    known = _Known(facts)
    return {
        key: warnings_of(known.figures(one), known.limits(one)) for key, one in snapshots.items()
    }


class _Known:
    """What is on record beside the snapshots, in one query for each kind."""

    def __init__(self, facts: Sequence[Facts]):
        numbers = [one["household"] for one in facts]
        self.youngest, self.receiving = _members(numbers)
        self.allowances = _allowances([one["survey"] for one in facts if one["survey"]])
        self.earlier = _earlier({one["household"]: one["year"] - 1 for one in facts})
        self.refused = _refused(numbers)
        self.places: dict[tuple[str, int], Limits] = {}

    def figures(self, facts: Facts) -> Figures:
        number, persons = facts["household"], facts["persons"]
        amounts = {
            name: None if facts["facts"][name] is None else fen(Decimal(facts["facts"][name]))
            for name in INCOMES
        }
        known = [amount for amount in amounts.values() if amount is not None]
        net, born = facts["finding"]["net_income"], self.youngest.get(number)
        return Figures(
            persons=persons,
            line=fen(Decimal(facts["standard"]["line"])),
            net=None if net is None else fen(Decimal(net)),
            gross=sum(known) if len(known) == len(amounts) else None,
            transfers=amounts[TRANSFERS],
            allowance=self.allowances.get(facts["survey"], 0),
            lumped=number in self.receiving and facts["survey"] not in self.allowances,
            earlier=self.earlier.get(number),
            youngest=age_at(born, date(facts["year"], 12, 31)) if born else None,
            refused_on=self.refused.get(number),
        )

    def limits(self, facts: Facts) -> Limits:
        """The limits of the county in the year of the facts."""
        place = facts["village"][:6], facts["year"]
        if place not in self.places:
            self.places[place] = limits_in(*place)
        return self.places[place]


def limits_in(code: str, year: int) -> Limits:
    """From how many percent on an exit is looked at twice there."""
    found = parameters_in_force(LIMITS, code, year)
    return Limits(*(int(found[key].value) for key in LIMITS))


def _members(numbers: Sequence[str]) -> tuple[dict[str, date], set[str]]:
    """Of the active members of each household the last day of birth; the households in which one of
    them has the allowance.
    """
    standing = {"household__number__in": numbers, "household__withdrawn_at": None}
    members = Member.objects.active().filter(**standing).order_by()
    found = list(
        members.values_list("household__number").annotate(
            born=Max("birth_date"), receives=BoolOr("allowance")
        )
    )
    youngest = {number: born for number, born, _receives in found}
    return youngest, {number for number, _born, receives in found if receives}


def _allowances(surveys: Sequence[int]) -> dict[int, int]:
    """What the account of each survey says of the allowances, in fen; without an account of its
    transfers a survey is left out.
    """
    lines = IncomeLine.objects.filter(survey__in=surveys, kind=TRANSFERS).order_by()
    allowances = Sum("amount", filter=Q(item__in=ALLOWANCES), default=0)
    sums = lines.values_list("survey").annotate(amount_of_allowances=allowances)
    return {survey: fen(amount) for survey, amount in sums}


def _earlier(years: Mapping[str, int]) -> dict[str, int]:
    """Net income a person in the year before, in fen, by household; unknown ones are left out."""
    standing = {"household__number__in": years, "household__withdrawn_at": None}
    surveys = Survey.objects.filter(**standing, year__in=set(years.values()))
    rows = surveys.in_force().values("household__number", "year", "persons", *INCOMES, EXPENSE)
    found = {}
    for row in rows:
        number, each = row["household__number"], survey_per_capita(row)
        if years[number] == row["year"] and each is not None:
            found[number] = each
    return found


def _refused(numbers: Sequence[str]) -> dict[str, date]:
    """The last day on which each household said no to whichever exit."""
    events = CaseEvent.objects.filter(case__kind=EXIT.kind, case__subject__in=numbers, step__in=NO)
    return dict(events.order_by().values_list("case__subject").annotate(Max("on")))
