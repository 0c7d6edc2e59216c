"""Two officers on one case, each on a connection of his own: one wins, the other is told."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from django.db import OperationalError, connection, connections, transaction

from exits.actions import advance
from households.models import Household, Standard, Survey
from households.rules import EXPENSE, GUARANTEES, INCOMES, MET, State
from households.snapshot import snapshots
from officers.rules import Role
from tests import factories as make
from tests.cast import Cast, hire_all
from tests.procedures import reach_year_after
from trail.errors import Refused
from trail.transactions import retried
from workflow.actions import Opening, open_case, open_cases
from workflow.errors import AlreadyOpen
from workflow.models import Case

RACES = 1000


@pytest.fixture
def cast(real_database: str) -> Cast:
    make.plant_tree()
    return hire_all()


@pytest.fixture
def races(full_counts: bool) -> int:
    return RACES if full_counts else RACES // 20


def poor_households(count: int) -> list[Household]:
    """Households with a survey of 2019 above the line, written in bulk."""
    households = Household.everywhere.bulk_create(
        Household(number=f"R{place}", village_id=make.VILLAGE, state=State.POOR)
        for place in range(count)
    )
    facts = dict.fromkeys((*INCOMES, EXPENSE), Decimal(0)) | dict.fromkeys(GUARANTEES, MET)
    facts["wage_income"] = Decimal(10_000)
    Survey.objects.bulk_create(
        Survey(
            household=one,
            village_id=one.village_id,
            year=2019,
            persons=1,
            member_digest=one.uuid,
            recorded_by=make.the_operator(),
            **facts,
        )
        for one in households
    )
    return households


def open_exits(households: list[Household], cast: Cast) -> list[Case]:
    reach_year_after(2019)
    standard = Standard.objects.holding(make.VILLAGE, 2019).get(division_id="0")
    facts = snapshots(households, year=2019, standard=standard)
    openings = [Opening("exit", one.number, one.village_id, facts[one.pk]) for one in households]
    return open_cases(openings, by=cast.county_clerk)


def together(*acts: Callable[[], Any]) -> list[Any]:
    """What each act returned or the refusal that it met; all begin at one moment."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            barrier.wait()
            return act()
        except Refused as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_of_two_officers_on_one_case_exactly_one_moves_it(cast, calendar, races):
    second = make.make_officer(Role.COUNTY_APPROVER)
    rivals = [
        (second, "plan"),
        (second, "reject"),
        (cast.county_clerk, "withdraw"),
    ]
    for place, case in enumerate(open_exits(poor_households(races), cast)):
        rival, step = rivals[place % len(rivals)]
        outcomes = together(
            lambda key=case.pk: advance(key, "plan", by=cast.county_approver, version=1),
            lambda key=case.pk, by=rival, name=step: advance(
                key, name, by=by, version=1, note="原因"
            ),
        )
        [lost] = [one for one in outcomes if isinstance(one, Refused)]
        assert lost.code in ("stale", "closed"), lost.code
        assert list(case.events.values_list("seq", flat=True)) == [1, 2]


def test_of_two_proposals_of_one_household_exactly_one_opens(cast, races):
    facts = {"state": int(State.POOR)}
    for place in range(races // 5):
        outcomes = together(
            *(
                lambda name=f"T{place}": open_case(
                    "exit", name, make.VILLAGE, facts, by=cast.county_clerk
                )
                for _ in range(2)
            )
        )
        assert sorted(type(one) for one in outcomes if isinstance(one, Refused)) == [AlreadyOpen]
        assert Case.everywhere.filter(subject=f"T{place}").count() == 1


def test_an_act_that_lost_a_deadlock_is_done_again(cast):
    first, second = poor_households(2)
    meeting = Barrier(2)

    def lock(keys: tuple[int, int]) -> Callable[[], int]:
        tries = []

        @retried
        @transaction.atomic
        def act() -> int:
            tries.append(1)
            Household.everywhere.select_for_update().get(pk=keys[0])
            if len(tries) == 1:
                meeting.wait()
            Household.everywhere.select_for_update().get(pk=keys[1])
            return len(tries)

        return act

    tries = together(lock((first.pk, second.pk)), lock((second.pk, first.pk)))
    assert sorted(tries) == [1, 2]


def test_an_act_is_done_again_three_times_at_most(cast):
    done = []

    @retried
    def act() -> None:
        done.append(1)
        with connection.cursor() as cursor:
            cursor.execute("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40001'; END $$")

    with pytest.raises(OperationalError):
        act()
    assert len(done) == 4
