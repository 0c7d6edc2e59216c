"""What the pages about villages and counties share: the place and year of an address."""

from django.http import Http404
from django.utils.translation import gettext as _

from divisions.models import Division, Level
from divisions.scope import reaches
from exits.forms.places import FIRST_YEAR, PlaceYearForm
from exits.models import ListedPlace
from exits.queries.listed import default_year, listed_places
from exits.rights import PLACE_READERS
from officers.http import OfficerRequest
from teams.views.asked import place_of
from trail.dates import business_date
from trail.errors import NotAllowed


def asked_place(request: OfficerRequest) -> Division:
    """The place of the address, the posting's own without one; 404 outside, for readers alone."""
    return place_of(request, request.GET.get("division", ""), PLACE_READERS, _refusal())


def asked_year(request: OfficerRequest, place: str, *, first: int = FIRST_YEAR) -> PlaceYearForm:
    """The form that turns a page to another place and year, from `first` to this one."""
    default = max(first, default_year(place))
    return PlaceYearForm(request.GET, first=first, last=business_date().year, default=default)


def listed_of(request: OfficerRequest, code: str, level: Level) -> ListedPlace:
    """The listed village or county of the address within the posting, else 404; for readers."""
    found = listed_places(request.user, level).filter(division=code).first()
    if found is None:
        raise Http404
    refuse_others(request)
    return found


def village_of(request: OfficerRequest, code: str) -> Division:
    """The village of the address within the posting, else 404; for readers."""
    found = Division.objects.filter(pk=code, level=Level.VILLAGE).select_related("parent").first()
    if found is None or not reaches(request.user, found.pk):
        raise Http404
    refuse_others(request)
    return found


def refuse_others(request: OfficerRequest) -> None:
    """Let only who reads about exits go on."""
    if request.user.acting_role not in PLACE_READERS:
        raise NotAllowed(_refusal(), code="wrong_role")


def _refusal() -> str:
    return _("Your role does not read the lists of villages and counties.")
