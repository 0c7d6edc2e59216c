"""The product under comparison: its command, its report, and what it has stored."""

import csv
import io
from contextlib import redirect_stderr
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import CommandError

from households.models import Household, Member, Survey
from households.models.households import PHONE_FIELD
from households.models.members import ID_FIELD
from trail.sealing import unseal

GUARANTEES = ("food", "clothing", "education", "medical", "housing", "water")
MONEY = (
    "wage_income",
    "business_income",
    "property_income",
    "transfer_income",
    "business_expense",
)
MEMBER_CELLS = (
    "ethnicity",
    "education",
    "in_school",
    "health",
    "labour",
    "work_place",
    "work_months",
    "medical_insurance",
    "critical_illness_insurance",
    "pension_insurance",
)


@dataclass
class Import:
    """What one run of the command came to."""

    exit_status: int
    told: str
    heading: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)


def run_import(content: bytes, folder: Path, year: int, *more: str, name: str = "f.csv") -> Import:
    """Runs `import_households` in this process; the report is read back when there is one."""
    file, report = folder / name, folder / "report.csv"
    file.write_bytes(content)
    report.unlink(missing_ok=True)
    out, status, told = io.StringIO(), 0, ""
    try:
        with redirect_stderr(out):
            call_command(
                "import_households",
                str(file),
                f"--year={year}",
                f"--report={report}",
                *more,
                stdout=out,
                stderr=out,
            )
    except SystemExit as ended:
        status = int(str(ended.code))
    except CommandError as refused:
        status, told = refused.returncode, str(refused)
    text = report.read_bytes() if report.exists() else b""
    assert text.startswith(b"\xef\xbb\xbf"), "the report is always written, with its mark"
    assert text.endswith(b"\r\n"), "its lines end with CRLF"
    lines = list(csv.reader(io.StringIO(text.decode("utf-8-sig"), newline="")))
    return Import(status, out.getvalue() + told, lines[0], lines[1:])


def stored(numbers: list[str]) -> dict[str, dict[str, Any]]:
    """Each household as plain values: its own cells, its members, its surveys oldest first."""
    found: dict[str, dict[str, Any]] = {}
    homes = Household.everywhere.filter(number__in=numbers, withdrawn_at=None)
    by_id = {home.pk: home for home in homes}
    for home in by_id.values():
        found[home.number] = household_values(home) | {"members": [], "surveys": {}}
    for member in Member.objects.filter(household__in=by_id, withdrawn_at=None):
        found[by_id[member.household_id].number]["members"].append(member_values(member))
    for survey in Survey.objects.filter(household__in=by_id, withdrawn_at=None).order_by("id"):
        years = found[by_id[survey.household_id].number]["surveys"]
        years.setdefault(survey.year, []).append(survey_values(survey))
    return found


def household_values(home: Household) -> dict[str, Any]:
    phone = None
    if home.phone_sealed:
        phone = unseal(bytes(home.phone_sealed), field=PHONE_FIELD, row=home.uuid)
    return {
        "village": home.village_id,
        "state": int(home.state),
        "exit_year": home.exit_year,
        "group": home.group or None,
        "phone": phone,
        "attribute": home.attribute or None,
        "main_cause": home.main_cause or None,
        "other_causes": tuple(home.other_causes) or None,
        "housing_grade": home.housing_grade or None,
    }


def member_values(member: Member) -> dict[str, Any]:
    id_number = ""
    if member.id_sealed:
        id_number = unseal(bytes(member.id_sealed), field=ID_FIELD, row=member.uuid)
    values = {name: getattr(member, name) for name in MEMBER_CELLS}
    values = {name: None if value == "" else value for name, value in values.items()}
    return values | {
        "person_number": member.person_number,
        "name": member.name,
        "id_number": id_number,
        "no_id_reason": member.no_id_reason if not id_number else "",
        "sex": member.sex,
        "birth_date": member.birth_date,
        "relation": member.relation,
        "end_reason": member.end_reason,
        "end_date": member.end_date,
    }


def survey_values(survey: Survey) -> dict[str, Any]:
    """Money in fen, guarantees as their codes."""
    values: dict[str, Any] = {"persons": survey.persons}
    for name in MONEY:
        amount = getattr(survey, name)
        values[name] = None if amount is None else int(amount * 100)
    for name in GUARANTEES:
        met = getattr(survey, name)
        values[f"{name}_guarantee" if name not in ("food", "clothing") else name] = (
            None if met is None else str(int(met))
        )
    return values
