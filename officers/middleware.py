"""As whom a request acts, and whether the password may still be used."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from officers.passwords import is_too_old
from officers.queries import acting_posting

Answer = Callable[[HttpRequest], HttpResponseBase]
POSTING_KEY = "posting"
FREE_ROUTES = {"officers:password", "officers:sign_out", "set_language", "pages:look"}


class ActingPosting:
    """Acts under the posting chosen in the header while it is in force, else the first in force.

    The session names a posting; that it is the officer's and in force is looked up each time.
    """

    def __init__(self, answer: Answer):
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated:
            chosen = request.session.get(POSTING_KEY)
            request.user.act_as(acting_posting(request.user, chosen))
        return self.answer(request)


class PasswordAge:
    """Sends an officer whose password is too old to the page that changes it."""

    def __init__(self, answer: Answer):
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.answer(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponseBase | None:
        match = request.resolver_match
        if not request.user.is_authenticated or match is None or match.view_name in FREE_ROUTES:
            return None
        return redirect("officers:password") if is_too_old(request.user, timezone.now()) else None
