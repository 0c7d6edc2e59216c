"""A search for policy gaps from one to the next: what stands on, what is gone, what comes again."""

from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError

from assistance.actions import gap_runs
from assistance.actions.gap_resolving import Answer, resolve_gap
from assistance.actions.gap_runs import Searching, ask_search, drive, finish, unfinished
from assistance.models import Gap, GapChunk, GapRun, RunState
from assistance.rules.gaps import Resolution
from divisions.models import Division
from households.models import Household, Member
from households.rules import State
from officers.rules import Role
from tests import factories as make
from trail.errors import NotAllowed, Refused

pytestmark = pytest.mark.django_db
YEAR = 2019


@pytest.fixture(autouse=True)
def tree(db: None) -> None:
    make.plant_tree()


def place(code: str = make.PROVINCE) -> Division:
    return Division.objects.get(pk=code)


def search(code: str = make.PROVINCE, **by: Any) -> GapRun:
    run = ask_search(place(code), YEAR, by=make.the_operator())
    drive(run.pk)
    run.refresh_from_db()
    return run


def housed(village: str = make.VILLAGE) -> Household:
    """A household with one gap of the rule "house" that a measure mends."""
    return make.make_household(village, state=State.POOR, housing_grade="D")


def gap_of(household: Household, rule: str = "house") -> Gap:
    return Gap.everywhere.get(household=household, rule=rule)


def explain(gap: Gap, kind: Resolution = Resolution.EXPLAINED, due: date | None = None) -> None:
    officer = make.make_officer(Role.TOWNSHIP_REVIEWER, make.TOWNSHIP)
    officer.posting = officer.postings.get()
    resolve_gap(gap.pk, Answer(kind, "已核实", due), by=officer, version=gap.version)


def test_the_same_facts_give_the_same_result_wherever_the_parts_are_cut(monkeypatch):
    for village in (make.VILLAGE, make.NEXT_VILLAGE, make.OTHER_CITY_VILLAGE):
        housed(village)
    once = search()
    monkeypatch.setattr(gap_runs, "CHUNK_HOUSEHOLDS", 1)
    again = search()
    assert (once.chunks.count(), again.chunks.count()) == (1, 3)
    assert once.result_hash == again.result_hash
    assert once.totals == again.totals == {"health": 3, "house": 3}
    housed()
    assert search().result_hash != once.result_hash


def test_a_gap_that_is_found_again_keeps_its_answer():
    household = housed()
    first = search()
    explain(gap_of(household))
    second = search()
    gap = gap_of(household)
    assert (gap.first_run, gap.last_run, gap.resolution) == (first, second, "explained")
    assert Gap.everywhere.filter(household=household).count() == 2


def test_a_gap_that_is_found_no_more_is_gone_and_stands_again_without_its_answer():
    household = housed()
    search()
    explain(gap_of(household), Resolution.PROMISED, date(2100, 1, 1))
    item = make.make_item(make.make_plan(household), "HOU-D")
    second = search()
    gap = gap_of(household)
    assert (gap.gone_run, gap.resolution) == (second, "promised")
    item.delete()
    search()
    gap = gap_of(household)
    assert (gap.gone_run, gap.resolution, gap.due_on) == (None, "", None)


def test_a_gap_that_was_called_mended_and_stands_waits_for_a_word_again():
    household = housed()
    search()
    explain(gap_of(household), Resolution.MENDED)
    search()
    gap = gap_of(household)
    assert gap.resolution == ""
    assert gap.resolutions.count() == 1


def test_an_explained_gap_whose_facts_change_waits_for_a_word_again():
    household = make.make_household(state=State.POOR, housing_grade="C")
    search()
    explain(gap_of(household))
    Household.everywhere.filter(pk=household.pk).update(housing_grade="D")
    search()
    gap = gap_of(household)
    assert (gap.facts, gap.resolution) == ({"housing_grade": 4}, "")
    assert gap.resolutions.count() == 1


def test_a_promise_stands_when_the_facts_change():
    household = make.make_household(state=State.POOR, housing_grade="C")
    search()
    explain(gap_of(household), Resolution.PROMISED, date(2100, 1, 1))
    Household.everywhere.filter(pk=household.pk).update(housing_grade="D")
    search()
    assert gap_of(household).resolution == "promised"


def test_an_explanation_holds_when_somebody_only_grows_older():
    household = make.make_household(state=State.POOR)
    member = household.members.get(relation="01")
    Member.objects.filter(pk=member.pk).update(birth_date=date(2009, 9, 1), in_school="04")
    search()
    gap = gap_of(household, "education")
    Gap.everywhere.filter(pk=gap.pk).update(facts=gap.facts | {"age": gap.facts["age"] - 1})
    explain(gap)
    search()
    assert gap_of(household, "education").facts == gap.facts
    assert gap_of(household, "education").resolution == "explained"


def test_a_search_of_a_part_leaves_the_gaps_of_others_alone():
    here, there = housed(), housed(make.OTHER_CITY_VILLAGE)
    search()
    for household in (here, there):
        Household.everywhere.filter(pk=household.pk).update(housing_grade="A")
    search(make.COUNTY)
    assert gap_of(here).gone_run is not None
    assert gap_of(there).gone_run is None


def test_the_gap_of_a_household_that_moved_goes_with_it():
    household = housed()
    search()
    explain(gap_of(household))
    Household.everywhere.filter(pk=household.pk).update(village_id=make.OTHER_CITY_VILLAGE)
    search()
    gap = gap_of(household)
    assert (gap.village_id, gap.gone_run, gap.resolution) == (
        make.OTHER_CITY_VILLAGE,
        None,
        "explained",
    )


def test_two_searches_of_one_year_do_not_share_a_village():
    housed()
    ask_search(place(make.CITY), YEAR, by=make.the_operator())
    for code in (make.PROVINCE, make.COUNTY, make.CITY):
        with pytest.raises(Searching):
            ask_search(place(code), YEAR, by=make.the_operator())
    assert ask_search(place(make.CITY), YEAR - 1, by=make.the_operator())


@pytest.mark.parametrize(("code", "year"), [("0", YEAR), (make.COUNTY, 2100), (make.COUNTY, 2013)])
def test_a_nation_and_a_strange_year_are_refused(code, year):
    housed()
    with pytest.raises(Refused):
        ask_search(place(code), year, by=make.the_operator())


def test_a_place_without_households_is_not_searched():
    with pytest.raises(Refused):
        ask_search(place(make.COUNTY), YEAR, by=make.the_operator())
    assert not GapRun.everywhere.exists()


@pytest.mark.parametrize("role", [Role.COUNTY_APPROVER, Role.READER])
def test_who_does_not_seek_gaps_asks_for_nothing(role):
    housed()
    officer = make.make_officer(role, make.COUNTY)
    officer.posting = officer.postings.get()
    with pytest.raises(NotAllowed):
        ask_search(place(make.COUNTY), YEAR, by=officer)


def test_a_part_that_fails_is_tried_again(monkeypatch):
    housed()
    run = ask_search(place(), YEAR, by=make.the_operator())
    monkeypatch.setattr(gap_runs, "judge", raising)
    assert drive(run.pk)
    chunk = GapChunk.objects.get(run=run)
    assert (chunk.state, chunk.attempts, chunk.error) == ("waiting", 1, "DatabaseError: lost")
    assert unfinished() == [run.pk]
    monkeypatch.undo()
    GapChunk.objects.filter(run=run).update(lease_until=None)
    drive(run.pk)
    run.refresh_from_db()
    assert run.state == RunState.FINISHED


def test_a_search_ends_when_a_part_fails_again_and_again(monkeypatch):
    housed()
    monkeypatch.setattr(gap_runs, "judge", raising)
    monkeypatch.setattr(gap_runs, "PAUSE", -gap_runs.PAUSE)
    run = search()
    assert run.state == RunState.STOPPED
    assert GapChunk.objects.get(run=run).attempts == gap_runs.MOST_ATTEMPTS


def raising(*args: object, **kwargs: object) -> None:
    raise DatabaseError("lost")


def test_a_search_is_not_closed_while_a_part_is_left():
    housed()
    run = ask_search(place(), YEAR, by=make.the_operator())
    assert finish(run.pk) is None
    drive(run.pk)
    assert finish(run.pk) is None


def test_the_command_searches_and_prints_what_it_found():
    housed()
    said = StringIO()
    call_command("find_gaps", division=make.PROVINCE, year=YEAR, stdout=said)
    assert "1  house" in said.getvalue()
    assert GapRun.everywhere.get().result_hash in said.getvalue()


def test_the_command_goes_on_with_the_search_that_stands():
    housed()
    run = ask_search(place(), YEAR, by=make.the_operator())
    call_command("find_gaps", division=make.PROVINCE, year=YEAR, stdout=StringIO())
    run.refresh_from_db()
    assert (GapRun.everywhere.count(), run.state) == (1, RunState.FINISHED)


def test_the_command_says_why_it_is_refused():
    with pytest.raises(CommandError) as refused:
        call_command("find_gaps", division=make.PROVINCE, year=YEAR, stdout=StringIO())
    assert refused.value.returncode == 2
