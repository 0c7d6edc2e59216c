"""A household that fails, hangs or kills costs itself alone: the others are decided."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from households.models import Household
from households.rules import Kind, State
from reviews.actions.chunks import WHOLE_ATTEMPTS, claim, drive, finish, run_chunk
from reviews.actions.frames import decide
from reviews.actions.proposing import propose_dry_run, propose_review
from reviews.actions.refreshing import refresh
from reviews.actions.splitting import split
from reviews.models import ChunkState, Proposal, Review, ReviewState, ReviewVillage
from reviews.rules import borders
from tests import factories as make
from tests.web.reviews.conftest import POOR_INCOME

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(hours=1)  # the database's clock stands still within a test

MOST_CLAIMS = 200


class Killed(BaseException):
    """What a SIGKILL leaves: no handler runs, the transaction is gone."""


@pytest.fixture
def killer(monkeypatch):
    """Makes households that end every process that reads their facts; returns their ids."""
    ids: set[int] = set()

    def deadly(facts, review):
        if ids & set(facts["household"]):
            raise Killed
        return decide(facts, review)

    monkeypatch.setattr("reviews.actions.chunks.decide", deadly)
    monkeypatch.setattr("reviews.actions.isolating.decide", deadly)
    return ids


def drive_through_deaths(review: Review) -> None:
    """As workers that are started again after each death, with a clock that runs ahead."""
    for _ in range(MOST_CLAIMS):
        chunk = claim(review.pk)
        if chunk is None:
            break
        try:
            run_chunk(chunk.pk)
        except Killed:
            review.chunks.filter(pk=chunk.pk).update(lease_until=timezone.now() - LONG_AGO)
    finish(review.pk)
    review.refresh_from_db()


def hang(household: Household) -> None:
    """Let every statement that writes a decided proposal of one household take ten seconds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION hang() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " PERFORM pg_sleep(10); RETURN NEW; END $$;"
            "CREATE TRIGGER hang BEFORE INSERT ON reviews_proposal FOR EACH ROW"
            f" WHEN (NEW.household_id = {household.pk} AND NEW.kind <> {Kind.ATTENTION.value})"
            " EXECUTE FUNCTION hang()"
        )


def kinds_of(review: Review) -> dict[int, int]:
    found = Proposal.everywhere.filter(review=review).order_by()
    return dict(found.values_list("household_id", "kind"))


def villages_of(review: Review) -> list[tuple]:
    columns = ("village_id", "households", "persons", "by_kind", "by_state", "bands",
               "input_hash", "result_hash")  # fmt: skip
    return sorted(ReviewVillage.objects.filter(review=review).values_list(*columns))


def test_a_household_on_which_a_statement_hangs_needs_attention(
    household_of, proposed, monkeypatch
):
    monkeypatch.setattr("reviews.actions.isolating.PATIENCE_MS", 150)
    households = [household_of() for _ in range(20)]
    hang(households[7])
    review = proposed()
    kinds = kinds_of(review)
    assert (review.state, kinds.pop(households[7].pk)) == (ReviewState.FINISHED, Kind.ATTENTION)
    assert list(kinds.values()) == 19 * [Kind.EXIT]
    assert "timeout" in Proposal.everywhere.get(kind=Kind.ATTENTION).error


def test_statements_after_a_chunk_have_the_time_limit_of_before(household_of, proposed):
    household_of()
    proposed()
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("0",)


def test_a_household_that_kills_whoever_reads_it_needs_attention(
    cast, county, household_of, killer
):
    households = [
        household_of(village=village)
        for village in 50 * [make.VILLAGE] + 10 * [make.OTHER_TOWNSHIP_VILLAGE]
    ]
    killer |= {households[17].pk, households[18].pk, households[55].pk}
    review = propose_review(root=county, year=2019, by=cast.county_clerk)
    drive_through_deaths(review)
    kinds = kinds_of(review)
    assert review.state == ReviewState.FINISHED
    assert {one for one, kind in kinds.items() if kind == Kind.ATTENTION} == killer
    assert len(kinds) == len(households) == review.totals["households"]
    assert "WorkerLost" in Proposal.everywhere.filter(kind=Kind.ATTENTION).first().error


def test_each_household_that_kills_is_tried_three_times_alone(cast, county, household_of, killer):
    households = [household_of() for _ in range(20)]
    killer.add(households[3].pk)
    review = propose_review(root=county, year=2019, by=cast.county_clerk)
    drive_through_deaths(review)
    alone = review.chunks.filter(households=1, deaths__gt=0).get()
    assert (alone.deaths, alone.attempts) == (3, 4)


def test_a_household_alone_is_decided_when_it_was_not_what_killed(
    cast, county, household_of, killer
):
    households = [household_of() for _ in range(3)]
    killer.add(households[1].pk)
    review = propose_review(root=county, year=2019, by=cast.county_clerk)
    while review.chunks.count() == 1:
        chunk = claim(review.pk)
        review.chunks.filter(pk=chunk.pk).update(lease_until=timezone.now() - LONG_AGO)
    killer.clear()
    drive_through_deaths(review)
    assert set(kinds_of(review).values()) == {Kind.EXIT}


def test_nobody_is_blamed_while_no_part_could_be_done(cast, county, household_of, killer):
    killer.add(household_of().pk)
    review = propose_review(root=county, year=2019, by=cast.county_clerk)
    drive_through_deaths(review)
    assert (review.state, kinds_of(review)) == (ReviewState.RUNNING, {})


def test_a_split_inside_villages_leaves_no_mark(cast, county, household_of, proposed):
    for village in (make.VILLAGE, make.NEXT_VILLAGE, make.OTHER_TOWNSHIP_VILLAGE):
        for state in (State.POOR, State.EXITED, State.ORDINARY):
            household_of(state, village=village)
    review = proposed()
    again = propose_dry_run(root=county, year=2019, by=cast.county_clerk)
    for chunk in again.chunks.all():
        split(chunk)
    drive(again.pk)
    again.refresh_from_db()
    assert again.chunks.count() > review.chunks.count()
    assert villages_of(again) == villages_of(review)
    assert (again.input_hash, again.result_hash) == (review.input_hash, review.result_hash)
    assert again.totals == review.totals


def test_attention_after_deaths_and_after_errors_has_the_same_hashes(
    cast, county, household_of, killer, proposed
):
    households = [household_of() for _ in range(5)]
    killer.add(households[2].pk)
    deadly = propose_dry_run(root=county, year=2019, by=cast.county_clerk)
    drive_through_deaths(deadly)
    killer.clear()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "ALTER TABLE reviews_proposal ADD CONSTRAINT closed CHECK"
            f" (household_id <> {households[2].pk} OR kind = {Kind.ATTENTION.value}) NOT VALID"
        )
    failing = proposed()
    assert (deadly.input_hash, deadly.result_hash) == (failing.input_hash, failing.result_hash)


def test_a_split_review_is_refreshed_part_by_part(cast, county, household_of, resurvey):
    households = [household_of() for _ in range(6)]
    review = propose_review(root=county, year=2019, by=cast.county_clerk)
    split(review.chunks.get())
    drive(review.pk)
    resurvey(households[4], wage_income=POOR_INCOME)
    newcomer = household_of()
    refresh(review.pk)
    refresh(review.pk)
    standing = Proposal.everywhere.in_force().filter(review=review)
    assert standing.filter(added_at__isnull=False).count() == 2
    assert standing.get(household=households[4]).kind == Kind.KEEP
    assert standing.get(household=newcomer).kind == Kind.EXIT
    assert Review.everywhere.get(pk=review.pk).totals["households"] == 7


def test_a_lost_connection_is_no_fault_of_a_household(cast, county, household_of, monkeypatch):
    def lost(*_):
        raise OperationalError("server closed the connection unexpectedly")

    household_of()
    review = propose_review(root=county, year=2019, by=cast.county_clerk)
    review.chunks.update(attempts=WHOLE_ATTEMPTS)
    monkeypatch.setattr("reviews.actions.isolating.decide", lost)
    drive(review.pk)
    chunk = review.chunks.get()
    assert (chunk.state, chunk.deaths) == (ChunkState.WAITING, 1)
    assert chunk.lease_until > timezone.now() + timedelta(seconds=1)
    assert kinds_of(review) == {}


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ([], []),
        ([("a", 1)], [(("a", 1), 1)]),
        ([("a", 1), ("a", 2), ("b", 3)], [(("a", 1), 2), (("b", 3), 1)]),
    ],
)
def test_households_are_split_into_equal_pieces(keys, expected):
    assert borders(keys, most=2) == expected
