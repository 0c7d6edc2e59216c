"""Errors of the REST door as RFC 9457 documents: `application/problem+json`, with stable codes."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from registry.api.catalogue import BY_STATUS, PROBLEMS, Problem
from registry.logs import request_id
from trail.api import ApiFault
from trail.errors import Refused

MEDIA_TYPE = "application/problem+json"
CODES: dict[type[Exception], str] = {
    Http404: "not_found",
    exceptions.NotFound: "not_found",
    PermissionDenied: "no_scope",
    exceptions.PermissionDenied: "no_scope",
    exceptions.NotAuthenticated: "no_key",
    exceptions.AuthenticationFailed: "no_key",
    exceptions.MethodNotAllowed: "method_not_allowed",
    exceptions.NotAcceptable: "not_acceptable",
    exceptions.ParseError: "unreadable",
    exceptions.UnsupportedMediaType: "not_json",
    exceptions.Throttled: "too_many_requests",
}


def answer_to(error: Exception, context: dict[str, Any]) -> Response | None:
    """The answer to what a resource raised; None for a defect, which becomes a 500."""
    if isinstance(error, Refused):
        set_rollback()
        return _answer(_refusal(error), _refusal_headers(error))
    code = CODES.get(type(error))
    if code is None:
        return None
    set_rollback()
    return _answer(document(code), _headers(error))


def document(code: str) -> dict[str, Any]:
    """The body of a problem of the catalogue, in the active language."""
    return _document(PROBLEMS[code], ())


def _document(problem: Problem, faults: Iterable[ApiFault]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "type": f"{reverse('api:docs')}#{problem.code}",
        "title": str(problem.title),
        "status": problem.status,
        "code": problem.code,
        "detail": str(problem.detail),
        "request_id": request_id.get(),
    }
    if errors := [_error(fault) for fault in faults]:
        found["errors"] = errors
    return found


def of_status(status: int) -> dict[str, Any]:
    """The body for an answer that was made outside of the resources, by its status alone."""
    return document(BY_STATUS.get(status, "server_error" if status >= 500 else "bad_request"))


def _refusal(refusal: Refused) -> dict[str, Any]:
    known = PROBLEMS.get(refusal.code)
    general = PROBLEMS[BY_STATUS[refusal.status]]
    problem = Problem(
        refusal.code,
        refusal.status,
        known.title if known else general.title,
        refusal.message,
    )
    return _document(problem, getattr(refusal, "faults", ()))


def _error(fault: ApiFault) -> dict[str, str]:
    at = {"parameter": fault.parameter} if fault.parameter else {"pointer": fault.pointer or ""}
    return {**at, "code": fault.code, "detail": fault.sentence}


def _refusal_headers(refusal: Refused) -> dict[str, str]:
    told = {
        "ETag": getattr(refusal, "etag", None),
        "Retry-After": getattr(refusal, "retry_after", None),
    }
    return {name: str(value) for name, value in told.items() if value}


def _headers(error: Exception) -> dict[str, str]:
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    wait = getattr(error, "wait", None)
    if wait is not None:
        headers["Retry-After"] = str(max(1, round(wait)))
    return headers


def _answer(body: dict[str, Any], headers: dict[str, str]) -> Response:
    return Response(body, status=body["status"], headers=headers, content_type=MEDIA_TYPE)
