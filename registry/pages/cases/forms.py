"""Input of a step, an objection, its resolution and a change of facts.

Forms read; what an entry must be is judged by the action, whose faults come back to the fields.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.forms.utils import flatatt
from django.http import QueryDict
from django.utils.choices import flatten_choices
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from households.entry.fields import FIELDS
from registry.pages.cases.inbox import (
    ORDERS,
    Village,
    Waiting,
    Wanted,
    procedures,
)
from registry.pages.registering.steps import STEPS
from workflow.actions import Order
from workflow.machine import ANSWERED, Evidence, Kind, Step
from workflow.rules import NUMBER_LIMIT, TEXT_LENGTH, flags_seen

NOTE_LENGTH = 2000
REMARKS_AT_ONCE = 5
MOST_DIGITS = 5
SEEN = re.compile("[0-9]{1,15}:[0-9]{1,9}")
MISSING = gettext_lazy("Enter this.")
Words = str | Promise


def day_field(label: Words, hint: Words = "") -> forms.DateField:
    """A date, by the browser's own means."""
    return forms.DateField(
        label=label,
        help_text=hint,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": MISSING,
            "invalid": gettext_lazy("Enter a date as 2020-12-31."),
        },
    )


def note_field(label: Words, *, missing: Words = "") -> forms.CharField:
    """A few lines of text; they can stay out where nothing is said for `missing`."""
    return forms.CharField(
        label=label,
        required=bool(missing),
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": missing},
    )


def field_of(wanted: Evidence) -> forms.Field:
    """The form field of one entry of evidence."""
    label, hint = _(wanted.label), _(wanted.hint) if wanted.hint else ""
    missing = pgettext("between label and sentence", ": ").join((label, str(MISSING)))
    common: dict[str, Any] = {
        "label": label,
        "help_text": hint,
        "required": not wanted.optional,
        "error_messages": {"required": missing},
    }
    if wanted.kind == Kind.DATE:
        field = day_field(label, hint)
        field.required = not wanted.optional
        field.error_messages["required"] = missing
        return field
    if wanted.kind == Kind.NUMBER:
        widget = forms.TextInput(attrs={"inputmode": "numeric", "class": "short"})
        return forms.IntegerField(min_value=0, max_value=NUMBER_LIMIT - 1, widget=widget, **common)
    if wanted.kind == Kind.CHOICE:
        listed = [("", ""), *((key, _(text)) for key, text in wanted.choices)]
        return forms.ChoiceField(choices=listed, **common)
    return forms.CharField(max_length=TEXT_LENGTH, **common)


def remark_fields() -> dict[str, forms.Field]:
    """Pairs of a field of the household's data and what is wrong there; blank ones are left out."""
    steps: dict[str, list[tuple[str, Words]]] = {}
    for field in FIELDS:
        steps.setdefault(field.step, []).append((f"{field.step}.{field.name}", field.label))
    groups = [(str(STEPS[step].title), own) for step, own in steps.items()]
    fields: dict[str, forms.Field] = {}
    for number in range(REMARKS_AT_ONCE):
        place = {"number": number + 1}
        fields[f"remark_field_{number}"] = forms.ChoiceField(
            label=_("Field %(number)s with a remark") % place,
            required=False,
            choices=[("", ""), *groups],
        )
        fields[f"remark_text_{number}"] = forms.CharField(
            label=_("What is wrong in field %(number)s") % place,
            required=False,
            max_length=TEXT_LENGTH,
        )
    return fields


class ActForm(forms.Form):
    """A form whose remaining faults the action finds."""

    def take_faults(self, fields: Mapping[str, str]) -> None:
        """Put what an action refused at the fields that it names."""
        for name, text in fields.items():
            self.add_error(name if name in self.fields else None, text)

    def typed(self) -> list[tuple[Words | None, Any]]:
        """What was entered, by label; a choice in its words."""
        shown: list[tuple[Words | None, Any]] = []
        for name, value in self.cleaned_data.items():
            field = self.fields[name]
            if value in ("", None) or field.widget.is_hidden:
                continue
            offered = dict(flatten_choices(getattr(field, "choices", ())))
            shown.append((field.label, offered.get(value, value)))
        return shown


class StepForm(ActForm):
    """The entries that a step asks for, made from the procedure's own list, and a note.

    `version` is the case as the officer saw it, `flags` the digest of those that he looked at.
    """

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, step: Step, today: date, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.step = step
        if step.answers_flags:
            self.fields[ANSWERED] = forms.CharField(
                widget=forms.HiddenInput, required=False, empty_value=flags_seen([])
            )
        for wanted in step.needs_evidence:
            if wanted.kind == Kind.REMARKS:
                self.fields |= remark_fields()
                continue
            self.fields[wanted.name] = field_of(wanted)
            if wanted.kind == Kind.DATE and not wanted.optional:
                self.fields[wanted.name].initial = today
        if step.needs_note:
            label = _("Reason in words") if "reason" in self.fields else _("Reason")
            self.fields["note"] = note_field(label, missing=_("Say why."))
        else:
            self.fields["note"] = note_field(_("Note"))
            if step.answers_flags:
                self.fields["note"].help_text = _("A flagged case needs a reason in words here.")

    @property
    def label(self) -> str:
        """What the step is called on its button."""
        return _(self.step.label)

    def evidence(self) -> dict[str, Any]:
        """The entries of the step's own fields, and the flags that were looked at."""
        looked_at = {ANSWERED: self.cleaned_data[ANSWERED]} if ANSWERED in self.fields else {}
        return looked_at | {
            wanted.name: self._remarks()
            if wanted.kind == Kind.REMARKS
            else self.cleaned_data[wanted.name]
            for wanted in self.step.needs_evidence
        }

    def _remarks(self) -> dict[str, str]:
        """The remarks by the field that they are about; two about one field are joined."""
        found: dict[str, str] = {}
        for number in range(REMARKS_AT_ONCE):
            name = self.cleaned_data[f"remark_field_{number}"]
            text = self.cleaned_data[f"remark_text_{number}"]
            if name:
                found[name] = f"{found[name]} {text}" if name in found else text
        return found

    def clean(self) -> dict[str, Any]:
        """A field and its remark come together."""
        known = super().clean() or self.cleaned_data
        for number in range(REMARKS_AT_ONCE):
            field, text = f"remark_field_{number}", f"remark_text_{number}"
            if field not in self.fields:
                break
            if known.get(text) and not known.get(field):
                self.add_error(field, _("Choose the field that the remark is about."))
            if known.get(field) and not known.get(text):
                self.add_error(text, _("Write what is wrong there."))
        return known


class BatchForm(StepForm):
    """The entries of a step for several cases: which, at which version, and a reason for each."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        del self.fields["version"]
        self.fields.pop(ANSWERED, None)
        self.fields["case"] = forms.MultipleChoiceField(
            label=_("Cases"),
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": _("Choose at least one case.")},
        )

    def offer(self, rows: Iterable[Waiting]) -> None:
        """The cases that can be ticked. One that was ticked and has moved since still counts.

        Its version is the one that was seen, so the act refuses it by name.
        """
        offered = [f"{row.case.pk}:{row.case.version}" for row in rows]
        typed = self.data.getlist("case") if self.is_bound else []
        seen = [value for value in typed if SEEN.fullmatch(value)]
        self.fields["case"].choices = [(value, value) for value in {*offered, *seen}]

    def orders(self) -> list[Order]:
        """The ticked cases with the versions that were seen, in the order of their keys."""
        pairs = [value.split(":") for value in self.cleaned_data["case"]]
        return [
            Order(case, version) for case, version in sorted((int(a), int(b)) for a, b in pairs)
        ]

    def notes(self) -> dict[int, str]:
        """The reasons of single cases by key."""
        keys = [order.case_id for order in self.orders()]
        typed = {key: self.data.get(f"note_{key}", "").strip() for key in keys}
        return {key: text[:TEXT_LENGTH] for key, text in typed.items() if text}

    def lines(self, rows: Iterable[Waiting]) -> list[dict[str, Any]]:
        """The rows with what was ticked and written in them."""
        ticked = self.data.getlist("case") if self.is_bound else []
        return [
            {
                "row": row,
                "value": f"{row.case.pk}:{row.case.version}",
                "ticked": f"{row.case.pk}:{row.case.version}" in ticked,
                "note": self.data.get(f"note_{row.case.pk}", "") if self.is_bound else "",
            }
            for row in rows
        ]

    def entries(self) -> list[forms.BoundField]:
        """The fields above the list: those of the step and the common reason."""
        return [field for field in self if field.name != "case"]


class LongSelect(forms.Select):
    """A choice among hundreds, drawn at once: Django draws each option by two templates."""

    def _render(self, _template: str, context: dict[str, Any], _renderer: Any = None) -> SafeString:
        widget = context["widget"]
        offered = [option for _group, options, _place in widget["optgroups"] for option in options]
        drawn = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            ((one["value"], flatatt(one["attrs"]), one["label"]) for one in offered),
        )
        named = flatatt({"name": widget["name"]} | widget["attrs"])
        return format_html("<select{}>{}</select>", named, drawn)


class InboxForm(forms.Form):
    """What the inbox is narrowed to (GET). An odd value narrows nothing."""

    kind = forms.ChoiceField(label=gettext_lazy("Procedure"), required=False)
    village = forms.ChoiceField(label=gettext_lazy("Village"), required=False, widget=LongSelect)
    order = forms.ChoiceField(
        label=gettext_lazy("Order"), required=False, choices=[*ORDERS.items()]
    )

    def __init__(self, data: QueryDict, *, villages: Sequence[Village], listed: Wanted):
        asked = data.copy()
        asked.setdefault("order", listed.order)
        super().__init__(asked if data else None, initial={"order": listed.order})
        kinds = [(machine.kind, _(machine.label)) for machine in procedures()]
        self.fields["kind"].choices = [("", _("all")), *kinds]
        named = [(one.code, f"{one.name} ({one.count})") for one in villages]
        self.fields["village"].choices = [("", _("all")), *named]
        self.typed, self.listed = data, listed

    def wanted(self) -> Wanted:
        """The list that the address names, by a village that is offered, at its page."""
        self.is_valid()
        known, number = getattr(self, "cleaned_data", {}), self.typed.get("page", "")
        sound = number.isdecimal() and len(number) < MOST_DIGITS
        page = max(1, int(number)) if sound else 1
        return replace(self.listed, village=known.get("village", ""), number=page)

    def query(self, **other: object) -> str:
        """The address of the same list with something changed; another tab begins at page 1."""
        wanted = self.wanted()
        now = {"tab": wanted.tab, "kind": wanted.kind, "village": wanted.village}
        order = {"order": wanted.order} if "order" in self.typed else {}
        named = now | order | other
        return "?" + urlencode({key: value for key, value in named.items() if value})


class FactsForm(ActForm):
    """Why the facts of a case are replaced."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    note = note_field(gettext_lazy("Reason"), missing=gettext_lazy("Say why."))


class ObjectionForm(ActForm):
    """What somebody says against a line of a notice."""

    received_on = day_field(gettext_lazy("Day on which it was received"))
    text = note_field(gettext_lazy("What is said"), missing=gettext_lazy("Write what is said."))


class ResolutionForm(ActForm):
    """What the inquiry into an objection found, and what follows."""

    RESULTS = (
        ("dismiss", gettext_lazy("The objection is not right: the case goes on")),
        ("uphold", gettext_lazy("The objection is right: the line leaves the notice")),
    )
    finding = note_field(
        gettext_lazy("What the inquiry found"),
        missing=gettext_lazy("Write what the inquiry found."),
    )
    result = forms.ChoiceField(
        label=gettext_lazy("Result"),
        choices=RESULTS,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose the result.")},
    )
