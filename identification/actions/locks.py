"""Holding a case while something about it is recorded."""

from collections.abc import Iterable

from identification.queries import KINDS
from officers.models import Officer
from officers.rights import require
from officers.rules import Role
from workflow.models import Case


def locked_case(case_id: int, roles: Iterable[Role], *, by: Officer) -> Case:
    """The case, locked, for an officer in one of the roles there. Raises NotAllowed."""
    case = Case.everywhere.select_for_update().get(pk=case_id, kind__in=KINDS)
    require(by, *roles, code=case.division_id)
    return case
