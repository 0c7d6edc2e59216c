"""Of which values counties decided that theirs are to stay, whatever a system says."""

from collections.abc import Collection

from exchange.comparing import Difference as Differing
from exchange.models import Difference, DifferenceState
from exchange.models.pushes import DECIDED
from exchange.records import Record
from exchange.sides import key_of, key_of_row, packed, pushed_blind, recorded_text


class KeptHere:
    """The decided values of a system, by household, place and what was pushed; the latest last."""

    def __init__(self) -> None:
        self.decided: dict[int, dict[object, list[Difference]]] = {}

    def holds(self, record: Record, one: Differing) -> bool:
        """Whether the county chose its own value the last time that it had these two before it."""
        decided = self.decided.get(record.key)
        if not decided:
            return False
        recorded = packed(one.recorded)
        rows = decided.get((key_of(one), pushed_blind(one)), [])
        alike = [row for row in rows if recorded_text(row) == recorded]
        if not alike:
            return False
        return alike[-1].state == DifferenceState.KEPT and alike[-1].lapsed_at is None


def kept_here(records: Collection[Record], *, client: int) -> KeptHere:
    """What was decided of these households about values of the account `client`; one query."""
    found = KeptHere()
    rows = Difference.objects.filter(
        household_id__in=[one.key for one in records], client_id=client, state__in=DECIDED
    )
    for row in rows.order_by("decided_at", "pk"):
        own = found.decided.setdefault(row.household_id, {})
        own.setdefault((key_of_row(row), row.pushed_blind), []).append(row)
    return found
