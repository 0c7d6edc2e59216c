"""The exit of a county: proposed with its figures, evaluated, carried, and its effect."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from exits.actions.listing import leave_list, lock_listed, refuse_exited
from exits.models import Evaluation
from exits.procedure import COUNTY_EXIT
from exits.queries.counties import (
    EVALUATE,
    difference,
    evaluated_with,
    facts_of,
    later_figures,
    latest_of,
    limits_differ,
    limits_in_force,
    standing_of,
)
from exits.queries.evaluations import on_record
from exits.rights import EVALUATORS
from exits.rules.counties import Sample, eligibility_faults
from exits.rules.evaluations import days_out_of_order, impossible_counts, unexplained_counts
from exits.rules.villages import year_faults
from households.rights import shown_count
from officers.models import Officer
from officers.rights import require
from teams.refusals import EntryRefused, refuse_invalid
from trail.actions import record
from trail.dates import business_date
from trail.errors import Refused, Stale
from trail.rules import digest
from trail.transactions import retried
from workflow.actions import Line, amend, open_case, take_step
from workflow.models import Case, CaseEvent

KIND = COUNTY_EXIT.kind
EVALUATED_IN = ("verified", "noticed")
CHECKED = ("review", "verify", "approve")
HELD_TO_LIMITS = (*CHECKED, "evaluate")


@retried
@transaction.atomic
def propose_county(code: str, *, year: int, seen: str, by: Officer) -> Case:
    """Open the exit of a listed county on its figures of the year.

    `seen` is the digest of the facts that the officer saw. Raises NotAllowed; Refused when the
    county is not on the list or not eligible; Stale when the figures changed since; AlreadyOpen.
    """
    require(by, *COUNTY_EXIT.openers, code=code)
    refuse_exited(lock_listed(code))
    facts = facts_of(code, year)
    if digest(facts) != seen:
        raise Stale(_("The figures changed since you saw them. Compare, then propose anew."))
    against = year_faults(year, later_figures(code, year), business_date())
    if faults := [*against, *eligibility_faults(standing_of(facts))]:
        raise Refused(" ".join(_(one.text) % one.values for one in faults), code="not_ready")
    return open_case(KIND, code, code, facts, by=by)


@dataclass(frozen=True)
class Report:
    """The report of a special evaluation: who, in which days, with which counts.

    `explanation` says why they differ from the register, where they do.
    """

    evaluator: str
    first_day: date
    last_day: date
    sample: Sample
    explanation: str = ""


@retried
@transaction.atomic
def record_evaluation(case_id: int, report: Report, *, by: Officer, origin: str = "") -> Evaluation:
    """Keep the result of the special evaluation of a county; a correction is another one.

    Possible from the verification until the result is taken over into the case. Raises NotAllowed;
    EntryRefused for faults; Refused before and after.
    """
    case = Case.everywhere.select_for_update().get(pk=case_id, kind=KIND)
    require(by, *EVALUATORS, code=case.division_id)
    if case.state not in EVALUATED_IN:
        text = _("A result is recorded between the verification and its taking over.")
        raise Refused(text, code="not_now")
    row = Evaluation(
        case=case,
        evaluator=report.evaluator.strip(),
        first_day=report.first_day,
        last_day=report.last_day,
        explanation=report.explanation.strip(),
        on_record=on_record(case),
        recorded_by=by,
        at_version=case.version,
        **vars(report.sample),
    )
    if faults := _report_faults(report, row.on_record, case.opened_on, by):
        raise EntryRefused(faults)
    refuse_invalid(row)
    row.save(force_insert=True)
    record(
        by=by,
        action="record_evaluation",
        subject=row,
        division=case.division_id,
        after=vars(report.sample)
        | {"evaluator": row.evaluator, "on_record": row.on_record, "explanation": row.explanation},
        origin=origin or f"case:{case.pk}",
    )
    return row


def _report_faults(
    report: Report, known: Mapping[str, int], opened_on: date, by: Officer
) -> list[tuple[str, str]]:
    faults = [
        *days_out_of_order(
            report.first_day, report.last_day, opened_on=opened_on, today=business_date()
        ),
        *impossible_counts(report.sample),
        *unexplained_counts(report.sample, known, report.explanation, partial(shown_count, by)),
    ]
    return [(one.field, _(one.text) % one.values) for one in faults]


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
    """Take a step of the exit of a county; the province's approval takes it off the list.

    The taking over of the evaluation puts its counts and rates into the facts; the approval rests
    on these. Raises what `take_step` raises, and Stale when the county is not eligible by the
    figures that stand now, or is held to other limits now. Births and moves alone, which change
    the figures every day, hold no case.
    """
    listed = lock_listed(Case.everywhere.values_list("subject", flat=True).get(pk=case_id))
    case = Case.everywhere.select_for_update().get(pk=case_id)
    line = _line(case, listed.division.name)
    event = take_step(
        case_id,
        step,
        by=by,
        version=version,
        note=note,
        evidence=evidence,
        line=line,
        adds=evaluated_with(case) if step == EVALUATE else None,
    )
    if event.step in HELD_TO_LIMITS:
        refuse_other_limits(event.case)
    if event.step in CHECKED:
        refuse_ineligible(event.case)
    if event.to_state == "approved":
        leave_list(listed, event.case, by=by)
    return event


def _line(case: Case, name: str) -> Line:
    """What the public notice shows, written for everybody there in the country's language."""
    villages = case.facts["villages"]
    with override(settings.LANGUAGE_CODE):
        group = ngettext("%(count)s poor village", "%(count)s poor villages", villages)
    group %= {"count": villages}
    return Line(group=group, householder=name, people=case.facts["population"])


def refuse_other_limits(case: Case) -> None:
    """Stale, with both, when the limits in the case are not those in force any more."""
    now = limits_in_force(case.subject, case.facts["year"])
    if case.facts["limits"] == now:
        return
    raise Stale(
        _(
            "The limits that counties are held to changed after they were put into this case."
            " Return it, let the new ones be taken over, then decide."
        ),
        code="facts_changed",
        details={"differences": limits_differ(case.facts["limits"], now)},
    )


def refuse_ineligible(case: Case) -> None:
    """Stale, with the differences, when the county would not be proposed on the figures of now."""
    now = facts_of(case.subject, case.facts["year"])
    faults = eligibility_faults(standing_of(now))
    if not faults:
        return
    why = " ".join(_(one.text) % one.values for one in faults)
    raise Stale(
        _("The figures of the county changed after they were put into this case.") + " " + why,
        code="facts_changed",
        details={"differences": difference(case.facts, now)},
    )


@retried
@transaction.atomic
def take_over(case_id: int, *, by: Officer, version: int, note: str) -> CaseEvent:
    """Replace the figures of an open case by those that stand now, of a later year if there are.

    Raises what `amend` raises.
    """
    case = Case.everywhere.get(pk=case_id, kind=KIND)
    lock_listed(case.subject)
    facts = latest_of(case.subject, case.facts["year"])
    return amend(case_id, by=by, facts=facts, version=version, note=note)
