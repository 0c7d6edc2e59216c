"""Courses for cadres, and who took part in them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from divisions.models import Division
from officers.models import Officer
from officers.rights import require
from teams.models import Training, TrainingRecord
from teams.queries.training import participants, seen_of
from teams.refusals import EntryRefused, refuse_invalid
from teams.rights import TRAINERS
from trail.actions import change_of, record, record_many
from trail.errors import NotAllowed, Stale
from trail.transactions import retried


@dataclass(frozen=True)
class Course:
    """A course as it was entered."""

    title: str
    place: str
    starts_on: date
    last_day: date


@dataclass(frozen=True)
class Part:
    """How somebody took part: his days, and whether he passed where that was tested."""

    days: int
    passed: bool | None


@retried
@transaction.atomic
def record_training(course: Course, *, by: Officer) -> Training:
    """Record a course held by the officer's own place. Raises NotAllowed; EntryRefused."""
    posting = require(by, *TRAINERS)
    training = Training(division_id=posting.division_id, recorded_by=by, **asdict(course))
    refuse_invalid(training)
    training.save(force_insert=True)
    record(
        by=by,
        action="record_training",
        subject=training,
        division=training.division_id,
        after=_plain(training),
    )
    return training


@retried
@transaction.atomic
def correct_training(training_id: int, course: Course, *, seen: Course, by: Officer) -> Training:
    """Correct a course of the officer's own place; the trace keeps what stood before.

    `seen` is what the officer saw. Raises NotAllowed; Stale when it is something else by now;
    EntryRefused, also for fewer days than somebody took part.
    """
    training = Training.everywhere.select_for_update().get(pk=training_id)
    posting = require(by, *TRAINERS, code=training.division_id)
    if posting.division_id != training.division_id:
        raise NotAllowed(_("Another office keeps the record of this course."), code="not_yours")
    before = _plain(training)
    if course_of(training) != seen:
        raise Stale(_("Somebody else changed the course meanwhile. Compare, then save anew."))
    for name, value in asdict(course).items():
        setattr(training, name, value)
    refuse_invalid(training)
    if training.records.filter(days__gt=training.days).exists():
        text = _("Somebody took part for more days. Correct that first.")
        raise EntryRefused([("last_day", text)])
    training.save()
    record(
        by=by,
        action="correct_training",
        subject=training,
        division=training.division_id,
        before=before,
        after=_plain(training),
    )
    return training


def course_of(training: Training) -> Course:
    """A course as its form shows it."""
    return Course(training.title, training.place, training.starts_on, training.last_day)


def _plain(training: Training) -> dict[str, Any]:
    return {
        "title": training.title,
        "place": training.place,
        "starts_on": training.starts_on.isoformat(),
        "last_day": training.last_day.isoformat(),
    }


@retried
@transaction.atomic
def set_participants(
    training_id: int, place: Division, parts: Mapping[int, Part], *, seen: str, by: Officer
) -> int:
    """Record who of a place took part in a course; who is left out did not. How many changed.

    `parts` are by cadre; `seen` marks what the officer saw. Raises NotAllowed; Stale when somebody
    else recorded something there meanwhile; EntryRefused for people who did not serve there in
    those days, for more days than the course has, and for a change about oneself.
    """
    training = Training.everywhere.select_for_update().get(pk=training_id)
    require(by, *TRAINERS, code=place.pk)
    people = participants(by, training, place.pk)
    if seen_of(people) != seen:
        raise Stale(_("Somebody else recorded participants meanwhile. Compare, then save anew."))
    known = {one.cadre.pk: one for one in people}
    _refuse_parts(training, parts, set(known))
    changes = []
    for key, one in known.items():
        part, old = parts.get(key), one.record
        before = _part(old) if old else None
        after = {"days": part.days, "passed": part.passed} if part else None
        if before == after:
            continue
        if one.cadre.account_id == by.pk:
            raise EntryRefused(
                [(f"took_{key}", _("This is about yourself. Another officer must do it."))]
            )
        _write(training, key, old, part)
        changes.append(
            change_of(
                by=by,
                action="record_participant",
                subject=one.cadre,
                division=one.term.village_id if one.term else place.pk,
                before=before and before | {"training": training.pk},
                after=after and after | {"training": training.pk},
            )
        )
    record_many(changes)
    return len(changes)


def _refuse_parts(training: Training, parts: Mapping[int, Part], known: set[int]) -> None:
    faults = []
    for key, part in parts.items():
        if key not in known:
            faults.append(("", _("Somebody chosen did not serve here in the days of the course.")))
        elif not 1 <= part.days <= training.days:
            text = _("Enter a number of days from 1 to %(most)s.") % {"most": training.days}
            faults.append((f"days_{key}", text))
    if faults:
        raise EntryRefused(faults)


def _part(row: TrainingRecord) -> dict[str, Any]:
    return {"days": row.days, "passed": row.passed}


def _write(training: Training, cadre: int, old: TrainingRecord | None, part: Part | None) -> None:
    """Keep, correct or take away one record; the caller traces it."""
    if part is None:
        if old is not None:
            old.delete()
        return
    row = old or TrainingRecord(training=training, cadre_id=cadre)
    row.days, row.passed = part.days, part.passed
    row.save()
