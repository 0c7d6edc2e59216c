"""What a proposal rests on: copied into the case when it is accepted, hashed, and compared."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from households.explain import LABELS
from households.models import Survey
from households.models.households import STATE_NAMES
from households.models.surveys import GUARANTEE_CHOICES
from households.rules import GUARANTEES, MONEY, Kind, State
from households.snapshot import snapshot_of
from reviews.models import KIND_NAMES, Proposal, Review


def evidence_of(
    proposal: Proposal,
    survey: Survey,
    review: Review,
    members: Sequence[str],
    hands: Sequence[int],
) -> dict[str, Any]:
    """The snapshot of an acceptable proposal (see households.snapshot), with where it came from.

    `survey` is the one that the proposal names, `hands` are its recorders, `members` the person
    numbers of the active members; the standard and the household must be loaded. Source: design,
    evidence snapshot.
    """
    facts = snapshot_of(proposal.household, review.year, review.standard, members, survey, hands)
    return facts | {
        "review": review.pk,
        "proposal": proposal.pk,
        "kind": Kind(proposal.kind).name.lower(),
    }


def differences(
    proposal: Proposal, then: Survey | None, now: Survey | None, *, persons: int
) -> list[dict[str, Any]]:
    """What of a household is not any more as the proposal has it: label, before, after."""
    household = proposal.household
    before = {"village": proposal.village_id} | _shown(proposal.state, proposal.persons, then)
    after = {"village": household.village_id} | _shown(household.state, persons, now)
    return _compared(before, after)


def changes_between(
    earlier: Proposal, later: Proposal, surveys: Mapping[int, Survey]
) -> list[dict[str, Any]]:
    """What a newer proposal of a household says otherwise than the one whose place it took."""
    return _compared(_of_proposal(earlier, surveys), _of_proposal(later, surveys))


def _of_proposal(proposal: Proposal, surveys: Mapping[int, Survey]) -> dict[str, str]:
    kind, village = str(KIND_NAMES[Kind(proposal.kind)]), proposal.village_id
    survey = surveys.get(proposal.survey_id or 0)
    return {"kind": kind, "village": village} | _shown(proposal.state, proposal.persons, survey)


def _compared(before: Mapping[str, str], after: Mapping[str, str]) -> list[dict[str, Any]]:
    labels = {
        "kind": _("Proposal"),
        "village": _("Village"),
        "state": _("State"),
        "persons": _("People"),
        "survey": _("Survey"),
    } | LABELS
    return [
        {"label": labels[name], "before": before[name], "after": after[name]}
        for name in before
        if before[name] != after[name]
    ]


def _shown(state: int, persons: int, survey: Survey | None) -> dict[str, str]:
    shown = {
        "state": str(STATE_NAMES[State(state)]),
        "persons": str(persons),
        "survey": _("none") if survey is None else f"{_('number')} {survey.pk}",
    }
    guarantees = dict(GUARANTEE_CHOICES)
    for name in (*MONEY, *GUARANTEES):
        value: Any = None if survey is None else getattr(survey, name)
        known = f"{value:,.2f}" if isinstance(value, Decimal) else str(guarantees.get(value, ""))
        shown[name] = _("unknown") if value is None else known
    return shown
