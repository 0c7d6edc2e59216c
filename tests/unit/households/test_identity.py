from datetime import date

import pytest

from households.identity import InvalidNumber, check_digit, read_identity

TODAY = date(2020, 6, 30)


@pytest.mark.parametrize(
    ("number", "sex", "birth"),
    [
        ("970123196503074013", "1", date(1965, 3, 7)),
        ("970123201109123028", "2", date(2011, 9, 12)),
        ("970123194801015012", "1", date(1948, 1, 1)),
        ("97012319720519402X", "2", date(1972, 5, 19)),
        ("11010519491231002X", "2", date(1949, 12, 31)),
    ],
)
def test_a_valid_number_tells_sex_and_birth_date(number, sex, birth):
    identity = read_identity(number, today=TODAY)
    assert (identity.sex, identity.birth_date) == (sex, birth)


def test_a_small_x_is_accepted_and_written_large():
    assert read_identity("97012319720519402x", today=TODAY).number == "97012319720519402X"


@pytest.mark.parametrize("last", "012456789X")
def test_every_other_last_character_is_refused(last):
    with pytest.raises(InvalidNumber, match="check digit"):
        read_identity("97012319650307401" + last, today=TODAY)


@pytest.mark.parametrize("place", range(17))
def test_every_single_wrong_digit_is_refused(place):
    number = "970123196503074013"
    wrong = str((int(number[place]) + 1) % 10)
    with pytest.raises(InvalidNumber):
        read_identity(number[:place] + wrong + number[place + 1 :], today=TODAY)


def test_a_month_thirteen_is_named_as_the_reason():
    with pytest.raises(InvalidNumber, match="does not exist"):
        read_identity("970123196513074013", today=TODAY)


def test_a_future_birth_is_refused():
    first17 = "97012320200701401"
    with pytest.raises(InvalidNumber, match="future"):
        read_identity(first17 + check_digit(first17), today=TODAY)


def test_the_nineteenth_century_is_refused():
    first17 = "97012318991231401"
    with pytest.raises(InvalidNumber, match="1900"):
        read_identity(first17 + check_digit(first17), today=TODAY)


def test_an_id_and_a_certificate_are_one_person():
    plain = read_identity("970123196503074013", today=TODAY)
    certificate = read_identity("97012319650307401341", today=TODAY)
    assert certificate.person == plain.person


def test_a_reissued_certificate_has_22_characters():
    assert read_identity("97012319650307401341B1", today=TODAY).birth_date == date(1965, 3, 7)


@pytest.mark.parametrize("ending", ["81", "45", "01", "40", "4a"])
def test_a_certificate_type_or_grade_that_does_not_exist_is_refused(ending):
    with pytest.raises(InvalidNumber, match="type 1–7"):
        read_identity("970123196503074013" + ending, today=TODAY)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "97012319650307401",
        "１７０１２３１９６５０３０７４０１３",
        "970123650307401",
        "97012319650307401３",
    ],
)
def test_other_shapes_and_full_width_digits_are_refused(text):
    with pytest.raises(InvalidNumber, match="18 characters"):
        read_identity(text, today=TODAY)
