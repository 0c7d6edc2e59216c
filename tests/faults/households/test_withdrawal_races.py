"""Whoever rests on facts and whoever takes them back wait for one another."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from divisions.models import Division
from households.evidence import rest_on_facts, take_facts_back
from households.importing.withdrawing import withdraw_batch
from households.models.batches import BatchState
from households.rules import State
from registry.pages.queries.imports import rests_on
from reviews.actions.chunks import claim, run_chunk
from reviews.actions.proposing import propose_review
from reviews.actions.refreshing import refresh_chunk
from reviews.models import Proposal
from tests import factories as make
from tests.cast import Cast, hire_all
from trail.errors import Refused

SOON, LATE = 1, 30


@pytest.fixture
def people(real_database: str) -> Cast:
    make.plant_tree()
    return hire_all()


def beside(act: Callable[[], object]) -> threading.Thread:
    """`act` under way in a session of its own."""

    def run() -> None:
        try:
            act()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(SOON)
    return thread


def test_a_withdrawal_waits_for_proposals_and_then_sees_them(people):
    batch = make.make_batch(make.COUNTY, state=BatchState.SAVED)
    household, review = make.make_household(batch=batch), make.make_review(make.COUNTY)
    told: list[str] = []

    def withdraw() -> None:
        try:
            withdraw_batch(batch, by=people.operator, reason="x", rests_on=rests_on)
        except Refused as refused:
            told.append(refused.code)

    with transaction.atomic():
        rest_on_facts()
        waiting = beside(withdraw)
        assert waiting.is_alive()
        make.make_proposal(review, household)
    waiting.join(LATE)
    assert told == ["rests_on"]


def test_a_chunk_and_its_refresh_wait_for_a_withdrawal(people):
    make.make_survey(make.make_household(state=State.POOR), 2019)
    county = Division.objects.get(pk=make.COUNTY)
    review = propose_review(root=county, year=2019, by=people.county_clerk)
    chunk = claim(review.pk)
    for act in (run_chunk, refresh_chunk):
        with transaction.atomic():
            take_facts_back()
            waiting = beside(lambda act=act: act(chunk.pk))
            assert waiting.is_alive()
        waiting.join(LATE)
    assert Proposal.everywhere.exists()
