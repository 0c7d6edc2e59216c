"""Absences with permission: asked for by a member, decided as a case, written into his days."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from officers.models import Officer
from officers.rights import require
from officers.rules import Role
from teams.actions.days import locked, put
from teams.models import Absence, Presence, Term
from teams.models.presence import ABSENCE_FIELD
from teams.procedure import ABSENCE, APPROVED, BEGIN
from teams.queries.standing import standing_of
from teams.refusals import EntryRefused
from teams.rules.presence import AbsenceKind, Source, needs_county, status_of
from teams.rules.terms import Span, merged
from trail.dates import business_date
from trail.errors import NotAllowed, Refused
from trail.sealing import seal
from trail.transactions import retried
from workflow.actions import open_case, take_step
from workflow.models import Case, CaseEvent
from workflow.parameters import PRESENCE_TOWNSHIP_LEAVE_DAYS
from workflow.queries import parameter

MOST_DAYS = 366
LOOKED_BACK_DAYS = 30
STANDING_STATES = ("asked", "passed_on", APPROVED)
GIVE_WAY = (Source.VILLAGE, Source.IMPORT)
"""What an approval writes over; a sign-in and an inspection stay."""


@dataclass(frozen=True)
class Asked:
    """What somebody asks for: why and from when to when he is away, in his words."""

    kind: AbsenceKind
    days: Span
    reason: str


@retried
@transaction.atomic
def ask_absence(asked: Asked, *, by: Officer) -> Case:
    """Open the case of an absence of the officer himself, for the township or the county.

    Raises NotAllowed; Refused without a term of his own here today; EntryRefused with the faults;
    AlreadyOpen while another request waits.
    """
    require(by, Role.TEAM_MEMBER)
    today = business_date()
    standing = standing_of(by, today)
    if standing.term is None:
        raise Refused(standing.reason, code="no_term")
    cadre, term = locked(standing.term.cadre_id), standing.term
    if faults := _faults(asked, term, today):
        raise EntryRefused(faults)
    longest = parameter(PRESENCE_TOWNSHIP_LEAVE_DAYS, term.village_id, asked.days.first.year)
    facts = {
        "state": BEGIN,
        "cadre": cadre.number,
        "village": term.village_id,
        "kind": asked.kind,
        "first_day": asked.days.first.isoformat(),
        "last_day": last_of(asked.days).isoformat(),
        "days": asked.days.days,
        "township_days": longest,
        "needs_county": needs_county(
            asked.kind, _days_in_a_row(asked, term), township_days=longest
        ),
    }
    case = open_case(ABSENCE.kind, cadre.number, term.village_id, facts, by=by)
    row = uuid.uuid4()
    absence = Absence(
        case=case,
        uuid=row,
        term=term,
        kind=asked.kind,
        first_day=asked.days.first,
        last_day=last_of(asked.days),
        reason_sealed=seal(asked.reason, field=ABSENCE_FIELD, row=row),
    )
    absence.full_clean(exclude=["reason_sealed"])
    absence.save(force_insert=True)
    return case


def last_of(days: Span) -> date:
    """The last day of a closed span. ValueError for an open one."""
    if days.last is None:
        raise ValueError("an absence has a last day")
    return days.last


def _faults(asked: Asked, term: Term, today: date) -> list[tuple[str, str]]:
    first, last = asked.days.first, last_of(asked.days)
    if last < first:
        return [("last_day", _("The last day lies before the first."))]
    if first < term.starts_on:
        day = {"day": term.starts_on}
        return [("first_day", _("Your term here began on %(day)s. Begin no earlier.") % day)]
    if first < today - timedelta(days=LOOKED_BACK_DAYS):
        days = {"days": LOOKED_BACK_DAYS}
        text = _("An absence is reported within %(days)s days. Ask the village to record it.")
        return [("first_day", text % days)]
    if term.last_day and last > term.last_day:
        day = {"day": term.last_day}
        return [("last_day", _("Your term here ends on %(day)s. End no later.") % day)]
    if asked.days.days > MOST_DAYS:
        return [("last_day", _("Ask for a year at most."))]
    return _overlaps(asked, term)


def _days_in_a_row(asked: Asked, term: Term) -> int:
    """The days that he would be on leave without a break, standing requests counted."""
    leaves = Absence.objects.filter(
        term__cadre_id=term.cadre_id, case__state__in=STANDING_STATES
    ).exclude(kind=AbsenceKind.OFFICIAL)
    spans = [Span(one.first_day, one.last_day) for one in leaves]
    runs = merged([*spans, asked.days])
    return next(run.days for run in runs if run.holds(asked.days.first))


def _overlaps(asked: Asked, term: Term) -> list[tuple[str, str]]:
    other = Absence.objects.filter(
        term__cadre_id=term.cadre_id,
        case__state__in=STANDING_STATES,
        first_day__lte=last_of(asked.days),
        last_day__gte=asked.days.first,
    ).first()
    if other is None:
        return []
    text = _(
        "You asked for %(first)s to %(last)s already (case %(case)s). Choose days that do not"
        " overlap with it."
    )
    values = {"first": other.first_day, "last": other.last_day, "case": other.case_id}
    return [("first_day", text % values)]


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
    """Take a step of an absence; its approval writes the days, as far as the term runs.

    Raises what `take_step` raises; NotAllowed when another than who asked withdraws it; Refused
    when the term ended before the days began.
    """
    absence = Absence.objects.select_related("case").get(case_id=case_id)
    cadre = locked(absence.term.cadre_id)
    if step == "withdraw" and by.pk not in (absence.case.proposed_by_id, cadre.account_id):
        raise NotAllowed(_("Only who asked for the absence withdraws it."), code="not_yours")
    event = take_step(case_id, step, by=by, version=version, note=note, evidence=evidence)
    if event.to_state == APPROVED:
        _write_days(absence, by)
    return event


def _write_days(absence: Absence, by: Officer) -> None:
    """The days of an approved absence; what was signed in or found by an inspection stays."""
    term = Term.everywhere.get(pk=absence.term_id)
    part = Span(absence.first_day, absence.last_day).cut(term.span)
    if part is None:
        raise Refused(
            _("The term ended on %(day)s, before this absence begins. Reject the request.")
            % {"day": term.last_day},
            code="term_over",
        )
    status, last = status_of(absence.kind), last_of(part)
    known = Presence.everywhere.filter(cadre_id=term.cadre_id, day__range=(part.first, last))
    for row in known.filter(source__in=GIVE_WAY):
        put(
            row,
            term,
            row.day,
            status=status,
            source=Source.ABSENCE,
            by=by,
            action="approve_absence",
            note="",
            reason=_("Approved by case %(case)s") % {"case": absence.case_id},
        )
    Presence.everywhere.bulk_create(
        [
            Presence(
                term=term,
                cadre_id=term.cadre_id,
                village_id=term.village_id,
                day=part.first + timedelta(days=number),
                status=status,
                source=Source.ABSENCE,
                recorded_by=by,
            )
            for number in range(part.days)
        ],
        ignore_conflicts=True,
    )
