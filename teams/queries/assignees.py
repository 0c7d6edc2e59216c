"""Who can be given a task of a village: whoever is posted there, in its township or county."""

from datetime import date

from django.db.models import Q

from officers.models import Posting, PostingQuerySet
from officers.rules import Role
from teams.rights import VISITORS

TOWNSHIP_DIGITS, COUNTY_DIGITS = 9, 6


def postings_for(village: str, on: date) -> PostingQuerySet:
    """The postings in force whose holders do tasks of the village, those nearest to it first."""
    near = Q(division_id=village, role__in=VISITORS)
    near |= Q(division_id=village[:TOWNSHIP_DIGITS], role=Role.TOWNSHIP_REVIEWER)
    near |= Q(
        division_id=village[:COUNTY_DIGITS], role__in=(Role.COUNTY_CLERK, Role.COUNTY_APPROVER)
    )
    found = Posting.objects.in_force(on).filter(near).select_related("officer")
    return found.order_by("-division_id", "role", "officer__name", "officer_id")


def may_do(officer_id: int, village: str, *, on: date) -> bool:
    """Whether somebody holds a posting by which he can be given a task of the village."""
    return postings_for(village, on).filter(officer=officer_id).exists()


def assignees_of(village: str, on: date) -> list[tuple[int, str]]:
    """(key of the account, name and role) of everybody who can be given a task of the village."""
    named: dict[int, str] = {}
    for one in postings_for(village, on):
        words = f"{one.officer.name} · {one.get_role_display()}"
        named.setdefault(one.officer_id, words)
    return list(named.items())
