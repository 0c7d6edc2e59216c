"""Terms of service: how one begins, is handed over and ends.

Everything that makes a term goes through `begin_term`.
"""

import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from psycopg2.errors import ExclusionViolation

from divisions.models import Division
from divisions.scope import require_within
from officers.actions.postings import lapse_postings
from officers.models import Officer
from officers.rights import require
from officers.rules import Role
from teams.models import Cadre, Handover, Presence, Term
from teams.models.terms import HANDOVER_FIELD
from teams.queries.clashes import CLASH_CODES, SERVES_ELSEWHERE, clash_fault, clash_of
from teams.refusals import EntryRefused
from teams.rights import MANAGERS
from teams.rules.presence import COUNTED, Source
from teams.rules.terms import EndReason, Post
from trail.actions import record
from trail.dates import business_date
from trail.errors import NotAllowed, Refused, Stale
from trail.sealing import seal
from trail.transactions import retried
from workflow.models import Case

COUNTY_DIGITS = 6
AHEAD = timedelta(days=366)
"""How far ahead the end of a term can be recorded."""


@dataclass(frozen=True)
class Service:
    """A term as it is to be recorded. One that is over already has its last day and reason."""

    village: str
    post: Post
    starts_on: date
    due_on: date
    unit: int | None = None
    letter: str = ""
    last_day: date | None = None
    end_reason: EndReason | None = None
    end_note: str = ""


@retried
@transaction.atomic
def begin_term(
    cadre: int, service: Service, *, by: Officer, case: Case | None = None, origin: str = ""
) -> Term:
    """Record that somebody serves in a village; of two who try the same at once, one is refused.

    Raises NotAllowed; Refused "serves_elsewhere" or "post_taken", naming who serves where as far
    as the officer may see it.
    """
    require(by, *MANAGERS, code=service.village)
    row = Cadre.everywhere.select_for_update().get(pk=cadre)
    require_within(by, row.division_id)
    Division.objects.select_for_update(no_key=True).get(pk=service.village)
    refuse_clash(row, service, by=by)
    term = Term(
        cadre=row,
        village_id=service.village,
        post=service.post,
        unit_id=service.unit,
        starts_on=service.starts_on,
        due_on=service.due_on,
        letter=service.letter,
        last_day=service.last_day,
        end_reason=service.end_reason or "",
        end_note=service.end_note,
        case=case,
    )
    term.full_clean(validate_constraints=False)
    try:
        with transaction.atomic():
            term.save(force_insert=True)
    except IntegrityError as error:
        if not isinstance(error.__cause__, ExclusionViolation):
            raise
        refuse_clash(row, service, by=by)
        raise Refused(
            _("Somebody recorded another term in this moment. Look, then try again."),
            code=CLASH_CODES.get(_constraint(error), SERVES_ELSEWHERE),
        ) from error
    record(
        by=by,
        action="begin_term",
        subject=term,
        division=term.village_id,
        after=after_of(term),
        origin=origin,
    )
    return term


def refuse_clash(cadre: Cadre, service: Service, *, by: Officer) -> None:
    """Refused when a term of the same person, or of a first secretary there, meets these days."""
    found = clash_of(cadre.pk, service.village, service.post, service.starts_on, service.last_day)
    if found:
        code, term = found
        fault = clash_fault(code, term, within=by.acting_division)
        raise Refused(_(fault.text) % fault.values, code=code)


def after_of(term: Term) -> dict[str, Any]:
    """The columns of a term as the trace keeps them."""
    return {
        "cadre": term.cadre.number,
        "village": term.village_id,
        "post": term.post,
        "unit": term.unit_id,
        "starts_on": term.starts_on.isoformat(),
        "due_on": term.due_on.isoformat(),
        "last_day": term.last_day.isoformat() if term.last_day else None,
        "end_reason": term.end_reason,
        "letter": term.letter,
        "case": term.case_id,
    }


def _constraint(error: IntegrityError) -> str:
    diag = getattr(error.__cause__, "diag", None)
    return getattr(diag, "constraint_name", None) or ""


@retried
@transaction.atomic
def end_term(
    term: int, *, last_day: date, reason: EndReason, note: str = "", version: int, by: Officer
) -> Term:
    """Record the last day of a term, also one that lies ahead, or correct an end that does.

    The posting in the village that rests on the term lapses after that day. Raises NotAllowed, also
    for one's own term; Stale; EntryRefused by field, also when a corrected end would reach into
    another term; Refused "over" for a term whose last day has passed.
    """
    row = _locked(term, version, by=by)
    if row.last_day is not None and row.last_day < business_date():
        raise Refused(
            _("This term ended on %(day)s. It is history now.") % {"day": row.last_day}, code="over"
        )
    _refuse_faulty_end(row, last_day, reason, note)
    before, was = _end_of(row), row.last_day
    row.last_day, row.end_reason, row.end_note = last_day, reason, note.strip()
    row.version += 1
    try:
        with transaction.atomic():
            row.save(update_fields=["last_day", "end_reason", "end_note", "version"])
    except IntegrityError as error:
        if not isinstance(error.__cause__, ExclusionViolation):
            raise
        text = _("Another term begins before that day. Choose an earlier last day.")
        raise EntryRefused([("last_day", text)]) from error
    _lapse_posting(row, was, by=by)
    record(
        by=by,
        action="end_term",
        subject=row,
        division=row.village_id,
        before=before,
        after=_end_of(row) | {"absences_taken_back": _take_back_absences(row)},
        reason=row.end_note,
    )
    return row


def _locked(term: int, version: int, *, by: Officer) -> Term:
    """The term for its end, the person's record locked first as `begin_term` does."""
    cadre = Cadre.everywhere.select_for_update(of=("self",)).get(terms=term)
    row = Term.everywhere.select_for_update().get(pk=term)
    require(by, *MANAGERS, code=row.village_id)
    row.cadre = cadre
    if cadre.account_id == by.pk:
        raise NotAllowed(_("Nobody ends his own term."), code="oneself")
    if row.version != version:
        raise Stale(_changed_meanwhile(row), details={"version": row.version})
    return row


def _changed_meanwhile(term: Term) -> str:
    if term.last_day is None:
        return _("Somebody changed this term meanwhile. Look at it, then enter the end again.")
    text = _(
        "Somebody ended this term already: its last day is %(day)s. Look at it, then enter the end"
        " again if it is to be another."
    )
    return text % {"day": term.last_day}


def _refuse_faulty_end(term: Term, last_day: date, reason: EndReason, note: str) -> None:
    faults = []
    later = Presence.everywhere.filter(term=term, day__gt=last_day, status__in=COUNTED)
    served = later.exclude(source=Source.ABSENCE)
    if last_day < term.starts_on:
        faults.append(("last_day", _("The last day lies before the first.")))
    elif last_day > business_date() + AHEAD:
        faults.append(("last_day", _("Choose a day within a year from today.")))
    elif latest := served.order_by("-day").values_list("day", flat=True).first():
        text = _("Days of service are on record until %(day)s. Choose that day or a later one.")
        faults.append(("last_day", text % {"day": latest}))
    handed_on = Handover.objects.filter(term=term).values_list("handed_on", flat=True).first()
    if handed_on and not faults and last_day < handed_on:
        text = _(
            "The handover took place on %(day)s, and a handover stands for good. Choose that day"
            " or a later one."
        )
        faults.append(("last_day", text % {"day": handed_on}))
    if reason == EndReason.RECALL and not note.strip():
        faults.append(("note", _("Write why this person is recalled, and who decided it.")))
    if faults:
        raise EntryRefused(faults)


def _end_of(term: Term) -> dict[str, Any]:
    return {
        "last_day": term.last_day.isoformat() if term.last_day else None,
        "end_reason": term.end_reason,
    }


def _take_back_absences(term: Term) -> list[str]:
    """Take away the days of approved absences after the last day; returns the days."""
    later = Presence.everywhere.filter(
        term=term, day__gt=term.last_day, source=Source.ABSENCE
    ).order_by("day")
    days = [day.isoformat() for day in later.values_list("day", flat=True)]
    later.delete()
    return days


def _lapse_posting(term: Term, was: date | None, *, by: Officer) -> None:
    """End the posting that rests on a term which ended on `was` before, and ends otherwise now."""
    if term.cadre.account is None or term.last_day is None:
        return
    try:
        lapse_postings(
            term.cadre.account,
            Role.TEAM_MEMBER,
            term.village_id,
            last_day=term.last_day,
            was=was,
            reason=_("The term in the village ends."),
            by=by,
        )
    except ValidationError as error:
        raise EntryRefused([("last_day", text) for text in error.messages]) from error


@retried
@transaction.atomic
def hand_over(
    term: int, *, handed_on: date, to: int | None = None, text: str, by: Officer
) -> Handover:
    """Record what somebody hands on before he leaves: he himself, or the county clerk for him.

    It happens before the term ends and stands for good. `to` is the cadre who takes over, of the
    same county. Raises NotAllowed; EntryRefused by field; Refused "handed_over" the second time.
    """
    row = Term.everywhere.select_for_update(of=("self",)).select_related("cadre").get(pk=term)
    if row.cadre.account_id == by.pk:
        require(by, Role.TEAM_MEMBER, code=row.village_id)
    else:
        require(by, *MANAGERS, code=row.village_id)
    if Handover.objects.filter(term=row).exists():
        raise Refused(_("This term is handed over already."), code="handed_over")
    _refuse_faulty_handover(row, handed_on, to, text)
    key = uuid.uuid4()
    handover = Handover.objects.create(
        term=row,
        uuid=key,
        handed_on=handed_on,
        to_id=to,
        content_sealed=seal(text.strip(), field=HANDOVER_FIELD, row=key),
        recorded_by=by,
    )
    record(
        by=by,
        action="hand_over",
        subject=row,
        division=row.village_id,
        after={"handed_on": handed_on.isoformat(), "to": to},
    )
    return handover


def _refuse_faulty_handover(term: Term, handed_on: date, to: int | None, text: str) -> None:
    faults = []
    if handed_on < term.starts_on:
        faults.append(("handed_on", _("The day lies before the term.")))
    elif handed_on > business_date():
        faults.append(("handed_on", _("Choose a day that is not in the future.")))
    elif term.last_day is not None and handed_on > term.last_day:
        text_late = _("The term ended on %(day)s. A handover comes before its end.")
        faults.append(("handed_on", text_late % {"day": term.last_day}))
    county = term.village_id[:COUNTY_DIGITS]
    takers = Cadre.everywhere.within(county).exclude(pk=term.cadre_id)
    if to is not None and not takers.filter(pk=to).exists():
        faults.append(("to", _("Choose somebody else of this county.")))
    if not text.strip():
        faults.append(("text", _("Write what is handed on.")))
    if faults:
        raise EntryRefused(faults)
