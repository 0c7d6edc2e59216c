"""Postings: granted by one account administrator, or by two where the role is one of trust."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from divisions.models import Division, Level
from officers.models import ROLE_NAMES, Officer, Posting, PostingRequest, PostingTerms
from officers.rights import require
from officers.rules import LEVELS, NEVER_ON_PAGES, TWO_PERSON, Role, clashing_posting
from trail.actions import record
from trail.dates import business_date
from trail.errors import NotAllowed, Refused

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Terms:
    """What is granted: a role at a division for some days; no last day: until further notice."""

    role: Role
    division: Division
    starts_on: date
    ends_on: date | None = None


@transaction.atomic
def grant_posting(officer: Officer, terms: Terms, *, by: Officer) -> Posting:
    """A posting that counts from its first day.

    Raises ValidationError by field (role, division, starts_on, ends_on), also when the officer
    holds an incompatible posting in those days, and NotAllowed for oneself, outside the
    administrator's posting, and for roles that need two people.
    """
    _require_granter(officer, terms, by=by)
    if terms.role in TWO_PERSON:
        raise NotAllowed(
            _("This role is granted by two people: propose it to a second administrator."),
            code="needs_second_person",
        )
    return _post(officer, terms, by=by)


@transaction.atomic
def propose_posting(officer: Officer, terms: Terms, *, by: Officer) -> PostingRequest:
    """A posting to a role of trust; it counts once another account administrator confirms it.

    Raises as `grant_posting` does.
    """
    _require_granter(officer, terms, by=by)
    officer = _locked(officer)
    request = PostingRequest(
        officer=officer,
        role=terms.role,
        division=terms.division,
        starts_on=terms.starts_on,
        ends_on=terms.ends_on,
        proposed_by=by,
    )
    _vet(request)
    request.full_clean()
    request.save(force_insert=True)
    _record("propose_posting", request, by=by)
    return request


@transaction.atomic
def confirm_posting(request: PostingRequest, *, by: Officer) -> Posting:
    """Grant what another administrator proposed. The posting begins today at the earliest.

    Raises NotAllowed for the proposer and the officer himself, Refused when it is decided already,
    ValidationError when the officer meanwhile holds an incompatible posting.
    """
    request = _open_request(request, by=by)
    request.starts_on = max(request.starts_on, business_date())
    terms = Terms(Role(request.role), request.division, request.starts_on, request.ends_on)
    posting = _post(request.officer, terms, by=by)
    request.decided_by, request.decided_at, request.posting = by, timezone.now(), posting
    request.save(update_fields=["decided_by", "decided_at", "posting", "starts_on"])
    _record("confirm_posting", request, by=by)
    return posting


@transaction.atomic
def refuse_posting(request: PostingRequest, *, reason: str, by: Officer) -> PostingRequest:
    """Decline what another administrator proposed, with a reason. Raises as `confirm_posting`."""
    request = _open_request(request, by=by)
    if not reason.strip():
        raise ValidationError({"reason": _("Write the reason.")})
    request.decided_by, request.decided_at, request.refusal = by, timezone.now(), reason
    request.save(update_fields=["decided_by", "decided_at", "refusal"])
    _record("refuse_posting", request, by=by, reason=reason)
    return request


@transaction.atomic
def end_posting(posting: Posting, *, last_day: date, reason: str, by: Officer) -> Posting:
    """End a posting after `last_day`; yesterday ends it at once.

    Raises ValidationError (last_day, reason), NotAllowed for one's own posting and outside the
    administrator's posting.
    """
    require(by, Role.ACCOUNT_ADMIN, code=posting.division_id)
    if posting.officer_id == by.pk:
        raise NotAllowed(_("Nobody ends his own posting."), code="oneself")
    posting = Posting.objects.select_for_update().get(pk=posting.pk)
    _refuse_wrong_end(posting, last_day, reason)
    before, posting.ends_on, posting.end_reason = posting.ends_on, last_day, reason
    posting.save(update_fields=["ends_on", "end_reason"])
    record(
        by=by,
        action="end_posting",
        subject=posting,
        division=posting.division_id,
        before={"ends_on": str(before) if before else None},
        after={"ends_on": str(last_day)},
        reason=reason,
    )
    return posting


@transaction.atomic
def lapse_postings(
    officer: Officer,
    role: Role,
    division: str,
    *,
    last_day: date,
    was: date | None,
    reason: str,
    by: Officer,
) -> None:
    """Let postings that rest on a service end with it, after `last_day`.

    `was` is the last day that the service had before, None for one that went on: a posting that
    ended on it follows the correction, any other earlier end stays. A posting that begins after the
    service, and not before today, belongs to another. The act that ends the service answers for the
    right to it. Raises ValidationError (role) when the officer holds an incompatible posting in the
    days that are added.
    """
    held = Posting.objects.select_for_update().filter(
        officer=_locked(officer),
        role=role,
        division_id=division,
        starts_on__lte=max(last_day, business_date()),
    )
    resting = held.not_over(last_day + ONE_DAY) | held.filter(ends_on=was)
    for posting in resting.exclude(ends_on=last_day):
        before = posting.ends_on
        posting.ends_on = max(last_day, posting.starts_on)
        if before is not None and before < posting.ends_on:
            _refuse_clash(posting, before + ONE_DAY)
        posting.end_reason = reason
        posting.save(update_fields=["ends_on", "end_reason"])
        record(
            by=by,
            action="end_posting",
            subject=posting,
            division=division,
            before={"ends_on": str(before) if before else None},
            after={"ends_on": str(posting.ends_on)},
            reason=reason,
        )


@transaction.atomic
def hand_over(
    posting: Posting, *, to: Officer, last_day: date, reason: str, by: Officer
) -> Posting | PostingRequest:
    """End one officer's posting on `last_day` and give the same to another from the next day.

    A later end that the posting had stays. A role of trust waits for the second administrator, as
    always. Raises as `end_posting` and `grant_posting` do; then neither has happened.
    """
    if to.pk == posting.officer_id:
        raise ValidationError({"to": _("Choose another officer.")})
    if last_day < business_date():
        raise ValidationError(
            {"last_day": _("A posting is handed over today or later; choose such a day.")}
        )
    ended = end_posting(posting, last_day=last_day, reason=reason, by=by)
    ends_on = posting.ends_on if posting.ends_on and posting.ends_on > last_day else None
    terms = Terms(Role(ended.role), ended.division, last_day + ONE_DAY, ends_on)
    if terms.role in TWO_PERSON:
        return propose_posting(to, terms, by=by)
    return grant_posting(to, terms, by=by)


@transaction.atomic
def appoint(officer: Officer, terms: Terms, *, by: Officer) -> Posting:
    """A posting from the operator's console: any role of a person, without a second person.

    For the first account administrators of an installation. Raises as `grant_posting`.
    """
    require(by, Role.OPERATOR)
    return _post(officer, terms, by=by)


@transaction.atomic
def appoint_client(officer: Officer, terms: Terms, *, by: Officer) -> Posting:
    """The posting of a machine client, by whoever made its account. Raises as `grant_posting`."""
    require(by, Role.OPERATOR, Role.ACCOUNT_ADMIN, code=terms.division.pk)
    if terms.role != Role.MACHINE_CLIENT:
        raise NotAllowed(_("Your role does not allow this act."), code="wrong_role")
    return _post(officer, terms, by=by)


def _require_granter(officer: Officer, terms: Terms, *, by: Officer) -> None:
    require(by, Role.ACCOUNT_ADMIN, code=terms.division.pk)
    require(by, Role.ACCOUNT_ADMIN, code=officer.home_id)
    if officer.pk == by.pk:
        raise NotAllowed(_("Nobody grants a posting to himself."), code="oneself")
    if terms.role in NEVER_ON_PAGES:
        raise NotAllowed(_("This role is not granted on pages."), code="never_on_pages")


def _locked(officer: Officer) -> Officer:
    """The officer's row, locked: two administrators cannot grant clashing roles at once."""
    return Officer.objects.select_for_update().get(pk=officer.pk)


def _post(officer: Officer, terms: Terms, *, by: Officer) -> Posting:
    posting = Posting(
        officer=_locked(officer),
        role=terms.role,
        division=terms.division,
        starts_on=terms.starts_on,
        ends_on=terms.ends_on,
        granted_by=by,
    )
    _vet(posting)
    posting.full_clean()
    posting.save(force_insert=True)
    _record("grant_posting", posting, by=by)
    return posting


def _vet(wanted: PostingTerms) -> None:
    """ValidationError, by field, when the posting may not be."""
    today, role, division = business_date(), Role(wanted.role), wanted.division
    if division.level not in LEVELS[role]:
        raise ValidationError({"division": _wrong_level(role)})
    if not division.is_in_force(today):
        raise ValidationError({"division": _("This division has ended. Choose its successor.")})
    if wanted.starts_on < today:
        raise ValidationError({"starts_on": _("A posting begins today or later.")})
    if not wanted.officer.is_active:
        raise ValidationError(_("The account is stopped. Activate it first."))
    _refuse_clash(wanted, wanted.starts_on)


def _wrong_level(role: Role) -> str:
    levels = [str(Level(level).label) for level in sorted(LEVELS[role])]
    return _("A posting as %(role)s is to a division of this level: %(levels)s.") % {
        "role": ROLE_NAMES[role],
        "levels": ", ".join(levels),
    }


def _refuse_clash(wanted: PostingTerms, first: date) -> None:
    """ValidationError when he holds what clashes on a day from `first` to the last one."""
    held = list(
        Posting.objects.filter(officer=wanted.officer)
        .overlapping(first, wanted.ends_on)
        .select_related("division")
    )
    pairs = [(Role(one.role), one.division_id) for one in held]
    clash = clashing_posting(Role(wanted.role), wanted.division_id, pairs)
    if clash is None:
        return
    posting = held[pairs.index(clash)]
    raise ValidationError(
        {
            "role": _(
                "%(name)s is posted as %(held)s. Nobody may hold that and be %(wanted)s. End "
                "that posting first, or choose another officer."
            )
            % {
                "name": wanted.officer.name,
                "held": f"{posting} ({posting.division_id})",
                "wanted": ROLE_NAMES[Role(wanted.role)],
            }
        }
    )


def _refuse_wrong_end(posting: Posting, last_day: date, reason: str) -> None:
    if not reason.strip():
        raise ValidationError({"reason": _("Write the reason.")})
    if posting.ends_on is not None and posting.ends_on < business_date():
        raise Refused(_("This posting is over already."), code="over")
    if last_day < business_date() - ONE_DAY:
        raise ValidationError({"last_day": _("The last day is yesterday at the earliest.")})
    if last_day < posting.starts_on:
        raise ValidationError(
            {"last_day": _("The posting begins on %(day)s.") % {"day": posting.starts_on}}
        )


def _open_request(request: PostingRequest, *, by: Officer) -> PostingRequest:
    require(by, Role.ACCOUNT_ADMIN, code=request.division_id)
    request = PostingRequest.objects.select_for_update().get(pk=request.pk)
    if request.decided_at is not None:
        raise Refused(_("Somebody has decided this already."), code="decided")
    if by.pk in (request.proposed_by_id, request.officer_id):
        raise NotAllowed(
            _("A second person decides: neither whoever proposed it nor the officer."),
            code="same_hand",
        )
    return request


def _record(action: str, subject: PostingTerms, *, by: Officer, reason: str = "") -> None:
    record(
        by=by,
        action=action,
        subject=subject,
        division=subject.division_id,
        after={
            "officer": subject.officer_id,
            "role": subject.role,
            "division": subject.division_id,
            "starts_on": str(subject.starts_on),
            "ends_on": str(subject.ends_on) if subject.ends_on else None,
        },
        reason=reason,
    )
