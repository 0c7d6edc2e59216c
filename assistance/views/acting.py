"""The page of one act: asks for its entries, does it, and comes back."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from assistance.models import Item
from assistance.queries.item_page import who_of
from assistance.queries.items import visible_items
from officers.http import OfficerRequest
from teams.forms.judged import JudgedForm
from teams.forms.versioned import VersionedForm
from teams.refusals import EntryRefused
from trail.errors import NotAllowed, Refused


def item_of(request: OfficerRequest, key: uuid.UUID) -> Item:
    """The measure of the address as far as the officer reads it, else 404."""
    found = visible_items(request.user).standing()
    parts = ("measure", "household", "member", "village", "plan", "responsible")
    return get_object_or_404(found.select_related(*parts), uuid=key)


@dataclass(frozen=True)
class Page:
    """What the page of an act says: its heading, the word on its button, what is said when done.

    `version` is that of the row now, for whoever saw an earlier one.
    """

    heading: str
    done: str
    text: str = ""
    submit: str = ""
    version: int = 0
    more: dict[str, Any] = field(default_factory=dict)


def act_page(
    request: OfficerRequest,
    item: Item,
    form: JudgedForm,
    act: Callable[[], object],
    page: Page,
) -> HttpResponse:
    """Ask for the entries of an act on a measure, do it, and come back to the measure.

    Where somebody was faster the page says so, keeps what was typed, and takes it the next time.
    """
    status = 200
    if form.is_bound and form.is_valid():
        try:
            act()
        except EntryRefused as refused:
            form.take(refused.faults)
        except NotAllowed:
            raise
        except Refused as refusal:
            status = refusal.status
            if isinstance(form, VersionedForm):
                form.see(page.version)
            form.add_error(None, refusal.message)
        else:
            messages.success(request, page.done)
            return redirect("assistance:item", item.uuid)
    if form.errors and status == 200:
        status = 400
    context = {
        "form": form,
        "item": item,
        "who": who_of(item),
        "heading": page.heading,
        "text": page.text,
        "submit": page.submit or page.heading,
        **page.more,
    }
    return render(request, "assistance/items/act.html", context, status=status)


def offered(is_offered: object) -> None:
    """NotAllowed for an act that this officer is not offered on this measure."""
    if not is_offered:
        raise NotAllowed(
            _("You cannot do this with this measure as it is now."), code="not_offered"
        )
