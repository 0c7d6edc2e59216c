"""Every code, label, form and bad cell that the contract names, one household each."""

from datetime import timedelta

import pytest

from tests.oracle.columns import BY_NAME, COLUMNS, code_field, codes
from tests.oracle.faults import BAD_CELLS
from tests.property.households.both import Both
from tests.property.households.rows import head, id_number, person, without_id
from trail.dates import business_date

CERTIFIED = id_number()
ACCEPTED = {
    "name": [
        "Ａli２",
        "娜仁·其木格",
        "𠮷𠀀",
        "名" * 50,
        "1",
        "O'Brien",
        '"引"',
        "＝等",
        "a\u2028b",
        "张\u3000三",
    ],
    "id_number": [
        id_number().lower(),
        "000000190001010019",
        CERTIFIED + "11",
        id_number() + "74B1",
        id_number() + "2300",
    ],
    "group": ["一组", "东头, 西边", 'a "b"', "9组"],
    "person_number": ["9701231002000001-1", "甲-1", "x"],
    "phone": ["00000000000", "13900000001"],
    "wage_income": ["0", "00", "99999999", "99999999.99", "0.1", "0.10", "00000001.5"],
    "per_capita_net_income": ["-0", "-99999999.99", "3218"],
    "work_months": ["0", "9", "10", "12"],
    "other_causes": ["12", "因婚", "01,12", "illness，marriage", "因病,disability"],
    "exit_year": ["2019", "2014"],
    "household_number": ["-", "A-b-9", "0" * 20],
}
BLANKS = [" {}", "{} ", "\t{}", "\u3000{}\u3000", "\u00a0{}"]


def cell_pairs() -> list[tuple[str, str]]:
    """Column and text, good and bad."""
    pairs = [(name, text) for name, texts in ACCEPTED.items() for text in texts]
    pairs += [(name, text) for name, texts in BAD_CELLS.items() for text in texts]
    for column in COLUMNS:
        field = code_field(column)
        for code, labels in codes(field).items():
            pairs += [(column.name, text) for text in (code, *labels)]
            pairs += [(column.name, wrong) for wrong in (code + ".0", labels[1].upper() + "!")]
    pairs += [("sex", blanks.format("1")) for blanks in BLANKS]
    pairs += [(name, "NA") for name in BY_NAME if name not in ("group", "person_number", "name")]
    return pairs


def household_with(place: int, name: str, text: str) -> dict[str, str]:
    """A sound one-person household but for the cell."""
    row = head(f"C{place}", **without_id())
    if name == "id_number":
        row |= {"no_id_reason": "", "sex": "", "birth_date": ""}
    if name == "exit_year" or (name == "status" and text in ("1", "3", "exited", "脱贫", "返贫")):
        row |= {"status": "1", "exit_year": "2018"}
    if name == "status" and text == "relapsed":
        row["exit_year"] = "2018"
    if name == "member_end_date":
        row["member_end_reason"] = "01"
    return row | {name: text}


def test_every_cell_is_read_as_the_contract_says(both: Both) -> None:
    rows = [household_with(place, *pair) for place, pair in enumerate(cell_pairs())]
    expected, _ = both.take_rows(*rows)
    assert both.differences == []
    assert len(expected.saved) > 300
    assert len(expected.left_out) > 300


@pytest.mark.parametrize("days", [0, 1])
def test_a_date_may_be_today_and_not_tomorrow(both: Both, days: int) -> None:
    day = (business_date() + timedelta(days=days)).isoformat()
    born = head("D1", **without_id(birth_date=day))
    expected, _ = both.take_rows(born, head("D2", id_number=id_number(day.replace("-", ""))))
    assert both.differences == []
    assert len(expected.left_out) == 2 * days


def test_a_birth_before_1900_is_refused_in_an_id_number_alone(both: Both) -> None:
    old = head("D1", **without_id(birth_date="1899-12-31"))
    expected, _ = both.take_rows(old, head("D2", id_number=id_number("18991231")))
    assert both.differences == []
    assert list(expected.left_out) == ["D2"]


def test_an_exit_year_lies_not_after_the_year_of_the_file(both: Both) -> None:
    rows = [head(f"E{year}", status="1", exit_year=str(year)) for year in (2018, 2019)]
    expected, _ = both.take_rows(*rows, year=2018)
    assert both.differences == []
    assert list(expected.left_out) == ["E2019"]


@pytest.mark.parametrize(
    ("one", "two", "agree"),
    [
        ({"wage_income": "1200"}, {"wage_income": "1200.00"}, True),
        ({"wage_income": "1200"}, {"wage_income": "1200.01"}, False),
        ({"attribute": "01"}, {"attribute": "一般贫困户"}, True),
        ({"attribute": "01"}, {"attribute": "低保户"}, False),
        ({"food": "met"}, {"food": "1"}, True),
        ({"food": "met"}, {"food": "9"}, False),
        ({"per_capita_net_income": "5"}, {"per_capita_net_income": "5.0"}, True),
        ({"per_capita_net_income": "5"}, {"per_capita_net_income": "5.01"}, False),
        ({"other_causes": "01,02"}, {"other_causes": "illness，因残"}, True),
        ({"group": "一组"}, {"group": "一组 "}, True),
        ({"group": "一组"}, {"group": ""}, True),
    ],
)
def test_repeated_values_are_compared_after_reading(
    both: Both, one: dict[str, str], two: dict[str, str], agree: bool
) -> None:
    expected, _ = both.take_rows(head("R1", **one), person("R1", **two))
    assert both.differences == []
    assert bool(expected.saved) is agree
