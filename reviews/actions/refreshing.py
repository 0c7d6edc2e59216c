"""Keeping a finished review true to the facts as they change, until each proposal is decided."""

import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from households.evidence import rest_on_facts
from households.rules import Kind, State, fen, find, propose, unknown_facts
from reviews.actions.chunks import ENDLESS
from reviews.actions.isolating import decide_apart
from reviews.actions.splitting import range_of
from reviews.models import DONE, Proposal, Review, ReviewChunk
from reviews.queries.facts import PART, PERSONS, in_force
from reviews.queries.totals import whole_totals
from reviews.rules import HIGHEST_BAND, LINE_BANDS, LOWEST_BAND

FACT = in_force(
    PART,
    f"h.id AS household_id, h.village_code, h.state, s.id AS survey_id, {PERSONS} AS persons",
)
CHANGED = f"""
    WITH fact AS ({FACT}),
    standing AS (
        SELECT household_id, village_code, state, survey_id, persons, accepted_at
        FROM reviews_proposal
        WHERE review_id = %(review)s AND superseded_at IS NULL
            AND village_code >= %(low)s AND village_code <= %(high)s
            AND (village_code, household_id) >= (%(low)s, %(low_household)s)
            AND (village_code, household_id) < (%(high)s, %(high_household)s)
    )
    SELECT coalesce(fact.household_id, standing.household_id)
    FROM fact FULL JOIN standing ON fact.household_id = standing.household_id
    WHERE standing.accepted_at IS NULL AND CASE
        WHEN fact.household_id IS NULL THEN true
        WHEN standing.household_id IS NULL THEN
            (fact.state, (fact.survey_id IS NOT NULL)::int) IN %(judged)s
            AND NOT EXISTS (
                SELECT FROM reviews_proposal elsewhere WHERE elsewhere.review_id = %(review)s
                AND elsewhere.household_id = fact.household_id AND elsewhere.superseded_at IS NULL
            )
        ELSE (fact.village_code, fact.state, fact.survey_id, fact.persons) IS DISTINCT FROM
            (standing.village_code, standing.state, standing.survey_id, standing.persons)
    END
"""  # noqa: S608 - no value comes from outside
BY_KIND, BY_STATE, BY_BAND = 3, 1, 4  # what grouping(kind, state, band) says of each set
BAND = f"""
    CASE WHEN 2 * net_fen < %(line_fen)s::bigint * persons THEN {LOWEST_BAND}
    WHEN 2 * net_fen >= 3 * %(line_fen)s::bigint * persons THEN {HIGHEST_BAND}
    ELSE {LINE_BANDS} * net_fen / (%(line_fen)s::bigint * persons) - {LINE_BANDS} END
"""
RECOUNT = f"""
    INSERT INTO reviews_reviewvillage (review_id, village_code, households, persons,
        by_kind, by_state, bands, input_hash, result_hash)
    SELECT %(review)s, touched.code,
        coalesce(sum(number) FILTER (WHERE part = {BY_KIND}), 0),
        coalesce(sum(tallied.persons) FILTER (WHERE part = {BY_KIND}), 0),
        coalesce(jsonb_object_agg(kind, number) FILTER (WHERE part = {BY_KIND}), '{{}}'),
        coalesce(jsonb_object_agg(state || '.' || kind, number)
            FILTER (WHERE part = {BY_STATE}), '{{}}'),
        coalesce(jsonb_object_agg(state || '.' || band, number)
            FILTER (WHERE part = {BY_BAND} AND band IS NOT NULL), '{{}}'),
        '', ''
    FROM unnest(%(villages)s) AS touched (code)
    LEFT JOIN (
        SELECT village_code, kind, state, band, count(*) AS number, sum(persons) AS persons,
            grouping(kind, state, band) AS part
        FROM (
            SELECT village_code, kind, state, persons, {BAND} AS band FROM reviews_proposal
            WHERE review_id = %(review)s AND superseded_at IS NULL
                AND village_code = ANY(%(villages)s)
        ) AS standing
        GROUP BY GROUPING SETS
            ((village_code, kind), (village_code, kind, state), (village_code, state, band))
    ) AS tallied ON tallied.village_code = touched.code
    GROUP BY touched.code
    ON CONFLICT (review_id, village_code) DO UPDATE SET
        households = excluded.households, persons = excluded.persons, by_kind = excluded.by_kind,
        by_state = excluded.by_state, bands = excluded.bands
"""  # noqa: S608 - no value comes from outside
JUDGED = tuple(
    (state.value, surveyed)
    for state in State
    for surveyed in (0, 1)
    if propose(state, find(unknown_facts(1), line_fen=1, monitoring_fen=1), surveyed=surveyed)
    != Kind.NONE
)
"""The states, with or without a survey of the year, for which a review makes a proposal."""


def refresh(review_id: int, *, after: int = 0, seconds: float = ENDLESS) -> int | None:
    """Renew what the facts of today no longer bear out, chunk by chunk behind number `after`.

    Undecided proposals whose survey in force, persons, state or village changed are superseded,
    households that came in are added; accepted proposals and the hashes of the first run stay.
    Returns the number of the last chunk when the seconds ran out, None when all is done. A review
    that is not finished is left alone.
    """
    deadline = time.monotonic() + seconds
    review = Review.everywhere.select_related("standard").get(pk=review_id)
    if review.state not in DONE:
        return None
    began = timezone.now()
    for chunk in review.chunks.filter(seq__gt=after).order_by("seq"):
        refresh_chunk(chunk.pk)
        if time.monotonic() > deadline:
            return chunk.seq
    keep_totals(review_id, refreshed_at=began)
    return None


@transaction.atomic
def keep_totals(review_id: int, **more: datetime) -> None:
    """Count a review's totals anew and keep them, with `more` of its columns.

    Whoever changes proposals counts one after another: the last one to write is the last to count.
    """
    review = Review.everywhere.select_for_update(no_key=True).get(pk=review_id)
    for column, value in more.items():
        setattr(review, column, value)
    review.totals = whole_totals(review)
    review.save(update_fields=["totals", *more])


@transaction.atomic
def refresh_chunk(chunk_id: int) -> int:
    """Renew the proposals of one chunk; returns how many households were looked at again."""
    rest_on_facts()
    chunk = (
        ReviewChunk.objects.select_for_update(of=("self",))
        .select_related("review__standard")
        .get(pk=chunk_id)
    )
    now = timezone.now()
    return decide_anew(chunk.review, _changed(chunk, now), now)


def decide_anew(review: Review, households: Sequence[int], now: datetime) -> int:
    """Supersede their undecided proposals by what the facts of `now` say; how many households.

    The caller holds the transaction, the lock of their chunk and `rest_on_facts`.
    """
    if not households:
        return 0
    standing = Proposal.everywhere.undecided().filter(review=review, household__in=households)
    locked = standing.select_for_update().order_by("village_id", "household_id")
    villages = set(locked.values_list("village_id", flat=True))
    standing.update(superseded_at=now)
    taken = Proposal.everywhere.in_force().filter(review=review, household__in=households)
    free = set(households) - set(taken.values_list("household_id", flat=True))
    for decided in decide_apart(review, sorted(free), facts_at=now) if free else ():
        villages |= set(decided["village"])
    Proposal.everywhere.in_force().filter(review=review, household__in=free).update(added_at=now)
    with connection.cursor() as cursor:
        cursor.execute(
            RECOUNT,
            {
                "review": review.pk,
                "villages": sorted(villages),
                "line_fen": fen(review.standard.line),
            },
        )
    return len(households)


def _changed(chunk: ReviewChunk, now: datetime) -> list[int]:
    parameters: dict[str, Any] = {
        "review": chunk.review_id,
        "year": chunk.review.year,
        "facts_at": now,
        "judged": JUDGED,
        **range_of(chunk),
    }
    with connection.cursor() as cursor:
        cursor.execute(CHANGED, parameters)
        return [household for (household,) in cursor.fetchall()]
