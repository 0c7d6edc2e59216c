"""Correcting a frozen year: a case holds the facts before and after; its approval writes them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from households.actions.cases import lock_subject
from households.membership import member_digest
from households.models import Correction, Household, Survey, YearFreeze
from households.procedure import APPROVED, CORRECTION
from households.rules import GUARANTEES, MET, MONEY, NOT_APPLICABLE, NOT_MET
from households.snapshot import described_changes, person_numbers, survey_values
from officers.models import Officer
from officers.rights import require
from trail.actions import record
from trail.errors import Refused, Stale
from trail.transactions import retried
from workflow.actions import open_case, take_step
from workflow.errors import Incomplete
from workflow.models import Case, CaseEvent

TWO_PLACES = Decimal("0.01")
MOST = Decimal("99999999.99")
GUARANTEE_VALUES = (MET, NOT_MET, NOT_APPLICABLE)
TEXT_LENGTH = 200
"""Most characters of a reason and of what proves it."""


@retried
@transaction.atomic
def propose_correction(
    household: Household,
    *,
    year: int,
    seen: int | None,
    figures: Mapping[str, Decimal | int | None],
    reason: str,
    proof: str,
    by: Officer,
) -> Case:
    """Open the case that corrects the survey of a frozen year; `figures` are all eleven, by name.

    `seen` is the survey in force that the officer read, None where nobody had surveyed. Raises
    NotAllowed; Incomplete without reason or proof or with an impossible figure; Stale when another
    survey is in force by now; AlreadyOpen; Refused for a year that is not frozen there, and when no
    figure differs.
    """
    _refuse_faults(figures, {"reason": reason, "proof": proof})
    household = Household.everywhere.select_for_update().standing().get(pk=household.pk)
    require(by, *CORRECTION.openers, code=household.village_id)
    survey = survey_in_force(household, year)
    refuse_unfrozen(survey.village_id if survey else household.village_id, year)
    before, after = survey_values(survey), plain_figures(figures)
    refuse_moved(survey, seen, before=survey_values(survey_seen(household, year, seen)))
    if after == before:
        raise Refused(_("No figure differs. There is nothing to correct."), code="no_change")
    facts = {
        "state": int(household.state),
        "household": household.number,
        "village": household.village_id,
        "year": year,
        "survey": survey.pk if survey else None,
        **_people(household, survey),
        "before": before,
        "after": after,
        "reason": reason.strip(),
        "proof": proof.strip(),
    }
    case = open_case(CORRECTION.kind, household.number, household.village_id, facts, by=by)
    Correction.objects.create(case=case, household=household, year=year)
    return case


def survey_in_force(household: Household, year: int) -> Survey | None:
    """The survey of the year that no later one corrects; None where nobody surveyed."""
    return Survey.objects.filter(household=household, year=year).in_force().first()


def survey_seen(household: Household, year: int, seen: int | None) -> Survey | None:
    """The survey of the year that an officer read; None where it is none of this household."""
    return Survey.objects.filter(household=household, year=year, pk=seen).first() if seen else None


def refuse_unfrozen(village: str, year: int) -> None:
    """Refused where the year is not frozen: there an import brings the new figures."""
    if not YearFreeze.objects.over(village).filter(year=year).exists():
        raise Refused(
            _("The year %(year)s is not frozen here. Import the household with its new figures.")
            % {"year": year},
            code="not_frozen",
        )


def _refuse_faults(figures: Mapping[str, Decimal | int | None], texts: Mapping[str, str]) -> None:
    """Incomplete, by field, for a figure that no survey takes and a text without or over length."""
    faults = {
        name: _("Write at most %(most)s characters.") % {"most": TEXT_LENGTH}
        if text.strip()
        else _("Write this.")
        for name, text in texts.items()
        if not 0 < len(text.strip()) <= TEXT_LENGTH
    }
    for name, value in figures.items():
        if value is None:
            continue
        possible = 0 <= value <= MOST if name in MONEY else value in GUARANTEE_VALUES
        if not possible:
            faults[name] = _("This figure is not possible.")
    if faults:
        raise Incomplete(_("Say why, and what proves it."), details={"fields": faults})


def plain_figures(figures: Mapping[str, Decimal | int | None]) -> dict[str, str | int | None]:
    """As `households.snapshot` keeps values: money as text with two places."""
    return {
        name: str(value.quantize(TWO_PLACES)) if isinstance(value, Decimal) else value
        for name, value in figures.items()
    }


def _people(household: Household, survey: Survey | None) -> dict[str, Any]:
    """The persons that the survey counts and their digest; without one, the active members."""
    if survey:
        return {"persons": survey.persons, "members": str(survey.member_digest)}
    numbers = person_numbers([household.pk])[household.pk]
    if not numbers:
        raise Refused(_("The household has no active member to count."), code="no_members")
    return {"persons": len(numbers), "members": str(member_digest(numbers))}


def refuse_moved(survey: Survey | None, seen: int | None, *, before: Mapping[str, Any]) -> None:
    """Stale, with the figures that differ from `before`, when another survey is in force."""
    if (survey.pk if survey else None) == seen:
        return
    raise Stale(
        _("Another survey of this year is in force by now. Compare, then propose anew."),
        code="facts_changed",
        details={
            "differences": described_changes({"facts": before}, {"facts": survey_values(survey)})
        },
    )


@retried
@transaction.atomic
def advance(
    case_id: int,
    step: str,
    *,
    by: Officer,
    version: int,
    note: str = "",
    evidence: Mapping[str, Any] | None = None,
) -> CaseEvent:
    """Take a step of a correction; its approval writes the survey that corrects the one in force.

    Raises what `take_step` raises, and Stale when another survey is in force by now.
    """
    household = lock_subject(case_id)
    event = take_step(case_id, step, by=by, version=version, note=note, evidence=evidence)
    if event.to_state == APPROVED:
        _write(event.case, household, by)
    return event


def _write(case: Case, household: Household, by: Officer) -> Survey:
    """The corrected survey. Whoever proposed its figures is the one who recorded them."""
    facts = case.facts
    old = survey_in_force(household, facts["year"])
    refuse_moved(old, facts["survey"], before=facts["before"])
    survey = Survey(
        household=household,
        village_id=old.village_id if old else household.village_id,
        year=facts["year"],
        recorded_by_id=case.proposed_by_id,
        corrects=old,
        correction=case.correction,
        reason=facts["reason"],
        persons=facts["persons"],
        member_digest=facts["members"],
        **{name: _stored(name, facts["after"][name]) for name in (*MONEY, *GUARANTEES)},
    )
    survey.full_clean(exclude=["batch"])
    survey.save(force_insert=True)
    changed = [name for name, value in facts["after"].items() if value != facts["before"][name]]
    record(
        by=by,
        action="correct_survey",
        subject=survey,
        division=survey.village_id,
        before={name: facts["before"][name] for name in changed},
        after={name: facts["after"][name] for name in changed},
        reason=facts["reason"],
        origin=f"case:{case.pk}",
    )
    return survey


def _stored(name: str, value: Any) -> Decimal | int | None:
    return Decimal(value) if name in MONEY and value is not None else value
