"""The pages of the section, as its second menu offers them to a role."""

from django.utils.translation import gettext_lazy as _

from officers.rules import Role
from officers.sections import Group, Tab
from teams.rights import (
    BASE,
    CASE_READERS,
    FIELD,
    MANAGERS,
    OVERSEERS,
    READERS,
    TASK_ROLES,
    VISIT_LISTERS,
    VISITORS,
)

GROUPS: tuple[Group, ...] = (
    Group(
        _("Roster"),
        (
            Tab(_("Roster"), "teams:roster", READERS),
            Tab(_("Gaps"), "teams:gaps", READERS - VISITORS),
            Tab(_("Calendar"), "teams:calendar", READERS - VISITORS),
            Tab(_("Coverage"), "teams:coverage", READERS - {Role.HELPER}),
            Tab(_("Required villages"), "teams:needs", READERS - VISITORS),
            Tab(_("Import and export"), "teams:import", MANAGERS),
        ),
    ),
    Group(
        _("People"),
        (
            Tab(_("Cadres"), "teams:cadres", READERS - VISITORS),
            Tab(_("Candidates"), "teams:candidates", CASE_READERS - BASE),
            Tab(_("Sponsoring units"), "teams:units", READERS - VISITORS),
            Tab(_("Training"), "teams:training", FIELD | OVERSEERS),
            Tab(_("Assessments"), "teams:assessments", FIELD | OVERSEERS),
        ),
    ),
    Group(
        _("Presence"),
        (
            Tab(_("Sign-in"), "teams:presence", frozenset({Role.TEAM_MEMBER})),
            Tab(_("Attendance"), "teams:attendance", BASE),
            Tab(_("Days in the village"), "teams:presence_totals", READERS),
        ),
    ),
    Group(
        _("Helpers"),
        (
            Tab(_("Helpers"), "teams:helpers", READERS - {Role.HELPER}),
            Tab(_("Without a helper"), "pages:unhelped", FIELD),
        ),
    ),
    Group(
        _("Visits and tasks"),
        (
            Tab(_("To visit"), "teams:households", VISITORS),
            Tab(_("Tasks"), "teams:tasks", FIELD | TASK_ROLES),
            Tab(_("Visits"), "teams:visits", VISIT_LISTERS),
            Tab(_("Visits by month"), "teams:visit_months", READERS - VISIT_LISTERS),
            Tab(_("Not visited"), "teams:unvisited", READERS - VISITORS),
            Tab(_("Work log"), "teams:log", VISIT_LISTERS),
        ),
    ),
)
"""In the order of the menu."""
