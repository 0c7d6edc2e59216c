"""What a proposal rests on: copied into the case when it is accepted, hashed, and compared."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from households.explain import LABELS, facts_of
from households.models import Survey
from households.models.households import STATE_NAMES
from households.models.surveys import GUARANTEE_CHOICES
from households.rules import (
    GAPS,
    GUARANTEES,
    LACKS,
    MONEY,
    Kind,
    State,
    fen,
    find,
    named,
    per_capita_fen,
)
from reviews.models import Proposal, Review


def evidence_of(proposal: Proposal, survey: Survey, review: Review) -> dict[str, Any]:
    """The snapshot of an acceptable proposal: facts, standard, finding; JSON values, money as text.

    Source: design, evidence snapshot. `survey` is the one that the proposal names; the standard and
    the household must be loaded.
    """
    standard = review.standard
    finding = find(
        facts_of(survey), line_fen=fen(standard.line), monitoring_fen=fen(standard.monitoring_line)
    )
    return {
        "review": review.pk,
        "proposal": proposal.pk,
        "kind": Kind(proposal.kind).name.lower(),
        "year": review.year,
        "household": proposal.household.number,
        "village": proposal.village_id,
        "state": proposal.state,
        "persons": survey.persons,
        "survey": survey.pk,
        "facts": survey_values(survey),
        "standard": {
            "id": standard.pk,
            "number": standard.number,
            "line": str(standard.line),
            "monitoring_line": str(standard.monitoring_line),
            "hash": standard.content_hash,
        },
        "finding": {
            "net_income": yuan(finding.net_fen),
            "per_capita": yuan(per_capita_fen(finding.net_fen, survey.persons)),
            "lacks": named(finding.lacks, LACKS),
            "gaps": named(finding.gaps, GAPS),
            "exit_ready": bool(finding.exit_ready),
            "at_risk": bool(finding.at_risk),
        },
    }


def survey_values(survey: Survey) -> dict[str, str | int | None]:
    """Each figure as exact text and each guarantee as its number; None while unknown."""
    amounts = {name: getattr(survey, name) for name in MONEY}
    values: dict[str, str | int | None] = {
        name: None if amount is None else str(amount) for name, amount in amounts.items()
    }
    return values | {name: getattr(survey, name) for name in GUARANTEES}


def yuan(fen_amount: int) -> str:
    """Fen as yuan with two places, ungrouped; zero is never signed."""
    sign, rest = ("-" if fen_amount < 0 else ""), abs(fen_amount)
    return f"{sign}{rest // 100}.{rest % 100:02d}"


def differences(
    proposal: Proposal, then: Survey | None, now: Survey | None, *, persons: int
) -> list[dict[str, Any]]:
    """What of a household is not any more as the proposal has it: label, before, after."""
    household = proposal.household
    before = {"village": proposal.village_id} | _shown(proposal.state, proposal.persons, then)
    after = {"village": household.village_id} | _shown(household.state, persons, now)
    labels = {
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
