"""Rows as JSON values: codes and amounts as texts, sensitive values masked unless the key may."""

from decimal import Decimal
from typing import Any

from households.api.shapes import FIGURES, HOUSEHOLD_FIELDS, LIVING_FIELDS, PERSON_FIELDS
from households.entry import fields
from households.models import Household, Member, Survey
from households.models.households import BANK_FIELD, PHONE_FIELD
from households.models.members import ID_FIELD
from trail.masking import mask_id, mask_phone
from trail.sealing import unseal
from trail.shapes import moment

ORDER = ("village_id", "pk")
PLAIN_HOUSEHOLD = tuple(
    one.name for one in HOUSEHOLD_FIELDS if one.name not in ("phone", "bank_account")
)
PLAIN_PERSON = tuple(
    one.name for one in PERSON_FIELDS if one.name not in ("id_number", "birth_date")
)


def household_json(household: Household, *, masked: bool) -> dict[str, Any]:
    """A household of `households.queries.with_people`."""
    found: dict[str, Any] = {
        "number": household.number,
        "village": household.village_id,
        "status": str(household.state),
        "exit_year": household.exit_year,
        "version": household.version,
        "updated_at": moment(household.updated_at),
    }
    for name in PLAIN_HOUSEHOLD:
        found[name] = value_of(getattr(household, name))
    phone = _open(household.phone_sealed, PHONE_FIELD, household)
    account = _open(household.bank_account_sealed, BANK_FIELD, household)
    found["phone"] = mask_phone(phone) if phone and masked else phone
    found["bank_account"] = mask_id(account) if account and masked else account
    found["members"] = [person_json(one, masked=masked) for one in household.people]  # type: ignore[attr-defined]
    return found


def person_json(member: Member, *, masked: bool) -> dict[str, Any]:
    """A membership. Masked, the date of birth tells its year alone: it stands in the ID number."""
    number = _open(member.id_sealed, ID_FIELD, member)
    born = member.birth_date.isoformat()
    found = {name: value_of(getattr(member, name)) for name in PLAIN_PERSON}
    found["id_number"] = mask_id(number) if number and masked else number
    found["birth_date"] = f"{born[:4]}-**-**" if masked else born
    return found


def membership_json(member: Member, *, masked: bool) -> dict[str, Any]:
    """A membership, active or ended, with when and why it began and ended."""
    return person_json(member, masked=masked) | {
        "joined_on": value_of(member.joined_on),
        "join_reason": value_of(member.join_reason),
        "ended_on": value_of(member.end_date),
        "end_reason": value_of(member.end_reason),
    }


def surveys_in_force(household: Household) -> list[Survey]:
    """The survey of each year that no later one corrects, with its details, in four queries."""
    found = Survey.objects.filter(household=household).in_force().select_related("conditions")
    return list(found.prefetch_related("lines", "notes"))


def survey_json(survey: Survey) -> dict[str, Any]:
    """A survey with its lines, conditions and reasons."""
    conditions = getattr(survey, "conditions", None)
    found: dict[str, Any] = {
        "year": survey.year,
        "recorded_at": moment(survey.recorded_at),
        "persons": survey.persons,
    }
    for name in FIGURES:
        found[name] = value_of(getattr(survey, name))
    for one in LIVING_FIELDS:
        holder = survey if one.name in fields.GUARANTEES else conditions
        found[one.name] = value_of(getattr(holder, one.name, None))
    for name in fields.GUARANTEES:
        found[name] = None if found[name] is None else str(found[name])
    found["lines"] = [
        {name: value_of(getattr(line, name)) for name in fields.LINES}
        for line in survey.lines.all()
    ]
    found["reasons"] = {note.name: note.text for note in survey.notes.all()}
    return found


def value_of(value: Any) -> Any:
    """A column as JSON: amounts with two decimals, blanks as null, lists as they are."""
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    if isinstance(value, bool | int | list):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else value or None


def _open(sealed: Any, field: str, row: Household | Member) -> str | None:
    return unseal(sealed, field=field, row=row.uuid) if sealed else None
