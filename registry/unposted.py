"""What an address answers that is asked for in a way it does not take.

After a lost session the sign-in leads back to the address of the form that was sent, and to reload
or to keep such an address does the same: it is asked for where it only takes what is sent to it.
"""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

Answer = Callable[[HttpRequest], HttpResponseBase]
READING = ("GET", "HEAD")


class UnpostedForms:
    """Leads whoever merely asks for the address of a button to the page that has the button.

    That is the nearest page above in the path, with the filter of the address; the officer is told
    that nothing was saved. Anything else that an address does not take gets a page that says so.
    """

    def __init__(self, answer: Answer):
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.answer(request)
        if not isinstance(response, HttpResponseNotAllowed):
            return response
        if request.method in READING and "POST" in response["Allow"]:
            return _to_the_page(request)
        page = render(request, "405.html", status=response.status_code)
        page["Allow"] = response["Allow"]
        return page


def _to_the_page(request: HttpRequest) -> HttpResponseBase:
    if request.user.is_authenticated:
        messages.warning(
            request,
            _("Nothing was saved: your session had ended, or the page was loaded again. Look at"
              " it as it stands and press the button once more."),
        )  # fmt: skip
    query = request.META.get("QUERY_STRING", "")
    return redirect(page_above(request.path) + (f"?{query}" if query else ""))


def page_above(path: str) -> str:
    """The nearest address above `path` that the site has; "/" at the latest.

    Only what resolves to a page of our own is answered, so it leads nowhere else.
    """
    steps = path.strip("/").split("/")
    while steps := steps[:-1]:
        above = f"/{'/'.join(steps)}/"
        try:
            resolve(above)
        except Resolver404:
            continue
        return above
    return "/"
