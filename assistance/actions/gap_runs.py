"""A search for policy gaps: asked for, cut into parts, driven to its end by whoever has time.

Nothing here trusts a message or a worker: any number of processes may drive one search at once, be
killed anywhere, and start again. What a part found is written in the commit that calls it done.
"""

import logging
import time
from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta

from celery.exceptions import SoftTimeLimitExceeded
from django.db import DatabaseError, connection, transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from assistance.actions.gap_frames import judge
from assistance.actions.gap_rows import write_found
from assistance.models import GapChunk, GapChunkState, GapRun, RunState
from assistance.queries.facts import Moment, moment_in
from assistance.queries.gap_facts import ground_of, rules_digest, standing_rules
from assistance.rights import GAP_SEEKERS
from assistance.rules.gaps import summed
from assistance.rules.measures import Terms
from divisions.models import Division
from divisions.queries import codes_above
from divisions.scope import NATION, code_range, in_range
from officers.models import Officer
from officers.rights import require
from officers.rules import Role
from trail.actions import record
from trail.dates import business_date
from trail.errors import Refused

logger = logging.getLogger(__name__)

CHUNK_HOUSEHOLDS = 4_000
FIRST_YEAR = 2014
LEASE = timedelta(seconds=3)  # from the claim to the lock, both of one worker
PAUSE = timedelta(seconds=15)  # before a part that failed is tried again
MOST_ATTEMPTS = 5
LOOK_SECONDS = 0.2
ENDLESS = float("inf")
ERROR_LENGTH = 300
FAULTS = (DatabaseError, ArithmeticError, LookupError, MemoryError, TypeError, ValueError)
STANDING = """
    SELECT village_code, count(*) FROM households_household
    WHERE withdrawn_at IS NULL AND village_code >= %s AND village_code < %s
    GROUP BY village_code ORDER BY village_code
"""


class Searching(Refused):
    """A search of the year that shares a village with this place is under way; details: run."""

    code = "searching"


@transaction.atomic
def ask_search(root: Division, year: int, *, by: Officer) -> GapRun:
    """Open a search of a place, at most a province, cut into parts; somebody has to drive it.

    Ages count on the last day of a year that is over. Raises NotAllowed; Searching; Refused for the
    nation, for a year that has not begun, and for a place without households.
    """
    require(by, *GAP_SEEKERS, Role.OPERATOR, code=root.pk)
    today = business_date()
    if root.pk == NATION:
        raise Refused(_("Choose a province or a place in it: a nation is searched by provinces."))
    if not FIRST_YEAR <= year <= today.year:
        years = {"first": FIRST_YEAR, "last": today.year}
        raise Refused(_("Choose a year from %(first)s to %(last)s.") % years)
    _lock_year(year)
    _refuse_searching(root.pk, year)
    run = GapRun.everywhere.create(
        root=root,
        year=year,
        as_of=min(today, date(year, 12, 31)),
        asked_by=by,
        rules_hash=rules_digest(),
    )
    if not _cut(run):
        raise Refused(_("No household is registered there. Choose a place with households."))
    record(by=by, action="search_gaps", subject=run, division=root.pk, after={"year": year})
    return run


def _lock_year(year: int) -> None:
    """Those who ask for one year wait for each other, so that the second sees the first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('assistance.gaprun'), %s)", [year])


def _refuse_searching(code: str, year: int) -> None:
    shared = in_range("root_id", code) | Q(root_id__in=codes_above(code))
    running = GapRun.everywhere.filter(shared, year=year, state=RunState.RUNNING)
    first = running.select_related("root").first()
    if first:
        raise Searching(
            _("A search of %(place)s for %(year)s is under way. Wait until it has finished.")
            % {"place": first.root.name, "year": year},
            details={"run": first.pk},
        )


def _cut(run: GapRun) -> int:
    """Parts of whole villages with about CHUNK_HOUSEHOLDS each; how many."""
    low, high = code_range(run.root_id)
    with connection.cursor() as cursor:
        cursor.execute(STANDING, [low, high])
        counts = cursor.fetchall()
    starts: list[str] = []
    sizes: list[int] = []
    for village, households in counts:
        if not starts or sizes[-1] + households > CHUNK_HOUSEHOLDS:
            starts.append(village)
            sizes.append(0)
        sizes[-1] += households
    borders = [low, *starts[1:], high]
    GapChunk.objects.bulk_create(
        GapChunk(run=run, low=borders[place], high=borders[place + 1], households=size)
        for place, size in enumerate(sizes)
    )
    return len(sizes)


def unfinished() -> list[int]:
    """Searches with parts still to be judged."""
    found = GapRun.everywhere.filter(state=RunState.RUNNING)
    return list(found.order_by("pk").values_list("pk", flat=True))


def drive(run_id: int, *, seconds: float = ENDLESS) -> bool:
    """Judge parts until none is left to claim; False when the seconds ran out before.

    Waits for leases that others hold: who took one may be dead, and nobody else be left to go on.
    Closes the search when its last part is done, or when one has failed MOST_ATTEMPTS times.
    """
    deadline = time.monotonic() + seconds
    run = GapRun.everywhere.get(pk=run_id)
    moment = moment_in([run.root_id], year=run.year, today=run.as_of)
    terms: dict[int, Terms] = {}
    while (chunk := claim(run_id) or _claim_after_leases(run_id)) is not None:
        run_chunk(chunk.pk, moment, terms)
        if time.monotonic() > deadline:
            return False
    finish(run_id)
    return True


def _claim_after_leases(run_id: int) -> GapChunk | None:
    leased = _to_do(run_id).filter(state=GapChunkState.RUNNING, lease_until__gt=Now())
    over = time.monotonic() + LEASE.total_seconds() + LOOK_SECONDS
    while time.monotonic() < over and leased.exists():
        time.sleep(LOOK_SECONDS)
        if chunk := claim(run_id):
            return chunk
    return claim(run_id)


def _to_do(run_id: int) -> QuerySet[GapChunk]:
    left = GapChunk.objects.filter(run_id=run_id, run__state=RunState.RUNNING)
    return left.exclude(state=GapChunkState.DONE).filter(attempts__lt=MOST_ATTEMPTS)


@transaction.atomic
def claim(run_id: int) -> GapChunk | None:
    """The next part that nobody works on, now leased; None when there is none."""
    free = Q(lease_until=None) | Q(lease_until__lt=Now())
    left = _to_do(run_id).filter(free).order_by("low")
    chunk = left.select_for_update(skip_locked=True, of=("self",)).first()
    if chunk is None:
        return None
    GapChunk.objects.filter(pk=chunk.pk).update(
        state=GapChunkState.RUNNING,
        attempts=F("attempts") + 1,
        started_at=Now(),
        lease_until=Now() + LEASE,
    )
    return chunk


def run_chunk(chunk_id: int, moment: Moment, terms: dict[int, Terms]) -> bool:
    """Judge one part in one commit; False when it is done, in other hands, or failed.

    A failure is kept on the part and does not rise.
    """
    try:
        return _judge_chunk(chunk_id, moment, terms)
    except (SoftTimeLimitExceeded, *FAULTS) as fault:
        said = f"{type(fault).__name__}: {fault}".splitlines()[0][:ERROR_LENGTH]
        logger.warning("part %s of a gap search failed: %s", chunk_id, type(fault).__name__)
        GapChunk.objects.filter(pk=chunk_id, state=GapChunkState.RUNNING).update(
            state=GapChunkState.WAITING, error=said, lease_until=Now() + PAUSE
        )
    return False


@transaction.atomic
def _judge_chunk(chunk_id: int, moment: Moment, terms: dict[int, Terms]) -> bool:
    left = GapChunk.objects.exclude(state=GapChunkState.DONE)
    locked = left.select_for_update(of=("self",)).select_related("run")
    chunk = locked.filter(pk=chunk_id).first()
    if chunk is None:
        return False
    ground = ground_of(chunk.low, chunk.high, moment, terms)
    found = judge(ground, standing_rules(), year=chunk.run.year)
    GapChunk.objects.filter(pk=chunk_id).update(
        state=GapChunkState.DONE,
        finished_at=timezone.now(),
        lease_until=None,
        found=dict(sorted(Counter(one.rule for one in found).items())),
        result_hash=write_found(chunk, found, ground.frames.households),
    )
    return True


@transaction.atomic
def finish(run_id: int) -> GapRun | None:
    """Close the search, with totals and hash, if all its parts are done; else None.

    It is stopped where a part has failed too often: what the others found stands.
    """
    running = GapRun.everywhere.filter(pk=run_id, state=RunState.RUNNING)
    run = running.select_for_update().first()
    if run is None:
        return None
    left = run.chunks.exclude(state=GapChunkState.DONE)
    idle = Q(state=GapChunkState.WAITING) | Q(lease_until__lt=Now())
    failed = left.filter(idle, attempts__gte=MOST_ATTEMPTS)
    if failed.select_for_update(skip_locked=True).first() is not None:
        run.state = RunState.STOPPED
    elif left.exists():
        return None
    else:
        run.state = RunState.FINISHED
        run.result_hash = summed(run.chunks.values_list("result_hash", flat=True))
    run.totals = _added(run.chunks.values_list("found", flat=True))
    run.finished_at = timezone.now()
    run.save(update_fields=["state", "totals", "result_hash", "finished_at"])
    return run


def _added(counts: Iterable[dict[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for one in counts:
        total.update(one)
    return dict(sorted(total.items()))
