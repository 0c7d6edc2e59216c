"""The machine of `test_life`: what officers try, and what must hold after every act."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import rule

from divisions.models import Division
from households.actions.changes import advance as advance_change
from households.actions.changes import propose_change
from households.actions.freezing import freeze_year
from households.changing.judging import Wanted
from households.changing.kinds import KINDS
from households.entry.content import StepContent
from households.entry.judged import Entry
from households.entry.saving import enter_household
from households.models import Household
from households.rules import GUARANTEES
from identification.actions import (
    accept_explanation,
    apply,
    explain_red_line,
    record_appeal,
    record_comparison,
    record_red_line,
    resolve_appeal,
)
from identification.models import Appeal, RedLineHit
from officers.models import Officer
from officers.rules import Role
from tests import factories as make
from tests.procedures import move_date, take
from tests.property.households.promises import YEAR, Promises, surveys
from trail.dates import business_date
from trail.errors import Refused
from workflow.actions import dismiss_objection, record_objection, uphold_objection
from workflow.machine import Way
from workflow.models import Case, Objection
from workflow.procedures import machine_of

POSTS = (
    (Role.VILLAGE_OFFICIAL, make.VILLAGE),
    (Role.VILLAGE_OFFICIAL, make.VILLAGE),
    (Role.VILLAGE_OFFICIAL, make.NEXT_VILLAGE),
    (Role.TEAM_MEMBER, make.VILLAGE),
    (Role.TOWNSHIP_REVIEWER, make.TOWNSHIP),
    (Role.TOWNSHIP_REVIEWER, make.TOWNSHIP),
    (Role.COUNTY_CLERK, make.COUNTY),
    (Role.COUNTY_CLERK, make.COUNTY),
    (Role.COUNTY_APPROVER, make.COUNTY),
    (Role.COUNTY_APPROVER, make.COUNTY),
)
VILLAGES = (make.VILLAGE, make.NEXT_VILLAGE)
NUMBERS = tuple(make.make_id_number() for _ in range(8))
some = st.integers(0, 99)
IDENTIFYING = ("identification", "reinclusion")
ARRIVING = [one.name for one in KINDS.values() if one.group == "join"]


def hire() -> None:
    """The places and the ten officers of all lives."""
    make.plant_tree()
    for role, place in POSTS:
        make.make_officer(role, place)


class Life(Promises):
    """Ten officers and the households that they make; each run is taken back at its end."""

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.officers = list(Officer.objects.exclude(postings=None).order_by("pk"))
        for place in range(3):
            self.register(2 * place, 2 * place, 2, place < 2)
            self.apply(place, place)

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    def tried(self, act: Any) -> None:
        """Do an act; a refusal is rolled back and changes nothing."""
        try:
            with transaction.atomic():
                act()
        except Refused:
            return
        self.changed = True

    def officer(self, number: int, *roles: Role) -> Officer:
        fitting = [one for one in self.officers if not roles or one.acting_role in roles]
        return fitting[number % len(fitting)]

    def household(self, number: int) -> Household | None:
        found = list(Household.everywhere.order_by("pk"))
        return found[number % len(found)] if found else None

    @rule(number=some, village=some, people=st.integers(1, 3), poor=st.booleans())
    def register(self, number: int, village: int, people: int, poor: bool) -> None:
        rows = [
            {
                "name": f"人{(number + place) % len(NUMBERS)}",
                "id_number": NUMBERS[(number + place) % len(NUMBERS)],
                "relation": "21" if place else "01",
            }
            for place in range(people)
        ]
        steps = {"members": StepContent(0, {}, tuple(rows)), **_year("100" if poor else "90000")}
        entry = Entry(VILLAGES[village % 2], YEAR, "", steps)
        by = self.officer(village, Role.VILLAGE_OFFICIAL, Role.COUNTY_CLERK)
        self.tried(lambda: enter_household(entry, by=by, seen=None))

    @rule(number=some, who=some, wage=st.integers(0, 9), late=st.booleans())
    def correct(self, number: int, who: int, wage: int, late: bool) -> None:
        household = self.household(number)
        if household is None:
            return
        rows = tuple(
            {"person_number": one.person_number, "name": one.name, "relation": one.relation}
            for one in household.members.active()
        )
        steps = {"members": StepContent(0, {}, rows), **_year(str(wage * 1000))}
        entry = Entry(household.village_id, YEAR, household.number, steps)
        seen = household.version - int(late)
        self.tried(lambda: enter_household(entry, by=self.officer(who), seen=seen))

    @rule(
        number=some,
        who=some,
        kind=st.sampled_from(sorted(KINDS)),
        goes=st.sets(st.integers(0, 3)),
        heads=st.integers(0, 3),
        other=some,
    )
    def change(self, number: int, who: int, kind: str, goes: Any, heads: int, other: int) -> None:
        household, elsewhere = self.household(number), self.household(other)
        if household is None or elsewhere is None:
            return
        members = list(household.members.active().order_by("pk"))
        relations = {
            one.pk: "01" if place == heads % max(len(members), 1) else "21"
            for place, one in enumerate(members)
        }
        if KINDS[kind].names_household:
            relations |= {one.pk: "21" for place, one in enumerate(members) if place in goes}
        person = {"name": "新人", "relation": "21", "id_number": NUMBERS[other % len(NUMBERS)]}
        wanted = Wanted(
            kind=kind,
            happened_on=business_date() - timedelta(days=800 if kind == "missing" else 0),
            reason="变更",
            proof="证明",
            goes=frozenset(one.pk for place, one in enumerate(members) if place in goes),
            relations=relations,
            person=person if kind in ARRIVING else {},
            other=elsewhere.number if KINDS[kind].names_household else "",
            to_village=VILLAGES[other % 2] if KINDS[kind].names_village else "",
        )
        by = self.officer(who, Role.VILLAGE_OFFICIAL, Role.TEAM_MEMBER, Role.COUNTY_CLERK)
        self.tried(lambda: propose_change(household, wanted, by=by))

    @rule(number=some, who=some)
    def apply(self, number: int, who: int) -> None:
        household = self.household(number)
        if household:
            self.tried(
                lambda: apply(
                    household,
                    by=self.officers[who % 4],
                    year=YEAR,
                    applied_on=business_date(),
                    applicant="head",
                    statement="",
                    kin_of_official=False,
                )
            )

    def case(self, number: int, *kinds: str) -> Case | None:
        found = Case.everywhere.open().order_by("pk")
        found = list(found.filter(kind__in=kinds) if kinds else found)
        return found[number % len(found)] if found else None

    @rule(number=some, who=some)
    def onward(self, number: int, who: int) -> None:
        """Somebody in a fitting role takes the step that moves a case on."""
        case = self.case(number)
        if case is None:
            return
        steps = machine_of(case.kind).steps_from(case.state)
        forward = [one for one in steps if one.way == Way.FORWARD]
        if not forward:
            return
        step = forward[who % len(forward)]
        for place in range(3):
            self.tried(lambda by=who + place: self._onward(case.pk, step.name, by))

    def _onward(self, case: int, step: str, who: int) -> None:
        """One step if it still is the next; whoever may not take it leaves it to another."""
        now = Case.everywhere.get(pk=case)
        known = machine_of(now.kind).by_source.get((now.state, step))
        if known:
            self._take(now, step, self.officer(who, *known.roles))

    @rule(number=some, who=some, steps=st.integers(2, 6))
    def carry(self, number: int, who: int, steps: int) -> None:
        """A case goes on for some steps, each in time and by somebody who may."""
        case = self.case(number)
        for place in range(steps if case else 0):
            move_date(8)
            self.onward(number, who + place)

    @rule(number=some, who=some, choice=some)
    def anything(self, number: int, who: int, choice: int) -> None:
        """Anybody tries any step."""
        case = self.case(number)
        if case is None:
            return
        steps = machine_of(case.kind).steps_from(case.state)
        step = steps[choice % len(steps)]
        self.tried(lambda: self._take(case, step.name, self.officer(who)))

    def _take(self, case: Case, step: str, by: Officer) -> None:
        if case.kind == "change":
            advance_change(case.pk, step, by=by, version=case.version, note="原因")
            return
        if step == "compare":
            clerk = self.officer(0, Role.COUNTY_CLERK)
            record_comparison(
                case.pk,
                by=clerk,
                department="civil_affairs",
                result="no_hit",
                explanation="",
                on=business_date(),
            )
        take(case, step, by=by, note="原因")

    @rule(number=some, who=some)
    def object(self, number: int, who: int) -> None:
        case = self.case(number)
        if case:
            by = self.officer(who)
            self.tried(
                lambda: record_objection(case.pk, by=by, received_on=business_date(), text="有车")
            )

    @rule(who=some, upheld=st.booleans())
    def resolve(self, who: int, upheld: bool) -> None:
        objection = Objection.objects.open().first()
        if objection:
            resolve = uphold_objection if upheld else dismiss_objection
            by = self.officer(who)
            self.tried(lambda: resolve(objection.pk, by=by, finding="查过"))

    @rule(number=some, who=some)
    def hit_a_red_line(self, number: int, who: int) -> None:
        case = self.case(number, *IDENTIFYING)
        if case:
            by = self.officer(who)
            self.tried(
                lambda: record_red_line(case.pk, by=by, rule="vehicle", member=None, found="有车")
            )

    @rule(who=some)
    def explain_it(self, who: int) -> None:
        hit = RedLineHit.objects.filter(accepted_by=None, withdrawn_on=None).first()
        if hit:
            act = accept_explanation if hit.explanation else explain_red_line
            said = {} if hit.explanation else {"explanation": "农用车"}
            self.tried(lambda: act(hit.pk, by=self.officer(who), **said))

    @rule(number=some, who=some)
    def appeal(self, number: int, who: int) -> None:
        case = self.case(number, *IDENTIFYING)
        if case:
            self.tried(
                lambda: record_appeal(
                    case.pk,
                    by=self.officer(who),
                    level="county",
                    appellant="applicant",
                    received_on=business_date(),
                    text="请复核",
                )
            )

    @rule(who=some, upheld=st.booleans())
    def answer_the_appeal(self, who: int, upheld: bool) -> None:
        appeal = Appeal.objects.filter(resolved_on=None).first()
        if appeal:
            result = "uphold" if upheld else "dismiss"
            self.tried(
                lambda: resolve_appeal(
                    appeal.pk, by=self.officer(who), result=result, finding="查过"
                )
            )

    @rule(days=st.integers(1, 9))
    def wait(self, days: int) -> None:
        move_date(days)
        self.changed = True

    @rule(who=some, chance=some)
    def freeze(self, who: int, chance: int) -> None:
        """Seldom, and once: the year of the surveys is frozen for the county."""
        if chance % 10 or self.frozen is not None:
            return
        place = Division.objects.get(pk=make.COUNTY)
        by = self.officer(who, Role.COUNTY_APPROVER)

        def act() -> None:
            freeze_year(place, year=YEAR, reason="核对无误", by=by)
            self.frozen = surveys()

        self.tried(act)


def _year(wage: str) -> dict[str, StepContent]:
    """All five incomes, and all guarantees met."""
    incomes = dict.fromkeys(
        ("none_business_income", "none_property_income", "none_transfer_income"), "1"
    )
    values = incomes | {"none_business_expense": "1", "wage_income": wage}
    return {
        "incomes": StepContent(0, values),
        "living": StepContent(0, dict.fromkeys(GUARANTEES, "1")),
    }
