"""The catalogue as somebody chooses from it for one plan: what is open to whom."""

from dataclasses import dataclass

from django.utils.translation import get_language

from assistance.models import Measure, Plan
from assistance.queries.catalogue import catalogue_of
from assistance.queries.facts import Facts, facts_of
from assistance.queries.sheets import verdict_on
from assistance.rules.measures import Unit
from assistance.rules.sheets import Verdict
from households.codes import label
from trail.dates import business_date


@dataclass(frozen=True)
class Line:
    """A measure with whether anybody of the household meets its conditions."""

    measure: Measure
    verdict: Verdict

    @property
    def is_open(self) -> bool:
        """Whether it can be chosen; UNKNOWN is, with a confirmation."""
        return self.verdict is not Verdict.UNMET


@dataclass(frozen=True)
class Category:
    """The measures of one category, in the order of the catalogue."""

    label: str
    lines: list[Line]

    @property
    def open(self) -> int:
        """How many of them can be chosen."""
        return sum(line.is_open for line in self.lines)


def choices_for(plan: Plan) -> list[Category]:
    """The measures of the plan's place and year that such a plan can hold; about six queries."""
    facts = None
    if plan.household is not None:
        found = facts_of([plan.household], year=plan.year, today=business_date())
        facts = found.get(plan.household.pk)
    by_category: dict[str, list[Line]] = {}
    for measure in catalogue_of(plan.village_id, plan.year).values():
        if (measure.unit == Unit.VILLAGE) == plan.is_of_village:
            line = Line(measure, _best(measure, facts))
            by_category.setdefault(measure.category, []).append(line)
    return [Category(label("need", code), lines) for code, lines in by_category.items()]


def _best(measure: Measure, facts: Facts | None) -> Verdict:
    """The verdict on the household, or the best of its members."""
    if measure.unit != Unit.PERSON:
        return verdict_on(measure, None, facts)
    found = {verdict_on(measure, key, facts) for key in facts.persons} if facts else set()
    ranked = (Verdict.MET, Verdict.UNKNOWN)
    return next((one for one in ranked if one in found), Verdict.UNMET)


def confirmations_of(measure: Measure) -> list[str]:
    """What the planner confirms of a measure, in the language of the page."""
    language = "zh" if (get_language() or "").startswith("zh") else "en"
    return [one[language] for one in measure.confirmations]
