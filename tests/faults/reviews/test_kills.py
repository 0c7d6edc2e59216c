"""Whatever is killed, every household has its proposal, once."""

import os
import random
import signal
import time
from collections import Counter

from redis import Redis

from reviews.actions.chunks import claim
from reviews.actions.proposing import propose_review
from reviews.actions.sweeping import sweep
from reviews.models import ChunkState, Review, ReviewState
from reviews.tasks import drive
from tests.faults.reviews.conftest import decided, province, slow_down, speed_up, undisturbed
from tests.processes import Processes, children_of, wait_for

WORKERS = 2


def is_finished(review: Review) -> bool:
    return Review.everywhere.get(pk=review.pk).state == ReviewState.FINISHED


def is_being_decided(review: Review) -> bool:
    return review.chunks.filter(state=ChunkState.RUNNING).exists()


def assert_every_household_is_decided_once(review: Review, cast) -> None:
    expected = undisturbed(cast)
    assert [n for n in Counter(row[0] for row in decided(review)).values() if n > 1] == []
    assert decided(review) == decided(expected)
    review.refresh_from_db()
    assert review.result_hash == expected.result_hash
    assert review.input_hash == expected.input_hash
    assert review.totals == expected.totals


def kill_something(workers: list, chance: random.Random) -> None:
    """A pool child, or a worker with all its children."""
    worker = chance.choice(workers)
    children = children_of(worker.pid)
    if children and chance.random() < 0.5:
        os.kill(chance.choice(children), signal.SIGKILL)
    else:
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()


def keep_up(workers: list, processes: Processes) -> None:
    for place, worker in enumerate(workers):
        if worker.poll() is not None:
            workers[place] = processes.start_worker()


def test_kills_of_pool_children_and_workers_lose_and_double_nothing(
    register, processes, full_counts
):
    slow_down(0.8)
    review = propose_review(root=province(), year=2019, by=register.operator)
    workers = [processes.start_worker() for _ in range(WORKERS)]
    chance, kills = random.Random(20), 20 if full_counts else 5
    for _ in range(kills):
        drive.delay(review.pk)
        wait_for(lambda: is_being_decided(review) or is_finished(review), seconds=60)
        assert not is_finished(review), "the review must outlast the kills: slow it down more"
        time.sleep(chance.uniform(0, 0.4))
        kill_something(workers, chance)
        keep_up(workers, processes)
    deadline = time.monotonic() + 120
    while not is_finished(review):
        assert time.monotonic() < deadline
        drive.delay(review.pk)
        time.sleep(1)
        keep_up(workers, processes)
    speed_up()
    assert_every_household_is_decided_once(review, register)


def test_messages_that_come_three_times_change_nothing(register, processes):
    slow_down(0.05)
    review = propose_review(root=province(), year=2019, by=register.operator)
    for _ in range(3 * review.chunks.count()):
        drive.delay(review.pk)
    processes.start_worker(concurrency=WORKERS)
    wait_for(lambda: is_finished(review), seconds=60)
    speed_up()
    assert_every_household_is_decided_once(review, register)


def test_a_broker_that_forgets_everything_costs_one_sweep(register, processes):
    slow_down(0.3)
    review = propose_review(root=province(), year=2019, by=register.operator)
    drive.delay(review.pk)
    worker = processes.start_worker()
    wait_for(lambda: is_being_decided(review), seconds=60)
    os.killpg(worker.pid, signal.SIGKILL)
    Redis.from_url(os.environ["REDIS_URL"]).flushdb()
    speed_up()
    wait_for(lambda: claim(review.pk), seconds=20)
    wait_for(lambda: sweep() and is_finished(review), seconds=30)
    assert_every_household_is_decided_once(review, register)
