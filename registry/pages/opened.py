"""Which households an officer opened last: their keys, kept in the session alone."""

from django.http import HttpRequest

SESSION_KEY = "opened"
KEPT = 5


def opened_keys(request: HttpRequest) -> list[int]:
    """Primary keys of the households opened last, the latest first."""
    return request.session.get(SESSION_KEY, [])


def remember_opened(request: HttpRequest, key: int) -> None:
    """Put a household at the head of the list."""
    others = [kept for kept in opened_keys(request) if kept != key]
    request.session[SESSION_KEY] = [key, *others][:KEPT]
