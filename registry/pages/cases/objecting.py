"""Who records and who resolves an objection: said on the page before anybody writes a word."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from officers.models import ROLE_NAMES, Officer
from officers.rules import Role
from workflow.models import Case, NoticeLine, Objection
from workflow.procedures import machine_of
from workflow.queries import resolver_faults

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


def may_object(officer: Officer, case: Case, standing: Iterable[NoticeLine]) -> bool:
    """Whether the officer may record an objection: the case waits on a notice now."""
    machine = machine_of(case.kind)
    steps = machine.posting_steps(case.state)
    hears = officer.acting_role in machine.objection_recorders
    return hears and any(line.notice.step in steps for line in standing)
