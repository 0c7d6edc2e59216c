"""How the addresses of routes name the rows of a test."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.web.route_rows import Rows

Address = Callable[[Rows], dict[str, Any]]


@dataclass(frozen=True)
class Route:
    """How to build an address; `insider` is a part of the cast that finds the row by `method`.

    `mixed` builds an address whose outer row is the stranger's own and whose inner row is not.
    """

    address: Address
    insider: str = "county_clerk"
    method: str = "get"
    mixed: Address | None = None


def named(**attributes: str) -> Address:
    """Keywords of an address from attributes of rows: case="case.pk"."""

    def build(rows: Rows) -> dict[str, Any]:
        found = {}
        for keyword, path in attributes.items():
            value: Any = rows
            for part in path.split("."):
                value = getattr(value, part)
            found[keyword] = value
        return found

    return build


def fixed(address: Address, **values: str) -> Address:
    """The address with keywords that name no row."""
    return lambda rows: address(rows) | values


DIFFERING = named(number="difference.household.number")
COUNTY_EXIT = named(case="county_exit.pk")
TERM = named(term="assessment.term.pk")
ADMIN = "account_admin"
PREPARER = "province_officer"
HOUSEHOLD = named(number="household.number")
CADRE = named(cadre="candidacy.cadre.number")
UNIT = named(unit="candidacy.cadre.unit.pk")
MEMBER = named(number="household.number", member="member.pk")
CASE = named(case="case.pk")
IDENTIFICATION = named(case="application.pk")
HIT = named(case="application.pk", hit="hit.pk")
APPEAL = named(case="application.pk", appeal="appeal.pk")
OBJECTION = named(case="case.pk", objection="objection.pk")
DRAFT = named(draft="draft.uuid")
FILE = named(file="file.uuid")
NOTICE = named(notice="objection.line.notice.pk")
BATCH = named(batch_id="batch.pk")
REVIEW = named(review_id="review.pk")
PROPOSAL = named(review_id="review.pk", proposal_id="proposal.pk")
STANDARD = named(standard_id="standard.pk")
ACCOUNT = named(pk="account.pk")
POSTING = named(pk="posting.pk")
REQUEST = named(pk="request.pk")
CLIENT = named(pk="key.client.pk")
KEY = named(pk="key.pk")
REPORTED = named(decision="reported.uuid")
ACCEPTANCE = named(review_id="review.pk", batch_id="acceptance.pk")
FOREIGN_ACCEPTANCE = named(review_id="own_review.pk", batch_id="acceptance.pk")
FOREIGN_PROPOSAL = named(review_id="own_review.pk", proposal_id="proposal.pk")
VISIT = named(visit="visit.uuid")
TASK = named(task="task.uuid")
GAP = named(gap="gap.pk")
GAP_RUN = named(run="gap.first_run.pk")
HELPER = named(cadre="pairing.cadre.number")
PAIRING = named(pairing="pairing.pk")
ASSESSMENT = named(assessment="assessment.pk")
ASSESSED = named(cadre="assessment.cadre.number")
TRAINING = named(training="training.pk")
SHARED = named(distribution="shared.uuid")
VILLAGE_MEASURE = named(item="shared.item.uuid")
MEASURE = named(code="measure.code")
DELIVERED = named(item="delivered.item.uuid")
LOAN = named(item="loan.item.uuid")
POST = named(item="contract.item.uuid")
COURSE = named(item="course.item.uuid")
PLANNED = named(plan="planned.plan.uuid")
PLANNED_ITEM = named(item="planned.uuid")
APPROVED_PLAN = named(plan="approved_plan.uuid")
DAYS = named(cadre="inspected.cadre.number")
DAY = named(cadre="inspected.cadre.number", day="inspected.day")
MONTH = fixed(DAYS, month="2024-12")
