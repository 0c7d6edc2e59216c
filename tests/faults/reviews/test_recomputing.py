"""A hundred thousand stored proposals recomputed from what they rest on, or a twentieth of it."""

import re
import time

import pytest
from django.db import connection

from divisions.models import Division
from households.models import Household
from households.rules import ACCEPTABLE
from reviews.actions.accepting import accept_proposals
from reviews.actions.chunks import drive
from reviews.actions.proposing import commit_review, propose_dry_run, propose_review
from reviews.actions.verifying import verify_review
from reviews.models import Proposal, Review
from tests import factories as make
from tests.cast import Cast, hire_all
from tests.faults.reviews import country
from tests.processes import Processes
from workflow.models import PolicyParameter

ACCEPTED = 3000
FULL_VILLAGES = 1025  # of a hundred households, of whom 98 in a hundred get a proposal
TAMPERED = 7
MOST_SECONDS = 60


@pytest.fixture
def cast(real_database: str, full_counts: bool) -> Cast:
    make.plant_tree()
    country.settle(country.plant_villages(FULL_VILLAGES if full_counts else 50))
    return hire_all()


@pytest.fixture
def review(cast: Cast) -> Review:
    """Finished, committed, some thousands of its proposals accepted."""
    county = Division.objects.get(pk=make.COUNTY)
    made = propose_review(root=county, year=country.YEAR, by=cast.county_clerk)
    drive(made.pk)
    commit_review(made.pk, by=cast.county_approver)
    chosen = Proposal.everywhere.filter(review=made, kind__in=ACCEPTABLE).order_by("pk")
    keys = list(chosen.values_list("pk", flat=True)[:ACCEPTED])
    for start in range(0, len(keys), 1000):
        accept_proposals(made.pk, keys[start : start + 1000], by=cast.county_clerk)
    return Review.everywhere.get(pk=made.pk)


def tamper(statement: str, *values: object) -> None:
    """Change stored rows behind the back of every trigger."""
    table = statement.split()[1]
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement, values)
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def test_stored_proposals_are_recomputed_and_tampered_ones_named(
    cast, review, processes: Processes
):
    began = time.monotonic()
    whole = verify_review(review.pk, by=cast.auditor)
    took = time.monotonic() - began
    assert whole.proposals == Proposal.everywhere.filter(review=review).count()
    assert whole.proposals >= 0.7 * Household.everywhere.count()
    assert (whole.differences, whole.examples, whole.is_same) == (0, [], True)
    assert took < MOST_SECONDS
    print(f"{whole.proposals:,} proposals recomputed in {took:.1f} s")  # noqa: T201

    chosen = list(Proposal.everywhere.filter(review=review).order_by("?")[:TAMPERED])
    tamper("UPDATE reviews_proposal SET lacks = lacks # 1 WHERE id = ANY(%s)",
           [one.pk for one in chosen])  # fmt: skip
    found = verify_review(review.pk, by=cast.auditor)
    assert (found.differences, found.result_hash) == (TAMPERED, review.result_hash)
    named = {example["household"] for example in found.examples}
    assert named == {one.household.number for one in chosen}
    command = processes.start("manage.py", "verify_review", str(review.pk))
    assert command.wait(MOST_SECONDS) == 1
    said = processes.log_of(command)
    assert set(re.findall(r"[0-9]{12}-[0-9]{3}", said)) == named, said
    tamper("UPDATE reviews_proposal SET lacks = lacks # 1 WHERE id = ANY(%s)",
           [one.pk for one in chosen])  # fmt: skip

    tamper("UPDATE households_standard SET line = line - 1 WHERE id = %s", review.standard_id)
    assert not verify_review(review.pk, by=cast.auditor).is_same


def test_the_same_surveys_give_the_same_hash_in_one_part_and_in_many(cast, review):
    PolicyParameter.objects.update(value=1_000_000)
    one_part = propose_dry_run(
        root=Division.objects.get(pk=make.COUNTY), year=country.YEAR, by=cast.county_clerk
    )
    drive(one_part.pk)
    one_part.refresh_from_db()
    assert (one_part.chunks.count(), review.chunks.count() > 1) == (1, True)
    assert (one_part.input_hash, one_part.result_hash) == (review.input_hash, review.result_hash)
