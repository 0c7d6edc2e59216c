"""Opening cases, and replacing the facts of an open one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from divisions.scope import require_within
from officers.models import Officer, Posting
from officers.rights import require
from trail.dates import business_date, day_text
from trail.errors import Refused, Stale
from trail.rules import canonical, digest
from trail.transactions import retried
from workflow.actions.weighing import WEIGHED, weigh
from workflow.errors import AlreadyOpen, Incomplete
from workflow.machine import AMEND, OPEN, STEPS
from workflow.models import Case, CaseEvent
from workflow.procedures import machine_of
from workflow.queries import changes_since, open_cases_of, situations
from workflow.rules import facts_fault

ROWS_AT_ONCE = 1000
REPLACED = (
    "facts", "facts_hash", "version", "state", "entered_state_on", "entered_by", *WEIGHED,
)  # fmt: skip
NEW_CASES = """
    INSERT INTO workflow_case (kind, subject, division_id, state, risk, flags, facts, facts_hash,
        version, proposed_by_id, opened_on, entered_state_on)
    SELECT kind, subject, division_id, state, risk, string_to_array(flags, ','), facts, facts_hash,
        1, %s, %s, %s
    FROM unnest(%s, %s, %s, %s, %s::integer[], %s, %s::jsonb[], %s)
        AS new (kind, subject, division_id, state, risk, flags, facts, facts_hash)
    ORDER BY kind, subject
    RETURNING kind, subject, id, opened_at
"""
FIRST_EVENTS = """
    INSERT INTO workflow_caseevent (case_id, seq, step, from_state, to_state, actor_id, actor_name,
        role, posted_to, "on", note, evidence, facts, facts_hash, decides)
    SELECT id, version, %s, '', state, %s, %s, %s, %s, opened_on, '', '{}', facts, facts_hash, false
    FROM workflow_case WHERE id = ANY(%s) ORDER BY id
"""


@dataclass(frozen=True)
class Opening:
    """A case to open: `subject` is a household number or division code, in `division`."""

    kind: str
    subject: str
    division: str
    facts: Mapping[str, Any]


def open_case(
    kind: str, subject: str, division: str, facts: Mapping[str, Any], *, by: Officer
) -> Case:
    """Open one case. Raises what `open_cases` raises."""
    return open_cases([Opening(kind, subject, division, facts)], by=by)[0]


@retried
@transaction.atomic
def open_cases(openings: Sequence[Opening], *, by: Officer) -> list[Case]:
    """Open all the cases or none, in the order given; each starts where its machine says.

    `facts["state"]` is the state of the subject. Raises NotAllowed; AlreadyOpen, naming the first
    subject with an open case of the kind; Refused for a subject whose state has no such case.
    """
    postings = {
        kind: require(by, *machine_of(kind).openers)
        for kind in sorted({opening.kind for opening in openings})
    }
    for division in {opening.division for opening in openings}:
        require_within(by, division)
    refuse_second(openings)
    cases = _created(sorted(openings, key=lambda one: (one.kind, one.subject)), by)
    _record_openings(cases, postings, by)
    by_subject = {(case.kind, case.subject): case for case in cases}
    return [by_subject[opening.kind, opening.subject] for opening in openings]


def refuse_second(openings: Iterable[Opening]) -> None:
    """AlreadyOpen when a subject has an open case of the same kind, or comes twice."""
    wanted: dict[str, list[str]] = {}
    for opening in openings:
        wanted.setdefault(opening.kind, []).append(opening.subject)
    for kind, subjects in wanted.items():
        if found := open_cases_of(kind, subjects):
            raise already_open(kind, found)
        if len(set(subjects)) < len(subjects):
            raise ValueError(f"a subject comes twice among the openings of kind {kind}")


def already_open(kind: str, found: Mapping[str, Case]) -> AlreadyOpen:
    """The refusal that names the first of the open cases, by subject."""
    first = found[min(found)]
    message = _(
        "%(subject)s has an open case already: %(procedure)s, number %(case)s, opened on %(day)s."
        " Carry that one to its end first."
    )
    values = {
        "subject": first.subject,
        "procedure": _(machine_of(kind).label),
        "case": first.pk,
        "day": day_text(first.opened_on),
    }
    cases = {subject: case.pk for subject, case in found.items()}
    return AlreadyOpen(message % values, details={"cases": cases})


def _created(openings: Sequence[Opening], by: Officer) -> list[Case]:
    """Insert in key order, so that two batches cannot wait for each other in a circle."""
    today = business_date()
    cases = [_new_case(opening, by, today) for opening in openings]
    weigh(cases)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            for start in range(0, len(cases), ROWS_AT_ONCE):
                _insert(cursor, cases[start : start + ROWS_AT_ONCE], by, today)
    except IntegrityError:
        refuse_second(openings)
        raise
    return cases


def _insert(cursor: Any, cases: Sequence[Case], by: Officer, today: date) -> None:
    """Write new cases with one statement; the ORM takes three times as long for ten thousand."""
    columns = [
        [getattr(case, name) for case in cases]
        for name in ("kind", "subject", "division_id", "state", "risk")
    ]
    flags = [",".join(case.flags) for case in cases]
    facts = [canonical(case.facts) for case in cases]
    hashes = [case.facts_hash for case in cases]
    cursor.execute(NEW_CASES, [by.pk, today, today, *columns, flags, facts, hashes])
    made = {(kind, subject): rest for kind, subject, *rest in cursor.fetchall()}
    for case in cases:
        case.pk, case.opened_at = made[case.kind, case.subject]
        case._state.adding = False


def _new_case(opening: Opening, by: Officer, today: date) -> Case:
    machine = machine_of(opening.kind)
    state = machine.starts.get(opening.facts["state"])
    if state is None:
        message = _("%(subject)s is in a state for which there is no case “%(procedure)s”.")
        raise Refused(
            message % {"subject": opening.subject, "procedure": _(machine.label)},
            code="wrong_state",
        )
    return Case(
        kind=opening.kind,
        subject=opening.subject,
        division_id=opening.division,
        state=state,
        facts=dict(opening.facts),
        facts_hash=digest(opening.facts),
        proposed_by=by,
        opened_on=today,
        entered_state_on=today,
    )


def _record_openings(cases: Iterable[Case], postings: Mapping[str, Posting], by: Officer) -> None:
    """The first event of each case, copied from the case inside the database."""
    keys: dict[str, list[int]] = {}
    for case in cases:
        keys.setdefault(case.kind, []).append(case.pk)
    with connection.cursor() as cursor:
        for kind, own in keys.items():
            role, division = postings[kind].role, postings[kind].division_id
            cursor.execute(FIRST_EVENTS, [OPEN, by.pk, by.name, role, division, own])


def event_of(
    case: Case, step: str, *, by: Officer, posting: Posting, from_state: str = "", **fields: Any
) -> CaseEvent:
    """The event that brings a case to its present state and version, not yet saved."""
    return CaseEvent(
        case=case,
        seq=case.version,
        step=step,
        from_state=from_state,
        to_state=case.state,
        actor_id=by.pk,
        actor_name=by.name,
        role=posting.role,
        posted_to=posting.division_id,
        on=business_date(),
        facts_hash=case.facts_hash,
        **fields,
    )


@retried
@transaction.atomic
def amend(
    case_id: int, *, by: Officer, facts: Mapping[str, Any], version: int, note: str
) -> CaseEvent:
    """Replace the facts of an open case; the amender can decide on it no more.

    The case goes back behind the steps that rested on the old ones (`Machine.restarts`).
    Raises NotAllowed; Stale when the case moved since `version`; Incomplete without a note; Refused
    when the case is closed, decided or on notice, or the facts are the same.
    """
    case = Case.everywhere.select_for_update().get(pk=case_id)
    machine, source = machine_of(case.kind), case.state
    posting = require(by, *machine.openers, code=case.division_id)
    refuse_stale(case, version)
    refuse_closed(case)
    refuse_ahead(case)
    refuse_settled(case)
    if not note.strip():
        raise Incomplete(_("Say why."), details={"fields": {"note": _("Say why.")}})
    if without_steps(facts) == without_steps(case.facts):
        raise Refused(_("The facts are the same. There is nothing to replace."), code="no_change")
    put_facts(case, without_steps(facts))
    case.version += 1
    case.state = machine.restarts.get(source, source)
    if case.state != source:
        case.entered_state_on, case.entered_by = business_date(), AMEND
    weigh([case])
    case.save(update_fields=REPLACED)
    event = event_of(
        case, AMEND, by=by, posting=posting, from_state=source, note=note, facts=case.facts
    )
    event.save(force_insert=True)
    return event


def without_steps(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts without what steps of a run put into them."""
    return {name: value for name, value in facts.items() if name != STEPS}


def put_facts(case: Case, facts: Mapping[str, Any]) -> None:
    """Let a case rest on these facts, with their hash; unsaved."""
    case.facts, case.facts_hash = dict(facts), digest(facts)


def refuse_ahead(case: Case) -> None:
    """Refused while the clock stands before the last step, as after it was set back."""
    if case.entered_state_on > business_date():
        raise Refused(
            _("The last step was taken on %(day)s, which is later than today. Check the date.")
            % {"day": day_text(case.entered_state_on)},
            code="not_now",
        )


def refuse_stale(case: Case, version: int) -> None:
    """Stale, with who did what since, when the case is not at `version` any more."""
    if case.version != version:
        raise stale(case, version)


def stale(case: Case, version: int) -> Stale:
    """The refusal for an officer who saw `version`: what happened since, by whom and when."""
    since = changes_since(case, version)
    message = _(
        "%(name)s changed this case while you were looking at it. Compare, then decide anew."
    )
    return Stale(
        message % {"name": since.name}, details={"differences": since.differences, "at": since.at}
    )


def refuse_settled(case: Case) -> None:
    """Refused when the facts of the case have been noticed in public or decided on."""
    if fault := facts_fault(machine_of(case.kind), situations([case])[case.pk]):
        raise Refused(_(fault.text), code="facts_settled")


def refuse_closed(case: Case) -> None:
    """Refused when a final step has closed the case."""
    if case.closed_at is not None:
        raise Refused(_("The case is closed. Nothing in it changes any more."), code="closed")
