"""Who records and who resolves an objection: said on the page before anybody writes a word."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from officers.models import ROLE_NAMES, Officer
from officers.rules import Role
from workflow.models import Case, NoticeLine, Objection
from workflow.procedures import machine_of
from workflow.queries import resolver_faults
from workflow.rules import heard_steps

HEARD_WITH = ("resolved_by", "line__notice", "line__case")
"""What objections are read with before anybody is told about them."""


@dataclass(frozen=True)
class Heard:
    """An objection; `reason` says why the officer may not resolve it, "" where he may."""

    said: Objection
    reason: str


def heard(officer: Officer, kind: str, objections: Iterable[Objection]) -> list[Heard]:
    """The objections to cases of one kind, each with whether it waits for this officer.

    They carry their lines with notice and case.
    """
    said, roles = list(objections), machine_of(kind).objection_resolvers
    if officer.acting_role not in roles:
        return [Heard(one, waits_for(roles)) for one in said]
    faults = resolver_faults(officer, [one for one in said if one.resolved_on is None])
    found = {key: _(fault.text) % fault.values for key, fault in faults.items()}
    return [Heard(one, found.get(one.pk, "")) for one in said]


def waits_for(roles: Iterable[Role]) -> str:
    """The roles whose turn it is, in words."""
    names = _(", ").join(str(ROLE_NAMES[role]) for role in sorted(roles))
    return _("Waits for: %(roles)s.") % {"roles": names}


def heard_until(officer: Officer, case: Case, standing: Iterable[NoticeLine]) -> date | None:
    """The last day of the notices that the case is heard on, where the officer may record what was
    said against it by then; None where he may not, and once it is decided.
    """
    machine = machine_of(case.kind)
    if officer.acting_role not in machine.objection_recorders:
        return None
    steps = heard_steps(machine, case.state)
    days = (line.notice.last_day for line in standing if line.notice.step in steps)
    return max(days, default=None)
