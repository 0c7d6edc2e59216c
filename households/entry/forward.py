"""What a new year's draft takes over from the record: what seldom changes.

Amounts, guarantees and the consent are left out: the household is asked again each year. Income
lines come without quantity and amount, so that nothing is forgotten and nothing is assumed.
"""

from typing import Any

from households.entry import fields
from households.entry.content import Content, StepContent
from households.models import Household, LivingConditions, Member, Survey

YES_NO = {True: "1", False: "0", None: ""}


def copied_forward(household: Household, *, year: int) -> Content:
    """The draft's content for a household on record; sealed numbers stay blank."""
    return Content(
        {
            fields.HOUSEHOLD: _household(household),
            fields.MEMBERS: _members(household),
            fields.INCOMES: _incomes(household, year),
            fields.LIVING: _living(household, year),
            fields.CAUSES: _causes(household),
        }
    )


def _step(values: dict[str, Any], rows: list[dict[str, str]] | None = None) -> StepContent:
    kept = {name: value for name, value in values.items() if value}
    return StepContent(0, kept, tuple(rows or ()))


def _household(household: Household) -> StepContent:
    names = ("group", "address", "attribute", "bank_name")
    return _step({name: getattr(household, name) for name in names})


def _members(household: Household) -> StepContent:
    active = household.members.active().order_by("relation", "id")
    return _step({}, [_person(member) for member in active])


def _person(member: Member) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in fields.BY_STEP[fields.MEMBERS]:
        if name != "id_number":
            found[name] = _text(getattr(member, name))
    return {name: text for name, text in found.items() if text}


def _text(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return YES_NO[value]
    return str(value)


def last_survey(household: Household, year: int) -> Survey | None:
    """The survey in force of `year`, else of the newest year before it."""
    surveys = Survey.objects.filter(household=household, year__lte=year).in_force()
    return max(surveys, key=lambda one: one.year, default=None)


def _incomes(household: Household, year: int) -> StepContent:
    survey = last_survey(household, year)
    if survey is None:
        return StepContent()
    lines = survey.lines.all()
    if survey.year == year:
        notes = survey.notes.values_list("name", "text")
        values = {fields.REASON_PREFIX + name: text for name, text in notes}
        return _step(values | _plain_figures(survey), [_whole_line(line) for line in lines])
    return _step({}, [_bare_line(line) for line in lines])


def _plain_figures(survey: Survey) -> dict[str, str]:
    """Figures of the year that no line makes up."""
    lined = set(survey.lines.values_list("kind", flat=True))
    found = {}
    for name in (one for one in fields.BY_STEP[fields.INCOMES] if one not in lined):
        amount = getattr(survey, name)
        if amount is not None:
            found[name if amount else fields.NONE_PREFIX + name] = str(amount) if amount else "1"
    return found


def _bare_line(line: Any) -> dict[str, str]:
    return {name: text for name in ("kind", "item", "text") if (text := getattr(line, name))}


def _whole_line(line: Any) -> dict[str, str]:
    found = {name: getattr(line, name) for name in fields.LINES}
    return {name: str(value) for name, value in found.items() if value not in (None, "")}


def _living(household: Household, year: int) -> StepContent:
    survey = last_survey(household, year)
    values: dict[str, Any] = {"housing_grade": household.housing_grade}
    found = LivingConditions.objects.filter(survey=survey).first() if survey else None
    for name in fields.CONDITIONS if found else ():
        values[name] = _text(getattr(found, name))
    if survey and survey.year == year:
        for name in fields.GUARANTEES:
            values[name] = _text(getattr(survey, name))
    return _step(values)


def _causes(household: Household) -> StepContent:
    return _step(
        {
            "main_cause": household.main_cause,
            "other_causes": [*household.other_causes],
            "cause_text": household.cause_text,
            "needs": [*household.needs],
        }
    )
