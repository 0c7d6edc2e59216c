"""What a form must refuse, made from its own fields: one wrong value of each class for each field.

`wrong_values(field)` yields (class, value): missing, too long, not listed, no date, no number,
negative, overflow, NUL; `odd_values` yields what may be accepted but never shown raw (script).
"""

from collections.abc import Iterator

from django import forms
from django.core.validators import MaxLengthValidator, MinValueValidator

SCRIPT = "<script>alert(1)</script>"
FAR_TOO_MUCH = "9" * 40
ENDLESS = 10_000


def wrong_values(field: forms.Field) -> Iterator[tuple[str, str]]:
    """Every value that the field refuses, with the name of its class."""
    if field.required and not isinstance(field, forms.FileField):
        yield "missing", ""
    if isinstance(field, (forms.ChoiceField, forms.ModelChoiceField)):
        yield "not_listed", "no-such-choice"
    elif isinstance(field, (forms.DateField, forms.DateTimeField)):
        yield from (("no_date", "2019-02-30"), ("no_date", "soon"))
    elif isinstance(field, forms.IntegerField):
        yield from (("no_number", "12a"), ("overflow", FAR_TOO_MUCH))
        if _least(field) is not None:
            yield "negative", "-1"
    elif isinstance(field, forms.CharField):
        yield "nul", "a\0b"
        if _has_limit(field):
            yield "too_long", "x" * ((field.max_length or ENDLESS) + 1)


def odd_values(field: forms.Field) -> Iterator[tuple[str, str]]:
    """Values that a text field may take, and every field must show harmlessly."""
    if not isinstance(field, (forms.FileField, forms.BooleanField)):
        yield "script", SCRIPT


def _has_limit(field: forms.CharField) -> bool:
    """Whether the field itself says what is too long: not passwords, nor the name beside one."""
    checked = any(isinstance(one, MaxLengthValidator) for one in field.validators)
    return not isinstance(field.widget, forms.PasswordInput) and (checked or not field.max_length)


def _least(field: forms.IntegerField) -> object:
    """The smallest number that the field takes; None where it takes any."""
    found = [one.limit_value for one in field.validators if isinstance(one, MinValueValidator)]
    least = found[0] if found else field.min_value
    return least if isinstance(least, int) and least >= 0 else None
