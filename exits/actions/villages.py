"""The exit of a village: proposed with its figures, judged, carried, taken over, and its effect."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from exits.actions.listing import leave_list, lock_listed, refuse_exited
from exits.models import Judgement
from exits.procedure import VILLAGE_EXIT
from exits.queries.figures import Figures, figures_of, latest_of
from exits.queries.villages import VERIFY, difference, verified_with
from exits.rights import JUDGES
from exits.rules.villages import exit_faults
from officers.models import Officer
from officers.rights import require
from trail.actions import record
from trail.dates import business_date
from trail.errors import Refused, Stale
from trail.rules import digest
from trail.transactions import retried
from workflow.actions import Line, amend, open_case, take_step
from workflow.errors import Incomplete
from workflow.models import Case, CaseEvent

KIND = VILLAGE_EXIT.kind
JUDGED_IN = ("proposed", "returned")
NOTE_LENGTH = 200
DECIDING = (VERIFY, "approve")
COMPARED = ("year", "poor", "population", "limit_bp", "indicators")


@retried
@transaction.atomic
def propose_village(code: str, *, year: int, seen: str, by: Officer) -> Case:
    """Open the exit of a listed village on its figures of the year.

    `seen` is the digest of the facts that the officer saw. Raises NotAllowed; Refused when the
    village is not on the list or its figures do not allow it; Stale when they changed since;
    AlreadyOpen.
    """
    require(by, *VILLAGE_EXIT.openers, code=code)
    refuse_exited(lock_listed(code))
    figures = current(code, year)
    facts = figures.facts
    if digest(facts) != seen:
        raise Stale(_("The figures changed since you saw them. Compare, then propose anew."))
    against = exit_faults(figures.count, [one for one in figures.results if one.field])
    if faults := [*figures.year_faults, *against]:
        raise Refused(" ".join(_(one.text) % one.values for one in faults), code="not_ready")
    return open_case(KIND, code, code, facts, by=by)


def current(code: str, year: int) -> Figures:
    """The figures of a village as they stand now."""
    return figures_of([code], year)[code]


@dataclass(frozen=True)
class Finding:
    """What somebody found about an indicator on a day."""

    met: bool
    note: str
    on: date


@retried
@transaction.atomic
def judge_indicator(case_id: int, code: str, finding: Finding, *, by: Officer) -> Judgement:
    """Say whether an indicator without a figure is met, before the county verifies the case.

    The last one counts. Raises NotAllowed; Incomplete for faults; Refused later, or for an
    indicator that the record answers.
    """
    case = Case.everywhere.select_for_update().get(pk=case_id, kind=KIND)
    require(by, *JUDGES, code=case.division_id)
    if case.state not in JUDGED_IN:
        raise Refused(_("The county has verified the case. Let it be returned first."), code="late")
    asked = [one["code"] for one in case.facts["indicators"] if not one["field"]]
    if code not in asked:
        raise Refused(_("The record of the village answers this indicator."), code="not_judged")
    if faults := _finding_faults(finding, case):
        raise Incomplete(_("Some entries are missing or wrong."), details={"fields": faults})
    made = Judgement.objects.create(
        case=case,
        code=code,
        met=finding.met,
        note=finding.note.strip(),
        judged_by=by,
        judged_on=finding.on,
        at_version=case.version,
    )
    record(
        by=by,
        action="judge_indicator",
        subject=made,
        division=case.division_id,
        after={"code": code, "met": finding.met, "on": finding.on.isoformat()},
        origin=f"case:{case.pk}",
    )
    return made


def _finding_faults(finding: Finding, case: Case) -> dict[str, str]:
    faults = {}
    if not case.facts["year"] <= finding.on.year or finding.on > business_date():
        faults["on"] = _("The day must lie between the year of the figures and today.")
    if not finding.note.strip():
        faults["note"] = _("Write what was found.")
    elif len(finding.note) > NOTE_LENGTH:
        faults["note"] = _("Write at most 200 characters.")
    return faults


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
    """Take a step of the exit of a village; its approval takes the village off the list.

    The verification puts the judgements into the facts, and what came of them; the approval rests
    on these. Raises what `take_step` raises, and Stale, with the difference, when verification or
    approval would rest on figures that changed since.
    """
    listed = lock_listed(Case.everywhere.values_list("subject", flat=True).get(pk=case_id))
    case = Case.everywhere.select_for_update().get(pk=case_id)
    event = take_step(
        case_id,
        step,
        by=by,
        version=version,
        note=note,
        evidence=evidence,
        line=_line(case, listed.division.name),
        adds=verified_with(case) if step == VERIFY else None,
    )
    if event.step in DECIDING:
        refuse_changed(event.case)
    if event.to_state == "approved":
        leave_list(listed, event.case, by=by)
    return event


def _line(case: Case, name: str) -> Line:
    """What the notice in the township shows: the village, its households and its people.

    It is written for the villagers, whatever language the officer reads.
    """
    households = case.facts.get("households")
    group = ""
    if households:
        with override(settings.LANGUAGE_CODE):
            group = ngettext("%(count)s household", "%(count)s households", households)
        group %= {"count": f"{households:,}"}
    people = case.facts.get("people") or case.facts["population"] or 0
    return Line(group=group, householder=name, people=people)


def refuse_changed(case: Case) -> None:
    """Stale, with the differences, when the figures of the village are not those of the case."""
    now = current(case.subject, case.facts["year"]).facts
    if all(now[name] == case.facts[name] for name in COMPARED):
        return
    raise Stale(
        _(
            "The figures of the village changed after they were put into this case."
            " Take over the new figures, then decide."
        ),
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
    facts = latest_of(case.subject, case.facts["year"]).facts
    return amend(case_id, by=by, facts=facts, version=version, note=note)
