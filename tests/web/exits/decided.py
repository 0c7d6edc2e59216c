"""Exits written as decided, without the steps that led to them."""

from households.actions import change_state
from households.models import Household
from households.rules import State
from officers.rules import Role
from tests import factories as make
from trail.dates import business_date
from workflow.models import CaseEvent


def exited_elsewhere(village: str = make.VILLAGE, *, year: int, persons: int = 2) -> Household:
    """A household whose exit another system decided and an approver recorded here."""
    household = make.make_household(village, state=State.POOR, persons=persons)
    facts = {
        "household": household.number, "village": village, "year": year, "persons": persons,
        "state": int(State.POOR), "exit_year": None, "foreign": {"decision": "exit"},
    }  # fmt: skip
    case = make.make_case(household, "foreign", state="taken_in", facts=facts)
    by = make.make_officer(Role.COUNTY_APPROVER)
    CaseEvent.objects.create(
        case=case, seq=2, step="record", from_state="taken_in", to_state="recorded",
        actor_id=by.pk, actor_name=by.name, role=Role.COUNTY_APPROVER, posted_to=make.COUNTY,
        on=business_date(), facts=facts, facts_hash=case.facts_hash, decides=True,
    )  # fmt: skip
    change_state(household, State.EXITED, case=case, by=by, exit_year=year)
    return household
