"""A freeze against whoever writes or takes back surveys at that moment.

What stands when the freeze commits stands for good: `frozen` reads it inside the transaction of the
freeze, and nothing but an approved correction comes to it afterwards. Each race has a township and
a village of its own.
"""

import csv
import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from io import StringIO
from threading import Barrier
from typing import Any

import pytest
from django.db import connections, transaction

from divisions.models import Division, Level
from divisions.scope import in_range
from households.actions.corrections import advance, propose_correction
from households.actions.freezing import freeze_year
from households.importing import batches
from households.importing.prefill import headings, village_rows
from households.importing.template import COLUMNS as COLUMNS_OF_FILE
from households.importing.withdrawing import withdraw_batch
from households.models import Household, ImportBatch, Survey, YearFreeze
from households.models.batches import BatchState
from households.rules import GUARANTEES, MONEY, State
from officers.models import Officer
from registry.pages.queries.imports import rests_on
from tests import factories as make
from tests.cast import Cast, hire_all
from trail.errors import Refused
from workflow.models import Case

RACES, YEAR = 100, 2019
COLUMNS = (
    "pk",
    "household_id",
    "corrects_id",
    "correction_id",
    "withdrawn_at",
    *MONEY,
    *GUARANTEES,
)


@pytest.fixture
def cast(real_database: str, settings, tmp_path) -> Cast:
    settings.MEDIA_ROOT = tmp_path
    make.plant_tree()
    return hire_all()


@pytest.fixture
def races(full_counts: bool) -> range:
    return range(RACES if full_counts else max(5, RACES // 20))


def village_for(race: int) -> str:
    """A village in a township of its own, in COUNTY."""
    township = f"{make.COUNTY}{400 + race}"
    Division.objects.create(
        code=township, level=Level.TOWNSHIP, name=township, parent_id=make.COUNTY
    )
    village = f"{township}200"
    Division.objects.create(code=village, level=Level.VILLAGE, name=village, parent_id=township)
    return village


def together(*acts: Callable[[], Any]) -> list[Any]:
    """What each act returned or the refusal that it met; all begin within a few hundredths."""
    dice, barrier = random.Random(), Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            barrier.wait()
            time.sleep(dice.uniform(0, 0.06))
            return act()
        except Refused as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def within(seconds: float, act: Callable[[], Any]) -> Callable[[], Any]:
    """`act` at some moment of the next seconds: an import takes a while to come to its writes."""
    wait = random.Random().uniform(0, seconds)

    def later() -> Any:
        time.sleep(wait)
        return act()

    return later


def standing(place: str) -> list[tuple[Any, ...]]:
    """Every survey of the year below `place`, column by column."""
    found = Survey.objects.filter(in_range("village_id", place), year=YEAR)
    return list(found.order_by("pk").values_list(*COLUMNS))


def frozen(place: str, by: Officer) -> list[tuple[Any, ...]]:
    """Freeze the year, and what stands at that moment."""
    with transaction.atomic():
        freeze_year(Division.objects.get(pk=place), year=YEAR, reason="核对无误", by=by)
        return standing(place)


def surveyed(village: str, **fields: Any) -> Household:
    household = make.make_household(
        village, state=State.POOR, attribute="01", main_cause="09", **fields
    )
    batch = fields.get("batch")
    make.make_survey(household, YEAR, wage_income=Decimal(1000), batch=batch)
    return household


def file_of(village: str, by: Officer, **cells: str) -> bytes:
    """The village's households as the filled template has them, `cells` filled in."""
    out = StringIO()
    places = {column.key: place for place, column in enumerate(COLUMNS_OF_FILE)}
    lines = csv.writer(out)
    lines.writerow(headings())
    for row in village_rows(by, village):
        for key, text in cells.items():
            row[places[key]] = text
        lines.writerow(row)
    return out.getvalue().encode()


def confirmed(village: str, by: Officer) -> ImportBatch:
    """A file with another wage income, judged and confirmed."""
    content = file_of(village, by, wage_income="5000")
    batch = batches.upload(by=by, year=YEAR, file_name="x.csv", content=content)
    batches.judge_batch(batch.pk)
    batch.refresh_from_db()
    assert batch.counts["changed"] == 1, batch.counts
    return batches.confirm(batch, by=by)


def test_what_an_import_brings_stands_before_the_freeze_or_not_at_all(cast, races):
    for race in races:
        village = village_for(race)
        surveyed(village)
        batch = confirmed(village, cast.county_clerk)
        stood, _done = together(
            within(0.2, lambda village=village: frozen(village, cast.county_approver)),
            lambda batch=batch: batches.save_batch(batch.pk),
        )
        assert standing(village) == stood
        batch.refresh_from_db()
        assert batch.state == BatchState.SAVED
        assert (batch.counts["surveys"], batch.counts["faulty"]) == (
            (1, 0) if len(stood) == 2 else (0, 1)
        )


def test_a_withdrawal_takes_surveys_back_before_the_freeze_or_is_refused(cast, races):
    for race in races:
        village = village_for(race)
        batch = make.make_batch(make.COUNTY, state=BatchState.SAVED)
        surveyed(village, batch=batch)
        stood, done = together(
            lambda village=village: frozen(village, cast.county_approver),
            lambda batch=batch: withdraw_batch(
                batch, by=cast.county_clerk, reason="误", rests_on=rests_on
            ),
        )
        assert standing(village) == stood
        [(_pk, _household, _corrects, _correction, withdrawn_at, *_figures)] = stood
        if isinstance(done, Refused):
            assert (done.code, withdrawn_at) == ("rests_on", None)
        else:
            assert withdrawn_at is not None


def proposed(household: Household, by: Officer) -> Case:
    survey = Survey.objects.get(household=household, year=YEAR)
    figures = {name: getattr(survey, name) for name in (*MONEY, *GUARANTEES)}
    return propose_correction(
        household, year=YEAR, seen=survey.pk, figures=figures | {"wage_income": Decimal(2000)},
        reason="抄录有误", proof="工资单", by=by,
    )  # fmt: skip


def test_a_correction_is_approved_beside_a_wider_freeze_and_nothing_else_changes(cast, races):
    for race in races:
        village = village_for(race)
        household, neighbour = surveyed(village), surveyed(village)
        frozen(village, cast.county_approver)
        case = proposed(household, cast.county_clerk)
        stood, event = together(
            lambda village=village: frozen(village[:9], cast.province_approver),
            lambda case=case: advance(case.pk, "approve", by=cast.county_approver, version=1),
        )
        assert event.to_state == "approved"
        added = [row for row in standing(village) if row not in stood]
        assert [row[3] for row in added] in ([], [case.correction.pk])
        assert [row for row in standing(village) if row not in added] == stood
        latest = Survey.objects.filter(year=YEAR).in_force()
        assert latest.get(household=household).wage_income == Decimal(2000)
        assert latest.get(household=neighbour).wage_income == Decimal(1000)


def test_of_two_freezes_of_a_place_one_is_recorded_and_the_other_is_told(cast, races):
    for race in races:
        village = village_for(race)
        surveyed(village)
        done = together(
            lambda village=village: frozen(village, cast.county_approver),
            lambda village=village: frozen(village, cast.province_approver),
        )
        [refused] = [one for one in done if isinstance(one, Refused)]
        assert refused.code == "already_frozen"
        assert YearFreeze.objects.filter(division_id=village).count() == 1


def test_overlapping_freezes_and_an_import_at_once_leave_one_truth(cast, races):
    for race in races:
        village = village_for(race)
        surveyed(village)
        batch = confirmed(village, cast.county_clerk)
        narrow, wide, _done = together(
            within(0.2, lambda village=village: frozen(village, cast.county_approver)),
            within(0.2, lambda village=village: frozen(village[:9], cast.province_approver)),
            lambda batch=batch: batches.save_batch(batch.pk),
        )
        assert standing(village) == wide
        if isinstance(narrow, Refused):
            assert narrow.code == "already_frozen"
        else:
            assert narrow == wide
