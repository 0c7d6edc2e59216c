"""Reading cases, notices and parameters for actions and pages."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext as _

from divisions.scope import NATION
from officers.models import Officer
from trail.dates import business_date
from workflow.machine import (
    AMEND,
    END,
    FACTS,
    OPEN,
    POSTING,
    Fault,
    Flagged,
    Hand,
    Posted,
    Records,
    Situation,
    Step,
    Way,
    Weighed,
)
from workflow.models import Case, CaseEvent, NoticeLine, Objection, PolicyParameter
from workflow.parameter_kinds import Setting, amount
from workflow.parameters import PARAMETERS
from workflow.procedures import machine_of, reader_of, weigher_of
from workflow.rules import heard_steps, resolver_fault, same_hand

COUNTY_DIGITS = (2, 4, 6)


class NoParameter(LookupError):
    """No value of that parameter was ever set for the place and year."""


def parameter(key: str, code: str, year: int) -> Any:
    """The value that holds in division `code` in `year`. Raises NoParameter.

    The nearest division that speaks wins: county, city, province, nation; there the latest year not
    after `year`; there the highest version. Of one that nobody may undercut, the highest value.
    """
    found = parameters_in_force([key], code, year)
    if key not in found:
        raise NoParameter(f"{key} for {code} in {year}")
    return found[key].value


def speakers_for(code: str) -> list[str]:
    """The divisions whose parameters can hold in division `code`, the nation first."""
    return [NATION, *(code[:digits] for digits in COUNTY_DIGITS if digits <= len(code))]


def parameters_in_force(keys: Iterable[str], code: str, year: int) -> dict[str, PolicyParameter]:
    """Of each key the row that holds in division `code` in `year`, with its division."""
    found = (
        PolicyParameter.objects.standing()
        .filter(division_id__in=speakers_for(code), key__in=list(keys), year__lte=year)
        .order_by("key", "-division_id", "-year", "-version")
        .distinct("key", "division_id")
        .select_related("division")
    )
    held: dict[str, PolicyParameter] = {}
    for wider in found:
        nearer = held.setdefault(wider.key, wider)
        if is_stricter(wider.key, wider.value, nearer.value):
            held[wider.key] = wider
    return held


def is_stricter(key: str, value: Any, other: Any) -> bool:
    """Whether `value` asks for more than `other`, of a parameter where more is stricter."""
    known = PARAMETERS.get(key)
    strict = known is not None and known.setting == Setting.STRICTER
    return strict and amount(value) > amount(other)


def open_cases_of(kind: str, subjects: Iterable[str]) -> dict[str, Case]:
    """The open cases of one kind by subject, without their facts."""
    wanted = list(subjects)
    found = Case.everywhere.open().filter(kind=kind, subject__in=wanted).defer("facts")
    return {case.subject: case for case in found}


def went_back(cases: Sequence[Case]) -> dict[int, CaseEvent]:
    """The event by which each case last went back, where it ever did: what came before counts no
    more. Facts are left out.
    """
    if not cases:
        return {}
    machines = [machine_of(kind) for kind in {case.kind for case in cases}]
    returns = {step.name for one in machines for step in one.steps if step.way == Way.RETURN}
    sent_back = Q(step=AMEND) & ~Q(from_state=F("to_state"))
    found = CaseEvent.objects.filter(sent_back | Q(step__in=returns), case__in=cases)
    return {event.case_id: event for event in found.defer("facts").order_by("case_id", "seq")}


@dataclass(frozen=True)
class Since:
    """What happened to a case since an officer looked: by whom last, when, and the differences."""

    name: str
    at: datetime
    differences: list[dict[str, Any]]


def changes_since(case: Case, version: int) -> Since:
    """What the case was at `version` against what it is; `version` is the number of an event."""
    machine = machine_of(case.kind)
    found = case.events.filter(seq__in=[version, case.version]).defer("facts")
    events = {event.seq: event for event in found}
    last, then = events[case.version], events.get(version)
    differences = [
        {
            "label": _("Where the case stands"),
            "before": _(machine.states[then.to_state]) if then else "",
            "after": _(machine.states[case.state]),
        },
        {
            "label": _("Last act"),
            "before": act_label(case.kind, then.step) if then else "",
            "after": act_label(case.kind, last.step),
        },
    ]
    if case.events.filter(step=AMEND, seq__gt=version).exists():
        differences.append(
            {
                "label": _("Facts"),
                "before": _("as you saw them"),
                "after": _("replaced by new ones"),
            }
        )
    return Since(last.actor_name, last.at, differences)


def act_label(kind: str, step: str) -> str:
    """What an event's step is called; a step of an earlier form of the procedure by its name."""
    if step == OPEN:
        return _("Case opened")
    if step == AMEND:
        return _("Facts replaced")
    if step == END:
        return _("Ended by the decision on another case")
    steps = machine_of(kind).steps
    return next((_(one.label) for one in steps if one.name == step), step)


def standing_lines(cases: Sequence[int]) -> dict[int, list[NoticeLine]]:
    """The standing lines of cases with their notices, by case."""
    found: dict[int, list[NoticeLine]] = {}
    lines = NoticeLine.objects.standing().filter(case_id__in=cases).select_related("notice")
    for line in lines:
        found.setdefault(line.case_id, []).append(line)
    return found


def heard_lines(case: Case) -> list[NoticeLine]:
    """The standing lines that can still be objected to, with their notices, the latest first."""
    steps = heard_steps(machine_of(case.kind), case.state)
    lines = case.notice_lines.standing().filter(notice__step__in=steps)
    return list(lines.select_related("notice").order_by("-id"))


def open_objections(cases: Sequence[int]) -> dict[int, int]:
    """How many objections are open, by case."""
    found: dict[int, int] = {}
    for case in (
        Objection.objects.open()
        .filter(line__case_id__in=cases)
        .values_list("line__case_id", flat=True)
    ):
        found[case] = found.get(case, 0) + 1
    return found


def resolver_faults(officer: Officer, objections: Sequence[Objection]) -> dict[int, Fault]:
    """Of these objections those that the officer may not resolve, each with the reason."""
    cases = {one.line.case_id: one.line.case for one in objections}
    if not cases:
        return {}
    acts: dict[int, list[Hand]] = {key: list(_beginners_of(case)) for key, case in cases.items()}
    own = CaseEvent.objects.filter(case_id__in=cases, actor_id=officer.pk).order_by("pk")
    for case_id, step, state, on in own.values_list("case_id", "step", "to_state", "on"):
        acts[case_id].append(Hand(officer.pk, step, state, on))
    for key, kept in _records(list(cases.values())).items():
        acts[key] += kept.hands
    found = {}
    for one in objections:
        notice, case = one.line.notice, one.line.case
        poster = Hand(notice.posted_by_id, POSTING, "", notice.posted_on)
        found[one.pk] = resolver_fault(
            machine_of(case.kind),
            recorder=one.recorded_by_id,
            acts=[*acts[case.pk], poster],
            officer=officer.pk,
        )
    return {key: fault for key, fault in found.items() if fault}


def _beginners_of(case: Case) -> Iterable[Hand]:
    """Who proposed the case, and who recorded its facts."""
    yield Hand(case.proposed_by_id, OPEN, "", case.opened_on)
    for officer in case.facts.get("hands", []):
        yield Hand(officer, FACTS, "", case.opened_on)


def held_back(officer: Officer, steps: Mapping[int, Step]) -> set[int]:
    """The cases, of those given with a step of his role, in which another than he must take it."""
    own_steps = {key: step for key, step in steps.items() if officer.acting_role in step.roles}
    hands: dict[int, list[Hand]] = {}
    columns = ("case_id", "actor_id", "step", "to_state", "on")
    own = CaseEvent.objects.filter(case_id__in=own_steps, actor_id=officer.pk)
    for case_id, *values in own.values_list(*columns):
        hands.setdefault(case_id, []).append(Hand(*values))
    return {key for key, acts in hands.items() if same_hand(steps[key], acts, officer.pk)}


def situations(
    cases: Sequence[Case], *, evidence: Mapping[str, Any] | None = None
) -> dict[int, Situation]:
    """What decides on each case's next steps, as values.

    Reads events, standing lines, objections, what the app of their procedure keeps, and the
    parameters that steps from there name.
    """
    keys, today = [case.pk for case in cases], business_date()
    followed = {case.pk: machine_of(case.kind).followed_days() for case in cases}
    hands: dict[int, list[Hand]] = {}
    columns = ("case_id", "actor_id", "step", "to_state", "on", "evidence")
    events = CaseEvent.objects.filter(case_id__in=keys).values_list(*columns)
    for case_id, by, step, state, on, entries in events:
        days = days_in(entries, followed[case_id])
        hands.setdefault(case_id, []).append(Hand(by, step, state, on, days))
    lines, objections = standing_lines(keys), open_objections(keys)
    known, kept = _Parameters(today.year), _records(cases)
    return {
        case.pk: Situation(
            state=case.state,
            facts=case.facts,
            today=today,
            hands=tuple(hands.get(case.pk, ())),
            posted=tuple(
                Posted(line.notice.step, line.notice.last_day) for line in lines.get(case.pk, ())
            ),
            open_objections=objections.get(case.pk, 0),
            evidence=evidence or {},
            parameters=known.of(case),
            records=kept.get(case.pk, Records()),
            flags=tuple(case.flags),
        )
        for case in cases
    }


def days_in(entries: Mapping[str, Any], names: Iterable[str]) -> dict[str, date]:
    """Those of the entries of an event that are days of these names."""
    found = {name: entries[name] for name in names if entries.get(name)}
    return {name: date.fromisoformat(written) for name, written in found.items()}


def _records(cases: Sequence[Case]) -> dict[int, Records]:
    """What the apps keep about these cases."""
    by_kind: dict[str, list[Case]] = {}
    for case in cases:
        by_kind.setdefault(case.kind, []).append(case)
    found: dict[int, Records] = {}
    for kind, own in by_kind.items():
        if reader := reader_of(kind):
            found |= reader(own)
    return found


def flags_to_answer(cases: Iterable[Case], step: str) -> dict[int, tuple[Flagged, ...]]:
    """The flags that hold each case, by key, where the step of that name answers them."""
    asked = []
    for case in cases:
        taken = machine_of(case.kind).by_source.get((case.state, step))
        if taken and taken.answers_flags:
            asked.append(case)
    return {case.pk: found.flags for case, found in weighed(asked)}


def weighed(cases: Iterable[Case]) -> list[tuple[Case, Weighed]]:
    """The cases whose procedure weighs its risk, each with what comes out; saved or not."""
    by_kind: dict[str, list[Case]] = {}
    for case in cases:
        by_kind.setdefault(case.kind, []).append(case)
    found: list[tuple[Case, Weighed]] = []
    for kind, own in by_kind.items():
        if weigher := weigher_of(kind):
            found += zip(own, weigher(own), strict=True)
    return found


class _Parameters:
    """The parameters of many cases, each key read once for a county."""

    def __init__(self, year: int):
        self.year = year
        self.read: dict[tuple[str, str], Any] = {}

    def of(self, case: Case) -> dict[str, Any]:
        steps = machine_of(case.kind).steps_from(case.state)
        keys = {key for step in steps for key in step.parameters}
        return {key: self._value(key, case.division_id[:6]) for key in keys}

    def _value(self, key: str, county: str) -> Any:
        if (key, county) not in self.read:
            self.read[key, county] = parameter(key, county, self.year)
        return self.read[key, county]
