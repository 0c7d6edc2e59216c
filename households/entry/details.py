"""What surveys rest on, from entries: their income lines, living conditions and reasons."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from households.entry import fields
from households.entry.judged import Judged
from households.importing.copying import copy_in
from households.importing.known import KnownHousehold, KnownSurvey
from households.importing.template import SURVEY_KEYS
from households.models import IncomeLine, LivingConditions, Survey, SurveyNote

LINE_COLUMNS = (
    "kind", "item", "text", "quantity", "unit_price", "coefficient_percent", "amount",
)  # fmt: skip
CODED = frozenset(fields.CONDITIONS[5:9])
"""Conditions that are codes: an unknown one is an empty text on record."""


def survey_again(entered: Iterable[Judged]) -> None:
    """Let surveys whose eleven figures stay be written anew where their details differ.

    The entries are of one year.
    """
    waiting = {known.id: one for one in entered if (known := _unsurveyed(one))}
    if not waiting:
        return
    year = next(iter(waiting.values())).entry.year
    earlier = Survey.objects.filter(household_id__in=waiting, year=year).in_force()
    surveys = {one.household_id: one for one in earlier}
    kept = details_of([one.pk for one in surveys.values()])
    for household, survey in surveys.items():
        judged = waiting[household]
        verdict = judged.verdict
        if verdict is None or kept[survey.pk] == _entered(judged):
            continue
        verdict.survey = tuple(verdict.filed.values.get(key) for key in SURVEY_KEYS)
        verdict.corrects = KnownSurvey(
            survey.pk, survey.village_id, survey.member_digest, verdict.survey
        )


def _unsurveyed(judged: Judged) -> KnownHousehold | None:
    """The known household of an entry that has details and, so far, no new survey."""
    verdict = judged.verdict
    if verdict is None or verdict.survey is not None:
        return None
    return verdict.known if judged.lines or judged.conditions or judged.reasons else None


def write_details(entered: Sequence[tuple[int, Judged]]) -> None:
    """By (survey, entry): the lines in their order, the conditions where any is known, reasons."""
    copy_in(
        IncomeLine._meta.db_table,
        ("survey_id", "position", *LINE_COLUMNS),
        (
            (survey, place, *line)
            for survey, judged in entered
            for place, line in enumerate(map(_line, judged.lines), start=1)
        ),
    )
    copy_in(
        LivingConditions._meta.db_table,
        ("survey_id", *fields.CONDITIONS),
        (
            (survey, *(judged.conditions.get(name, _blank(name)) for name in fields.CONDITIONS))
            for survey, judged in entered
            if judged.conditions
        ),
    )
    copy_in(
        SurveyNote._meta.db_table,
        ("survey_id", "name", "text"),
        ((survey, *reason) for survey, judged in entered for reason in judged.reasons.items()),
    )


def _blank(name: str) -> str | None:
    return "" if name in CODED else None


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


Details = tuple[list[tuple[Any, ...]], dict[str, Any], dict[str, str]]
"""The lines in their order, the conditions by column (None for unknown), the reasons by figure."""


def _entered(judged: Judged) -> Details:
    conditions = {name: judged.conditions.get(name) for name in fields.CONDITIONS}
    return [*map(_line, judged.lines)], conditions, judged.reasons


def details_of(surveys: Sequence[int]) -> dict[int, Details]:
    """What is on record beside the figures of surveys, in three queries."""
    blank: dict[str, Any] = dict.fromkeys(fields.CONDITIONS)
    found: dict[int, Details] = {key: ([], dict(blank), {}) for key in surveys}
    lines = IncomeLine.objects.filter(survey_id__in=surveys).order_by("survey_id", "position")
    for survey, *line in lines.values_list("survey_id", *LINE_COLUMNS):
        found[survey][0].append(tuple(line))
    conditions = LivingConditions.objects.filter(survey_id__in=surveys)
    for survey, *values in conditions.values_list("survey_id", *fields.CONDITIONS):
        known = [None if value == "" else value for value in values]
        found[survey][1].update(zip(fields.CONDITIONS, known, strict=True))
    notes = SurveyNote.objects.filter(survey_id__in=surveys)
    for survey, name, text in notes.values_list("survey_id", "name", "text"):
        found[survey][2][name] = text
    return found
