"""The description of the door, for machines and for people, and what has no address."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.views.decorators.http import require_safe
from rest_framework.request import Request
from rest_framework.response import Response

from registry.api.reading import guide
from registry.api.schema import described
from trail.api import ANY_SCOPE, Resource

LANGUAGES = {
    code: translation.get_language_info(code)["name_local"] for code, _ in settings.LANGUAGES
}


class Nothing(Resource):
    """Whatever else is asked for under the door: 401 without a key, 404 with one."""

    scopes = dict.fromkeys(("GET", "POST", "PUT", "PATCH", "DELETE"), ANY_SCOPE)
    schema = None

    def get(self, request: Request) -> Response:
        raise Http404

    post = put = patch = delete = get


@login_not_required
@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    """The description for machines, in the request's language. It holds nothing of the register."""
    return JsonResponse(described(translation.get_language()))


@login_not_required
@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The description for people; its language is chosen in the address, as no cookie is set."""
    chosen = request.GET.get("language", "")
    language = chosen if chosen in LANGUAGES else translation.get_language()
    with translation.override(language):
        context: dict[str, Any] = {"guide": guide(described(language)), "languages": LANGUAGES}
        return HttpResponse(render_to_string("api/docs.html", context))
