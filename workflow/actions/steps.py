"""Taking a step: the one way in which a case changes state."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from divisions.scope import require_within
from officers.models import Officer, Posting
from officers.rights import require
from officers.rules import Role
from trail.dates import business_date, day_text
from trail.errors import NotAllowed, Refused
from trail.transactions import retried
from workflow.actions.cases import (
    ROWS_AT_ONCE,
    event_of,
    put_facts,
    refuse_ahead,
    refuse_closed,
    refuse_stale,
    without_steps,
)
from workflow.actions.elsewhere import Deciders
from workflow.actions.notices import Line, post_lists, remove_lines
from workflow.actions.weighing import WEIGHED, keep_flags, weigh
from workflow.errors import Incomplete
from workflow.machine import (
    ANSWERED,
    STEPS,
    Fault,
    Flagged,
    IllegalStep,
    Machine,
    Situation,
    Step,
    Way,
)
from workflow.models import Case, CaseEvent
from workflow.procedures import machine_of
from workflow.queries import flags_to_answer, situations
from workflow.rules import evidence_faults, flags_seen, same_hand, step_faults

FACTS = ["facts", "facts_hash"]
MOVED = ["state", "version", "entered_state_on", "entered_by", "closed_at", *WEIGHED]


@dataclass(frozen=True)
class Order:
    """A case to move, at the version that the officer saw."""

    case_id: int
    version: int


@dataclass
class Outcome:
    """What became of each case of a batch: its event, or why it stayed where it was."""

    events: list[CaseEvent] = field(default_factory=list)
    refused: dict[int, Refused] = field(default_factory=dict)


@retried
@transaction.atomic
def take_step(
    case_id: int,
    step: str,
    *,
    by: Officer,
    version: int,
    note: str = "",
    evidence: Mapping[str, Any] | None = None,
    line: Line | None = None,
    adds: Mapping[str, Any] | None = None,
) -> CaseEvent:
    """Move one case by the step named `step` and record it. `line` is what a notice shows of it.

    `adds` is what the app puts on record by it: it stands in the facts of the case, and its hash
    binds it, until the case goes back.

    Whoever looked at the flags of the case says so in `evidence`, under `machine.ANSWERED`.

    Raises Stale (moved since `version`), Refused (no such step now, notice, objection, condition,
    other flags than those that were seen), NotAllowed (role, place, own hand), Incomplete (note,
    evidence).
    """
    lines = {case_id: line} if line else {}
    added = {case_id: adds} if adds else {}
    outcome = take_steps(
        [Order(case_id, version)],
        step,
        by=by,
        note=note,
        evidence=evidence,
        lines=lines,
        adds=added,
    )
    for refusal in outcome.refused.values():
        raise refusal
    return outcome.events[0]


@retried
@transaction.atomic
def take_steps(
    orders: Sequence[Order],
    step: str,
    *,
    by: Officer,
    note: str = "",
    evidence: Mapping[str, Any] | None = None,
    lines: Mapping[int, Line] | None = None,
    adds: Mapping[int, Mapping[str, Any]] | None = None,
) -> Outcome:
    """Move many cases by one step; a case that cannot move stays, with its refusal in the outcome.

    The cases are locked in key order. A step with a notice posts one list for each division;
    `lines` holds what it shows of each case, `adds` what it puts into the facts of each.
    """
    keys = [order.case_id for order in orders]
    cases = Case.everywhere.select_for_update().filter(pk__in=keys).order_by("pk")
    versions = {order.case_id: order.version for order in orders}
    entries = dict(evidence or {})
    looked_at = entries.pop(ANSWERED, None)
    batch = _Batch(step, by, note.strip(), entries, looked_at, lines or {}, adds or {})
    flags = flags_to_answer(found := list(cases), step)
    keep_flags(found, flags)
    seen = situations(found, evidence=batch.evidence)
    if missing := set(keys) - set(seen):
        raise Case.DoesNotExist(f"no case {min(missing)}")
    for case in found:
        batch.judge(case, versions[case.pk], seen[case.pk], flags.get(case.pk, ()))
    return batch.carried_out()


@dataclass
class _Batch:
    """One step for many cases: first each is judged, then all that pass move together."""

    step: str
    by: Officer
    note: str
    evidence: dict[str, Any]
    looked_at: str | None
    lines: Mapping[int, Line]
    adds: Mapping[int, Mapping[str, Any]]
    postings: dict[frozenset[Role], Posting] = field(default_factory=dict)
    deciders: Deciders = field(default_factory=Deciders)
    passed: list[tuple[Case, Step, Posting, Sequence[Flagged]]] = field(default_factory=list)
    outcome: Outcome = field(default_factory=Outcome)

    def judge(
        self, case: Case, version: int, situation: Situation, flags: Sequence[Flagged]
    ) -> None:
        try:
            refuse_stale(case, version)
            refuse_ahead(case)
            step = legal_step(case, self.step)
            posting = self._posting(step)
            refuse_hands(step, case, situation, by=self.by)
            self.deciders.refuse_elsewhere(step, case)
            refuse_incomplete(step, self.evidence, self.note)
            refuse_faults(machine_of(case.kind), step, situation)
            if step.answers_flags:
                refuse_other_flags(flags, self.looked_at)
                refuse_unanswered(flags, self.note)
        except Refused as refusal:
            self.outcome.refused[case.pk] = refusal
        else:
            self.passed.append((case, step, posting, flags))

    def _posting(self, step: Step) -> Posting:
        """The officer's right to the step, read once for the batch."""
        if step.roles not in self.postings:
            self.postings[step.roles] = require(self.by, *step.roles)
        return self.postings[step.roles]

    def carried_out(self) -> Outcome:
        self.outcome.events = events = [self._moved(*one) for one in self.passed]
        CaseEvent.objects.bulk_create(events, batch_size=ROWS_AT_ONCE)
        cases = [case for case, *_rest in self.passed]
        weigh(cases)
        changed = any(event.facts is not None and not event.decides for event in events)
        columns = [*MOVED, *FACTS] if changed or self.adds else MOVED
        Case.everywhere.bulk_update(cases, columns, batch_size=ROWS_AT_ONCE)
        self._post_and_remove()
        return self.outcome

    def _moved(
        self, case: Case, step: Step, posting: Posting, flags: Sequence[Flagged]
    ) -> CaseEvent:
        source, hash_before = case.state, case.facts_hash
        if step.way == Way.RETURN:
            put_facts(case, without_steps(case.facts))
        elif adds := self.adds.get(case.pk):
            known = case.facts.get(STEPS, {})
            put_facts(case, case.facts | {STEPS: known | {step.name: dict(adds)}})
        case.state, case.version = step.target, case.version + 1
        if source != case.state:
            case.entered_state_on, case.entered_by = business_date(), step.name
        if case.state in machine_of(case.kind).final_states():
            case.closed_at = timezone.now()
        return event_of(
            case,
            step.name,
            by=self.by,
            posting=posting,
            from_state=source,
            note=self.note,
            evidence=self.evidence | _kept(flags),
            facts=case.facts if step.decides or case.facts_hash != hash_before else None,
            decides=step.decides,
        )

    def _post_and_remove(self) -> None:
        posted: dict[tuple[str, str], list[Case]] = {}
        left = []
        for case, step, *_rest in self.passed:
            if step.notice:
                posted.setdefault((case.kind, step.notice), []).append(case)
            if step.way != Way.FORWARD:
                left.append(case.pk)
        remove_lines(left)
        for (_kind, days), cases in posted.items():
            place = str(self.evidence.get("place", ""))
            post_lists(cases, self.lines, step=self.step, days=days, place=place, by=self.by)


def legal_step(case: Case, name: str) -> Step:
    """The step `name` from where the case stands. Raises Refused."""
    refuse_closed(case)
    machine = machine_of(case.kind)
    try:
        return machine.step(case.state, name)
    except IllegalStep as error:
        message = _("This step is not possible now. The case stands at: %(state)s.")
        raise Refused(
            message % {"state": _(machine.states[case.state])}, code="illegal_step"
        ) from error


def refuse_hands(step: Step, case: Case, situation: Situation, *, by: Officer) -> None:
    """NotAllowed outside the posting, or when the officer had a hand in what the step rests on.

    Nobody decides on, or vouches for, facts that he recorded himself: `facts["hands"]` names
    whoever ever did.
    """
    require_within(by, case.division_id)
    if hand := same_hand(step, situation.hands + situation.records.hands, by.pk):
        message = _("You took part in this case on %(day)s. Another officer must take this step.")
        raise NotAllowed(message % {"day": day_text(hand.on)}, code="same_hand")
    if (step.decides or step.vouches) and by.pk in case.facts.get("hands", []):
        message = _("You recorded the facts of this case. Another officer must decide.")
        if not step.decides:
            message = _("You recorded the facts of this case. Another officer must check them.")
        raise NotAllowed(message, code="same_hand")


def refuse_incomplete(step: Step, evidence: Mapping[str, Any], note: str) -> None:
    """Incomplete when an entry of the step's form is missing or impossible."""
    _raise(evidence_faults(step, evidence, note, business_date()))


def refuse_other_flags(flags: Sequence[Flagged], looked_at: str | None) -> None:
    """Refused when the flags are others than those of the digest; None where nobody looked."""
    if looked_at is None or looked_at == flags_seen(flags):
        return
    text = _("No flag stands against this case any more. Look at it again, then decide.")
    if flags:
        text = _("The flags of this case changed since you looked. Now: %(flags)s.")
        text %= {"flags": _flag_words(flags)}
    raise Refused(text, code="flags_changed")


def _flag_words(flags: Iterable[Flagged]) -> str:
    return _(", ").join(_(one.label) for one in flags)


def refuse_unanswered(flags: Sequence[Flagged], note: str) -> None:
    """Incomplete when the case is flagged and nothing is said of it."""
    if not flags or note.strip():
        return
    text = _("This case is flagged: %(flags)s. Say why you decide so all the same.")
    text %= {"flags": _flag_words(flags)}
    raise Incomplete(text, details={"fields": {"note": text}})


def _kept(flags: Sequence[Flagged]) -> dict[str, Any]:
    """The flags that a step answered, with their figures, as its event keeps them."""
    kept = [{"code": one.code, "values": dict(one.values)} for one in flags]
    return {ANSWERED: kept} if kept else {}


def refuse_faults(machine: Machine, step: Step, situation: Situation) -> None:
    """Refused, or Incomplete for a fault at an entry, when the situation forbids the step."""
    _raise(step_faults(machine, step, situation))


def _raise(faults: Iterable[Fault]) -> None:
    said = [(fault.field, _(fault.text) % fault.values) for fault in faults]
    at_case = [text for name, text in said if not name]
    if at_case:
        raise Refused(" ".join(at_case), code="not_now")
    if said:
        raise Incomplete(_("Some entries are missing or wrong."), details={"fields": dict(said)})
