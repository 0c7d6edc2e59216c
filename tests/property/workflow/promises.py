"""What a sequence of acts must keep, told without the rules of the product."""

from households.models import Household
from identification.models import RedLineHit
from workflow.models import Case, CaseEvent

VOUCHING = {"exit": {"verify", "check"}}
"""Steps beside the decisions that nobody takes who recorded the facts."""

AGAINST = {"refuse", "disagree", "doubt"}


def check_recorders(case: Case, household: Household, events: list[CaseEvent]) -> None:
    """Nobody decided on, or vouched for, facts of which he recorded any version."""
    versions = list(household.surveys.values_list("pk", "recorded_by_id"))
    survey = 0
    for event in events:
        survey = (event.facts or {}).get("survey", survey)
        if event.decides or event.step in VOUCHING.get(case.kind, ()):
            recorders = {officer for key, officer in versions if key <= survey}
            assert event.actor_id not in recorders, event.step


def check_years(events: list[CaseEvent]) -> None:
    """No exit was planned or approved on facts older than of the year before."""
    for event in events:
        if event.step in ("plan", "approve", "approve_first"):
            assert event.on.year - 1 <= event.facts["year"] <= event.on.year


def exits_before(case: Case) -> list[list[CaseEvent]]:
    """The acts of each exit of the household before this case."""
    cases = Case.everywhere.filter(kind="exit", pk__lt=case.pk).order_by("pk")
    return [list(one.events.all()) for one in cases]


def check_approvers(case: Case, events: list[CaseEvent]) -> None:
    """Who ever said no is answered; he leaves by two approvers, and so does who is flagged. Who
    doubted is the second of two, or none of them.
    """
    if events[-1].step != "approve":
        return
    before = exits_before(case)
    said = [event for acts in [*before, events] for event in acts]
    begun = max(place for place, one in enumerate(events) if one.to_state == "planned")
    run = events[begun:]
    steps = [one.step for one in run]
    approvers = {one.actor_id for one in run if one.step in ("approve", "approve_first")}
    noes = [place for place, one in enumerate(said) if one.step in ("refuse", "disagree")]
    flagged = any(one.evidence.get("flags") for one in run if one.step == "approve_first")
    alone = "approve_first" not in steps
    assert len(approvers) == (1 if alone else 2)
    assert alone != bool(noes or flagged)
    assert not (alone and run[-1].evidence.get("flags"))
    if noes:
        assert {one.step for one in said[noes[-1] :]} & {"answer", "check"}
    if any(is_failed(acts) for acts in before):
        assert "failed" in {flag["code"] for flag in run[-1].evidence["flags"]}
    first = {one.actor_id for one in run if one.step == "approve_first"}
    judging_doubt = {run[-1].actor_id} if alone else first
    assert not judging_doubt & {one.actor_id for one in run if one.step == "doubt"}
    if "refuse" in steps:
        assert steps.index("answer") < steps.index("post")


def check_red_lines(case: Case, events: list[CaseEvent]) -> None:
    """Nothing was approved over a red line that stood, nor by who judged one."""
    hits = RedLineHit.objects.filter(case=case)
    if events[-1].step == "approve":
        assert not [hit for hit in hits if hit.accepted_by_id is None]
        hands = {officer for hit in hits for officer in (hit.recorded_by_id, hit.accepted_by_id)}
        assert events[-1].actor_id not in hands


def is_failed(acts: list[CaseEvent]) -> bool:
    """Whether an exit was rejected, or withdrawn after somebody said something against it."""
    steps = {event.step for event in acts}
    return acts[-1].to_state == "rejected" or bool(steps & AGAINST)
