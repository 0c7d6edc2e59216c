"""Accounts: who may sign in, and by which link a password is chosen."""

from dataclasses import dataclass

from axes.utils import reset as forget_failures
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _

from divisions.models import Division
from divisions.scope import NATION, contains
from officers.models import Officer, PastPassword
from officers.passwords import REMEMBERED
from officers.rights import require
from officers.rules import NEVER_ON_PAGES, TWO_PERSON, Role
from trail.actions import record
from trail.dates import business_date
from trail.errors import NotAllowed


@dataclass(frozen=True)
class ResetLink:
    """The two parts of a one-time link; whoever has it chooses the password of the account."""

    uidb64: str
    token: str


@transaction.atomic
def create_officer(
    *, username: str, name: str, home: Division, by: Officer, phone: str = ""
) -> Officer:
    """An account without a password and without a posting, managed at `home`.

    Raises ValidationError by field and NotAllowed outside the administrator's posting.
    """
    require(by, Role.ACCOUNT_ADMIN, Role.OPERATOR, code=home.pk)
    officer = Officer(username=username, name=name, home=home, phone=phone)
    officer.set_unusable_password()
    officer.full_clean()
    officer.save(force_insert=True)
    record(
        by=by,
        action="create_officer",
        subject=officer,
        division=home.pk,
        after={"username": username, "home": home.pk},
    )
    return officer


@transaction.atomic
def deactivate_officer(officer: Officer, *, reason: str, by: Officer) -> Officer:
    """Stop the account at once: its sessions end, its postings open nothing.

    Raises NotAllowed for oneself and for accounts that the administrator does not manage.
    """
    return _switch(officer, "deactivate_officer", reason=reason, by=by, wanted=False)


@transaction.atomic
def activate_officer(officer: Officer, *, reason: str, by: Officer) -> Officer:
    """Let a stopped account sign in again, with the postings that it still has."""
    return _switch(officer, "activate_officer", reason=reason, by=by, wanted=True)


def _switch(officer: Officer, action: str, *, reason: str, by: Officer, wanted: bool) -> Officer:
    locked = Officer.objects.select_for_update().get(pk=officer.pk)
    require_manager_of(locked, by=by)
    if not reason.strip():
        raise ValidationError({"reason": _("Write the reason.")})
    before, locked.is_active = locked.is_active, wanted
    locked.save(update_fields=["is_active"])
    record(
        by=by,
        action=action,
        subject=locked,
        division=locked.home_id,
        before={"is_active": before},
        after={"is_active": wanted},
        reason=reason,
    )
    return locked


@transaction.atomic
def issue_reset_link(officer: Officer, *, by: Officer) -> ResetLink:
    """A link by which the officer chooses a password: once, within 24 hours.

    It also lifts a throttled sign-in. It dies when it is used, when the officer signs in and when
    the password changes. Raises NotAllowed as `deactivate_officer` does, and when the officer holds
    a role of trust at the administrator's own level.
    """
    require_manager_of(officer, by=by)
    _refuse_link_to_trust(officer, by=by)
    if not officer.is_active:
        raise NotAllowed(_("The account is stopped. Activate it first."), code="stopped")
    forget_failures(username=officer.username)
    record(by=by, action="issue_reset_link", subject=officer, division=officer.home_id)
    return reset_link(officer)


def _refuse_link_to_trust(officer: Officer, *, by: Officer) -> None:
    """NotAllowed for a holder of a role of trust at the level of `by`, below the nation.

    Two people grant such a role; a link made by one of them alone would hand it to himself.
    """
    own = require(by, Role.ACCOUNT_ADMIN).division_id
    held = officer.postings.not_over(business_date()).filter(role__in=TWO_PERSON)
    if own != NATION and held.filter(division_id=own).exists():
        raise NotAllowed(
            _(
                "The officer holds a role that two people grant. Ask the account administrator "
                "of the level above for the link."
            ),
            code="needs_level_above",
        )


def reset_link(officer: Officer) -> ResetLink:
    """The parts of a one-time link for the account as it stands; writes nothing."""
    return ResetLink(
        urlsafe_base64_encode(force_bytes(officer.pk)), default_token_generator.make_token(officer)
    )


@transaction.atomic
def set_own_password(officer: Officer, password: str) -> Officer:
    """The officer's new password, judged before by the validators; other sessions end.

    The hash of the old one is remembered, the last five at most.
    """
    locked = Officer.objects.select_for_update().get(pk=officer.pk)
    if locked.has_usable_password():
        PastPassword.objects.create(officer=locked, password=locked.password)
        newest = locked.past_passwords.values("pk")[:REMEMBERED]
        locked.past_passwords.exclude(pk__in=newest).delete()
    officer.set_password(password)
    officer.password_set_at = timezone.now()
    officer.save(update_fields=["password", "password_set_at"])
    record(
        by=officer,
        action="set_password",
        subject=officer,
        division=officer.home_id,
        after={"password": "changed"},
    )
    return officer


def require_manager_of(officer: Officer, *, by: Officer) -> None:
    """NotAllowed unless `by` administers the account and everything that it is posted to.

    A one-time link opens the account: so nobody gets one for an account that reaches further than
    his own, for an account of the system, or for himself.
    """
    posting = require(by, Role.ACCOUNT_ADMIN, code=officer.home_id)
    if officer.pk == by.pk:
        raise NotAllowed(
            _("Nobody manages his own account. Ask another account administrator."), code="oneself"
        )
    held = list(officer.postings.not_over(business_date()))
    if any(one.role in NEVER_ON_PAGES for one in held):
        raise NotAllowed(_("This account belongs to the system itself."), code="system_account")
    if not all(contains(posting.division_id, one.division_id) for one in held):
        raise NotAllowed(
            _(
                "The officer also holds a posting outside your division. Ask the account "
                "administrator of the level above."
            ),
            code="reaches_further",
        )
