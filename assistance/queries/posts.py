"""The posts of a person, in whatever household he is or was."""

from assistance.models import Contract
from households.models import Member


def contracts_of_person(member: Member) -> list[Contract]:
    """All contracts of the person of a membership, also those of his other memberships.

    The person is known by the blind index of his number; without one, only by this membership.
    """
    found = Contract.objects.filter(member=member)
    if member.id_blind is not None:
        found = Contract.objects.filter(member__id_blind=member.id_blind)
    return list(found.order_by("starts_on", "pk"))
