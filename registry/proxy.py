"""Where a request came from, behind a proxy or not."""

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The visitor's address: behind a proxy the last one that the proxy itself wrote.

    Earlier entries of X-Forwarded-For are the visitor's own words. Empty for a request that no
    server made, such as that of a sign-in in a test.
    """
    if settings.BEHIND_PROXY:
        written = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        if written:
            return written
    return request.META.get("REMOTE_ADDR", "")
