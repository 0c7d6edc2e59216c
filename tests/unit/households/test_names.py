import pytest

from households.names import query_token, tokens_of


@pytest.mark.parametrize("query", ["陈大", "陈大山", "大山", "chendashan", "CDS", "chen", "dashan"])
def test_a_name_is_found_by(query):
    assert query_token(query) in tokens_of(["陈大山"])


@pytest.mark.parametrize("query", ["娜仁·其木格", "娜仁其木格", "娜仁", "娜仁 其木格", "nrqmg"])
def test_the_middle_dot_does_not_hide_a_name(query):
    assert query_token(query) in tokens_of(["娜仁·其木格"])


def test_one_character_is_too_short_to_search_by():
    assert query_token("陈") == ""


def test_a_surname_is_read_as_a_surname():
    assert "shanxiong" in tokens_of(["单雄"])


def test_rare_characters_are_found_by_themselves():
    assert query_token("𠀀𠀁") in tokens_of(["𠀀𠀁"])


def test_all_members_of_a_household_are_found():
    assert {"ls", "cds"} <= set(tokens_of(["陈大山", "李四"]))
