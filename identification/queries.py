"""Reading what this app keeps about cases: for the machine, for actions and for pages."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from django.db.models import Count, Q

from divisions.scope import in_range
from households.models import Household
from identification.models import Appeal, Application, Comparison, RedLineHit
from identification.procedure import BY_COMPARING, BY_RED_LINE, IDENTIFICATION, REINCLUSION
from officers.models import Officer
from trail.dates import business_date
from trail.models import Change
from workflow.machine import Hand, Records
from workflow.models import Case, CaseEvent
from workflow.parameters import CORRECTION_DAYS, RED_LINES, red_line_key
from workflow.queries import parameter, parameters_in_force

Row = TypeVar("Row", Comparison, RedLineHit, Appeal)
KINDS = (IDENTIFICATION.kind, REINCLUSION.kind)
CHECK_STEPS = {"noticed": ("review", 9), "reviewed": ("recheck", 6)}
"""Where a case waits for a check on site: the step, and how far its share counts."""


def effects_of(division: str) -> dict[str, str]:
    """What each red line does in the division this year: reject, explain or off."""
    keys = {red_line_key(rule): rule for rule in RED_LINES}
    found = parameters_in_force(keys, division[:6], business_date().year)
    return {keys[key]: one.value for key, one in found.items()}


def records_of(cases: Sequence[Case]) -> dict[int, Records]:
    """What stands on record about each case, as `identification.rules` reads it."""
    keys = [case.pk for case in cases]
    kin = dict(Application.objects.filter(case__in=keys).values_list("case", "kin_of_official"))
    answers = _by_case(Comparison.objects.filter(case__in=keys))
    appeals = _by_case(Appeal.objects.filter(case__in=keys))
    lines = list(RedLineHit.objects.filter(case__in=keys).select_related("case"))
    hits = _by_case(one for one in lines if one.withdrawn_on is None)
    lifted = _lifted_by([one for one in lines if one.withdrawn_on])
    effects = {code: effects_of(code) for code in {hit.case.division_id for hit in _flat(hits)}}
    checks = _Checks(business_date().year)
    found = {}
    for case in cases:
        own, said = hits.get(case.pk, []), appeals.get(case.pk, [])
        values = {
            "is_kin": kin.get(case.pk, False),
            "answers": len(answers.get(case.pk, [])),
            "open_appeals": sum(one.resolved_on is None for one in said),
            "upheld": sum(one.upheld is True for one in said),
            "dismissed": tuple(one.resolved_on for one in said if one.upheld is False),
            **standing_lines_of(own, effects.get(case.division_id, {})),
            **checks.of(case),
        }
        hands = [
            Hand(one.recorded_by_id, BY_COMPARING, "", one.on) for one in answers.get(case.pk, [])
        ]
        hands += [Hand(one.recorded_by_id, BY_RED_LINE, "", one.recorded_on) for one in own]
        hands += [
            Hand(one.accepted_by_id, BY_RED_LINE, "", one.accepted_on)
            for one in own
            if one.accepted_by_id and one.accepted_on
        ]
        found[case.pk] = Records(values, (*hands, *lifted.get(case.pk, [])))
    return found


def _lifted_by(lines: list[RedLineHit]) -> dict[int, list[Hand]]:
    """Who withdrew a red line of a case, from the trace; he does not decide on that case either."""
    if not lines:
        return {}
    cases = {str(one.pk): one.case_id for one in lines}
    acts = Change.objects.filter(
        action="withdraw_red_line",
        subject_kind=RedLineHit._meta.label_lower,
        subject_id__in=cases,
    ).values_list("subject_id", "actor_id", "business_date")
    found: dict[int, list[Hand]] = {}
    for subject, officer, on in acts:
        if officer is not None:
            found.setdefault(cases[subject], []).append(Hand(officer, BY_RED_LINE, "", on))
    return found


def standing_lines_of(hits: Iterable[RedLineHit], effects: Mapping[str, str]) -> dict[str, int]:
    """How many hits stand unclear, and how many reject the case."""
    wanted = [effects.get(hit.rule) for hit in hits if hit.accepted_by_id is None]
    rejecting = [hit for hit in hits if effects.get(hit.rule) == "reject"]
    return {"unclear": wanted.count("explain"), "barred": len(rejecting)}


def _by_case(rows: Iterable[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {}
    for one in rows:
        found.setdefault(one.case_id, []).append(one)
    return found


def _flat(hits: Mapping[int, Iterable[RedLineHit]]) -> list[RedLineHit]:
    return [hit for own in hits.values() for hit in own]


class _Checks:
    """How many cases of a township's or county's year passed, and how many checked on site."""

    def __init__(self, year: int):
        self.year = year
        self.read: dict[tuple[str, str], dict[str, int]] = {}

    def of(self, case: Case) -> dict[str, int]:
        if case.state not in CHECK_STEPS:
            return {}
        step, digits = CHECK_STEPS[case.state]
        place = case.division_id[:digits]
        if (step, place) not in self.read:
            self.read[step, place] = checks_of_year(step, place, self.year)
        return self.read[step, place]


def checks_of_year(step: str, place: str, year: int) -> dict[str, int]:
    """Cases that passed `step` within a division in a year: `done`, and `checked` of them."""
    passed = CaseEvent.objects.filter(
        in_range("case__division_id", place),
        case__kind__in=KINDS,
        step=step,
        on__range=(date(year, 1, 1), date(year, 12, 31)),
    )
    return passed.aggregate(
        done=Count("pk"), checked=Count("pk", filter=Q(evidence__checked="yes"))
    )


@dataclass(frozen=True)
class Remarks:
    """Why a case was returned: remarks by field ("incomes.wage_income"), and what is to be done.

    `due_on` is the last day for the correction; `times` says how often the case came back.
    """

    case: Case
    note: str
    fields: dict[str, str]
    officer: str
    on: date
    due_on: date
    times: int


def remarks_for(household: Household, officer: Officer) -> Remarks | None:
    """What the officer reads at the fields of a household whose case was returned; else None.

    They stand until the village has visited again.
    """
    case = (
        Case.objects.visible_to(officer)
        .open()
        .filter(kind__in=KINDS, subject=household.number, state="applied")
        .first()
    )
    return remarks_of_case(case) if case else None


def remarks_of_case(case: Case) -> Remarks | None:
    """The same for the case itself; None while it waits for no correction."""
    if case.state != "applied" or case.closed_at:
        return None
    returns = list(case.events.filter(step="return").order_by("seq"))
    if not returns:
        return None
    last = returns[-1]
    days = parameter(CORRECTION_DAYS, case.division_id, last.on.year)
    return Remarks(
        case=case,
        note=last.note,
        fields=dict(last.evidence.get("remarks") or {}),
        officer=last.actor_name,
        on=last.on,
        due_on=last.on + timedelta(days=days),
        times=len(returns),
    )
