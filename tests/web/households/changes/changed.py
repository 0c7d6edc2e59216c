"""Changes of a household in tests: what is entered, who proposes, who decides."""

from datetime import date
from typing import Any

from households.actions.changes import advance, propose_change
from households.changing.judging import Wanted
from households.models import Household, Member
from officers.models import Officer
from tests.cast import Cast
from workflow.models import Case

DAY = date(2020, 5, 4)


def wanted(kind: str, **entries: Any) -> Wanted:
    """A change with a reason and a proof."""
    return Wanted(
        **{"kind": kind, "happened_on": DAY, "reason": "自然变更", "proof": "村委会证明"} | entries
    )


def decide(case: Case, step: str, by: Officer, note: str = "") -> None:
    """One step at the case's present version."""
    case.refresh_from_db()
    advance(case.pk, step, by=by, version=case.version, note=note)
    case.refresh_from_db()


def done(household: Household, change: Wanted, cast: Cast) -> Case:
    """Propose a change and let the township, or the county, approve it."""
    household.refresh_from_db()
    case = propose_change(household, change, by=cast.village_official)
    if case.facts["needs_county"]:
        decide(case, "pass_on", cast.township_reviewer)
        decide(case, "approve", cast.county_approver)
    else:
        decide(case, "approve", cast.township_reviewer)
    household.refresh_from_db()
    return case


def active(household: Household) -> list[Member]:
    """The members now, the head first."""
    return list(household.members.active().order_by("relation", "id"))


def relations(household: Household) -> list[str]:
    """Their relations."""
    return [one.relation for one in active(household)]
