"""Input of the records of cadres: a record, its account, why a phone is needed, whom to find."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from teams.actions.cadres import CadreEntry
from teams.forms.judged import JudgedForm, day_field
from teams.forms.versioned import VersionedForm
from teams.models import Cadre, Education, Rank
from trail.forms import PlainForm

ANSWERS = {"yes": True, "no": False, "": None}
WRITTEN = {answer: word for word, answer in ANSWERS.items()}


class CadreForm(JudgedForm):
    """The record of a person."""

    name = forms.CharField(label=_("Full name"), max_length=50)
    id_number = forms.CharField(
        label=_("ID number"),
        max_length=22,
        help_text=_("18 characters. It is kept sealed; birth date and sex come from it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    phone = forms.CharField(
        label=_("Phone"),
        required=False,
        max_length=20,
        help_text=_("It is kept sealed."),
        validators=[RegexValidator(r"^[0-9 +()-]*\Z", _("Write digits, spaces, + and - only."))],
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"}),
    )
    title = forms.CharField(label=_("Position in the unit"), required=False, max_length=50)
    rank = forms.ChoiceField(label=_("Rank"), choices=Rank.choices, initial=Rank.OFFICIAL)
    education = forms.ChoiceField(
        label=_("Education"), required=False, choices=[("", _("not known")), *Education.choices]
    )
    working_since = day_field(_("Working since"), required=False)
    party_member_since = day_field(_("Full Party member since"), required=False)
    healthy = forms.ChoiceField(
        label=_("In good health"),
        required=False,
        choices=[("", _("not known")), ("yes", _("yes")), ("no", _("no"))],
    )

    def __init__(self, *args: Any, units: Iterable[tuple[int, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["unit"] = forms.TypedChoiceField(
            label=_("Sponsoring unit"),
            required=False,
            coerce=int,
            empty_value=None,
            choices=[("", _("none")), *units],
        )
        self.order_fields(["name", "id_number", "unit", "title", "rank"])

    def entry(self) -> CadreEntry:
        """What was entered."""
        known = self.cleaned_data
        plain = {name: known[name] for name in known if name not in ("healthy", "version")}
        return CadreEntry(**plain, is_healthy=ANSWERS[known["healthy"]])


class ChangeCadreForm(VersionedForm, CadreForm):
    """A record that stands already, at the version that was seen."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name in ("id_number", "phone"):
            self.fields[name].required = False
            self.fields[name].help_text = _("Leave it empty to keep the one on record.")


def entered_before(cadre: Cadre) -> dict[str, Any]:
    """What the form of a record shows at first; ID number and phone stay sealed."""
    names = ("name", "title", "rank", "education", "working_since", "party_member_since")
    shown = {name: getattr(cadre, name) for name in names}
    return shown | {
        "unit": cadre.unit_id,
        "healthy": WRITTEN[cadre.is_healthy],
        "version": cadre.version,
    }


class LinkForm(JudgedForm):
    """Which account belongs to the person."""

    username = forms.CharField(
        label=_("User name"),
        required=False,
        max_length=40,
        help_text=_("Leave it empty to take the account away."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class PhoneForm(JudgedForm):
    """Why a phone number must be seen in full."""

    reason = forms.CharField(
        label=_("Why do you need the whole number?"),
        help_text=_("It is recorded with your name and can be read by auditors."),
        min_length=4,
        max_length=200,
        error_messages={
            "required": _("Write the reason."),
            "min_length": _("Write the reason in at least four characters."),
        },
    )


class FindCadreForm(PlainForm):
    """A name is personal: the search is a POST."""

    term = forms.CharField(
        label=_("Find a person"),
        help_text=_("Beginning of the name, or the whole number."),
        max_length=50,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
