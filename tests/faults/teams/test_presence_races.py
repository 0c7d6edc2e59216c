"""Two presses at once, and a press beside an approval or an inspection: a day has one row."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any

import pytest
from django.db import connections

from officers.models import Officer
from teams.actions.absences import advance
from teams.actions.inspections import record_absence
from teams.actions.presence import sign_in
from teams.models import Absence, Presence, PresenceMonth
from teams.rules.presence import Source
from tests import factories as make
from tests.cast import Cast, hire_all
from tests.web.teams.present import ahead, asked, serving
from trail.dates import business_date
from trail.errors import Refused
from trail.models import Change

RACES = 200
LONG_AGO = date(2020, 5, 4)


@pytest.fixture
def cast(real_database: str) -> Cast:
    make.plant_tree()
    return hire_all()


@pytest.fixture
def races(full_counts: bool) -> range:
    return range(RACES if full_counts else RACES // 20)


def together(*acts: Callable[[], Any]) -> list[Any]:
    """What each act returned or the refusal that it met; all begin at one time."""
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


def himself(by: Officer) -> Officer:
    """The officer as another request reads him."""
    return Officer.objects.get(pk=by.pk)


def test_two_presses_at_once_make_one_row_and_get_one_answer(cast, races):
    term = serving(cast.first_secretary)
    for _ in races:
        Presence.everywhere.all().delete()
        first, second = himself(cast.first_secretary), himself(cast.first_secretary)
        rows = together(lambda one=first: sign_in(by=one), lambda two=second: sign_in(by=two))
        assert [row.pk for row in rows] == [Presence.everywhere.get().pk] * 2
    assert Change.objects.filter(action="sign_in").count() == len(races)
    assert PresenceMonth.objects.get(cadre=term.cadre).in_village == 1


def test_an_approval_beside_a_press_leaves_the_press(cast, races):
    serving(cast.first_secretary)
    for _ in races:
        Presence.everywhere.all().delete()
        case = asked(cast.first_secretary, ahead(0, 1))
        member, township = himself(cast.first_secretary), himself(cast.township_reviewer)
        told = together(
            lambda by=member: sign_in(by=by),
            lambda key=case.pk, by=township: advance(key, "approve", by=by, version=1),
        )
        assert not any(isinstance(one, Refused) for one in told)
        assert Presence.everywhere.get().source == Source.SELF
        Absence.objects.update(first_day=LONG_AGO, last_day=LONG_AGO)  # today can be asked again


def test_an_inspection_beside_a_press_is_what_stays(cast, races):
    term, today = serving(cast.first_secretary), business_date()
    for _ in races:
        Presence.everywhere.all().delete()
        member, township = himself(cast.first_secretary), himself(cast.township_reviewer)
        told = together(
            lambda by=member: sign_in(by=by),
            lambda by=township: record_absence(term.cadre, today, by=by, found="村部无人"),
        )
        assert Presence.everywhere.get().source == Source.INSPECTION
        assert not isinstance(told[1], Refused)
