"""Rights at the moment of the act: the posting is read again, never trusted from the session."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from divisions.scope import require_within
from officers.models import Officer, Posting
from officers.rules import Role, clashing_posting
from trail.dates import business_date
from trail.errors import NotAllowed


@dataclass(frozen=True)
class Rights:
    """What an officer may do by the postings that he holds, read once for a page of many steps."""

    officer: Officer
    held: tuple[Posting, ...]

    def require(self, *roles: Role, code: str | None = None) -> Posting:
        """The acting posting, in one of `roles` and containing division `code`.

        Raises NotAllowed, also when the officer meanwhile holds an incompatible posting.
        `code=None` leaves the place to the caller (a set-based action).
        """
        officer = self.officer
        of_act = (one for one in self.held if officer.posting and one.pk == officer.posting.pk)
        posting = next(of_act, None)
        if posting is None:
            raise NotAllowed(_("You have no posting in force today."), code="no_posting")
        if posting.role not in roles:
            raise NotAllowed(_("Your role does not allow this act."), code="wrong_role")
        others = [(Role(one.role), one.division_id) for one in self.held if one.pk != posting.pk]
        if clashing_posting(Role(posting.role), posting.division_id, others):
            raise NotAllowed(
                _(
                    "You hold a posting that may not go together with this role. Ask to have one"
                    " ended."
                ),
                code="incompatible",
            )
        if code is not None:
            require_within(self.officer, code)
        return posting


def rights_of(officer: Officer) -> Rights:
    """His rights by the postings that are in force today."""
    held = Posting.objects.in_force(business_date()).filter(officer_id=officer.pk)
    return Rights(officer, tuple(held))


def require(by: Officer, *roles: Role, code: str | None = None) -> Posting:
    """The acting posting of an officer for one act, as `Rights.require`, read now."""
    return rights_of(by).require(*roles, code=code)
