"""Forms whose faults name their field and say how to mend it, in the words of this system."""

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

CHOOSE = _("choose one of those offered.")
SENTENCES: dict[str, Promise] = {
    "required": _("fill this in."),
    "invalid": _("this cannot be read. Write it anew."),
    "max_length": _("write at most %(limit_value)s characters; now there are %(show_value)s."),
    "null_characters_not_allowed": _("it holds a character that cannot be kept. Write it anew."),
}
CHOICES: dict[str, Promise] = {
    "required": CHOOSE,
    "invalid_choice": CHOOSE,
    "invalid_list": CHOOSE,
}


class PlainForm(forms.Form):
    """A form that says in its own sentences what a field without a sentence of its own lacks."""

    def full_clean(self) -> None:
        for name, field in self.fields.items():
            _name_faults(field, str(self[name].label))
        super().full_clean()


def _name_faults(field: forms.Field, label: str) -> None:
    """Give a field these sentences where it has but those of the framework, or none."""
    colon = pgettext("between label and sentence", ": ")
    for code, sentence in (SENTENCES | _of_choices(field)).items():
        if field.error_messages.get(code) in (None, _default(field, code)):
            field.error_messages[code] = colon.join((label, str(sentence)))


def _of_choices(field: forms.Field) -> dict[str, Promise]:
    chosen = (forms.ChoiceField, forms.ModelChoiceField)
    return CHOICES if isinstance(field, chosen) else {}


def _default(field: forms.Field, code: str) -> object:
    """What the framework says of this fault of such a field."""
    for kind in type(field).__mro__:
        if code in (known := vars(kind).get("default_error_messages", {})):
            return known[code]
    return None
