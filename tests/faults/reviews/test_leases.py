"""Who waits is not taken for dead, and who is dead is not waited for."""

import time
from datetime import timedelta
from threading import Thread

from django.db import connection, connections, transaction
from django.utils import timezone

from households.evidence import take_facts_back
from reviews.actions.chunks import LEASE, claim, drive, run_chunk
from reviews.actions.proposing import propose_review
from reviews.models import ChunkState, Review, ReviewState
from tests.faults.reviews.conftest import decided, province, undisturbed
from tests.processes import wait_for

LONGER_SECONDS = 20
WAITING = """
    SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
    WHERE NOT granted AND datname = current_database()
"""


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        return bool(cursor.fetchone()[0])


def test_work_that_waits_until_facts_are_taken_back_keeps_its_part(register):
    review = propose_review(root=province(), year=2019, by=register.operator)
    chunk = claim(review.pk)
    review.chunks.filter(pk=chunk.pk).update(lease_until=timezone.now() - LEASE)

    def work() -> None:
        run_chunk(chunk.pk)
        connections.close_all()

    worker = Thread(target=work)
    with transaction.atomic():
        take_facts_back()
        worker.start()
        wait_for(somebody_waits)
        assert claim(review.pk).pk != chunk.pk
    worker.join()
    chunk.refresh_from_db()
    assert (chunk.state, chunk.attempts, chunk.deaths) == (ChunkState.DONE, 1, 0)


def test_the_last_driver_takes_over_from_a_dead_one_without_a_sweep(register):
    review = propose_review(root=province(), year=2019, by=register.operator)
    claim(review.pk)
    begun = time.monotonic()
    assert drive(review.pk)
    assert time.monotonic() - begun < LONGER_SECONDS
    assert Review.everywhere.get(pk=review.pk).state == ReviewState.FINISHED
    assert sorted(review.chunks.values_list("deaths", flat=True))[-2:] == [0, 1]
    assert decided(review) == decided(undisturbed(register))


def test_a_driver_does_not_wait_for_a_part_that_pauses(register):
    review = propose_review(root=province(), year=2019, by=register.operator)
    first = review.chunks.first()
    later = timezone.now() + timedelta(minutes=5)
    review.chunks.filter(pk=first.pk).update(lease_until=later)
    begun = time.monotonic()
    drive(review.pk)
    assert time.monotonic() - begun < LONGER_SECONDS
    assert list(review.chunks.exclude(state=ChunkState.DONE)) == [first]
