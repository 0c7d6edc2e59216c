"""One of everything that has an address at the door, in one county, with what must not leave it.

What people wrote in words holds SECRET; names hold GIVEN, which no masked name does.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from assistance.models import Delivery, DeliveryKind, DeliverySource, Item, Plan
from households.models import Household, Member, Standard
from households.rules import Kind, State
from households.snapshot import snapshot
from identification.models import Appeal, Application, Comparison, RedLineHit
from reviews.models import Proposal, Review, ReviewState
from teams.models import Presence, Term
from teams.rules.presence import Source, Status
from teams.rules.terms import Post
from tests import factories as make
from tests.procedures import sample_evidence
from tests.unguarded import unguarded
from tests.web.exits.listed import exit_of_county, exit_of_village
from trail.dates import business_date
from trail.rules import digest
from workflow.machine import Kind as EntryKind
from workflow.machine import Step
from workflow.models import Case, CaseEvent, Notice, NoticeLine, Objection
from workflow.procedures import machine_of

YEAR = 2019
SECRET, GIVEN = "保密的话", "望舒岚"
DAY = date(2020, 6, 1)


@dataclass(frozen=True)
class World:
    """The rows of one county."""

    household: Household
    plan: Plan
    item: Item
    delivery: Delivery
    term: Term
    review: Review
    proposal: Proposal
    cases: dict[str, Case]
    """By the name of the route that reads one."""

    @property
    def county(self) -> str:
        return self.household.village_id[:6]

    def path(self, described: str) -> str:
        """A path of the description with the row of this world in it."""
        route = described.removeprefix("/api/v1/").partition("/")[0]
        found = described.replace("{number}", self.household.number)
        found = found.replace("{review_id}", str(self.review.pk))
        uuid = self.item.uuid if route == "measures" else self.plan.uuid
        found = found.replace("{uuid}", str(uuid))
        found = found.replace("{case_id}", str(self.cases[route].pk) if route in self.cases else "")
        return found + (f"?division={self.county}" if found.endswith("sync/totals/") else "")


def grow(village: str = make.VILLAGE) -> World:
    """One of everything in a village and its county."""
    household = make.make_household(village, state=State.POOR, persons=2, address=SECRET)
    Member.objects.filter(household=household).update(name=f"陈{GIVEN}")
    make.make_survey(household, YEAR, wage_income=5000)
    plan = make.make_plan(household, YEAR)
    item = make.make_item(plan, "EDU-YULU", household.members.last())
    review = make.make_review(village[:6], YEAR, state=ReviewState.COMMITTED)
    return World(
        household=household,
        plan=plan,
        item=item,
        delivery=_delivery(item),
        term=_term(village),
        review=review,
        proposal=make.make_proposal(review, household, Kind.EXIT, net_fen=500_000),
        cases=_cases(household),
    )


def _delivery(item: Item) -> Delivery:
    return Delivery.everywhere.create(
        item=item, village_id=item.village_id, number=1, day=DAY, kind=DeliveryKind.CASH,
        amount=100, source=DeliverySource.PAGE, recorded_by=make.the_operator(), note=SECRET,
    )  # fmt: skip


def _term(village: str) -> Term:
    make.make_team_village(village)
    term = make.make_term(village=village, post=Post.FIRST_SECRETARY)
    Presence.everywhere.create(
        term=term, cadre=term.cadre, village=term.village, day=DAY, status=Status.IN_VILLAGE,
        source=Source.VILLAGE, recorded_by=make.the_operator(),
    )  # fmt: skip
    return term


def _cases(household: Household) -> dict[str, Case]:
    standard = Standard.objects.holding(household.village_id, YEAR).first()
    facts = snapshot(household, year=YEAR, standard=standard)
    known: dict[str, Any] = {"facts": facts, "facts_hash": digest(facts)}
    cases = {
        "identifications": make.make_case(household, "identification", **known),
        "exits": make.make_case(household, "exit", **known),
        "watches": make.make_case(household, "watch", **known),
        "village-exits": exit_of_village(household.village_id),
        "county-exits": exit_of_county(household.village_id[:6]),
    }
    for case in cases.values():
        walk(case, 3)
    _recorded(cases["identifications"], household)
    return cases


def walk(case: Case, most: int) -> None:
    """Carry a case on by some steps, each put on record by hand with what people wrote."""
    machine, posted = machine_of(case.kind), None
    for _turn in range(most):
        with unguarded():
            posted = _step(case, machine.onward(case.state)) or posted
    if posted:
        Objection.objects.create(
            line=posted, received_on=DAY, recorded_by=make.the_operator(), text=SECRET
        )


def _step(case: Case, step: Step) -> NoticeLine | None:
    entries = sample_evidence(step)
    words = (EntryKind.TEXT, EntryKind.REMARKS)
    entries |= {one.name: SECRET for one in step.needs_evidence if one.kind in words}
    CaseEvent.objects.create(
        case=case, seq=case.version + 1, step=step.name, from_state=case.state,
        to_state=step.target, actor_id=0, actor_name="王主任", role=min(step.roles),
        posted_to=case.division_id[:6], on=DAY, note=SECRET, evidence=entries,
        facts_hash=case.facts_hash,
    )  # fmt: skip
    case.state, case.version = step.target, case.version + 1
    case.save(update_fields=["state", "version"])
    if not step.notice:
        return None
    notice = Notice.everywhere.create(
        division_id=case.division_id, kind=case.kind, step=step.name, place=SECRET, posted_on=DAY,
        counted_from=DAY, days=7, last_day=DAY + timedelta(days=7),
        posted_by=make.the_operator(),
    )  # fmt: skip
    return NoticeLine.objects.create(
        notice=notice, case=case, serial=1, householder=f"陈{GIVEN}", people=2
    )


def _recorded(case: Case, household: Household) -> None:
    operator = make.the_operator()
    Application.objects.create(case=case, applied_on=DAY, applicant="head", statement=SECRET)
    Comparison.objects.create(
        case=case, department="banks", result="explained", explanation=SECRET, on=DAY,
        recorded_by=operator,
    )  # fmt: skip
    RedLineHit.objects.create(
        case=case, rule="vehicle", member=household.members.first(), found=SECRET,
        recorded_by=operator, recorded_on=business_date(), explanation=SECRET,
    )  # fmt: skip
    Appeal.objects.create(
        case=case, level="township", appellant="applicant", received_on=DAY, text=SECRET,
        recorded_by=operator,
    )  # fmt: skip
