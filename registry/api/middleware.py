"""What all addresses under /api/ have in common, whoever made the answer."""

import json
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils import translation

from registry.api.problems import MEDIA_TYPE, document, of_status
from registry.middleware import hides_its_length, stated_bytes

ROOT = "/api/"
LEAST_ERROR = 400

Answer = Callable[[HttpRequest], HttpResponseBase]


class ApiDoor:
    """No session goes in, no cookie comes out, no plain HTTP, and every error is a problem.

    Stands before all that reads cookies or the body. Of the cookies only the language is left, for
    the readable description.
    """

    def __init__(self, answer: Answer):
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(ROOT):
            return self.answer(request)
        _drop_cookies(request)
        with translation.override(translation.get_language_from_request(request)):
            code = _refused(request)
            response = problem(document(code)) if code else self.answer(request)
            if response.status_code >= LEAST_ERROR and not _is_problem(response):
                response = problem(of_status(response.status_code))
        response.cookies.clear()
        response["Cache-Control"] = "no-store"
        return response


def _refused(request: HttpRequest) -> str:
    """The code of what is not even looked at: plain HTTP, and bodies of no or too great length."""
    if not (settings.PLAIN_HTTP or request.is_secure()):
        return "https_needed"
    if hides_its_length(request):
        return "length_needed"
    size = stated_bytes(request)
    is_too_large = size > settings.API_BODY_BYTES and size > _limit(request.path_info)
    return "too_large" if is_too_large else ""


def _limit(path: str) -> int:
    """The most that a body has there: a resource may take more than the others."""
    try:
        resource = getattr(resolve(path).func, "cls", None)
    except Resolver404:
        return 0
    return getattr(resource, "body_bytes", 0)


def _drop_cookies(request: HttpRequest) -> None:
    name = settings.LANGUAGE_COOKIE_NAME
    language = request.COOKIES.get(name)
    request.META.pop("HTTP_COOKIE", None)
    request.COOKIES = {name: language} if language else {}


def _is_problem(response: HttpResponseBase) -> bool:
    return response.headers.get("Content-Type") == MEDIA_TYPE


def problem(body: dict[str, object]) -> HttpResponse:
    """A problem as an answer that no resource made."""
    text = json.dumps(body, ensure_ascii=False)
    return HttpResponse(text, content_type=MEDIA_TYPE, status=body["status"])
