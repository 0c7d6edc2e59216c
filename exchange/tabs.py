"""The pages of the section, as its second menu offers them to a role."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from exchange.rights import CONNECTORS, DECIDERS, DECISION_READERS, HEALTH_READERS
from officers.sections import Group, Tab

TABS = (
    Tab(_("How it goes"), "exchange:health", HEALTH_READERS),
    Tab(pgettext_lazy("other systems", "Differences"), "exchange:differences", DECIDERS),
    Tab(_("Decisions of other systems"), "exchange:decisions", DECISION_READERS),
    Tab(_("Systems and keys"), "officers:clients", CONNECTORS),
)
GROUPS = tuple(Group(one.label, (one,)) for one in TABS)
"""In the order of the menu, a page each."""
