"""Showing a sensitive value in full: an act with a reason, recorded before anything is opened."""

from django.db import transaction

from households.models import Household, Member
from households.models.households import PHONE_FIELD
from households.models.members import ID_FIELD
from households.rights import ID_READERS, PHONE_READERS
from officers.models import Officer
from officers.rights import require
from trail.actions import record
from trail.sealing import unseal


@transaction.atomic
def reveal_id(member: Member, *, by: Officer, reason: str) -> str:
    """The whole ID or certificate number; "" when the member has none. Raises NotAllowed."""
    village = member.household.village_id
    require(by, *ID_READERS, code=village)
    record(by=by, action="reveal_id", subject=member, division=village, reason=reason)
    if member.id_sealed is None:
        return ""
    return unseal(member.id_sealed, field=ID_FIELD, row=member.uuid)


@transaction.atomic
def reveal_phone(household: Household, *, by: Officer, reason: str) -> str:
    """The whole phone number; "" when none is known. Raises NotAllowed."""
    village = household.village_id
    require(by, *PHONE_READERS, code=village)
    record(by=by, action="reveal_phone", subject=household, division=village, reason=reason)
    if household.phone_sealed is None:
        return ""
    return unseal(household.phone_sealed, field=PHONE_FIELD, row=household.uuid)
