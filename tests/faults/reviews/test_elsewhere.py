"""Workers on other machines share two addresses with this one, and nothing else."""

import os

import pytest

from reviews.actions.proposing import propose_review
from reviews.models import ChunkState, Review, ReviewState
from reviews.tasks import nudge
from tests.faults.reviews.conftest import decided, province, undisturbed
from tests.processes import PROJECT, Processes, wait_for

SHARED = ("DATABASE_URL", "REDIS_URL")
MACHINES = 2


@pytest.fixture
def machines(processes: Processes, tmp_path, monkeypatch) -> list:
    """Workers with the two addresses and an empty folder of their own; no key of ours, no file."""
    own = {"PATH": os.environ["PATH"], "PYTHONPATH": str(PROJECT)}
    own |= {name: os.environ[name] for name in SHARED}
    with monkeypatch.context() as elsewhere:
        for name in list(os.environ):
            elsewhere.delenv(name)
        return [
            processes.start_worker(STATE_DIR=str(tmp_path / f"machine-{number}"), **own)
            for number in range(MACHINES)
        ]


def test_workers_that_know_the_two_addresses_alone_drive_a_review(register, processes, machines):
    review = propose_review(root=province(), year=2019, by=register.province_officer)
    nudge(review.pk)

    def is_finished() -> bool:
        return Review.everywhere.get(pk=review.pk).state == ReviewState.FINISHED

    wait_for(is_finished, seconds=90)
    assert not review.chunks.exclude(state=ChunkState.DONE).exists()
    assert decided(review) == decided(undisturbed(register))
    assert all("Task reviews.tasks.drive" in processes.log_of(one) for one in machines)
