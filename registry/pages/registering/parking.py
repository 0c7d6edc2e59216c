"""Keeps what somebody sent after the session had ended, until he is back at the page.

A form sent without a session, or with the token of an earlier one, is refused; the texts in it are
sealed into the new session and shown again, unsaved, when the same page is asked for. They stay for
an hour, and leave the session when the page is saved. Explanations that the last page refused are
kept the same way, while the steps are mended. Nothing of it is in an address or a cookie. A step is
shown again to whoever reaches its draft; the first page, which has none yet, to its sender alone.
"""

import base64
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.auth.views import redirect_to_login
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, QueryDict
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.csrf import csrf_failure

from households.models import Draft
from officers.models import Officer
from trail.sealing import seal, unseal

Answer = Callable[[HttpRequest], HttpResponseBase]
START = "registering:start"
ROUTES = {START, "registering:step", "registering:check"}
FIELD = "registering.parked"
KEY = "parked"
KEPT_SECONDS = 60 * 60
MOST_CHARACTERS = 200_000
UNTOLD = ("csrfmiddlewaretoken", "act", "whose")


@dataclass(frozen=True)
class Parked:
    """What was sent to the page and not saved."""

    data: QueryDict


class ParkedForms:
    """Parks what an unknown sender sends to a page of the registration, before he must sign in."""

    def __init__(self, answer: Answer):
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.answer(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponse | None:
        if request.user.is_authenticated or not is_parkable(request):
            return None
        if "X-Autosave" in request.headers:
            return JsonResponse({"signed_in": False}, status=401)
        park(request)
        return None


def is_parkable(request: HttpRequest) -> bool:
    """Whether the request sends a form of the registration."""
    match = request.resolver_match
    return request.method == "POST" and match is not None and match.view_name in ROUTES


def whose(officer: Officer) -> str:
    """What the first page carries, so that only its sender finds parked what he typed there."""
    return Signer(salt=FIELD).sign(str(officer.pk))


def _sender(request: HttpRequest) -> str | None:
    """Key of the officer to whom alone it is shown again; "" is whoever reaches the draft.

    None for a form that belongs to no page of ours: of an unknown draft, or signed by nobody.
    """
    match = request.resolver_match
    if match is None:
        return None
    if match.view_name != START:
        known = Draft.everywhere.filter(uuid=match.kwargs["draft"]).exists()
        return "" if known else None
    try:
        return Signer(salt=FIELD).unsign(request.POST.get("whose", ""))
    except BadSignature:
        return None


def park(request: HttpRequest) -> None:
    """Seal what was sent into the session; far too much is not kept."""
    sender = _sender(request)
    if sender is None:
        return
    sent = request.POST.copy()
    for name in UNTOLD:
        sent.pop(name, None)
    text = sent.urlencode()
    if len(text) > MOST_CHARACTERS:
        return
    row = uuid.uuid4()
    sealed = seal(text, field=FIELD, row=row)
    request.session[KEY] = {
        "path": request.path,
        "sender": sender,
        "row": str(row),
        "sealed": base64.b64encode(sealed).decode(),
        "until": int(time.time()) + KEPT_SECONDS,
    }


def parked_for(request: HttpRequest) -> Parked | None:
    """What is parked for the page that is asked for; None when nothing is, or not any more."""
    kept = request.session.get(KEY)
    if not kept or kept["path"] != request.path:
        return None
    if kept["sender"] not in ("", str(request.user.pk)):
        return None
    if kept["until"] < time.time():
        forget(request)
        return None
    sealed = base64.b64decode(kept["sealed"])
    text = unseal(sealed, field=FIELD, row=uuid.UUID(kept["row"]))
    return Parked(QueryDict(text))


def forget(request: HttpRequest) -> None:
    """Let go of what is parked for this page."""
    kept = request.session.get(KEY)
    if kept and kept["path"] == request.path:
        del request.session[KEY]


def form_too_old(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """The answer to a form with a token that is not the session's.

    One of the registration that comes from a page of our own is parked, and its page shown again;
    whatever came from elsewhere is refused and forgotten.
    """
    if not (is_parkable(request) and _is_ours(request)):
        return csrf_failure(request, reason)
    if "X-Autosave" in request.headers:
        return JsonResponse({"signed_in": False}, status=403)
    park(request)
    if request.user.is_authenticated:
        return redirect(request.get_full_path())
    return redirect_to_login(request.get_full_path())


def _is_ours(request: HttpRequest) -> bool:
    """Whether the browser says that the form stood on a page of this site."""
    said = request.headers.get("Origin") or request.headers.get("Referer", "")
    return url_has_allowed_host_and_scheme(
        said, {request.get_host()}, require_https=request.is_secure()
    )
