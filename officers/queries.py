"""Accounts and postings as the pages show them."""

import hmac
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch, Q

from officers.models import Client, ClientKey, Officer, OfficerQuerySet, Posting, PostingRequest
from officers.rules import Role, key_digest
from trail.dates import business_date
from trail.models import Change

FOUND_AT_MOST = 50
SHORTEST_TERM = 2


@dataclass(frozen=True)
class AccountFilter:
    """Which accounts to list; empty words leave the list as it is."""

    role: str = ""
    state: str = ""


def acting_posting(officer: Officer, chosen: object) -> Posting | None:
    """The officer's posting with the id `chosen`, if it is in force today, else his first one."""
    held = list(officer.postings.in_force(business_date()).select_related("division"))
    return next((one for one in held if one.pk == chosen), held[0] if held else None)


def accounts(admin: Officer, wanted: AccountFilter, *, today: date) -> OfficerQuerySet:
    """The accounts managed within the administrator's posting, by place and user name."""
    found = Officer.objects.visible_to(admin).order_by("home_id", "username", "id")
    in_force = Posting.objects.in_force(today)
    if wanted.role:
        found = found.filter(pk__in=in_force.filter(role=wanted.role).values("officer"))
    if wanted.state == "stopped":
        found = found.filter(is_active=False)
    if wanted.state == "unposted":
        found = found.filter(is_active=True).exclude(pk__in=in_force.values("officer"))
    return with_postings(found, today)


def find_accounts(admin: Officer, term: str, *, today: date) -> OfficerQuerySet:
    """The first accounts within the posting whose name or user name begins with `term`.

    A term of one character finds nothing.
    """
    found = Officer.objects.visible_to(admin).order_by("home_id", "username", "id")
    if len(term.strip()) < SHORTEST_TERM:
        return found.none()
    begins = Q(name__startswith=term.strip()) | Q(username__istartswith=term.strip())
    return with_postings(found.filter(begins), today)[:FOUND_AT_MOST]


def with_postings(officers: OfficerQuerySet, today: date) -> OfficerQuerySet:
    """The officers, each with `current`: the postings that are not over, in two queries."""
    current = Posting.objects.not_over(today).select_related("division")
    return officers.select_related("home").prefetch_related(
        Prefetch("postings", queryset=current, to_attr="current")
    )


def requests_for(admin: Officer) -> list[PostingRequest]:
    """The postings within the administrator's division that wait for a second person."""
    waiting = PostingRequest.objects.visible_to(admin).open()
    return list(waiting.select_related("officer", "division", "proposed_by"))


def postings_of(officer: Officer) -> list[Posting]:
    """All postings of an officer, the newest first."""
    return list(
        officer.postings.select_related("division", "granted_by").order_by("-starts_on", "-id")
    )


def successors_for(admin: Officer, posting: Posting) -> OfficerQuerySet:
    """Active accounts that the administrator may hand the posting over to."""
    found = Officer.objects.visible_to(admin).filter(is_active=True)
    return found.exclude(pk__in=[posting.officer_id, admin.pk]).order_by("name", "username")


def trace_of(officer: Officer) -> list[Change]:
    """What was done to the account itself, the newest first."""
    kind = Officer._meta.label_lower
    about = Change.objects.filter(subject_kind=kind, subject_id=str(officer.pk))
    return list(about.order_by("-id")[:FOUND_AT_MOST])


@dataclass(frozen=True)
class ClientRow:
    """A client, its keys with the newest first, and the first day on which none opens anything."""

    client: Client
    keys: list[ClientKey]

    @property
    def last_used_at(self) -> datetime | None:
        return max((one.last_used_at for one in self.keys if one.last_used_at), default=None)

    def live(self, at: datetime) -> list[ClientKey]:
        """The keys that open something at `at`."""
        return [one for one in self.keys if one.revoked_at is None and one.expires_at > at]


def clients_for(admin: Officer) -> list[ClientRow]:
    """The machine clients that the administrator looks after, by place and user name."""
    found = Client.objects.visible_to(admin).select_related("officer__home")
    ordered = found.order_by("officer__home_id", "officer__username")
    return [client_row(one) for one in ordered.prefetch_related("keys")]


def client_row(client: Client) -> ClientRow:
    """A client with its keys."""
    return ClientRow(client, sorted(client.keys.all(), key=lambda one: -one.pk))


def key_that_opens(text: str, *, at: datetime) -> ClientKey | None:
    """The live key of this text, its client acting; None when it opens nothing at `at`.

    A key opens nothing once it is revoked or expired, its account is stopped, or its posting as
    machine client has ended. Found by the prefix; the digest is compared in constant time.
    """
    _, _, rest = text.partition("_")
    prefix, _, secret = rest.partition("_")
    key = ClientKey.objects.live(at).select_related("client__officer").filter(prefix=prefix).first()
    digest = key.digest if key else key_digest("")
    if not hmac.compare_digest(digest, key_digest(secret)) or key is None:
        return None
    posting = key.client.officer.posting
    return key if posting and posting.role == Role.MACHINE_CLIENT else None
