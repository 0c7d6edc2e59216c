"""What a survey rests on, from an entry: its income lines, living conditions and reasons."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from households.entry import fields
from households.entry.judging import Judged
from households.importing.known import KnownSurvey
from households.importing.template import SURVEY_KEYS
from households.models import Household, IncomeLine, LivingConditions, Survey, SurveyNote

LINE_COLUMNS = (
    "kind", "item", "text", "quantity", "unit_price", "coefficient_percent", "amount",
)  # fmt: skip


def survey_again(judged: Judged, household: Household | None) -> None:
    """Let a survey whose eleven figures stay be written anew where its details differ."""
    verdict, year = judged.verdict, judged.entry.year
    if verdict is None or household is None or verdict.survey is not None:
        return
    if not (judged.lines or judged.conditions or judged.reasons):
        return
    earlier = Survey.objects.filter(household=household, year=year).in_force().first()
    if earlier is None or _kept(earlier) == _entered(judged):
        return
    verdict.survey = tuple(verdict.filed.values.get(key) for key in SURVEY_KEYS)
    verdict.corrects = KnownSurvey(
        earlier.pk, earlier.village_id, earlier.member_digest, verdict.survey
    )


def write_details(survey: Survey, judged: Judged) -> None:
    """The lines in their order, the conditions where any is known, and the reasons of jumps."""
    IncomeLine.objects.bulk_create(
        IncomeLine(survey=survey, position=place, **dict(zip(LINE_COLUMNS, line, strict=True)))
        for place, line in enumerate(map(_line, judged.lines), start=1)
    )
    if judged.conditions:
        LivingConditions.objects.create(survey=survey, **judged.conditions)
    SurveyNote.objects.bulk_create(
        SurveyNote(survey=survey, name=name, text=text) for name, text in judged.reasons.items()
    )


def _line(line: Mapping[str, Any]) -> tuple[Any, ...]:
    """A judged line in the order of LINE_COLUMNS, amounts in yuan."""
    price = line.get("unit_price")
    return (
        line["kind"],
        line["item"],
        line.get("text", ""),
        line.get("quantity"),
        None if price is None else _yuan(price),
        line.get("coefficient_percent"),
        _yuan(line["amount"]),
    )


def _yuan(fen: int) -> Decimal:
    return Decimal(fen).scaleb(-2)


def _entered(judged: Judged) -> tuple[Any, ...]:
    conditions = {name: judged.conditions.get(name) for name in fields.CONDITIONS}
    return [*map(_line, judged.lines)], conditions, judged.reasons


def _kept(survey: Survey) -> tuple[Any, ...]:
    """As `_entered`, from the record; a blank code is unknown there as well."""
    found = LivingConditions.objects.filter(survey=survey).first()
    values = {name: getattr(found, name, None) for name in fields.CONDITIONS}
    return (
        list(survey.lines.values_list(*LINE_COLUMNS)),
        {name: None if value == "" else value for name, value in values.items()},
        dict(survey.notes.values_list("name", "text")),
    )
