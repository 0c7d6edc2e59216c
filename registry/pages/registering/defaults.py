"""What a person's age suggests for school and labour. Pure; an officer always overrides it.

One table for the server, which fills the head's row, and for the script, which fills the others.
Ages without a line stay open: a 16-year-old is asked.
"""

from dataclasses import dataclass
from datetime import date

NOT_IN_SCHOOL, PRE_SCHOOL, PRIMARY = "01", "02", "03"
GRADES = {12: "04", 13: "05", 14: "06"}
ORDINARY, NONE, WEAK = "01", "04", "05"


@dataclass(frozen=True)
class AgeDefault:
    """Codes for the ages from `least` to `most`, both included; "" suggests nothing."""

    least: int
    most: int
    in_school: str
    labour: str
    education: str = ""


AGE_DEFAULTS = (
    AgeDefault(0, 2, NOT_IN_SCHOOL, NONE, "06"),
    AgeDefault(3, 5, PRE_SCHOOL, NONE, "06"),
    AgeDefault(6, 11, PRIMARY, NONE, "02"),
    *(AgeDefault(age, age, code, NONE, "03") for age, code in GRADES.items()),
    AgeDefault(15, 15, "", NONE),
    AgeDefault(16, 22, "", ""),
    AgeDefault(23, 59, NOT_IN_SCHOOL, ORDINARY),
    AgeDefault(60, 130, NOT_IN_SCHOOL, ""),
)


def age_on(day: date, born: date) -> int:
    """Full years on `day`."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def suggested(age: int) -> dict[str, str]:
    """The member fields that an age suggests, by name; what is open is left out."""
    found = next((one for one in AGE_DEFAULTS if one.least <= age <= one.most), None)
    if found is None:
        return {}
    values = {
        "in_school": found.in_school, "labour": found.labour, "education": found.education,
    }  # fmt: skip
    return {name: code for name, code in values.items() if code}


def as_table() -> list[list[int | str]]:
    """The table for the script: [least, most, in_school, labour, education]."""
    return [[d.least, d.most, d.in_school, d.labour, d.education] for d in AGE_DEFAULTS]
