import pytest

from exits.rules.household import Ability, ability_blocks


@pytest.mark.parametrize(
    ("found", "blocked"),
    [
        (None, False),
        (Ability(ill=0, able=0), False),
        (Ability(ill=1, able=0), True),
        (Ability(ill=2, able=0), True),
        (Ability(ill=1, able=1), False),
        (Ability(ill=0, able=2), False),
    ],
)
def test_the_ill_are_kept_from_an_exit_where_nobody_is_able_to_work(found, blocked):
    assert bool(ability_blocks(found)) is blocked


def test_the_block_names_how_many_are_ill():
    [fault] = ability_blocks(Ability(ill=2, able=0))
    assert "severely ill or disabled: 2." in fault.text % fault.values
