"""How the exchange with each system goes: what came, what was refused and why, what waits."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone

from divisions.scope import contains, in_reach
from exchange.models import Contact, Difference, Push, Upload, UploadState
from exchange.queries.decisions import untaken
from officers.models import Client, Officer
from officers.queries import ClientRow, client_row

DAYS = 7
EXPIRY_DAYS = 30
LATE = timedelta(hours=26)
"""A system that comes every night is late after that."""

REASONS = 5


@dataclass(frozen=True)
class Health:
    """One system. `counts` are the households of the last days by result, `refused` by reason.

    `is_own`: it is managed within the officer's posting, not above.
    """

    row: ClientRow
    is_own: bool
    pushed_at: datetime | None
    contact: Contact | None
    counts: Counter[str]
    refused: list[tuple[str, int]]
    waiting: int
    decisions: int
    uploads: Counter[str] = field(default_factory=Counter)
    now: datetime = field(default_factory=timezone.now)

    @property
    def expires_at(self) -> datetime | None:
        """When the last of its keys that open something ends; None when none does."""
        return max((one.expires_at for one in self.row.live(self.now)), default=None)

    @property
    def expires_soon(self) -> bool:
        """Whether that is near."""
        end = self.expires_at
        return end is not None and end < self.now + timedelta(days=EXPIRY_DAYS)

    @property
    def is_late(self) -> bool:
        """Whether it had all changes once, but not for long."""
        had = self.contact.caught_up_at if self.contact else None
        return had is not None and had < self.now - LATE


def health_of(officer: Officer) -> list[Health]:
    """The systems within the officer's posting, and those above that reach into it, by place.

    What a system above pushed elsewhere is not told: its counts are empty.
    """
    found = Client.objects.filter(_reaching(officer)).select_related("officer__home", "contact")
    clients = list(found.prefetch_related("keys").order_by("officer__home_id", "officer__username"))
    own = [one.pk for one in clients if contains(officer.acting_division, one.officer.home_id)]
    pushed, counts, refused = _pushes(own)
    uploads = _uploads(own)
    waits = Difference.objects.waiting().filter(in_reach("household__village_id", officer.reach))
    waiting = _by_client(waits)
    decisions = _by_client(untaken(officer))
    return [
        Health(
            row=client_row(one),
            is_own=one.pk in own,
            pushed_at=pushed.get(one.pk),
            contact=getattr(one, "contact", None),
            counts=counts[one.pk],
            refused=refused[one.pk].most_common(REASONS),
            waiting=waiting.get(one.pk, 0),
            decisions=decisions.get(one.pk, 0),
            uploads=uploads[one.pk],
        )
        for one in clients
    ]


Counts = defaultdict[int, Counter[str]]


def _pushes(clients: list[int]) -> tuple[dict[int, datetime], Counts, Counts]:
    """Of each client the last push, and the last days' households by result and by reason."""
    all_pushes = Push.objects.filter(client__in=clients).order_by()
    last = dict(all_pushes.values_list("client").annotate(Max("at")))
    counts: Counts = defaultdict(Counter)
    refused: Counts = defaultdict(Counter)
    recent = all_pushes.filter(at__gte=timezone.now() - timedelta(days=DAYS))
    for client, by_result, by_reason in recent.values_list("client", "counts", "refused"):
        counts[client].update(by_result)
        refused[client].update(by_reason)
    return last, counts, refused


def _uploads(clients: list[int]) -> Counts:
    """Of each client the uploads of the last days, and those under way, by state."""
    found: Counts = defaultdict(Counter)
    recent = Q(created_at__gte=timezone.now() - timedelta(days=DAYS))
    uploads = Upload.objects.filter(recent | Q(state=UploadState.WAITING), client__in=clients)
    for client, state in uploads.values_list("client", "state"):
        found[client][state] += 1
    return found


def _by_client(rows: QuerySet[Any]) -> dict[int, int]:
    return dict(rows.order_by().values_list("client").annotate(Count("pk")))


def _reaching(officer: Officer) -> Q:
    """Clients posted within the officer's posting, or to a division that contains it."""
    place = officer.acting_division
    above = [place[:digits] for digits in range(1, len(place) + 1)]
    return in_reach("officer__home_id", officer.reach) | Q(officer__home_id__in=above)
