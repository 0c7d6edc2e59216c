"""Who works with reviews, and what an officer may do with one of them now."""

from django.utils.translation import gettext as _

from divisions.scope import contains, reaches
from households.rights import HOUSEHOLD_READERS
from officers.models import Officer
from officers.rules import Role
from reviews.models import UNFINISHED, Review, ReviewState
from trail.errors import NotAllowed

READERS = HOUSEHOLD_READERS - {
    Role.HELPER,
    Role.READER,
    Role.VILLAGE_OFFICIAL,
    Role.TEAM_MEMBER,
}
READINESS_READERS = READERS | {Role.VILLAGE_OFFICIAL, Role.TEAM_MEMBER}
PROPOSERS = (Role.COUNTY_CLERK, Role.PROVINCE_OFFICER, Role.OPERATOR)
COMMITTERS = (Role.COUNTY_APPROVER, Role.PROVINCE_APPROVER)
VERIFIERS = (Role.AUDITOR, *COMMITTERS, Role.OPERATOR)
MOST_EXPORTED = {
    Role.TOWNSHIP_REVIEWER: 1000,
    Role.COUNTY_CLERK: 5000,
    Role.COUNTY_APPROVER: 5000,
    Role.AUDITOR: 5000,
}
"""Rows of households in one file, by role; other roles take totals. See the security note (c)."""


def require_reader(officer: Officer) -> None:
    """NotAllowed for a role that does not work with reviews."""
    if officer.acting_role not in READERS:
        raise NotAllowed(_("Your role does not work with reviews."), code="wrong_role")


def most_exported(officer: Officer) -> int:
    """The most rows of households that the acting role takes in one file; 0 for totals alone."""
    return MOST_EXPORTED.get(Role(officer.acting_role), 0) if officer.acting_role else 0


def require_export(by: Officer) -> int:
    """The same for a role that takes any. NotAllowed for one that takes totals alone."""
    most = most_exported(by)
    if not most:
        raise NotAllowed(
            _(
                "Your role takes totals as a file, not households. "
                "The list on the page shows the households."
            ),
            code="totals_only",
        )
    return most


def reads_readiness(officer: Officer) -> bool:
    """Whether the acting role reads how ready the year is: whoever reads reviews or surveys."""
    return officer.acting_role in READINESS_READERS


def may_propose(officer: Officer) -> bool:
    """Whether the acting role proposes reviews at all."""
    return officer.acting_role in PROPOSERS


def may_prepare(officer: Officer) -> bool:
    """Whether the acting role prepares the standards of its province."""
    return officer.acting_role == Role.PROVINCE_OFFICER


def may_cancel(officer: Officer, review: Review) -> bool:
    """Whether the officer's role and posting let him set this review aside."""
    if review.state == ReviewState.CANCELLED or not reaches(officer, review.root_id):
        return False
    if review.state == ReviewState.COMMITTED:
        return officer.acting_role in COMMITTERS
    return officer.acting_role in (*PROPOSERS, *COMMITTERS)


def may_steer(officer: Officer, review: Review) -> bool:
    """Whether the officer's role and posting let him pause or resume this review, if under way."""
    if review.state not in UNFINISHED or not reaches(officer, review.root_id):
        return False
    return officer.acting_role in (*PROPOSERS, *COMMITTERS)


def may_try_again(officer: Officer, review: Review) -> bool:
    """Whether the officer may have the households at fault in his part of the review tried anew."""
    return review.state != ReviewState.CANCELLED and officer.acting_role in PROPOSERS


def why_not_verify(officer: Officer, review: Review) -> str:
    """The sentence that says why this officer cannot have it recomputed; empty when he can."""
    if not review.result_hash:
        return _("It can be recomputed when it is finished.")
    if officer.acting_role not in VERIFIERS or not reaches(officer, review.root_id):
        return _("An auditor or an approver whose posting contains %(place)s recomputes it.") % {
            "place": review.root.name
        }
    return ""


def why_not_commit(officer: Officer, review: Review) -> str:
    """The sentence that says why this officer cannot commit this review now; empty when he can."""
    if review.dry_run:
        return _("A dry run is never committed.")
    if review.state != ReviewState.FINISHED:
        return _("It can be committed when it is finished.")
    if officer.acting_role not in COMMITTERS or not reaches(officer, review.root_id):
        return _("A county or province approver whose posting contains %(place)s commits it.") % {
            "place": review.root.name
        }
    if review.proposed_by_id == officer.pk:
        return _("You proposed it, so another officer commits it.")
    return ""


def why_not_accept(officer: Officer, review: Review) -> str:
    """The sentence that says why this officer cannot accept proposals here; empty when he can."""
    if review.dry_run:
        return _("This is a dry run: its proposals are never accepted.")
    if review.state == ReviewState.CANCELLED:
        return _("This review was cancelled. Nobody accepts or answers its proposals any more.")
    if review.state != ReviewState.COMMITTED:
        return _("Proposals can be accepted once another officer has committed the review.")
    if officer.acting_role != Role.COUNTY_CLERK:
        return _("The county clerk accepts proposals.")
    return ""


def own_part(officer: Officer, review: Review) -> str:
    """The division of the review that lies within the officer's posting: the smaller of the two."""
    [own] = officer.reach
    return review.root_id if contains(own, review.root_id) else own
