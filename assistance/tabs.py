"""The pages of the section, as its second menu offers them to a role."""

from django.utils.translation import gettext_lazy as _

from assistance.rights import GAP_SEEKERS, IMPORTERS, PLAN_READERS, TOTAL_READERS
from officers.rules import Role
from officers.sections import Group, Tab

GROUPS: tuple[Group, ...] = (
    Group(
        _("Plans"),
        (
            Tab(_("Plans"), "assistance:plans", TOTAL_READERS),
            Tab(_("Due"), "assistance:due", PLAN_READERS),
            Tab(_("Deliveries by place"), "assistance:due_totals", TOTAL_READERS - {Role.HELPER}),
        ),
    ),
    Group(_("Results"), (Tab(_("Effect"), "assistance:effect", TOTAL_READERS),)),
    Group(
        _("Policy gaps"),
        (
            Tab(_("Policy gaps"), "assistance:gaps", TOTAL_READERS - {Role.HELPER}),
            Tab(_("List of gaps"), "assistance:gap_list", PLAN_READERS),
            Tab(_("Search for gaps"), "assistance:gap_search", GAP_SEEKERS),
        ),
    ),
    Group(
        _("Villages"),
        (
            Tab(_("Measures of the villages"), "assistance:village_measures", TOTAL_READERS),
            Tab(_("Asset income"), "assistance:asset_income", TOTAL_READERS),
        ),
    ),
    Group(
        _("Catalogue"),
        (
            Tab(_("Catalogue"), "assistance:catalogue", TOTAL_READERS),
            Tab(_("Import and export"), "assistance:import", IMPORTERS),
        ),
    ),
)
"""In the order of the menu."""
