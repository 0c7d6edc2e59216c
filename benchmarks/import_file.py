"""Large register files for measuring the import: made-up, valid, the same for the same seed.

    python -m benchmarks.import_file 100000 /tmp/register.csv [--seed 1] [--xlsx]

The villages are those that `villages(count)` names, in the demonstration province 97.
"""

import argparse
import csv
import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

from openpyxl import Workbook

from households.identity import check_digit
from households.importing.template import COLUMNS

HOUSEHOLDS_PER_VILLAGE = 150
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧"
GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂华建国志玉梅山云海春生"
RELATIONS = ("02", "03", "04", "05", "07", "11", "12")
SIZES, SIZE_WEIGHTS = (1, 2, 3, 4, 5, 6), (8, 18, 24, 26, 16, 8)
SCHOOL_AGE, WORKING_AGE, OLD_AGE = 7, 18, 60


def villages(count: int) -> list[str]:
    """Codes of `count` villages: 20 in a township, 20 townships in a county."""
    return [
        f"97{1 + n // 8000:02d}{21 + n // 400 % 20:02d}{100 + n // 20 % 20:03d}{200 + n % 20:03d}"
        for n in range(count)
    ]


def rows(households: int, *, seed: int = 1, year: int = 2019) -> Iterator[list[str]]:
    """The heading, then one row for each person, household by household."""
    dice = random.Random(seed)
    places = villages(-(-households // HOUSEHOLDS_PER_VILLAGE))
    yield [column.zh for column in COLUMNS]
    serials: dict[str, int] = {}
    for index in range(households):
        village = places[index // HOUSEHOLDS_PER_VILLAGE]
        number = f"97{seed:02d}{index:012d}"
        size = dice.choices(SIZES, SIZE_WEIGHTS)[0]
        for place in range(size):
            person = _person(dice, place, village[:6], year, serials)
            person |= {"village_code": village, "household_number": number}
            person["person_number"] = f"{number}-{place + 1}"
            if place == 0:
                person |= _household(dice, size, year)
            yield [person.get(column.key, "") for column in COLUMNS]


def _person(
    dice: random.Random, place: int, county: str, year: int, serials: dict[str, int]
) -> dict[str, str]:
    age = dice.randint(25, 80) if place < 2 else dice.randint(1, 60)
    born = date(year - age, 1, 1) + timedelta(days=dice.randrange(365))
    sex = "1" if place == 0 or dice.random() < 0.5 else "2"
    works = WORKING_AGE <= age < OLD_AGE
    return {
        "name": dice.choice(SURNAMES) + "".join(dice.choices(GIVEN, k=dice.choice((1, 2, 2)))),
        "id_number": _id_number(county, born, sex, serials),
        "relation": "户主" if place == 0 else dice.choice(RELATIONS),
        "ethnicity": dice.choice(("汉族", "汉族", "03", "06")),
        "education": dice.choice(("01", "02", "初中", "04")) if age >= WORKING_AGE else "",
        "in_school": "03" if SCHOOL_AGE <= age < WORKING_AGE else "",
        "health": dice.choice(("01", "健康", "02", "04")),
        "labour": "01" if works else "04",
        "work_place": dice.choice(("01", "02", "04")) if works else "",
        "work_months": str(dice.randint(0, 12)) if works else "",
        "medical_insurance": "是",
        "pension_insurance": dice.choice(("1", "0")),
    }


def _id_number(county: str, born: date, sex: str, serials: dict[str, int]) -> str:
    """A valid made-up number; people born on one day in one county get consecutive serials."""
    place = f"{county}{born:%Y%m%d}"
    serial = serials[place + sex] = serials.get(place + sex, -1) + 1
    first17 = f"{place}{serial // 5:02d}{serial % 5 * 2 + (sex == '1'):d}"
    return first17 + check_digit(first17)


def _household(dice: random.Random, size: int, year: int) -> dict[str, str]:
    status = dice.choice(("0", "0", "1", "1", "1", "2", ""))
    known = dice.random() > 0.03

    def yuan(most: int) -> str:
        return f"{dice.randrange(most * 100 * size) / 100:.2f}" if known else ""

    return {
        "phone": f"139{dice.randrange(10**8):08d}",
        "attribute": dice.choice(("01", "04", "06")),
        "status": status,
        "exit_year": str(year - dice.randint(0, 3)) if status == "1" else "",
        "main_cause": dice.choice(("01", "02", "07", "09")),
        "other_causes": dice.choice(("", "08", "05,10")),
        "wage_income": yuan(6000),
        "business_income": yuan(3000),
        "property_income": yuan(300),
        "transfer_income": yuan(1500),
        "business_expense": yuan(900),
        "housing_grade": dice.choice("ABC"),
        **dict.fromkeys(("food", "clothing", "medical_guarantee", "water_guarantee"), "是"),
        "education_guarantee": dice.choice(("是", "不适用")),
        "housing_guarantee": dice.choice(("是", "是", "否")),
    }


def write(place: Path, lines: Iterator[Sequence[str]]) -> None:
    """A CSV or, by the name's ending, an XLSX file."""
    if place.suffix == ".xlsx":
        workbook = Workbook(write_only=True)
        sheet = workbook.create_sheet()
        for line in lines:
            sheet.append(line)
        workbook.save(place)
        return
    with place.open("w", encoding="utf-8-sig", newline="") as out:
        csv.writer(out).writerows(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("households", type=int)
    parser.add_argument("file", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    write(options.file, rows(options.households, seed=options.seed))


if __name__ == "__main__":
    main()
