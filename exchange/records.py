"""What is on record of many households, in the values by which a push is compared with it.

Blanks are None, amounts fen, lists tuples, whatever column they come from.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any
from uuid import UUID

from households.api.shapes import FIGURES, HOUSEHOLD_FIELDS, PERSON_FIELDS, SEALED
from households.entry import fields
from households.entry.details import LINE_COLUMNS, details_of
from households.models import Household, Member, Survey
from households.models.households import BANK_FIELD, PHONE_FIELD
from households.models.members import ID_FIELD
from trail.sealing import unseal

PLAIN_HOUSEHOLD = tuple(one.name for one in HOUSEHOLD_FIELDS if one.name not in SEALED)
PLAIN_PERSON = tuple(one.name for one in PERSON_FIELDS if one.name not in SEALED)
SEALED_HOUSEHOLD = ("phone_sealed", "phone_blind", "bank_account_sealed", "bank_account_blind")
HOUSEHOLD_COLUMNS = ("pk", "uuid", "number", "village_id", "version", "state", "exit_year")
MEMBER_COLUMNS = (
    "household_id", "pk", "uuid", "end_reason", "end_date", "id_sealed", "id_blind", "id_digest",
)  # fmt: skip
SURVEY_COLUMNS = ("household_id", "pk", "year", "recorded_by_id")


@dataclass
class MemberRecord:
    """A membership, active or ended."""

    key: int
    uuid: UUID
    end_reason: str
    end_date: Any
    values: dict[str, Any]
    id_sealed: Any
    id_blind: UUID | None
    id_digest: UUID | None

    @property
    def is_active(self) -> bool:
        return not self.end_reason

    @cached_property
    def id_number(self) -> str | None:
        """In full."""
        return unseal(self.id_sealed, field=ID_FIELD, row=self.uuid) if self.id_sealed else None


@dataclass
class SurveyRecord:
    """The facts of a year; `recorded_by` is the account of whoever recorded them last."""

    key: int
    recorded_by: int
    values: dict[str, Any]
    lines: list[dict[str, Any]]
    reasons: dict[str, str]


@dataclass
class Record:
    """A household with its people and the facts of some years."""

    key: int
    uuid: UUID
    number: str
    village: str
    version: int
    state: int
    exit_year: int | None
    values: dict[str, Any]
    phone_sealed: Any
    phone_blind: UUID | None
    bank_account_sealed: Any
    bank_account_blind: UUID | None
    members: list[MemberRecord] = field(default_factory=list)
    surveys: dict[int, SurveyRecord] = field(default_factory=dict)

    def sealed(self, name: str) -> str | None:
        """The phone or the bank account in full."""
        if name == "phone":
            return _open(self.phone_sealed, PHONE_FIELD, self.uuid)
        return _open(self.bank_account_sealed, BANK_FIELD, self.uuid)

    def blind(self, name: str) -> UUID | None:
        """The blind index of the phone or the bank account."""
        return self.phone_blind if name == "phone" else self.bank_account_blind


def _open(sealed: Any, field_name: str, row: UUID) -> str | None:
    return unseal(sealed, field=field_name, row=row) if sealed else None


def records_of(numbers: Collection[str], years: Collection[int]) -> dict[str, Record]:
    """The standing households of these numbers, with their surveys in force of these years.

    Six queries, however many households.
    """
    rows = Household.everywhere.standing().filter(number__in=numbers)
    wanted = (*HOUSEHOLD_COLUMNS, *SEALED_HOUSEHOLD, *PLAIN_HOUSEHOLD)
    found = {row["number"]: _household(row) for row in rows.values(*wanted)}
    by_key = {one.key: one for one in found.values()}
    _add_members(by_key)
    _add_surveys(by_key, years)
    return found


def _household(row: Mapping[str, Any]) -> Record:
    return Record(
        key=row["pk"],
        uuid=row["uuid"],
        number=row["number"],
        village=row["village_id"],
        version=row["version"],
        state=row["state"],
        exit_year=row["exit_year"],
        values={name: plain(row[name]) for name in PLAIN_HOUSEHOLD},
        **{name: row[name] for name in SEALED_HOUSEHOLD},
    )


def plain(value: Any) -> Any:
    """A column as it is compared."""
    if isinstance(value, list):
        return tuple(sorted(value)) or None
    return None if value == "" else value


def fen(amount: Decimal | None) -> int | None:
    """Yuan as fen."""
    return None if amount is None else int(amount * 100)


def _add_members(records: dict[int, Record]) -> None:
    rows = Member.objects.filter(household_id__in=records, withdrawn_at=None).order_by("pk")
    for row in rows.values(*MEMBER_COLUMNS, *PLAIN_PERSON):
        member = MemberRecord(
            key=row["pk"],
            values={name: plain(row[name]) for name in PLAIN_PERSON},
            **{name: row[name] for name in MEMBER_COLUMNS[2:]},
        )
        records[row["household_id"]].members.append(member)


def _add_surveys(records: dict[int, Record], years: Collection[int]) -> None:
    if not years:
        return
    rows = Survey.objects.filter(household_id__in=records, year__in=years).in_force()
    columns = (*SURVEY_COLUMNS, *FIGURES, *fields.GUARANTEES)
    head, figures = len(SURVEY_COLUMNS), len(SURVEY_COLUMNS) + len(FIGURES)
    surveys: dict[int, SurveyRecord] = {}
    for row in rows.values_list(*columns):
        values = dict(zip(FIGURES, map(fen, row[head:figures]), strict=True))
        values |= dict(zip(fields.GUARANTEES, row[figures:], strict=True))
        survey = surveys[row[1]] = SurveyRecord(row[1], row[3], values, [], {})
        records[row[0]].surveys[row[2]] = survey
    _add_details(surveys)


def _add_details(surveys: dict[int, SurveyRecord]) -> None:
    for key, (lines, conditions, reasons) in details_of([*surveys]).items():
        survey = surveys[key]
        survey.values |= conditions
        survey.reasons = reasons
        survey.lines = [_line(line) for line in lines]


def _line(columns: tuple[Any, ...]) -> dict[str, Any]:
    """A line by name, amounts in fen."""
    found = {name: plain(value) for name, value in zip(LINE_COLUMNS, columns, strict=True)}
    return found | {name: fen(found[name]) for name in ("unit_price", "amount")}
