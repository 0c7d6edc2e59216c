"""Input of a change. Forms read; what an entry must be is judged by the action."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from households import codes
from households.changing.judging import TEXT_LENGTH, Wanted
from households.changing.kinds import JOIN, Kind
from households.entry import fields
from households.models import Member
from trail.forms import PlainForm

LONGEST_TEXT = 100
BESIDE_PERSON = frozenset({"person_number"})
NUMBER_LENGTH, VILLAGE_LENGTH = 20, 12
NO_DAY = date.max
"""Stands for a day that was not entered; the action refuses it as one that is to come."""


def text_field(label: Any, hint: Any = "", **more: Any) -> forms.CharField:
    """A line of text, judged by the action."""
    widget = forms.TextInput(attrs={"autocomplete": "off", "class": "mid"})
    return forms.CharField(label=label, help_text=hint, required=False, widget=widget, **more)


class ChangeForm(PlainForm):
    """One kind of change: its day, reason and proof, and what the kind asks for."""

    happened_on = forms.DateField(
        label=_("Day of the event"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Enter a date as 2020-12-31.")},
    )

    def __init__(self, *args: Any, kind: Kind, members: Iterable[Member], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.members = list(members)
        if kind.group == JOIN:
            self._ask_person()
        if kind.names_household:
            self.fields["other"] = text_field(
                _("Number of the other household"), max_length=NUMBER_LENGTH
            )
        if kind.names_village:
            self.fields["to_village"] = text_field(
                _("Code of the new village"), _("12 digits"), max_length=VILLAGE_LENGTH
            )
        for member in self.members if kind.moves or kind.relates else ():
            self._ask_member(member)
        self.fields["reason"] = text_field(_("What happened"), max_length=TEXT_LENGTH)
        self.fields["proof"] = text_field(
            _("What proves it"), _("Certificate, letter, number and date."), max_length=TEXT_LENGTH
        )
        self.fields["visitors"] = text_field(_("Who checked it at home"), max_length=TEXT_LENGTH)

    def _ask_person(self) -> None:
        for name, one in fields.BY_STEP[fields.MEMBERS].items():
            if name in BESIDE_PERSON:
                continue
            if one.codes:
                listed = [("", ""), *one.choices()]
                self.fields[name] = forms.ChoiceField(
                    label=one.label, required=False, choices=listed
                )
            else:
                self.fields[name] = text_field(one.label, one.hint, max_length=LONGEST_TEXT)

    def _ask_member(self, member: Member) -> None:
        named = {"name": member.name}
        if self.kind.moves:
            self.fields[f"goes-{member.pk}"] = forms.BooleanField(
                label=gettext("%(name)s leaves") % named, required=False
            )
        self.fields[f"relation-{member.pk}"] = forms.ChoiceField(
            label=gettext("%(name)s: relation afterwards") % named,
            required=False,
            choices=codes.choices("relation"),
            initial=member.relation,
        )

    @property
    def people(self) -> list[dict[str, Any]]:
        """For each member the two fields, for a table."""
        if not (self.kind.moves or self.kind.relates):
            return []
        return [
            {
                "member": one,
                "goes": self[f"goes-{one.pk}"] if self.kind.moves else None,
                "relation": self[f"relation-{one.pk}"],
            }
            for one in self.members
        ]

    @property
    def person_fields(self) -> list[forms.BoundField]:
        """What is entered of somebody who joins."""
        return [self[n] for n in fields.BY_STEP[fields.MEMBERS] if n in self.fields]

    @property
    def first_fields(self) -> list[forms.BoundField]:
        """The day, and the place that is named."""
        return [self[n] for n in ("happened_on", "other", "to_village") if n in self.fields]

    @property
    def last_fields(self) -> list[forms.BoundField]:
        """Reason, proof, visitors."""
        return [self[n] for n in ("reason", "proof", "visitors")]

    @property
    def can_be_judged(self) -> bool:
        """Whether it was sent and lacks nothing but its day: so all faults show at once."""
        return self.is_bound and not set(self.errors) - {"happened_on"}

    def wanted(self) -> Wanted:
        """The change as entered; the form can be judged."""
        said = self.cleaned_data
        listed = [one.pk for one in self.members]
        return Wanted(
            kind=self.kind.name,
            happened_on=said.get("happened_on", NO_DAY),
            reason=said["reason"],
            proof=said["proof"],
            visitors=said["visitors"],
            goes=frozenset(pk for pk in listed if said.get(f"goes-{pk}")),
            relations={pk: said[f"relation-{pk}"] for pk in listed if said.get(f"relation-{pk}")},
            person={
                name: said[name].strip()
                for name in fields.BY_STEP[fields.MEMBERS]
                if said.get(name, "").strip()
            },
            other=said.get("other", "").strip(),
            to_village=said.get("to_village", "").strip(),
        )

    def take(self, faults: Iterable[tuple[str, str]]) -> None:
        """Put what the action found at its field; what has none, on top."""
        colon = pgettext("between label and sentence", ": ")
        told = set(self.errors)
        for name, text in faults:
            if name in told:
                continue
            if name in self.fields:
                self.add_error(name, colon.join((str(self.fields[name].label), text)))
            else:
                self.add_error(None, text)


def entered_before(wanted: Wanted) -> dict[str, Any]:
    """The initial values of a form that corrects a change."""
    return {
        "happened_on": wanted.happened_on,
        "reason": wanted.reason,
        "proof": wanted.proof,
        "visitors": wanted.visitors,
        "other": wanted.other,
        "to_village": wanted.to_village,
        **{f"goes-{key}": True for key in wanted.goes},
        **{f"relation-{key}": code for key, code in wanted.relations.items()},
        **wanted.person,
    }
