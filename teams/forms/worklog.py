"""Input of the work log."""

from django.utils.translation import gettext_lazy as _

from teams.actions.worklog import Line
from teams.forms.judged import JudgedForm, day_field, key_field, text_area, ticks
from teams.models import Topic

LONGEST_ENTRY = 2000


class LogForm(JudgedForm):
    """An entry of the work log."""

    key = key_field()
    day = day_field(_("Day"))
    topics = ticks(_("What it was about"), Topic.choices)
    text = text_area(
        _("Work done"),
        help_text=_("A meeting, a project, a road: what is about no single household."),
        max_length=LONGEST_ENTRY,
    )

    def line(self) -> Line:
        """The entry as written; the form is valid."""
        said = self.cleaned_data
        return Line(said["key"], said["day"], tuple(said["topics"]), said["text"])
