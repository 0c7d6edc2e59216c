"""What members and house say about the guarantees."""

from datetime import date

import pytest

from households.guarantees import Person, education, housing, medical
from households.rules import MET, NOT_APPLICABLE, NOT_MET

TODAY = date(2020, 11, 1)
CHILD, ADULT = date(2010, 5, 1), date(1980, 5, 1)


def child(**facts: str) -> Person:
    return Person(CHILD, **facts)


@pytest.mark.parametrize(
    ("people", "value"),
    [
        ([Person(ADULT)], NOT_APPLICABLE),
        ([child(in_school="03")], MET),
        ([child(out_of_school_reason="01")], MET),
        ([child(out_of_school_reason="02")], MET),
        ([child(out_of_school_reason="07")], NOT_MET),
        ([child(in_school="01")], NOT_MET),
        ([child()], None),
        ([child(in_school="03"), child(out_of_school_reason="06")], NOT_MET),
        ([Person(None)], None),
    ],
    ids=["none", "in school", "at home", "unable", "hardship", "not", "blank", "two", "no birth"],
)
def test_education_follows_from_the_children(people, value):
    assert education(people, on=TODAY).value == value


@pytest.mark.parametrize(
    ("born", "value"),
    [
        (date(2014, 11, 1), None),
        (date(2014, 11, 2), NOT_APPLICABLE),
        (date(2004, 11, 2), None),
        (date(2004, 11, 1), NOT_APPLICABLE),
    ],
    ids=["six today", "six tomorrow", "sixteen tomorrow", "sixteen today"],
)
def test_school_age_is_from_the_sixth_to_the_day_before_the_sixteenth_birthday(born, value):
    assert education([Person(born)], on=TODAY).value == value


@pytest.mark.parametrize(
    ("insured", "value"),
    [(["1", "1"], MET), (["1", "0"], NOT_MET), (["1", ""], None), (["0", ""], NOT_MET), ([], None)],
)
def test_medical_care_follows_from_everybodys_insurance(insured, value):
    assert medical([Person(ADULT, medical_insurance=one) for one in insured]).value == value


def test_a_newborn_without_insurance_is_no_lack():
    people = [Person(ADULT, medical_insurance="1"), Person(TODAY, no_id_reason="1")]
    assert medical(people).value == MET


@pytest.mark.parametrize(
    ("grade", "value"), [("A", MET), ("B", MET), ("C", NOT_MET), ("D", NOT_MET), ("", None)]
)
def test_housing_follows_from_the_grade(grade, value):
    assert housing(grade).value == value
