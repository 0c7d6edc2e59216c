"""After several changes each year reads as it was then."""

from datetime import date

import pytest
from django.urls import reverse

from households.models import Household
from households.rules import State
from registry.pages.queries.as_of import as_of
from tests import factories as make
from tests.procedures import move_to
from tests.web.households.changes.changed import active, done, wanted
from trail.dates import business_date

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendar", "in_english")]
NEXT = business_date().year + 1
MARCH = date(NEXT, 3, 1)


@pytest.fixture
def household(tree) -> Household:
    """A head, a spouse and a son, as they stand at the end of this year."""
    one = make.make_household(state=State.POOR, persons=2, group="一组")
    make.make_member(one, relation="03", name="陈小山")
    return one


@pytest.fixture
def changed(cast, household) -> Household:
    """Next year the head dies, the son heads the household, a child is born, and they move."""
    head, spouse, son = active(household)
    move_to(MARCH)
    done(
        household,
        wanted(
            "death",
            happened_on=MARCH,
            goes=frozenset({head.pk}),
            relations={son.pk: "01", spouse.pk: "12"},
        ),
        cast,
    )
    child = {
        "name": "陈新",
        "relation": "04",
        "sex": "2",
        "birth_date": f"{NEXT}-02-01",
        "no_id_reason": "1",
    }
    done(household, wanted("birth", happened_on=MARCH, person=child), cast)
    done(
        household,
        wanted("relocation", happened_on=MARCH, to_village=make.OTHER_TOWNSHIP_VILLAGE),
        cast,
    )
    move_to(date(NEXT + 1, 1, 2))
    return household


def names(then) -> list[tuple[str, str]]:
    return [(one.name, one.relation) for one in then.people]


def test_the_year_before_reads_as_it_was(cast, changed):
    then = as_of(cast.county_clerk, changed, NEXT - 1)
    assert names(then) == [("陈大山", "head"), ("李秀英", "spouse"), ("陈小山", "son")]
    assert then.path[-1].pk == make.VILLAGE
    assert then.group == "一组"


def test_the_year_of_the_changes_reads_as_they_left_it(cast, changed):
    then = as_of(cast.county_clerk, changed, NEXT)
    assert names(then) == [
        ("陈小山", "head"),
        ("陈新", "daughter"),
        ("李秀英", "mother"),
    ]
    assert then.path[-1].pk == make.OTHER_TOWNSHIP_VILLAGE


def test_the_state_of_a_year_is_that_of_its_last_change(cast):
    household = make.make_household(state=State.POOR)
    head = active(household)[0]
    move_to(MARCH)
    done(household, wanted("death", happened_on=MARCH, goes=frozenset({head.pk})), cast)
    move_to(date(NEXT + 1, 1, 2))
    assert as_of(cast.county_clerk, household, NEXT - 1).state == State.POOR
    assert as_of(cast.county_clerk, household, NEXT).state == State.CANCELLED


def test_a_change_of_december_that_is_approved_in_january_counts_in_december(cast, household):
    head, spouse, son = active(household)
    december = date(NEXT, 12, 20)
    move_to(date(NEXT + 1, 1, 10))
    relations = {spouse.pk: "01", son.pk: "03"}
    death = wanted("death", happened_on=december, goes=frozenset({head.pk}), relations=relations)
    done(household, death, cast)
    then = as_of(cast.county_clerk, household, NEXT)
    assert names(then) == [("李秀英", "head"), ("陈小山", "son")]


def test_the_page_says_the_day_and_masks_for_roles_without_names(cast, signed_in, changed):
    address = f"{reverse('pages:household', args=[changed.number])}?as_of={NEXT - 1}"
    assert "as of" in signed_in(cast.county_clerk).get(address).text
    assert "陈大山" not in signed_in(cast.city_reviewer).get(address).text


@pytest.mark.parametrize("year", ["1999", "9999", "nonsense", ""])
def test_a_year_that_cannot_be_is_not_found(cast, signed_in, household, year):
    address = f"{reverse('pages:household', args=[household.number])}?as_of={year}"
    assert signed_in(cast.county_clerk).get(address).status_code == 404
