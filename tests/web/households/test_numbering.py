"""Where the numbers begin that a registry gives."""

import pytest
from django.core.management import CommandError, call_command

from households.actions.numbering import begin_numbers
from households.entry.saving import next_household_number
from households.numbering import next_person_numbers
from tests import factories as make
from trail.errors import NotAllowed
from trail.models import Change

pytestmark = pytest.mark.django_db


@pytest.fixture
def first(cast) -> int:
    """A number above all that were given; no sequence goes back with its transaction."""
    household = int(next_household_number(make.VILLAGE)[-8:])
    return max(household, int(next_person_numbers(1)[0][1:])) + 100


def test_households_and_people_are_numbered_from_there_on(first, capsys):
    call_command("begin_numbers", str(first))
    assert str(first) in capsys.readouterr().out
    assert next_household_number(make.VILLAGE) == f"{make.COUNTY}{first:08d}"
    assert next_person_numbers(2) == [f"P{first:012d}", f"P{first + 1:012d}"]
    assert Change.objects.get(action="begin_numbers").after == {"first": first}


def test_a_number_that_was_given_is_refused(first):
    call_command("begin_numbers", str(first))
    next_person_numbers(1)
    with pytest.raises(CommandError, match=str(first)):
        call_command("begin_numbers", str(first))
    assert next_person_numbers(1) == [f"P{first + 1:012d}"]


@pytest.mark.parametrize("none", ["0", "100000000"])
def test_what_no_household_number_can_hold_is_refused(cast, none):
    with pytest.raises(CommandError):
        call_command("begin_numbers", none)


def test_nobody_but_the_operator_says_where(cast, first):
    with pytest.raises(NotAllowed):
        begin_numbers(first, by=cast.province_officer)
