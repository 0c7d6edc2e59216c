"""What the frame around every page shows: look, date, posting, navigation."""

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise, cached_property
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language_info

from officers.models import Officer, Posting
from registry.pages.look import Look, look_of
from registry.pages.places import PLACES
from trail.dates import business_date


@dataclass(frozen=True)
class NavItem:
    label: Promise
    url: str
    current: bool


class Frame:
    """The frame of one request. It decides no right: a missing link is only a shorter menu."""

    def __init__(self, request: HttpRequest):
        self.request = request

    @cached_property
    def _look(self) -> Look:
        return look_of(self.request)

    @property
    def large(self) -> bool:
        return self._look.large

    @property
    def dense(self) -> bool:
        return self._look.dense

    @property
    def keys(self) -> bool:
        """Whether single keys do something on the pages."""
        return not self._look.nokeys

    @property
    def look(self) -> str:
        """Classes of the html element."""
        return self._look.classes

    @property
    def demo(self) -> bool:
        return settings.DEMO

    @property
    def office(self) -> str:
        return settings.OFFICE_NAME

    @property
    def chinese(self) -> str:
        """The Chinese language's own name."""
        return get_language_info("zh-hans")["name_local"]

    @cached_property
    def today(self) -> date:
        return business_date()

    @property
    def now(self) -> datetime:
        return timezone.now()

    @property
    def here(self) -> str:
        """Where to come back to after a change of look; a form's answer page has no address."""
        return self.request.get_full_path() if self.request.method == "GET" else self.request.path

    @property
    def back(self) -> str:
        """The page of our own that the request came from, as a path; "" when that is not known."""
        came_from = self.request.headers.get("Referer", "")
        ours = url_has_allowed_host_and_scheme(
            came_from, {self.request.get_host()}, require_https=self.request.is_secure()
        )
        if not ours:
            return ""
        parts = urlsplit(came_from)
        path = urlunsplit(("", "", parts.path, parts.query, ""))
        here = self.request.get_full_path() if self.request.method == "GET" else ""
        return "" if path in ("", "/", here) or path.startswith("//") else path

    @cached_property
    def officer(self) -> Officer | None:
        user = getattr(self.request, "user", None)
        return user if isinstance(user, Officer) else None

    @cached_property
    def nav(self) -> list[NavItem]:
        """The places that the acting role works in; none before sign-in or without a posting."""
        if self.officer is None or self.officer.posting is None:
            return []
        role, path = self.officer.posting.role, self.request.path
        places = [place for place in PLACES.values() if role in place.roles]
        deepest = max((place.depth(path) for place in places), default=0)
        return [
            NavItem(one.label, one.url, deepest > 0 and one.depth(path) == deepest)
            for one in places
        ]

    @cached_property
    def other_postings(self) -> list[Posting]:
        """Postings in force that the officer could act under instead."""
        if self.officer is None or self.officer.posting is None:
            return []
        held = self.officer.postings.in_force(self.today).select_related("division")
        return list(held.exclude(pk=self.officer.posting.pk))


def frame(request: HttpRequest) -> dict[str, Frame]:
    """Context processor: `frame` in every template."""
    return {"frame": Frame(request)}
