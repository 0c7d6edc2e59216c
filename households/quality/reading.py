"""The facts of households for the soft rules: from the register, or from an entry."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from households.entry import fields
from households.entry.judged import Judged, figures_of_entry
from households.models import Household, IncomeLine, LivingConditions, Member, Standard, Survey
from households.models.members import ID_FIELD
from households.quality.facts import HouseholdFacts, PersonFacts
from households.rules import GUARANTEES, MONEY, fen
from trail.sealing import unseal
from workflow.models import Case

CERTIFICATE = 20
COUNTY_DIGITS = 6
WATCH = "watch"
PERSON_COLUMNS = (
    "ethnicity", "education", "in_school", "out_of_school_reason", "health", "labour",
    "work_place", "work_months", "medical_insurance", "critical_illness_insurance",
    "pension_insurance", "allowance",
)  # fmt: skip


def facts_of(
    households: Iterable[Household], *, year: int, today: date
) -> dict[int, HouseholdFacts]:
    """The facts of each household in `year`, by key; a few queries however many there are."""
    wanted = list(households)
    keys = [one.pk for one in wanted]
    surveys = _surveys(keys, year)
    before = _surveys(keys, year - 1)
    people = _people(keys, today)
    lines = _lines(surveys.values())
    conditions = {
        one.survey_id: one
        for one in LivingConditions.objects.filter(survey__in=[s.pk for s in surveys.values()])
    }
    watched = set(
        Case.everywhere.open()
        .filter(kind=WATCH, subject__in=[one.number for one in wanted])
        .values_list("subject", flat=True)
    )
    shared = _phones_elsewhere(wanted)
    line = {code: _line(code, year) for code in {one.village_id[:2] for one in wanted}}
    found = {}
    for one in wanted:
        survey, last = surveys.get(one.pk), before.get(one.pk)
        own = conditions.get(survey.pk) if survey else None
        found[one.pk] = HouseholdFacts(
            persons=tuple(people.get(one.pk, ())),
            state=one.state,
            attribute=one.attribute,
            main_cause=one.main_cause,
            other_causes=tuple(one.other_causes),
            housing_grade=one.housing_grade,
            has_phone=one.phone_blind is not None,
            phone_elsewhere=one.pk in shared,
            watched=one.number in watched,
            surveyed=survey is not None,
            money=_money(survey),
            before=_money(last),
            persons_before=last.persons if last else 0,
            guarantees={name: getattr(survey, name, None) for name in GUARANTEES},
            conditions={name: getattr(own, name, None) for name in fields.CONDITIONS},
            lines=tuple(lines.get(survey.pk, ())) if survey else (),
            line_fen=line[one.village_id[:2]],
        )
    return found


def _surveys(keys: list[int], year: int) -> dict[int, Survey]:
    found = Survey.objects.filter(household_id__in=keys, year=year).in_force()
    return {one.household_id: one for one in found}


def _money(survey: Survey | None) -> dict[str, int | None]:
    if survey is None:
        return {}
    amounts = {name: getattr(survey, name) for name in MONEY}
    return {name: None if value is None else fen(value) for name, value in amounts.items()}


def _lines(surveys: Iterable[Survey]) -> dict[int, list[tuple[str, str, int]]]:
    found: dict[int, list[tuple[str, str, int]]] = {}
    rows = IncomeLine.objects.filter(survey__in=[one.pk for one in surveys])
    for survey, kind, item, amount in rows.values_list("survey_id", "kind", "item", "amount"):
        found.setdefault(survey, []).append((kind, item, fen(amount)))
    return found


def _people(keys: list[int], today: date) -> dict[int, list[PersonFacts]]:
    found: dict[int, list[PersonFacts]] = {}
    for one in Member.objects.active().filter(household_id__in=keys).order_by("relation", "id"):
        found.setdefault(one.household_id, []).append(_person(one, today))
    return found


def _person(member: Member, today: date) -> PersonFacts:
    kind, grade = "", ""
    if member.id_sealed:
        kind, grade = _certificate(unseal(member.id_sealed, field=ID_FIELD, row=member.uuid))
    return PersonFacts(
        key=member.pk,
        relation=member.relation,
        sex=member.sex,
        born=member.birth_date,
        age=_age(member.birth_date, today),
        has_id=member.id_sealed is not None,
        cert_type=kind,
        cert_grade=grade,
        **{name: getattr(member, name) for name in PERSON_COLUMNS},
    )


def _certificate(number: str) -> tuple[str, str]:
    """Type and grade of a disability certificate; blank for a resident ID."""
    return (number[18], number[19]) if len(number) >= CERTIFICATE else ("", "")


def _age(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _phones_elsewhere(households: list[Household]) -> set[int]:
    """The households whose phone a household of another county has as well."""
    blinds = {one.phone_blind for one in households if one.phone_blind}
    places: dict[Any, set[str]] = {}
    rows = Household.everywhere.standing().filter(phone_blind__in=blinds)
    for blind, village in rows.values_list("phone_blind", "village_id"):
        places.setdefault(blind, set()).add(village[:COUNTY_DIGITS])
    return {one.pk for one in households if len(places.get(one.phone_blind, ())) > 1}


def _line(province: str, year: int) -> int | None:
    standard = Standard.objects.holding(province, year).first()
    return fen(standard.line) if standard else None


def facts_of_entry(judged: Judged, *, state: int, today: date) -> HouseholdFacts | None:
    """The facts that an entry would make; None while nothing of it can be judged.

    A person's key is his row, counted from 0. What only the register knows (a watch, a phone
    elsewhere, last year) is left out: it is found when the household is saved.
    """
    verdict = judged.verdict
    if verdict is None or judged.faults:
        return None
    figures = figures_of_entry(judged)
    entry = judged.entry
    return HouseholdFacts(
        persons=tuple(
            _entered_person(place, values, judged, today)
            for place, values in enumerate(verdict.people.members)
        ),
        state=state,
        attribute=verdict.values["attribute"],
        main_cause=verdict.values["main_cause"],
        other_causes=tuple(verdict.values["other_causes"]),
        housing_grade=verdict.values["housing_grade"],
        has_phone=bool(verdict.phone or (verdict.known and verdict.known.phone_blind)),
        surveyed=verdict.survey is not None,
        money={name: figures[name] for name in MONEY},
        guarantees={name: figures[name] for name in GUARANTEES},
        conditions=judged.conditions,
        lines=tuple((line["kind"], line["item"], line["amount"]) for line in judged.lines),
        line_fen=_line(entry.village[:2], entry.year),
    )


def _entered_person(place: int, member: Any, judged: Judged, today: date) -> PersonFacts:
    values: Mapping[str, Any] = member.values
    extra = judged.people[place] if place < len(judged.people) else {}
    kind, grade = _certificate(member.identity.number) if member.identity else ("", "")
    known_id = member.identity is not None or bool(member.known and member.known.id_blind)
    told = {name: values[name] for name in PERSON_COLUMNS if name in values}
    return PersonFacts(
        key=place,
        relation=values["relation"],
        sex=values["sex"],
        born=values["birth_date"],
        age=_age(values["birth_date"], today) if values["birth_date"] else None,
        has_id=known_id,
        cert_type=kind,
        cert_grade=grade,
        out_of_school_reason=extra.get("out_of_school_reason", ""),
        allowance=extra.get("allowance"),
        **told,
    )
