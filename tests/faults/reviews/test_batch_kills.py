"""A confirmed batch whose workers are killed opens each case once, and its counts are right."""

import os
import random
import signal
import time
from collections import Counter

from django.db import connection

from divisions.models import Division
from households.models import Household, Survey
from households.rules import State
from reviews.actions.batches import confirm_batch
from reviews.actions.chunks import drive
from reviews.actions.proposing import commit_review, propose_review
from reviews.models import BatchAcceptance, BatchState, Proposal, Review
from reviews.queries.acting import CAN_BE_ACCEPTED, chosen_proposals
from reviews.queries.proposals import Wanted
from reviews.tasks import nudge_batch
from tests import factories as make
from tests.cast import Cast, hire_all
from tests.faults.reviews.conftest import survey_of
from tests.processes import children_of, wait_for
from trail.models import Change
from workflow.models import Case

PROPOSALS, WORKERS = 2000, 2
GATE = """
    CREATE TABLE gate AS SELECT 0 AS accepted;
    CREATE FUNCTION wait_at_gate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        WHILE (SELECT accepted FROM reviews_batchacceptance) >= (SELECT accepted FROM gate) LOOP
            PERFORM pg_sleep(0.05);
        END LOOP;
        RETURN NULL;
    END $$;
    CREATE TRIGGER gate AFTER INSERT ON workflow_case FOR EACH STATEMENT
        EXECUTE FUNCTION wait_at_gate();
"""
AT_THE_GATE = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event = 'PgSleep'
"""
CUT_OFF = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event = 'PgSleep'
"""


def ask(statement: str, *values: object) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        row = cursor.fetchone() if cursor.description else None
    return row[0] if row else 0


def confirmed(cast: Cast) -> BatchAcceptance:
    """Two parts of a thousand exits each."""
    households = Household.everywhere.bulk_create(
        Household(number=f"B{place}", village_id=make.VILLAGE, state=State.POOR)
        for place in range(PROPOSALS)
    )
    surveys = [survey_of(one, cast) for one in households]
    for survey in surveys:
        survey.wage_income = 9000
    Survey.objects.bulk_create(surveys)
    county = Division.objects.get(pk=make.COUNTY)
    review = propose_review(root=county, year=2019, by=cast.county_clerk)
    drive(review.pk)
    review = commit_review(review.pk, by=cast.county_approver)
    chosen = chosen_proposals(cast.county_clerk, review, Wanted(), CAN_BE_ACCEPTED)
    return confirm_batch(review.pk, Wanted(), seen=chosen.seen, by=cast.county_clerk)


def test_a_batch_whose_workers_are_killed_opens_each_case_once(
    real_database, processes, full_counts
):
    make.plant_tree()
    batch = confirmed(hire_all())
    assert batch.expected == PROPOSALS
    ask(GATE)
    chance, kills = random.Random(8), 20 if full_counts else 4
    workers = [processes.start_worker() for _ in range(WORKERS)]
    for place in range(kills):
        nudge_batch(batch.pk)
        if place == kills // 2:
            ask("UPDATE gate SET accepted = 1")
            wait_for(lambda: BatchAcceptance.everywhere.get().accepted, seconds=90)
        wait_for(lambda: ask(AT_THE_GATE), seconds=90)
        kill(workers, chance)
        ask(CUT_OFF)
        workers = [one if one.poll() is None else processes.start_worker() for one in workers]
    ask("UPDATE gate SET accepted = %s", PROPOSALS)
    deadline = time.monotonic() + 90
    while BatchAcceptance.everywhere.get().state == BatchState.RUNNING:
        assert time.monotonic() < deadline
        nudge_batch(batch.pk)
        time.sleep(0.5)
    assert_every_proposal_has_its_case(batch)


def kill(workers: list, chance: random.Random) -> None:
    """Every pool child, or every worker with its children: one of them is at the batch."""
    if chance.random() < 0.5:
        for child in [child for one in workers for child in children_of(one.pid)]:
            os.kill(child, signal.SIGKILL)
        return
    for one in workers:
        os.killpg(one.pid, signal.SIGKILL)
        one.wait()


def assert_every_proposal_has_its_case(batch: BatchAcceptance) -> None:
    batch.refresh_from_db()
    assert (batch.state, batch.accepted, batch.left_out) == (BatchState.DONE, PROPOSALS, 0)
    several = Counter(Case.everywhere.values_list("subject", flat=True))
    assert len(several) == PROPOSALS
    assert set(several.values()) == {1}
    review = Review.everywhere.get()
    cases = Proposal.everywhere.filter(review=review).values_list("case_id", flat=True)
    assert set(cases) == set(Case.everywhere.values_list("pk", flat=True))
    assert Change.objects.filter(action="finish_batch").count() == 1
