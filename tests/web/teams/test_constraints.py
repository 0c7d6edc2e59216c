"""What the database itself refuses about terms and pairings."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from teams.models import Term
from teams.rules.terms import Post
from tests import factories as make

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2019, 1, 1), date(2019, 6, 30)


def test_a_village_has_one_first_secretary_at_a_time(tree):
    make.make_term(post=Post.FIRST_SECRETARY, starts_on=FIRST, last_day=LAST)
    with pytest.raises(IntegrityError, match="one_first_secretary_at_a_time"), transaction.atomic():
        make.make_term(post=Post.FIRST_SECRETARY, starts_on=LAST)


def test_the_next_first_secretary_begins_on_the_next_day(tree):
    make.make_term(post=Post.FIRST_SECRETARY, starts_on=FIRST, last_day=LAST)
    make.make_term(post=Post.FIRST_SECRETARY, starts_on=date(2019, 7, 1))
    assert Term.everywhere.in_force(date(2019, 7, 1)).count() == 1


def test_a_village_has_several_members_at_a_time(tree):
    make.make_term(post=Post.MEMBER, starts_on=FIRST)
    make.make_term(post=Post.MEMBER, starts_on=FIRST)
    assert Term.everywhere.in_force(FIRST).count() == 2


def test_nobody_serves_in_two_villages_at_a_time(tree):
    cadre = make.make_cadre()
    make.make_term(cadre, starts_on=FIRST)
    with pytest.raises(IntegrityError, match="one_village_at_a_time"), transaction.atomic():
        make.make_term(cadre, make.NEXT_VILLAGE, starts_on=LAST)


def test_a_household_has_one_helper_at_a_time(household):
    make.make_pairing(household)
    with pytest.raises(IntegrityError, match="one_helper_at_a_time"), transaction.atomic():
        make.make_pairing(household)


def test_a_term_does_not_end_without_a_reason(tree):
    with pytest.raises(IntegrityError, match="a_term_ends_for_a_reason"), transaction.atomic():
        make.make_term(last_day=LAST, starts_on=FIRST, end_reason="")
