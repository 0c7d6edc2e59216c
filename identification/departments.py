"""The departments that answer a comparison. Source: domain reference §6.5. No Django here."""

from workflow.machine import gettext_noop

DEPARTMENTS = {
    "public_security": gettext_noop("public security"),
    "civil_affairs": gettext_noop("civil affairs"),
    "housing": gettext_noop("housing and real estate"),
    "market": gettext_noop("market regulation"),
    "finance": gettext_noop("finance and personnel"),
    "taxes": gettext_noop("taxes"),
    "disabled": gettext_noop("disabled persons' federation"),
    "health": gettext_noop("health and medical insurance"),
    "education": gettext_noop("education"),
    "water": gettext_noop("water authority"),
    "machinery": gettext_noop("agricultural machinery"),
    "banks": gettext_noop("banks"),
    "other": gettext_noop("another department"),
}
