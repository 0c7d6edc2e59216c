"""Recording a visit to a household with its problems and photos, and taking it back."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg2.errors import UniqueViolation

from households.models import Household
from officers.models import Officer
from officers.rights import require
from officers.rules import Role
from teams.actions.todo import Problem, drop_tasks_of, faults_of, open_problems
from teams.models import Met, Pairing, Visit
from teams.models.helping import VISIT_FIELD
from teams.queries.visits import is_of_today
from teams.refusals import EntryRefused, UsedForm
from teams.rights import VISITORS
from teams.rules.visiting import DAYS_BACK, MOST_PROBLEMS, is_recordable
from trail.actions import record
from trail.dates import business_date
from trail.errors import NotAllowed, Refused
from trail.sealing import seal
from trail.transactions import retried
from workflow.actions.attachments import BadEvidence, attach
from workflow.models import Attachment
from workflow.models.attachments import VISIT

PHOTO = "visit"


@dataclass(frozen=True)
class Entry:
    """A visit as it was entered. `key` is that of the form: the same again is the same visit."""

    key: uuid.UUID
    day: date
    met: tuple[str, ...]
    topics: tuple[str, ...]
    text: str = ""
    problems: tuple[Problem, ...] = ()


@retried
@transaction.atomic
def record_visit(household_id: int, entry: Entry, *, by: Officer) -> Visit:
    """Record a visit; each of its problems becomes a task. The same form again is the same visit.

    Raises NotAllowed, for a helper unless the household was paired with him on that day;
    EntryRefused with (field, sentence) of every fault; Refused for a withdrawn household.
    """
    household = Household.everywhere.get(pk=household_id)
    require(by, *VISITORS, code=household.village_id)
    if before := _known(entry.key, household, by):
        return before
    if household.withdrawn_at:
        raise Refused(
            _("The import of this household was withdrawn. Nothing in it changes any more."),
            code="closed",
        )
    today = business_date()
    if faults := _faults(entry, household.village_id, today):
        raise EntryRefused(faults)
    _refuse_others_household(household, entry.day, by)
    try:
        with transaction.atomic():
            visit = _saved(household, entry, by)
    except IntegrityError as error:
        if before := _known(entry.key, household, by):
            return before
        if not isinstance(error.__cause__, UniqueViolation):
            raise
        raise UsedForm from error
    open_problems(entry.problems, visit, by=by, today=today)
    return visit


def _known(key: uuid.UUID, household: Household, by: Officer) -> Visit | None:
    """The visit that this very form made before."""
    return Visit.everywhere.filter(uuid=key, visitor=by, household=household).first()


def _faults(entry: Entry, village: str, today: date) -> list[tuple[str, str]]:
    found = []
    if not is_recordable(entry.day, today):
        text = (
            _("The day lies ahead. Record the visit when it was made.")
            if entry.day > today
            else _("A visit is recorded within %(days)s days.") % {"days": DAYS_BACK}
        )
        found.append(("day", text))
    if not entry.met:
        found.append(("met", _("Tick whom you met, or that nobody was at home.")))
    elif Met.NOBODY in entry.met and len(entry.met) > 1:
        found.append(("met", _("Somebody or nobody: take one of the ticks away.")))
    if not entry.topics:
        found.append(("topics", _("Tick at least one topic.")))
    if len(entry.problems) > MOST_PROBLEMS:
        text = _("At most %(most)s problems at once.") % {"most": MOST_PROBLEMS}
        found.append(("", text))
    for number, problem in enumerate(entry.problems, start=1):
        found += [
            (f"problem{number}_{field}", text)
            for field, text in faults_of(problem, village, today=today)
        ]
    return found


def _refuse_others_household(household: Household, day: date, by: Officer) -> None:
    """A helper visits only whom he answers for; the pairing is held until the visit is written."""
    if by.acting_role != Role.HELPER:
        return
    own = Pairing.everywhere.in_force(day).filter(household=household, cadre__account=by)
    if not own.select_for_update(of=("self",)).exists():
        raise NotAllowed(
            _(
                "This household was not paired with you on that day. Its helper or the village"
                " records the visit; if it should be yours, ask the county clerk to pair you."
            ),
            code="not_paired",
        )


def _saved(household: Household, entry: Entry, by: Officer) -> Visit:
    text = entry.text.strip()
    visit = Visit(
        uuid=entry.key,
        household=household,
        village_id=household.village_id,
        day=entry.day,
        visitor=by,
        role=by.acting_role,
        met=list(entry.met),
        topics=list(entry.topics),
        text_sealed=seal(text, field=VISIT_FIELD, row=entry.key) if text else None,
    )
    visit.full_clean(exclude=["text_sealed", "uuid"])
    visit.save(force_insert=True)
    record(
        by=by,
        action="record_visit",
        subject=visit,
        division=visit.village_id,
        after={
            "household": household.number,
            "day": entry.day.isoformat(),
            "met": sorted(entry.met),
            "topics": sorted(entry.topics),
            "problems": len(entry.problems),
        },
    )
    return visit


@transaction.atomic
def add_photos(visit_id: int, uploads: Iterable[bytes], *, by: Officer) -> list[str]:
    """Keep the photos of a visit that it does not hold yet; returns what is wrong with the others.

    Photos that were sent twice are kept once. Raises NotAllowed unless it is his own visit.
    """
    visit = Visit.everywhere.select_for_update().get(pk=visit_id)
    _refuse_others_visit(visit, by)
    held = Attachment.everywhere.of(VISIT, str(visit.uuid))
    known = set(held.values_list("digest", flat=True))
    wrong = []
    for content in uploads:
        if sha256(content).hexdigest() in known:
            continue
        try:
            kept = attach(
                content,
                by=by,
                division=visit.village_id,
                subject_kind=VISIT,
                subject_id=str(visit.uuid),
                purpose=PHOTO,
                year=visit.day.year,
            )
        except BadEvidence as bad:
            wrong.append(bad.message)
        else:
            known.add(kept.digest)
    return wrong


@retried
@transaction.atomic
def withdraw_visit(visit_id: int, reason: str, *, by: Officer) -> Visit:
    """Take one's own visit back on the day on which it was recorded; its open tasks are dropped.

    Raises NotAllowed for somebody else's; Refused later, or a second time; EntryRefused without a
    reason.
    """
    visit = Visit.everywhere.select_for_update().get(pk=visit_id)
    _refuse_others_visit(visit, by)
    if visit.withdrawn_at:
        raise Refused(_("This visit is taken back already."), code="gone")
    if not is_of_today(visit, today=business_date()):
        raise Refused(
            _("A visit can be taken back on the day on which it was recorded, not later."),
            code="too_late",
        )
    if not reason.strip():
        raise EntryRefused([("reason", _("Say why."))])
    visit.withdrawn_at = timezone.now()
    visit.save(update_fields=["withdrawn_at"])
    dropped = drop_tasks_of(visit, by=by, text=_("The visit was taken back."))
    record(
        by=by,
        action="withdraw_visit",
        subject=visit,
        division=visit.village_id,
        before={"withdrawn": False},
        after={"withdrawn": True, "dropped_tasks": dropped},
        reason=reason.strip(),
    )
    return visit


def _refuse_others_visit(visit: Visit, by: Officer) -> None:
    require(by, *VISITORS, code=visit.village_id)
    if visit.visitor_id != by.pk:
        raise NotAllowed(_("Only who made a visit adds to it or takes it back."), code="not_yours")
