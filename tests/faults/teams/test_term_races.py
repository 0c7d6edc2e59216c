"""A term is ended, and somebody sent, by two at once: one wins, the other is told what stands."""

from datetime import timedelta
from typing import Any

import pytest

from officers.models import Officer
from officers.rules import Role
from teams.actions.change_of_hands import Following, HandedOn, Leaving, change_hands
from teams.actions.terms import end_term
from teams.importing.running import Outcome
from teams.models import Handover, Term
from teams.rules.terms import EndReason, Post
from tests import factories as make
from tests.cast import Cast, hire_all
from tests.faults.teams.test_dispatch_races import sorted_out, together
from tests.web.teams.roster_files import bring_in, found, roster_row
from tests.web.teams.sent import approved, post, step
from trail.dates import business_date
from trail.errors import Refused, Stale
from trail.models import Change

RACES = 200
DAY = timedelta(days=1)


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


def test_of_two_clerks_who_end_a_term_at_once_one_ends_it_and_the_other_is_told_by_when(
    cast, second_clerk, races, in_english
):
    today = business_date()
    for _ in races:
        term = make.make_term()

        def ends(by: Officer, days: int, term: Term = term) -> Term:
            return end_term(
                term.pk, last_day=today + days * DAY, reason=EndReason.TERM, version=1, by=by
            )

        won, lost = sorted_out(
            together(
                lambda e=ends: e(cast.county_clerk, 3),
                lambda e=ends: e(second_clerk, 7),
            )
        )
        assert isinstance(lost, Stale)
        assert f"its last day is {won.last_day}" in lost.message
        term.refresh_from_db()
        assert (term.last_day, term.version) == (won.last_day, 2)
        [traced] = Change.objects.filter(action="end_term", subject_id=str(term.pk))
        assert traced.after["last_day"] == won.last_day.isoformat()


def test_a_place_that_two_let_change_hands_at_once_has_one_successor(
    cast, second_clerk, races, in_english
):
    today = business_date()
    for _ in range(max(3, len(races) // 4)):
        Term.everywhere.filter(post=Post.FIRST_SECRETARY).update(post=Post.MEMBER)
        term = make.make_term(post=Post.FIRST_SECRETARY, due_on=today + 400 * DAY)
        cases = [approved(cast, None, post(starts_on=today)) for _place in range(2)]

        def changes(by: Officer, case: Any, term: Term = term) -> Term:
            return change_hands(
                term.pk,
                Leaving(today, EndReason.TERM),
                Following(case.pk, "组发〔2020〕9号", today),
                handed_on=HandedOn(today, "台账三本"),
                version=1,
                by=by,
            )

        won, _lost = sorted_out(
            together(
                lambda c=changes, k=cases: c(cast.county_clerk, k[0]),
                lambda c=changes, k=cases: c(second_clerk, k[1]),
            )
        )
        assert list(Term.everywhere.filter(case__in=cases)) == [won]
        assert Handover.objects.get(term=term).to == won.cadre
        assert Change.objects.filter(action="end_term", subject_id=str(term.pk)).count() == 1


def test_of_an_import_and_a_dispatch_of_one_person_at_once_one_begins_the_term(
    cast, second_clerk, races, in_english
):
    first = business_date()
    for _ in races:
        cadre = make.make_cadre()
        case = approved(cast, cadre, post(make.VILLAGE, Post.MEMBER, starts_on=first))
        row = roster_row(
            number=cadre.number, name=cadre.name, id_number="", sex="", birth_date="", phone="",
            rank="", party_member_since="", working_since="", unit=cadre.unit.name,
            village_code=make.NEXT_VILLAGE, starts_on=first.isoformat(),
            due_on=(first + 700 * DAY).isoformat(),
        )  # fmt: skip
        brought, sent = together(
            lambda r=row: bring_in(second_clerk, r),
            lambda k=case: step(k, "dispatch", cast.county_clerk),
        )
        term = Term.everywhere.get(cadre=cadre)
        case.refresh_from_db()
        if term.case_id:
            assert not isinstance(sent, Refused)
            assert case.state == "dispatched"
            assert refused_row(brought)
        else:
            assert brought.saved.terms == 1
            assert case.state == "approved"
            assert term.village.name in sent.message


def refused_row(brought: Any) -> bool:
    """The import told in its row who serves, or asked to be saved once more."""
    if isinstance(brought, Outcome):
        return found(brought) == [(2, "starts_on", "serves_open")] and not brought.saved.terms
    return bool(brought.code == "changed_meanwhile")
