"""What the addresses of lists say: a place within the posting, and a page number."""

from collections.abc import Collection

from django.http import Http404

from divisions.models import Division
from divisions.queries import path_to
from divisions.scope import reaches
from officers.http import OfficerRequest
from trail.errors import NotAllowed

MOST_PAGES = 10_000


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
