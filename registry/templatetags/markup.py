"""How values look on a page: money, dates, masked numbers, status tags and marks."""

from datetime import date, datetime
from decimal import Decimal

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from households.models.households import STATE_NAMES
from households.rights import drawn_count, shown_count
from households.rules import State
from officers.models import Officer
from trail.dates import day_text
from trail.masking import mask_id, mask_phone

register = template.Library()

SHAPES = {
    "dot": '<circle cx="6" cy="6" r="5" fill="currentColor"/>',
    "tick": '<path d="m1.5 6.5 3 3 6-7" fill="none" stroke="currentColor" stroke-width="2"/>',
    "triangle": '<path d="M6 1 11.5 11H.5z" fill="currentColor"/>',
    "diamond": '<path d="M6 .5 11.5 6 6 11.5.5 6z" fill="currentColor"/>',
    "ring": '<circle cx="6" cy="6" r="4.5" fill="none" stroke="currentColor" stroke-width="1.5"/>',
    "half": '<circle cx="6" cy="6" r="4.5" fill="none" stroke="currentColor" stroke-width="1.5"/>'
    '<path d="M6 1.5a4.5 4.5 0 0 1 0 9z" fill="currentColor"/>',
    "cross": '<path d="m2 2 8 8m0-8-8 8" fill="none" stroke="currentColor" stroke-width="2"/>',
    "dash": '<path d="M1.5 6h9" fill="none" stroke="currentColor" stroke-width="2"/>',
    "question": '<path d="M3.2 4.2C3.2 2.5 4.4 1.5 6 1.5s2.8 1 2.8 2.4c0 2-2.8 2-2.8 4.1" '
    'fill="none" stroke="currentColor" stroke-width="1.6"/>'
    '<circle cx="6" cy="10.6" r="1" fill="currentColor"/>',
}
TAG_SHAPES = {
    "poor": "dot",
    "planned": "half",
    "exited": "tick",
    "relapsed": "triangle",
    "watched": "diamond",
    "draft": "ring",
    "good": "tick",
    "warn": "triangle",
    "bad-tag": "cross",
    "info": "diamond",
    "quiet-tag": "ring",
}
STATE_TAGS = {
    State.POOR: "poor",
    State.PLANNED_EXIT: "planned",
    State.EXITED: "exited",
    State.RELAPSED: "relapsed",
    State.ORDINARY: "draft",
    State.CLEARED: "quiet-tag",
    State.CANCELLED: "quiet-tag",
}
MARK_SHAPES = {"good": "tick", "bad-mark": "cross", "open": "question", "none": "dash"}


def _icon(shape: str) -> SafeString:
    return format_html(
        '<svg viewBox="0 0 12 12" aria-hidden="true" focusable="false">{}</svg>',
        mark_safe(SHAPES[shape]),  # noqa: S308 constant of this module
    )


@register.simple_tag
def tag(kind: str, label: str) -> SafeString:
    """A status as icon and word; `kind` is a key of TAG_SHAPES."""
    return format_html('<span class="tag {}">{}{}</span>', kind, _icon(TAG_SHAPES[kind]), label)


@register.simple_tag
def status(state: int) -> SafeString:
    """The state of a household as icon and word."""
    return tag(STATE_TAGS[State(state)], str(STATE_NAMES[State(state)]))


@register.simple_tag
def mark(kind: str) -> SafeString:
    """The sign before one line of a check list; the line itself says the same in words."""
    return format_html('<span class="mark {}">{}</span>', kind, _icon(MARK_SHAPES[kind]))


@register.filter
def money(amount: Decimal | None) -> str:
    """Yuan with two places and grouped thousands, without unit; empty for unknown."""
    return "" if amount is None else f"{amount:,.2f}".replace("-", "−")


@register.filter
def fen(amount: int | None) -> str:
    """Integer fen as `money`."""
    return "" if amount is None else money(Decimal(amount) / 100)


@register.simple_tag
def trend(earlier: int | None, latest: int | None) -> SafeString:
    """An arrow up or down from one year to the next; nothing when a year is unknown or equal."""
    if earlier is None or latest is None or earlier == latest:
        return mark_safe("")
    shape, word = (
        ("up", _("more than before")) if latest > earlier else ("down", _("less than before"))
    )
    return format_html(
        ' <span class="arrow {}" aria-hidden="true">{}</span><span class="sr">{}</span>',
        shape,
        {"up": "▲", "down": "▼"}[shape],
        word,
    )


@register.filter
def yuan(amount: Decimal | None) -> str:
    """Yuan with unit, in words for unknown."""
    return _("unknown") if amount is None else _("%(amount)s yuan") % {"amount": money(amount)}


@register.filter
def grouped(number: int | None) -> str:
    """A count with grouped thousands; empty for none."""
    return "" if number is None else f"{number:,}"


@register.filter
def counted_for(number: int | str | None, officer: Officer) -> str:
    """A count of households as the role of the officer may see it; empty for none.

    What is not there reaches a filter as an empty text.
    """
    return shown_count(officer, number) if isinstance(number, int) else ""


@register.filter
def drawn_for(number: int, officer: Officer) -> int:
    """The count that a bar may follow for the role of the officer."""
    return drawn_count(officer, number)


@register.filter
def day(value: date | None) -> str:
    """A date as officials write it in the language of the page."""
    return day_text(value) if value else ""


@register.filter
def moment(value: datetime | None) -> str:
    """A point in time, in Asia/Shanghai, to the minute."""
    if not value:
        return ""
    local = timezone.localtime(value)
    return f"{day(local)} {local:%H:%M}"


@register.filter
def masked_id(number: str) -> str:
    """An ID or certificate number with its birth date hidden."""
    return mask_id(number)


@register.filter
def masked_phone(number: str) -> str:
    """A phone number with its middle hidden."""
    return mask_phone(number)
