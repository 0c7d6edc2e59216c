"""Rows of a register file for tests that need a particular one."""

from datetime import date
from itertools import count

from tests.factories import VILLAGE
from tests.oracle.cells import check_character

serials = count(1)


def id_number(born: str = "19800101", *, sex: str = "1") -> str:
    """A valid ID number that no other row has."""
    block, serial = divmod(next(serials), 400)
    first17 = f"{200_000 + block}{born}{serial * 2 + (sex == '1'):03d}"
    return first17 + check_character(first17)


def person(number: str, relation: str = "02", **cells: str) -> dict[str, str]:
    """One person's row with an ID number, or with what the cells say."""
    row = {
        "village_code": VILLAGE,
        "household_number": number,
        "name": f"张{next(serials)}",
        "relation": relation,
    }
    if not {"id_number", "no_id_reason"} & cells.keys():
        row["id_number"] = id_number()
    return row | cells


def head(number: str, **cells: str) -> dict[str, str]:
    return person(number, "01", **cells)


def without_id(**cells: str) -> dict[str, str]:
    """The cells that a new person without an ID number needs."""
    return {"no_id_reason": "2", "sex": "1", "birth_date": "1980-01-01"} | cells


def survey(**cells: str) -> dict[str, str]:
    """Eleven cells: all incomes zero but the wage, every guarantee met."""
    incomes = ("business_income", "property_income", "transfer_income", "business_expense")
    guarantees = ("food", "clothing", "education_guarantee", "medical_guarantee")
    more = ("housing_guarantee", "water_guarantee")
    known = dict.fromkeys(incomes, "0") | dict.fromkeys((*guarantees, *more), "1")
    return {"wage_income": "3218"} | known | cells


def ended(reason: str = "02", day: date = date(2019, 5, 1)) -> dict[str, str]:
    return {"member_end_reason": reason, "member_end_date": day.isoformat()}
