"""A pause reaches workers that are at it, and only an officer's own word ends it."""

from reviews.actions.pausing import pause_review
from reviews.actions.proposing import propose_review
from reviews.models import ChunkState, Review, ReviewState
from tests.faults.reviews.conftest import decided, province, slow_down, speed_up, undisturbed
from tests.processes import wait_for

RUN = ("manage.py", "run_review", "--year=2019", "--division=97", "--workers=1")


def test_a_pause_stops_a_run_between_two_parts_and_resume_ends_it(register, processes):
    expected = undisturbed(register)
    review = propose_review(root=province(), year=2019, by=register.province_officer)
    slow_down(0.4)
    command = processes.start(*RUN)
    wait_for(lambda: review.chunks.filter(state=ChunkState.DONE).exists(), seconds=90)
    pause_review(review.pk, by=register.province_approver)
    assert command.wait(120) == 2
    assert register.province_approver.name in processes.log_of(command)
    speed_up()
    assert review.chunks.exclude(state=ChunkState.DONE).exists()
    assert processes.start(*RUN).wait(120) == 2

    assert processes.start(*RUN, "--resume").wait(120) == 0
    ended = Review.everywhere.get(pk=review.pk)
    assert (ended.state, ended.paused_at) == (ReviewState.FINISHED, None)
    assert ended.result_hash == expected.result_hash
    assert decided(ended) == decided(expected)
