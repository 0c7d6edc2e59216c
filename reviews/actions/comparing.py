"""Having two reviews of a large place counted against each other, once, by a worker."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from divisions.scope import require_within
from officers.models import Officer
from reviews.models import Comparison
from reviews.queries.comparing import Pair, kept_turns, turns_of
from reviews.rights import require_reader
from trail.actions import record

PATIENCE = timedelta(seconds=60)


@transaction.atomic
def ask_comparison(pair: Pair, *, by: Officer) -> Comparison:
    """The row of a pair and part, waiting to be counted unless its counts still stand.

    One that somebody asked for less than PATIENCE ago is left as it is. Raises NotAllowed.
    """
    require_reader(by)
    require_within(by, pair.part)
    kept, is_new = Comparison.everywhere.get_or_create(
        first=pair.before, second=pair.after, division_id=pair.part, defaults={"asked_by": by}
    )
    kept = Comparison.everywhere.select_for_update().get(pk=kept.pk)
    if not is_new:
        if is_awaited(kept) or kept_turns(kept, pair) is not None:
            return kept
        kept.matrix, kept.persons, kept.asked_by, kept.counted_at = {}, {}, by, timezone.now()
        kept.save()
    record(
        by=by,
        action="compare",
        subject=kept,
        division=pair.part,
        after={"before": pair.before.pk, "after": pair.after.pk},
    )
    return kept


def is_awaited(kept: Comparison) -> bool:
    """Whether a worker may still be on its way to count this."""
    return not kept.matrix and timezone.now() - kept.counted_at < PATIENCE


@transaction.atomic
def count_comparison(comparison_id: int) -> None:
    """Count a comparison and keep what it found; doing it twice changes nothing."""
    kept = (
        Comparison.everywhere.select_for_update(of=("self",))
        .select_related("first", "second")
        .get(pk=comparison_id)
    )
    began = timezone.now()
    turns = turns_of(Pair(kept.first, kept.second, kept.division_id))
    kept.matrix = {f"{old}.{new}": count.households for (old, new), count in turns.items()}
    kept.persons = {
        f"{old}.{new}": [count.persons_before, count.persons_after]
        for (old, new), count in turns.items()
    }
    kept.counted_at = began
    kept.save(update_fields=["matrix", "persons", "counted_at"])
