"""Every difference between what the oracle expects and what the product did, in words."""

import re
from typing import Any

from tests.oracle.columns import find_column
from tests.oracle.households import Fault
from tests.oracle.register import LONE, Result
from tests.oracle.world import Household, Member, Register, Survey
from tests.property.households.product import MEMBER_CELLS, Import, stored

IS_YES = {"1": True, "0": False}


def report_differences(expected: Result, got: Import, records: list[list[str]]) -> list[str]:
    """Exit status, rows of the report, their cells, and the columns named at each."""
    if expected.exit_status != got.exit_status:
        return [f"exit {got.exit_status}, expected {expected.exit_status}: {got.told[-300:]}"]
    if expected.refused:
        return [] if not got.rows else ["rows reported for a refused file"]
    own = [place for place, header in enumerate(records[0]) if header not in ("错误行", "错误")]
    found = [f"heading {got.heading}"] * (got.heading[-2:] != ["错误行", "错误"])
    reported = {int(row[-2]): row for row in got.rows}
    if [int(row[-2]) for row in got.rows] != expected.report:
        missing = set(expected.report) - set(reported)
        more = set(reported) - set(expected.report)
        why = {number: row[-1] for number, row in reported.items() if number in more and row[-1]}
        silent = {
            key: [(fault.record, fault.kind, fault.columns) for fault in faults]
            for key, faults in expected.left_out.items()
            if {fault.record for fault in faults} & missing
        }
        found.append(f"reported too much {why}; not reported {silent or missing}")
    for number, row in reported.items():
        cells = records[number - 1] + [""] * len(own)
        if row[:-2] != [cells[place] for place in own]:
            found.append(f"record {number}: cells {row[:-2]}")
    told = told_columns(got, sorted({text for text in records[0] if text.strip()}, key=len))
    groups = records_by_number(got, records[0])
    for key, faults in expected.left_out.items():
        group = groups.get(key, []) or [fault.record for fault in faults]
        found += fault_differences(key, faults, {one: told.get(one, set()) for one in group})
    return found


def told_columns(got: Import, headings: list[str]) -> dict[int, set[str]]:
    """Record → the columns of every `column: value — reason`; * beyond the last heading."""
    words = "|".join(re.escape(text.strip()) for text in reversed(headings))
    pattern = re.compile(rf"(?:^|; )({words}|[^:;]*): ")
    told: dict[int, set[str]] = {}
    for row in got.rows:
        for match in pattern.finditer(row[-1]):
            column = find_column(match[1])
            told.setdefault(int(row[-2]), set()).add(column.name if column else "*")
    return told


def records_by_number(got: Import, headings: list[str]) -> dict[str, list[int]]:
    """The reported records of each household number."""
    own = [header for header in headings if header not in ("错误行", "错误")]
    place = next(
        place
        for place, header in enumerate(own)
        if (column := find_column(header)) and column.name == "household_number"
    )
    groups: dict[str, list[int]] = {}
    for row in got.rows:
        groups.setdefault(row[place].strip(), []).append(int(row[-2]))
    return groups


def fault_differences(key: str, faults: list[Fault], told: dict[int, set[str]]) -> list[str]:
    """Cell faults at exactly their place; a household fault somewhere among its columns.

    With a cell fault the rest of the household may be unclear, so only cell faults must be told;
    of several household faults one must be.
    """
    exact = {(fault.record, fault.columns[0]) for fault in faults if fault.exact}
    places = {(record, column) for record, columns in told.items() for column in columns}
    found = [f"{key}: not told {place}" for place in sorted(exact - places)]
    loose = [fault for fault in faults if not fault.exact]
    expected = {column for fault in loose for column in fault.columns}
    if key.startswith(LONE):
        return found
    unexpected = {place for place in places - exact if place[1] not in expected}
    if unexpected and len({fault.kind for fault in loose}) < 2:
        found.append(f"{key}: told {unexpected}, expected {faults}")
    if not exact and not expected & {column for _, column in places}:
        found.append(f"{key}: told {places}, expected {faults}")
    return found


def register_differences(register: Register, homes: list[str]) -> list[str]:
    """Households stored that should not be, lacking, or holding other values."""
    got, found = stored(homes), []
    for number in homes:
        home = register.households.get(number)
        if (home is None) != (number not in got):
            found.append(f"{number}: {'not ' if home else ''}stored")
        elif home is not None:
            found += household_differences(home, got[number])
    return found


def household_differences(home: Household, got: dict[str, Any]) -> list[str]:
    expected: dict[str, Any] = {"village": home.village, "state": home.state}
    expected["exit_year"] = home.exit_year
    for name in ("group", "phone", "attribute", "main_cause", "other_causes", "housing_grade"):
        expected[name] = home.cells.get(name)
    found = [
        f"{home.number}: {name} is {got[name]!r}, expected {value!r}"
        for name, value in expected.items()
        if got[name] != value
    ]
    learn_numbers(home, got["members"])
    members = sorted(map(repr_values, map(member_expected, home.members)))
    stored_members = sorted(map(repr_values, got["members"]))
    if members != stored_members:
        found.append(
            f"{home.number}: members {set(stored_members) - set(members)}, "
            f"expected {set(members) - set(stored_members)}"
        )
    surveys = {
        year: [survey_expected(one) for one in ones] for year, ones in home.surveys.items() if ones
    }
    if surveys != got["surveys"]:
        found.append(f"{home.number}: surveys {got['surveys']}, expected {surveys}")
    return found


def learn_numbers(home: Household, members: list[dict[str, Any]]) -> None:
    """Takes over the person numbers that the system assigned."""
    for member in home.members:
        for got in members:
            same = (member.name, member.birth_date, member.id_number)
            if not member.person_number and same == (
                got["name"],
                got["birth_date"],
                got["id_number"],
            ):
                member.person_number = got["person_number"]


def repr_values(values: dict[str, Any]) -> str:
    return repr(sorted(values.items()))


def member_expected(member: Member) -> dict[str, Any]:
    values = {name: member.cells.get(name) for name in MEMBER_CELLS}
    for name in ("medical_insurance", "critical_illness_insurance", "pension_insurance"):
        values[name] = IS_YES.get(str(values[name]))
    return values | {
        "person_number": member.person_number,
        "name": member.name,
        "id_number": member.id_number,
        "no_id_reason": "" if member.id_number else member.cells.get("no_id_reason"),
        "sex": member.sex,
        "birth_date": member.birth_date,
        "relation": member.relation,
        "end_reason": member.end_reason,
        "end_date": member.end_date,
    }


def survey_expected(survey: Survey) -> dict[str, Any]:
    return {**survey.facts, "persons": survey.persons}
