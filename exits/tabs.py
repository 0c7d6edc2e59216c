"""The pages of the section, as its second menu offers them to a role."""

from django.utils.translation import gettext_lazy as _

from exits.rights import COUNTY_READERS, HABIT_READERS, PLACE_READERS
from households.actions.village_records import RECORDERS
from officers.sections import Group, Tab

GROUPS: tuple[Group, ...] = (
    Group(
        _("Households"),
        (
            Tab(_("Planned exits"), "exits:plan", PLACE_READERS),
            Tab(_("Tracking"), "exits:tracking", PLACE_READERS),
            Tab(_("Back on the register"), "exits:returns", PLACE_READERS),
        ),
    ),
    Group(
        _("Villages"),
        (
            Tab(_("Poor villages"), "exits:villages", PLACE_READERS),
            Tab(_("Village records"), "exits:records", PLACE_READERS),
            Tab(_("Import and export"), "exits:records_import", RECORDERS),
            Tab(_("Exit indicators"), "exits:indicators", PLACE_READERS),
        ),
    ),
    Group(_("Counties"), (Tab(_("Poor counties"), "exits:counties", COUNTY_READERS),)),
    Group(
        _("Exit plans"),
        (
            Tab(_("Plan and actual"), "exits:plans", PLACE_READERS),
            Tab(_("How the approvers decide"), "exits:approvers", HABIT_READERS),
        ),
    ),
)
"""In the order of the menu."""
