"""Machine clients and their keys: made, renewed and revoked.

By the operator at the console, and by the account administrator of their place on its page. Keys
that open `CONSOLE_SCOPES` are handed out by the operator alone; anybody of both revokes any key.
"""

import secrets
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_network

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from divisions.models import Division
from officers.actions.accounts import create_officer
from officers.actions.postings import Terms, appoint_client
from officers.models import Client, ClientKey, Officer
from officers.rights import require
from officers.rules import CONSOLE_SCOPES, Role, Scope, key_digest
from trail.actions import record
from trail.dates import business_date
from trail.errors import NotAllowed, Refused

PREFIX_BYTES, SECRET_BYTES = 4, 32
LONGEST_DAYS = 366
MOST_NETWORKS = 20
COARSE = timedelta(hours=1)


@dataclass(frozen=True)
class Issued:
    """A new key. `text` is told once and kept nowhere."""

    key: ClientKey
    text: str


@dataclass(frozen=True)
class KeyTerms:
    """What a key opens, and for how many days."""

    scopes: Collection[Scope]
    days: int


@transaction.atomic
def create_client(
    *, username: str, name: str, division: Division, terms: KeyTerms, by: Officer
) -> Issued:
    """An account without password, posted as machine client to `division`, with its first key.

    Raises NotAllowed for anybody but operator and account administrators of the place;
    ValidationError by field (username, name, division, scopes, days).
    """
    _require_keeper(by, division.pk, terms.scopes)
    officer = create_officer(username=username, name=name, home=division, by=by)
    appoint_client(officer, Terms(Role.MACHINE_CLIENT, division, business_date()), by=by)
    client = Client.objects.create(officer=officer, registered_by=by)
    return _issue(client, terms, by=by)


@transaction.atomic
def rotate_key(key: ClientKey, *, days: int, overlap_days: int, by: Officer) -> Issued:
    """A new key with the scopes of `key`, which itself ends after `overlap_days` (0: at once).

    Raises NotAllowed as `create_client`; Refused when the key is revoked or expired;
    ValidationError (days, overlap_days).
    """
    _require_keeper(by, key.client.officer.home_id, map(Scope, key.scopes))
    key, now = _locked(key), timezone.now()
    _refuse_dead(key, now)
    if not 0 <= overlap_days <= LONGEST_DAYS:
        raise ValidationError({"overlap_days": _("Write a number of days from 0 to 366.")})
    issued = _issue(key.client, KeyTerms([Scope(one) for one in key.scopes], days), by=by)
    if overlap_days == 0:
        _revoke(key, _("Replaced by %(prefix)s.") % {"prefix": issued.key.prefix}, now, by=by)
        return issued
    before, key.expires_at = key.expires_at, min(key.expires_at, now + timedelta(days=overlap_days))
    key.save(update_fields=["expires_at"])
    _record(
        "shorten_key",
        key,
        by=by,
        before={"expires_at": before.isoformat()},
        after={"prefix": key.prefix, "expires_at": key.expires_at.isoformat()},
    )
    return issued


@transaction.atomic
def revoke_key(key: ClientKey, *, reason: str, by: Officer) -> ClientKey:
    """Let the key open nothing from the next request on.

    Raises NotAllowed as `create_client`, whatever the key opens; Refused when it opens nothing
    already; ValidationError (reason).
    """
    _require_keeper(by, key.client.officer.home_id, ())
    if not reason.strip():
        raise ValidationError({"reason": _("Write the reason.")})
    key, now = _locked(key), timezone.now()
    _refuse_dead(key, now)
    return _revoke(key, reason.strip(), now, by=by)


@transaction.atomic
def set_networks(client: Client, networks: Sequence[str], *, by: Officer) -> Client:
    """Let requests of the client come from these networks alone; from anywhere without any.

    Raises NotAllowed as `create_client`; ValidationError (networks).
    """
    _require_keeper(by, client.officer.home_id, ())
    client = Client.objects.select_for_update().get(pk=client.pk)
    before, client.addresses = client.addresses, _networks(networks)
    client.save(update_fields=["addresses"])
    record(
        by=by,
        action="set_networks",
        subject=client.officer,
        division=client.officer.home_id,
        before={"networks": before},
        after={"networks": client.addresses},
    )
    return client


def _networks(texts: Sequence[str]) -> list[str]:
    """The networks in their short form. Raises ValidationError that names the first wrong one."""
    found = []
    for text in texts:
        try:
            found.append(str(ip_network(text.strip())))
        except ValueError:
            message = _("“%(text)s” is no network address. Write one as 203.0.113.0/24.")
            raise ValidationError({"networks": message % {"text": text.strip()[:50]}}) from None
    if len(found) > MOST_NETWORKS:
        raise ValidationError({"networks": _("Name at most 20 networks.")})
    return found


def _require_keeper(by: Officer, place: str, scopes: Iterable[Scope]) -> None:
    posting = require(by, Role.OPERATOR, Role.ACCOUNT_ADMIN, code=place)
    if posting.role == Role.ACCOUNT_ADMIN and set(scopes) & CONSOLE_SCOPES:
        raise NotAllowed(
            _("This scope is handed out by the operator alone, at the console."),
            code="console_only",
        )


def note_use(key: ClientKey, *, at: datetime) -> None:
    """Remember, once an hour at most, that the key was used. No trace: it changes no right."""
    if key.last_used_at is None or at - key.last_used_at >= COARSE:
        ClientKey.objects.filter(pk=key.pk).update(last_used_at=at)


def note_identities(key: ClientKey, *, resource: str, numbers: Sequence[str], by: Officer) -> None:
    """One trace row for one answer that holds the sensitive values of these households in full."""
    record(
        by=by,
        action="read_identities",
        subject=by,
        division=by.acting_division,
        after={"prefix": key.prefix, "resource": resource, "households": [*numbers]},
        origin=f"rest:{key.prefix}",
    )


def _issue(client: Client, terms: KeyTerms, *, by: Officer) -> Issued:
    if not terms.scopes:
        raise ValidationError({"scopes": _("Name at least one scope.")})
    if not 1 <= terms.days <= LONGEST_DAYS:
        raise ValidationError({"days": _("A key lasts from 1 to 366 days.")})
    secret = secrets.token_urlsafe(SECRET_BYTES)
    key = ClientKey(
        client=client,
        prefix=secrets.token_hex(PREFIX_BYTES),
        digest=key_digest(secret),
        scopes=sorted({one.value for one in terms.scopes}),
        issued_by=by,
        expires_at=timezone.now() + timedelta(days=terms.days),
    )
    key.full_clean()
    key.save(force_insert=True)
    _record(
        "issue_key",
        key,
        by=by,
        after={
            "prefix": key.prefix,
            "scopes": key.scopes,
            "expires_at": key.expires_at.isoformat(),
        },
    )
    return Issued(key, f"pr_{key.prefix}_{secret}")


def _revoke(key: ClientKey, reason: str, now: datetime, *, by: Officer) -> ClientKey:
    key.revoked_at, key.revoke_reason = now, reason
    key.save(update_fields=["revoked_at", "revoke_reason"])
    _record("revoke_key", key, by=by, after={"prefix": key.prefix}, reason=reason)
    return key


def _locked(key: ClientKey) -> ClientKey:
    found = ClientKey.objects.select_for_update(of=["self"])
    return found.select_related("client__officer").get(pk=key.pk)


def _refuse_dead(key: ClientKey, now: datetime) -> None:
    if key.revoked_at is not None or key.expires_at <= now:
        raise Refused(_("This key opens nothing any more."), code="dead_key")


def _record(
    action: str,
    key: ClientKey,
    *,
    by: Officer,
    after: dict[str, object],
    before: dict[str, object] | None = None,
    reason: str = "",
) -> None:
    record(
        by=by,
        action=action,
        subject=key.client.officer,
        division=key.client.officer.home_id,
        before=before,
        after=after,
        reason=reason,
    )
