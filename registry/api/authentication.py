"""A machine client's key in the header Authorization, and nothing else, opens the REST door."""

from typing import TYPE_CHECKING

from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from officers.actions import note_use
from officers.models import ClientKey, Officer
from officers.queries import key_that_opens
from officers.rules import may_come_from
from registry.logs import key_prefix
from registry.proxy import client_address

if TYPE_CHECKING:  # rest_framework.views imports this module
    from rest_framework.views import APIView

SCHEME = "Bearer"


class BearerKey(BaseAuthentication):
    """`Authorization: Bearer KEY`; the key's client acts. No session, no cookie, no password."""

    def authenticate(self, request: Request) -> tuple[Officer, ClientKey] | None:
        scheme, _, text = request.headers.get("Authorization", "").partition(" ")
        if not scheme:
            return None
        now = timezone.now()
        key = key_that_opens(text.strip(), at=now) if scheme.lower() == SCHEME.lower() else None
        if key is None or not may_come_from(client_address(request._request), key.client.addresses):
            raise AuthenticationFailed
        key_prefix.set(key.prefix)
        note_use(key, at=now)
        return key.client.officer, key

    def authenticate_header(self, request: Request) -> str:
        return f'{SCHEME} realm="registry"'


class HoldsScope(BasePermission):
    """The key has the scope that the resource asks for this method.

    A resource that asks for none by the empty text is for every live key; one that says nothing is
    for nobody.
    """

    def has_permission(self, request: Request, view: "APIView") -> bool:
        if not isinstance(request.auth, ClientKey):
            return False
        method = "GET" if request.method == "HEAD" else request.method
        if method == "OPTIONS" or method not in view.allowed_methods:
            return True  # the answer is 405
        needed = getattr(view, "scopes", {}).get(method)
        return needed is not None and needed in {"", *request.auth.scopes}
