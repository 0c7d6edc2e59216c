"""Rights at the moment of the act: the posting is read again, never trusted from the session."""

from django.utils.translation import gettext as _

from divisions.scope import require_within
from officers.models import Officer, Posting
from officers.rules import Role, clashing_posting
from trail.dates import business_date
from trail.errors import NotAllowed


def require(by: Officer, *roles: Role, code: str | None = None) -> Posting:
    """The acting posting, in force today, in one of `roles` and containing division `code`.

    Raises NotAllowed, also when the officer meanwhile holds an incompatible posting. `code=None`
    leaves the place to the caller (a set-based action).
    """
    held = list(Posting.objects.in_force(business_date()).filter(officer_id=by.pk))
    posting = next((one for one in held if by.posting and one.pk == by.posting.pk), None)
    if posting is None:
        raise NotAllowed(_("You have no posting in force today."), code="no_posting")
    if posting.role not in roles:
        raise NotAllowed(_("Your role does not allow this act."), code="wrong_role")
    others = [(Role(one.role), one.division_id) for one in held if one.pk != posting.pk]
    if clashing_posting(Role(posting.role), posting.division_id, others):
        raise NotAllowed(
            _("You hold a posting that may not go together with this role. Ask to have one ended."),
            code="incompatible",
        )
    if code is not None:
        require_within(by, code)
    return posting
