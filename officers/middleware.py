"""As whom a request acts, and whether the password may still be used."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from officers.models import Officer, Posting
from officers.passwords import is_too_old
from officers.queries import acting_posting
from trail.errors import Refused

Answer = Callable[[HttpRequest], HttpResponseBase]
POSTING_KEY = "posting"
FREE_ROUTES = {"officers:password", "officers:sign_out", "set_language", "pages:look"}
CHOOSING = FREE_ROUTES | {"officers:sign_in", "officers:act_as", "pages:move_date"}
READING = ("GET", "HEAD")


class ActingPosting:
    """Acts under the posting chosen in the header while it is in force, else the first in force.

    The session names the posting acted under; that it is the officer's and in force is looked up
    each time. When it ended, the officer is told once under which one he acts now, and a form that
    he filled in under the one before is not taken. A fragment has no place for such a word.
    """

    def __init__(self, answer: Answer):
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated:
            chosen = request.session.get(POSTING_KEY)
            request.user.act_as(acting_posting(request.user, chosen))
        return self.answer(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponseBase | None:
        fragment = "HX-Request" in request.headers and request.method in READING
        if not request.user.is_authenticated or fragment:
            return None
        officer, match = request.user, request.resolver_match
        ended = _ended(officer, request.session.get(POSTING_KEY))
        request.session[POSTING_KEY] = officer.posting and officer.posting.pk
        if ended is None:
            return None
        said = _ended_words(ended, officer.posting)
        if request.method in READING or (match and match.view_name in CHOOSING):
            messages.warning(request, said)
            return None
        refusal = Refused(said, code="posting_ended")
        return render(request, "refused.html", {"refusal": refusal}, status=refusal.status)


def _ended(officer: Officer, before: int | None) -> Posting | None:
    """The officer's posting with the id `before`, when it is not the acting one any more."""
    if before is None or (officer.posting and officer.posting.pk == before):
        return None
    return officer.postings.select_related("division").filter(pk=before).first()


def _ended_words(ended: Posting, now: Posting | None) -> str:
    said = {"before": ended, "now": now}
    if now is None:
        return _("Your posting as %(before)s has ended, and you have no other one.") % said
    return _("Your posting as %(before)s has ended. You now act as %(now)s.") % said


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
