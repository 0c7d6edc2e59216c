"""Where a fact of a draft is entered: the address of its field on the page of its step."""

from django.urls import reverse

from households.entry import fields
from households.entry.drafts import content_of
from households.models import Draft
from households.rules import MONEY
from registry.pages.registering.steps import STEPS


def target_of(step: str, name: str, row: int | None) -> str:
    """The id on the page of the step; "" where nothing there has that name.

    `row` counts the members from 0; without one, all of them are meant.
    """
    if name not in fields.BY_STEP[step]:
        return "totals-title" if step == fields.INCOMES else ""
    if step == fields.MEMBERS:
        return "grid-title" if row is None else f"id_{row}-{name}"
    if name in MONEY:
        return f"{name}-title"
    return f"id_{name}"


def address_of(draft: Draft, step: str, name: str, person: str) -> str:
    """The page at the field of the person of that number; the task list for an unknown step."""
    if step not in STEPS:
        return reverse("registering:tasks", args=[draft.uuid])
    page = reverse("registering:step", args=[draft.uuid, step])
    target = target_of(step, name, _row_of(draft, person) if person else None)
    return f"{page}#{target}" if target else page


def _row_of(draft: Draft, person: str) -> int | None:
    rows = content_of(draft).step(fields.MEMBERS).rows
    found = (place for place, row in enumerate(rows) if row.get("person_number") == person)
    return next(found, None)
