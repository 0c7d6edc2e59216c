"""What the addresses of lists say: a place within the posting, and a page number."""

from collections.abc import Collection, Iterable

from django.http import Http404

from divisions.models import Division
from divisions.queries import path_to
from divisions.scope import reaches
from officers.http import OfficerRequest
from teams.queries.visits import Worker, worked_in
from teams.rights import VISITORS
from trail.errors import NotAllowed

MOST_PAGES = 10_000
KEY_DIGITS = 18


def place_of(request: OfficerRequest, code: str, roles: Collection[str], refusal: str) -> Division:
    """The place of an address, the posting's own without one; else 404.

    Raises NotAllowed with `refusal` for a role that does not read this page.
    """
    place = Division.objects.filter(pk=code or request.user.acting_division).first()
    if place is None or not reaches(request.user, place.pk):
        raise Http404
    if request.user.acting_role not in roles:
        raise NotAllowed(refusal, code="wrong_role")
    return place


def above(request: OfficerRequest, place: Division) -> list[Division]:
    """The places above one that lie within the posting, the highest first."""
    return [one for one in path_to(place.pk)[:-1] if reaches(request.user, one.pk)]


def people_of(
    request: OfficerRequest, code: str, workers: Iterable[Worker]
) -> list[tuple[int, str]]:
    """Whose visits and entries an address may ask for, with names: those at work in its month.

    So is oneself, who visits, and whoever is asked for already and was at work in another month:
    he stays chosen while the months are turned.
    """
    people = {one.officer.pk: one.officer.name for one in workers}
    if request.user.acting_role in VISITORS:
        people.setdefault(request.user.pk, request.user.name)
    asked = request.GET.get("person", "")
    if asked.isascii() and asked.isdecimal() and len(asked) <= KEY_DIGITS:
        found = None if int(asked) in people else worked_in(request.user, code, int(asked))
        people |= {found.pk: found.name} if found else {}
    return [*people.items()]


def page_number(request: OfficerRequest) -> int:
    """Which page is wanted; anything odd is the first."""
    text = request.GET.get("page", "")
    if not (text.isascii() and text.isdecimal()):
        return 1
    return min(max(int(text[:9]), 1), MOST_PAGES)


def turned(request: OfficerRequest, number: int, *, has_next: bool) -> dict[str, str]:
    """The addresses of the pages before and after, for the links under a list."""
    asked = request.GET.copy()

    def address(wanted: int) -> str:
        asked["page"] = str(wanted)
        return f"?{asked.urlencode()}"

    return {
        "previous_url": address(number - 1) if number > 1 else "",
        "next_url": address(number + 1) if has_next else "",
    }
