"""The rows of exits of households that went through their procedure, written table by table."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from hashlib import sha256
from random import Random
from typing import Any
from uuid import UUID

from django.db.models import Model

from exits.models import Tracking
from exits.procedure import EXIT
from exits.rules.household import PAPERS
from exits.rules.tracking import tracked_until
from households.models import Household, Member, StateChange
from households.models.members import HEAD
from households.rules import State
from officers.models import Officer
from registry.demo.assistance.writing import moment
from registry.demo.exits.courses import BOARD, FIRST, SECOND, Act, Course, decided_by_two, record_of
from registry.demo.exits.hands import Hands
from registry.demo.papers import SIZE, sheet
from trail.models import Change
from trail.rules import digest
from workflow import evidence_store
from workflow.actions import weigh
from workflow.machine import ANSWERED, OPEN, Flagged, Way
from workflow.models import Attachment, Case, CaseEvent, Look, Notice, NoticeLine
from workflow.models.attachments import CASE
from workflow.parameters import EXIT_VILLAGE_DAYS, PAIRING_SUPPORT_YEARS
from workflow.pictures import JPEG
from workflow.queries import parameter, weighed
from workflow.rules import last_day

AT_ONCE = 1000
MOVED = ["state", "exit_year", "state_loaded", "version"]
SEEN, SAME_WORD = "已核对流水和入户照片，情况属实。", "属实"
"""What the first approver says to flags, and the word that the second one writes under each."""

CAREFUL, FAST = (45, 420), (5, 14)
"""Seconds from opening a case to its decision: of who reads the cases, and of who does not."""


@dataclass(frozen=True)
class Leaving:
    """One household as it stood, the facts that its exit rests on, and how and by whom it goes."""

    household: Household
    facts: dict[str, Any]
    course: Course
    opened_on: date
    first: Officer
    second: Officer


@dataclass(frozen=True)
class Moved:
    """One change of a household's state, with the step behind it and what was before and after."""

    change: StateChange
    event: CaseEvent
    by: Officer
    before: dict[str, Any]
    after: dict[str, Any]


@dataclass
class Archive:
    """Collects the rows of exits and writes them at once."""

    hands: Hands
    random: Random
    cases: list[Case] = field(default_factory=list)
    events: list[CaseEvent] = field(default_factory=list)
    notices: dict[tuple[str, date], Notice] = field(default_factory=dict)
    lines: list[NoticeLine] = field(default_factory=list)
    moves: list[Moved] = field(default_factory=list)
    trackings: list[tuple[Tracking, CaseEvent, Officer]] = field(default_factory=list)
    households: list[Household] = field(default_factory=list)
    looks: list[Look] = field(default_factory=list)
    papers: list[tuple[Attachment, CaseEvent, Officer]] = field(default_factory=list)
    clocks: dict[tuple[int, date], datetime] = field(default_factory=dict)

    def file(self, leaving: Iterable[Leaving]) -> None:
        """The exits of one place and day."""
        found = list(leaving)
        heads = _heads(one.household for one in found)
        cases = [self._opened(one) for one in found]
        for one, (case, risk) in zip(found, weighed(cases), strict=True):
            for act in decided_by_two(one.course) if risk.flags else one.course:
                if (case.state, act.step) in EXIT.by_source:
                    self._take(case, one, act, heads[one.household.pk], risk.flags)
            self.households.append(one.household)
        self.cases += cases

    def write(self) -> int:
        """Write everything; how many cases it was."""
        weigh(self.cases)
        Case.everywhere.bulk_create(self.cases, batch_size=AT_ONCE)
        Notice.everywhere.bulk_create(self.notices.values())
        NoticeLine.objects.bulk_create(self.lines, batch_size=AT_ONCE)
        CaseEvent.objects.bulk_create(self.events, batch_size=AT_ONCE)
        Look.objects.bulk_create(self.looks, batch_size=AT_ONCE)
        self._write_papers()
        Household.everywhere.bulk_update(self.households, MOVED, batch_size=AT_ONCE)
        StateChange.objects.bulk_create([one.change for one in self.moves], batch_size=AT_ONCE)
        Tracking.everywhere.bulk_create([one for one, *_rest in self.trackings])
        Change.objects.bulk_create(self._trace(), batch_size=AT_ONCE)
        return len(self.cases)

    def _opened(self, leaving: Leaving) -> Case:
        household, facts, day = leaving.household, leaving.facts, leaving.opened_on
        clerk = self.hands.clerk(household.village_id)
        case = Case(
            kind=EXIT.kind, subject=household.number, division_id=household.village_id,
            state=EXIT.starts[household.state], facts=facts, facts_hash=digest(facts),
            proposed_by=clerk, opened_on=day, opened_at=moment(day, 10), entered_state_on=day,
        )  # fmt: skip
        self.events.append(_event(case, OPEN, "", clerk, case.opened_at, facts=facts))
        return case

    def _take(
        self, case: Case, leaving: Leaving, act: Act, head: NoticeLine, flags: Sequence[Flagged]
    ) -> None:
        step, by = EXIT.step(case.state, act.step), self._actor(act.who, leaving)
        at = self._moment(case, leaving.opened_on + timedelta(days=act.day), by, leaving)
        record, note = record_of(act, at.date(), self.random), act.note
        if step.answers_flags and flags:
            record[ANSWERED] = [{"code": one.code, "values": dict(one.values)} for one in flags]
            note = SAME_WORD if by == self.hands.second else SEEN
        case.state, case.version = step.target, case.version + 1
        case.entered_state_on = at.date()
        event = _event(
            case, step.name, step.source, by, at, evidence=record, note=note,
            facts=case.facts if step.decides else None, decides=step.decides,
        )  # fmt: skip
        self.events.append(event)
        if step.name in PAPERS:
            self._keep(PAPERS[step.name], event, by)
        if case.state in EXIT.final_states():
            case.closed_at = at
        if step.notice:
            self._post(case, head, by, at.date())
        elif step.way != Way.FORWARD:
            self.lines[-1].removed_at = at
        self._follow(event, leaving, by)

    def _actor(self, who: str, leaving: Leaving) -> Officer:
        if who in (FIRST, SECOND):
            return leaving.first if who == FIRST else leaving.second
        found: Officer = getattr(self.hands, who)(leaving.household.village_id)
        return found

    def _moment(self, case: Case, day: date, by: Officer, leaving: Leaving) -> datetime:
        """When it happened; an approver opens one case after the other, and decides at his pace."""
        if by not in (leaving.first, leaving.second):
            return moment(day, 15)
        opened = self.clocks.get((by.pk, day), moment(day, 9))
        pace = FAST if by == self.hands.second else CAREFUL
        at = opened + timedelta(seconds=self.random.randint(*pace))
        self.clocks[by.pk, day] = at
        self.looks.append(Look(case=case, version=case.version, officer=by, at=opened))
        return at

    def _post(self, case: Case, head: NoticeLine, by: Officer, day: date) -> None:
        """One line on the village's list of the day; it was taken down after its last day."""
        days = _parameter(EXIT_VILLAGE_DAYS, case.division_id[:6], day.year)
        last = last_day(day, days)
        notice = self.notices.setdefault((case.division_id, day), Notice(
            division_id=case.division_id, kind=case.kind, step="post", place=BOARD, posted_on=day,
            counted_from=day, days=days, last_day=last, posted_by=by, taken_down_by=by,
            taken_down_on=last + timedelta(days=1),
        ))  # fmt: skip
        head.notice, head.case = notice, case
        head.serial = 1 + sum(one.notice is notice for one in self.lines)
        self.lines.append(head)

    def _keep(self, purpose: str, event: CaseEvent, by: Officer) -> None:
        """The minutes or the signature, photographed a little before the step that rests on it."""
        name = sha256(f"{event.case.subject} {purpose} {event.at}".encode())
        paper = Attachment(
            uuid=UUID(bytes=name.digest()[:16]), division_id=event.case.division_id,
            subject_kind=CASE, purpose=purpose, media_type=JPEG, width=SIZE[0], height=SIZE[1],
            added_by=by, digest=name.hexdigest(), added_at=event.at - timedelta(minutes=20),
        )  # fmt: skip
        self.papers.append((paper, event, by))

    def _write_papers(self) -> None:
        for paper, event, _by in self.papers:
            content = sheet(f"{event.case_id} {paper.purpose} {event.on}")
            paper.subject_id, paper.size = str(event.case_id), len(content)
            evidence_store.keep(content, row=paper.uuid)
        Attachment.everywhere.bulk_create(
            [paper for paper, *_rest in self.papers], batch_size=AT_ONCE
        )

    def _follow(self, event: CaseEvent, leaving: Leaving, by: Officer) -> None:
        """What a step does to the household."""
        if event.step == "plan":
            self._move(event, leaving, by, State.PLANNED_EXIT, None)
        elif event.to_state == "rejected":
            self._move(event, leaving, by, State(leaving.facts["state"]), None)
        elif event.to_state == "approved":
            year = leaving.facts["year"]
            self._move(event, leaving, by, State.EXITED, year)
            place = event.case.division_id
            years = _parameter(PAIRING_SUPPORT_YEARS, place[:6], event.on.year)
            tracking = Tracking(
                case=event.case, household=leaving.household, village_id=place,
                starts_on=event.on, until=tracked_until(year, event.on, years),
            )  # fmt: skip
            self.trackings.append((tracking, event, by))

    def _move(
        self, event: CaseEvent, leaving: Leaving, by: Officer, state: State, year: int | None
    ) -> None:
        household = leaving.household
        change = StateChange(
            household=household, from_state=household.state, to_state=state, on=event.on,
            at=event.at, case=event.case, standard_id=leaving.facts["standard"]["id"],
        )  # fmt: skip
        before = {"state": int(household.state), "exit_year": household.exit_year}
        household.state, household.exit_year = state, year
        household.state_loaded, household.version = False, household.version + 1
        after = {"state": int(state), "exit_year": year}
        self.moves.append(Moved(change, event, by, before, after))

    def _trace(self) -> Iterable[Change]:
        """What the acts themselves write into the trace."""
        for one in self.moves:
            household = one.change.household
            yield _change(
                one.event, one.by, "change_state", household, household.village_id,
                before=one.before, after=one.after,
            )  # fmt: skip
        for paper, event, by in self.papers:
            said = {"subject": f"{CASE}:{paper.subject_id}", "purpose": paper.purpose}
            after = said | {"digest": paper.digest}
            yield _change(event, by, "attach", paper, paper.division_id, after=after)
        for tracking, approval, by in self.trackings:
            yield _change(
                approval, by, "begin_tracking", tracking, tracking.village_id,
                after={"until": tracking.until.isoformat()},
            )  # fmt: skip


def _event(case: Case, step: str, source: str, by: Officer, at: datetime, **more: Any) -> CaseEvent:
    return CaseEvent(
        case=case, seq=case.version, step=step, from_state=source, to_state=case.state,
        actor_id=by.pk, actor_name=by.name, role=by.acting_role, posted_to=by.acting_division,
        on=at.date(), at=at, facts_hash=case.facts_hash, **more,
    )  # fmt: skip


def _change(
    event: CaseEvent, by: Officer, action: str, subject: Model, division: str, **images: Any
) -> Change:
    """What `trail.actions.change_of` makes of an act on the day of its event."""
    return Change(
        at=event.at, business_date=event.on, actor_id=by.pk, actor_name=by.name,
        role=by.acting_role, posted_to=by.acting_division, action=action,
        subject_kind=subject._meta.label_lower, subject_id=str(subject.pk),
        division_code=division, origin=f"case:{event.case_id}", **images,
    )  # fmt: skip


@cache
def _parameter(key: str, county: str, year: int) -> int:
    return int(parameter(key, county, year))


def _heads(households: Iterable[Household]) -> dict[int, NoticeLine]:
    """What a notice shows of each household, by its key."""
    found = {one.pk: NoticeLine(group=one.group, people=0) for one in households}
    members = Member.objects.active().filter(household__in=found).order_by()
    for key, relation, name in members.values_list("household", "relation", "name"):
        found[key].people += 1
        if relation == HEAD:
            found[key].householder = name
    return found
