"""What every answer of the site has in common: an id, safe headers, a session that ends."""

import logging
import time
import uuid
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django_htmx.http import HttpResponseClientRedirect

from registry.logs import key_prefix, request_id
from trail.errors import Refused

logger = logging.getLogger(__name__)

Answer = Callable[[HttpRequest], HttpResponseBase]

CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ]
)
PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
WITH_POSITION = PERMISSIONS_POLICY.replace("geolocation=()", "geolocation=(self)")
POSITION_ROUTES = frozenset({"teams:presence"})
"""Pages that may ask the browser where it is: the daily sign-in, when the person wants it."""
SESSION_BEGAN = "session_began"


class RequestLog:
    """Gives each request an id and logs its route, never its address or its fields."""

    def __init__(self, answer: Answer):
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        token, no_key = request_id.set(uuid.uuid4().hex), key_prefix.set("")
        began = time.monotonic()
        try:
            response = self.answer(request)
            response["X-Request-ID"] = request_id.get()
            logger.info("request", extra={"facts": _facts(request, response, began)})
            return response
        finally:
            request_id.reset(token)
            key_prefix.reset(no_key)


def _facts(request: HttpRequest, response: HttpResponseBase, began: float) -> dict[str, object]:
    match = request.resolver_match
    key = key_prefix.get()
    return ({"key": key} if key else {}) | {
        "method": request.method,
        "route": match.route if match else "",
        "status": response.status_code,
        "ms": round((time.monotonic() - began) * 1000),
    }


class SecurityHeaders:
    """Own origin only, no frames, no devices but the position at the sign-in of a team.

    The rest is Django's SecurityMiddleware.
    """

    def __init__(self, answer: Answer):
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.answer(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        match = request.resolver_match
        asks = match is not None and match.view_name in POSITION_ROUTES
        response["Permissions-Policy"] = WITH_POSITION if asks else PERMISSIONS_POLICY
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        return response


def hides_its_length(request: HttpRequest) -> bool:
    """Whether the body comes in chunks: Django reads one without Content-Length as empty."""
    return bool(request.META.get("HTTP_TRANSFER_ENCODING"))


def stated_bytes(request: HttpRequest) -> int:
    """How long the body says it is; 0 where it says nothing that is a number."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length[:20]) if length.isdecimal() else 0


class BodyLimit:
    """Refuses a request that says it is longer than REQUEST_BODY_BYTES, before a byte is read.

    Reading the fields of a form writes its files to the disk, so this stands before all that reads
    them, the sign-in included. A body that does not state its length is refused as well.
    """

    def __init__(self, answer: Answer):
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if hides_its_length(request):
            return HttpResponse(render_to_string("400.html"), status=411)
        if stated_bytes(request) > settings.REQUEST_BODY_BYTES:
            return HttpResponse(render_to_string("413.html"), status=413)
        return self.answer(request)


class PlainAddress:
    """Refuses an address with a NUL character: PostgreSQL has none, so it names nothing."""

    def __init__(self, answer: Answer):
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return HttpResponse(render_to_string("400.html"), status=400)
        return self.answer(request)


class SessionAge:
    """Ends a session 12 hours after the officer signed in, however busy it was."""

    def __init__(self, answer: Answer):
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated:
            now = timezone.now().timestamp()
            began = request.session.setdefault(SESSION_BEGAN, now)
            if timedelta(seconds=now - began) > settings.SESSION_ABSOLUTE_AGE:
                logout(request)
        return self.answer(request)


class PrivatePages:
    """Pages of a signed-in officer stay out of every cache.

    A fragment asked for by htmx after the session ended becomes a whole-page redirect, so that the
    sign-in form does not land inside the page.
    """

    def __init__(self, answer: Answer):
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.answer(request)
        if request.user.is_authenticated:
            add_never_cache_headers(response)
        elif request.htmx and response.status_code == 302:
            page = request.htmx.current_url_abs_path or settings.LOGIN_REDIRECT_URL
            return HttpResponseClientRedirect(redirect_to_login(page).url)
        return response


class Refusals:
    """Turns a refusal that no view caught into a page that says why and what to do."""

    def __init__(self, answer: Answer):
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.answer(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refused):
            return None
        return render(request, "refused.html", {"refusal": exception}, status=exception.status)
