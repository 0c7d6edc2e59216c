"""Whatever is killed, a search for policy gaps finds each gap once, and all that there are."""

import os
import random
import signal
import time

import pytest
from django.db import connection
from redis import Redis

from assistance.actions import gap_runs
from assistance.actions.gap_runs import ask_search, drive, unfinished
from assistance.models import Gap, GapChunkState, GapRun, RunState
from assistance.tasks import find_gaps, nudge
from divisions.models import Division, Level
from households.models import Household
from households.rules import State
from tests import factories as make
from tests.processes import children_of, wait_for

YEAR, VILLAGES = 2019, 20
SLOW = """
    CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM pg_sleep({seconds}); RETURN NULL; END $$;
    CREATE TRIGGER slow AFTER INSERT ON assistance_gap FOR EACH STATEMENT EXECUTE FUNCTION slow();
"""


@pytest.fixture
def register(real_database: str, monkeypatch, full_counts: bool) -> None:
    """Three households with gaps in each of some villages of the province; parts of one village."""
    make.plant_tree()
    villages = Division.objects.filter(level=Level.VILLAGE, code__startswith=make.PROVINCE)
    for village in villages[: VILLAGES if full_counts else VILLAGES // 3]:
        for grade in ("C", "D", "A"):
            make.make_household(village.pk, state=State.POOR, housing_grade=grade)
    monkeypatch.setattr(gap_runs, "CHUNK_HOUSEHOLDS", 3)


def asked(year: int = YEAR) -> GapRun:
    return ask_search(Division.objects.get(pk=make.PROVINCE), year, by=make.the_operator())


def slow_down(seconds: float) -> None:
    """From now on every part takes that long, in every process."""
    with connection.cursor() as cursor:
        cursor.execute(SLOW.format(seconds=seconds))


def speed_up() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER slow ON assistance_gap; DROP FUNCTION slow()")


def is_over(run: GapRun) -> bool:
    return GapRun.everywhere.get(pk=run.pk).state != RunState.RUNNING


def is_at_work(run: GapRun) -> bool:
    return run.chunks.filter(state=GapChunkState.RUNNING).exists()


def assert_same_as_undisturbed(run: GapRun) -> None:
    """Each gap stands once, and a search that nobody disturbs finds exactly the same."""
    run.refresh_from_db()
    keys = list(Gap.everywhere.standing().values_list("household_id", "rule", "member_id"))
    assert len(keys) == len(set(keys)) == sum(run.totals.values())
    assert set(Gap.everywhere.values_list("last_run_id", flat=True)) == {run.pk}
    again = asked()
    drive(again.pk)
    again.refresh_from_db()
    assert (run.state, run.result_hash, run.totals) == (
        RunState.FINISHED,
        again.result_hash,
        again.totals,
    )
    assert run.totals["house"] == 2 * Household.everywhere.count() // 3


def test_kills_of_pool_children_and_workers_lose_and_double_nothing(
    register, processes, full_counts
):
    slow_down(0.3)
    run = asked()
    worker, chance = processes.start_worker(), random.Random(6)
    for _ in range(10 if full_counts else 2):
        nudge(run.pk)
        wait_for(lambda: is_at_work(run) or is_over(run), seconds=60)
        assert not is_over(run), "the search must outlast the kills: slow it down more"
        time.sleep(chance.uniform(0, 0.3))
        children = children_of(worker.pid)
        if children and chance.random() < 0.5:
            os.kill(children[0], signal.SIGKILL)
        else:
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait()
            worker = processes.start_worker()
    speed_up()
    nudge(run.pk)
    wait_for(lambda: is_over(run), seconds=60)
    assert_same_as_undisturbed(run)


def test_messages_that_come_many_times_change_nothing(register, processes):
    run = asked()
    for _ in range(2 * run.chunks.count()):
        find_gaps.delay(run.pk)
    processes.start_worker(concurrency=2)
    wait_for(lambda: is_over(run), seconds=60)
    assert_same_as_undisturbed(run)


def test_a_killed_command_is_resumed_where_it_stopped(register, processes):
    run = asked()
    slow_down(0.3)
    arguments = ("manage.py", "find_gaps", "--division", make.PROVINCE, "--year", str(YEAR))
    command = processes.start(*arguments)
    wait_for(lambda: Gap.everywhere.exists(), seconds=60)
    command.kill()
    command.wait()
    done = run.chunks.filter(state=GapChunkState.DONE).count()
    assert 0 < done < run.chunks.count()
    finished = dict(run.chunks.filter(state=GapChunkState.DONE).values_list("pk", "finished_at"))
    speed_up()
    assert processes.start(*arguments).wait(60) == 0
    assert GapRun.everywhere.count() == 1
    again = dict(run.chunks.filter(pk__in=finished).values_list("pk", "finished_at"))
    assert again == finished
    assert_same_as_undisturbed(run)


def test_a_broker_that_forgets_everything_costs_one_sweep(register, processes):
    run = asked()
    Redis.from_url(os.environ["REDIS_URL"]).flushdb()
    assert unfinished() == [run.pk]
    assert processes.start("manage.py", "sweep").wait(60) == 0
    assert_same_as_undisturbed(run)
