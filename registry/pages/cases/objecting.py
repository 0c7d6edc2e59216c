"""Who records and who resolves an objection: said on the page before anybody writes a word."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from officers.models import ROLE_NAMES, Officer
from officers.rules import Role
from workflow.models import Case, NoticeLine, Objection
from workflow.procedures import machine_of
from workflow.rules import resolver_fault


@dataclass(frozen=True)
class Heard:
    """An objection; `reason` says why the officer may not resolve it, "" where he may."""

    said: Objection
    reason: str


def heard(officer: Officer, case: Case, objections: Iterable[Objection]) -> list[Heard]:
    """The objections to a case, each with whether it waits for this officer."""
    return [Heard(one, why_not_resolve(officer, case, one)) for one in objections]


def why_not_resolve(officer: Officer, case: Case, objection: Objection) -> str:
    """For whom an open objection waits, when not for this officer."""
    roles = machine_of(case.kind).objection_resolvers
    if officer.acting_role not in roles:
        return waits_for(roles)
    fault = resolver_fault(objection.recorded_by_id, case.proposed_by_id, officer.pk)
    return _(fault.text) if fault else ""


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
