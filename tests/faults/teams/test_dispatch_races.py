"""Several officers send the same person, or people to the same place, at once: one wins."""

import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connections, transaction

from officers.models import Officer
from officers.rules import Role
from teams.actions.cadres import CadreEntry, record_cadre
from teams.actions.terms import Service, begin_term
from teams.models import Cadre, Candidacy, Term
from teams.refusals import EntryRefused
from teams.rules.terms import Post
from tests import factories as make
from tests.cast import Cast, hire_all
from tests.web.teams.sent import approved, post, proposed, step
from trail.dates import business_date
from trail.errors import Refused
from workflow.errors import AlreadyOpen
from workflow.models import Case

RACES = 200
LONGEST_WAIT = 0.02
WRITING = 0.6


@pytest.fixture
def cast(real_database: str) -> Cast:
    make.plant_tree()
    return hire_all()


@pytest.fixture
def second_clerk(cast: Cast) -> Officer:
    return make.make_officer(Role.COUNTY_CLERK, make.COUNTY)


@pytest.fixture
def races(full_counts: bool) -> range:
    return range(RACES if full_counts else RACES // 20)


def together(*acts: Callable[[], Any]) -> list[Any]:
    """What each act returned or the refusal that it met; all begin at about one time."""
    dice, barrier = random.Random(), Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            barrier.wait()
            time.sleep(dice.uniform(0, LONGEST_WAIT))
            return act()
        except Refused as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def service(village: str, kind: Post = Post.MEMBER, first: date | None = None) -> Service:
    """A term of two years from today."""
    starts_on = first or business_date()
    return Service(village, kind, starts_on, starts_on + timedelta(days=730))


def sorted_out(found: list[Any]) -> tuple[Any, Refused]:
    """The one that won and the refusal of the other."""
    [lost] = [one for one in found if isinstance(one, Refused)]
    [won] = [one for one in found if not isinstance(one, Refused)]
    return won, lost


def test_of_two_villages_that_get_one_person_at_once_one_has_him_and_the_other_is_told(
    cast, second_clerk, races, in_english
):
    for _ in races:
        cadre = make.make_cadre()
        won, lost = sorted_out(
            together(
                lambda c=cadre: begin_term(c.pk, service(make.VILLAGE), by=cast.county_clerk),
                lambda c=cadre: begin_term(c.pk, service(make.NEXT_VILLAGE), by=second_clerk),
            )
        )
        assert Term.everywhere.get(cadre=cadre) == won
        assert lost.code == "serves_elsewhere"
        assert cadre.name in lost.message
        assert won.village.name in lost.message


def test_an_approved_dispatch_and_another_term_of_the_person_never_both_begin(
    cast, second_clerk, races, in_english
):
    for _ in range(max(3, len(races) // 4)):
        cadre = make.make_cadre()
        case = approved(cast, cadre, post(make.VILLAGE, Post.MEMBER))
        first = Candidacy.objects.get(case=case).starts_on
        won, lost = sorted_out(
            together(
                lambda k=case: step(k, "dispatch", cast.county_clerk),
                lambda c=cadre, f=first: begin_term(
                    c.pk, service(make.NEXT_VILLAGE, first=f), by=second_clerk
                ),
            )
        )
        term = Term.everywhere.get(cadre=cadre)
        case.refresh_from_db()
        assert case.state == ("dispatched" if term.village_id == make.VILLAGE else "approved")
        assert term.village.name in lost.message
        assert won


def test_of_two_first_secretaries_for_one_village_at_once_one_gets_the_place(
    cast, second_clerk, races, in_english
):
    first = business_date()
    for number in races:
        pair = [make.make_cadre(), make.make_cadre()]
        span = timedelta(days=3 * number)
        wanted = [
            Service(
                make.VILLAGE,
                Post.FIRST_SECRETARY,
                first + span,
                first + span + timedelta(days=700),
                last_day=first + span + timedelta(days=2),
                end_reason="term",
            )
        ] * 2
        won, lost = sorted_out(
            together(
                lambda w=wanted, p=pair: begin_term(p[0].pk, w[0], by=cast.county_clerk),
                lambda w=wanted, p=pair: begin_term(p[1].pk, w[1], by=second_clerk),
            )
        )
        assert Term.everywhere.get(cadre__in=pair) == won
        assert lost.code == "post_taken"
        assert won.cadre.name in lost.message


def test_a_term_that_nobody_could_see_yet_is_named_when_the_database_refuses(cast, in_english):
    written, seen = Barrier(2), Barrier(2)

    def unseen() -> Term:
        with transaction.atomic():
            term = make.make_term(post=Post.FIRST_SECRETARY, starts_on=business_date())
            written.wait()
            time.sleep(WRITING)
        seen.wait()
        return term

    def second() -> Term:
        written.wait()
        try:
            wanted = service(make.VILLAGE, Post.FIRST_SECRETARY)
            return begin_term(make.make_cadre().pk, wanted, by=cast.county_clerk)
        finally:
            seen.wait()

    won, lost = sorted_out(together(unseen, second))
    assert Term.everywhere.get() == won
    assert (lost.code, won.cadre.name in lost.message) == ("post_taken", True)


def test_of_two_clerks_who_propose_one_person_at_once_one_opens_the_case(cast, second_clerk, races):
    for _ in races:
        cadre = make.make_cadre()
        won, lost = sorted_out(
            together(
                lambda c=cadre: proposed(cast.county_clerk, c),
                lambda c=cadre: proposed(second_clerk, c, post(make.NEXT_VILLAGE)),
            )
        )
        assert isinstance(lost, AlreadyOpen)
        assert Case.everywhere.get(subject=cadre.number) == won
        assert Candidacy.objects.get(cadre=cadre).village_id == won.division_id


def test_one_person_recorded_by_two_counties_at_once_has_one_record(cast, races):
    for _ in range(max(3, len(races) // 4)):
        number = make.make_id_number()
        entry = CadreEntry(name="周启明", id_number=number, rank="official")
        found = together(
            lambda e=entry: record_cadre(e, by=cast.county_clerk),
            lambda e=entry: record_cadre(e, by=cast.stranger),
        )
        won = [one for one in found if isinstance(one, Cadre)]
        assert {one.pk for one in won} == {Cadre.everywhere.get(id_blind=won[0].id_blind).pk}
        assert all(isinstance(one, Cadre | EntryRefused) for one in found)
