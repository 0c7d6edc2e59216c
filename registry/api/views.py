"""The resources that join apps, the description of the door, and what has no address."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from trail.api import ANY_SCOPE, Resource


class Nothing(Resource):
    """Whatever else is asked for under the door: 401 without a key, 404 with one."""

    scopes = dict.fromkeys(("GET", "POST", "PUT", "PATCH", "DELETE"), ANY_SCOPE)
    schema = None

    def get(self, request: Request, **_: Any) -> Response:
        raise Http404

    post = put = patch = delete = get


def docs(request: HttpRequest) -> HttpResponse:
    raise Http404


class Schema(Resource):
    def get(self, request: Request) -> Response:
        raise Http404
