"""Taking a saved batch back: its rows are marked withdrawn, its changed cells restored."""

import uuid
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from households.actions.quality import fix_gone
from households.evidence import take_facts_back
from households.importing.batches import locked_to_the_end
from households.importing.images import unpacked, value_of
from households.importing.importers import IMPORTERS
from households.importing.resting import resting
from households.models import Household, ImportBatch, Member, Survey
from households.models.batches import BatchState
from households.models.members import HEAD
from households.names import tokens_of
from officers.models import Officer
from officers.rights import require
from trail.actions import change_of, record, record_many, record_same
from trail.errors import Refused
from trail.models import Change
from workflow.actions import weigh_about

RestsOn = Callable[[ImportBatch], list[str]]
"""What the apps above know to rest on a batch: sentences, empty for nothing."""

ROWS = 1_000
DATES = ("birth_date", "member_end_date")
END_KEYS = ("member_end_reason", "member_end_date")


@transaction.atomic
def withdraw_batch(
    batch: ImportBatch, *, by: Officer, reason: str, rests_on: RestsOn
) -> ImportBatch:
    """Mark the batch's households, memberships and surveys withdrawn and restore changed cells.

    A cell that somebody changed since keeps its value; the trace tells what became of each
    household. Raises NotAllowed, and Refused while the batch is being saved, or when `resting` or
    `rests_on` names what rests on it.
    """
    batch = ImportBatch.everywhere.select_for_update().get(pk=batch.pk)
    require(by, *IMPORTERS, code=batch.division_id)
    _require_at_rest(batch)
    take_facts_back()
    households = _touched(batch)
    if told := [*resting(batch), *rests_on(batch)]:
        text = _("This import can no longer be withdrawn.") + " " + " ".join(told)
        raise Refused(text, code="rests_on", details={"resting": told})
    try:
        with transaction.atomic():
            _withdraw_rows(batch, by)
            record_many(_restore(batch, by))
    except IntegrityError:
        text = _("Persons of this import have changed their household since. Mend those by hand.")
        raise Refused(text, code="changed_since") from None
    _renew_search(households)
    fix_gone(Household.everywhere.filter(batch=batch).values_list("pk", flat=True))
    touched = Household.everywhere.filter(pk__in=households)
    weigh_about(touched.values_list("number", flat=True))
    batch.state, batch.withdrawn_at = BatchState.WITHDRAWN, timezone.now()
    batch.withdraw_reason = reason
    batch.save(update_fields=["state", "withdrawn_at", "withdraw_reason"])
    record(
        by=by, action="withdraw_import", subject=batch, division=batch.division_id, reason=reason
    )
    return batch


def _require_at_rest(batch: ImportBatch) -> None:
    """Refused unless the batch is saved, or its saving was broken off and nobody is at it."""
    if batch.state == BatchState.SAVED:
        return
    if batch.state != BatchState.CONFIRMED or not locked_to_the_end(batch.pk):
        raise Refused(_("Only a saved import can be withdrawn."), code="not_saved")


def _changes(batch: ImportBatch, kind: str) -> list[Change]:
    """The batch's trace of changed rows of one kind."""
    return list(
        Change.objects.filter(
            origin=f"import:{batch.pk}", subject_kind=kind, before__isnull=False
        ).order_by("id")
    )


def touched_by(batch: ImportBatch) -> list[int]:
    """The households that the batch made or changed, in key order."""
    written = Change.objects.filter(
        origin=f"import:{batch.pk}", subject_kind="households.household"
    ).values_list("subject_id", flat=True)
    return sorted(map(int, written))


def _touched(batch: ImportBatch) -> list[int]:
    """The same, locked."""
    ids = touched_by(batch)
    locked = Household.everywhere.filter(pk__in=ids).select_for_update().order_by("pk")
    return list(locked.values_list("pk", flat=True))


def _withdraw_rows(batch: ImportBatch, by: Officer) -> None:
    now = timezone.now()
    made = Household.everywhere.filter(batch=batch, withdrawn_at=None)
    places = list(made.values_list("pk", "village_id"))
    Survey.objects.filter(batch=batch, withdrawn_at=None).update(withdrawn_at=now)
    own = Q(batch=batch) | Q(household__batch=batch)
    Member.objects.filter(own, withdrawn_at=None).update(withdrawn_at=now)
    Household.everywhere.filter(batch=batch, withdrawn_at=None).update(
        withdrawn_at=now, version=F("version") + 1
    )
    for start in range(0, len(places), ROWS):
        part = places[start : start + ROWS]
        record_same(
            by=by,
            action="withdraw_import",
            subjects=Household,
            acts=((key, village, {"withdrawn": True}) for key, village in part),
            origin=f"withdraw:{batch.pk}",
        )


def _restore(batch: ImportBatch, by: Officer) -> list[Change]:
    """Give changed cells their before-image; heads that are to make place come first.

    Returns the trace of it.
    """
    trace: list[Change] = []
    changes = _changes(batch, "households.household")
    rows = Household.everywhere.filter(withdrawn_at=None).in_bulk(
        [int(one.subject_id) for one in changes]
    )
    for change in changes:
        if household := rows.get(int(change.subject_id)):
            keys = _restore_household(household, change)
            trace.append(_restored(batch, by, household, change, keys))
    _write(
        Household.everywhere,
        rows.values(),
        [*HOUSEHOLD_FIELDS.values(), "phone_sealed", "phone_blind"],
    )
    changes = _changes(batch, "households.member")
    members = Member.objects.filter(withdrawn_at=None).in_bulk(
        [int(one.subject_id) for one in changes]
    )
    heads = {pk for pk, member in members.items() if member.relation == HEAD}
    for change in changes:
        if member := members.get(int(change.subject_id)):
            trace.append(_restored(batch, by, member, change, _restore_member(member, change)))
    first = [member for pk, member in members.items() if pk in heads]
    others = [member for pk, member in members.items() if pk not in heads]
    for part in (first, others):
        _write(
            Member.objects, part, [*MEMBER_FIELDS.values(), "id_sealed", "id_blind", "id_digest"]
        )
    return trace


def _restored(
    batch: ImportBatch, by: Officer, row: Household | Member, change: Change, keys: list[str]
) -> Change:
    """The trace of restored cells: the import's own images, before and after exchanged."""
    before, after = change.before or {}, change.after or {}
    return change_of(
        by=by,
        action="withdraw_import",
        subject=row,
        division=change.division_code,
        before={key: after[key] for key in keys},
        after={key: before[key] for key in keys},
        origin=f"withdraw:{batch.pk}",
    )


HOUSEHOLD_FIELDS = {
    "village_code": "village_id",
    **{key: key for key in ("group", "attribute", "main_cause", "other_causes", "housing_grade")},
}
MEMBER_FIELDS = {
    key: key.removeprefix("member_")
    for key in (
        *("name", "no_id_reason", "relation", "sex", "birth_date", "ethnicity", "education"),
        *("in_school", "health", "labour", "work_place", "work_months", "medical_insurance"),
        *("critical_illness_insurance", "pension_insurance", *END_KEYS),
    )
}


def _write(manager: Any, rows: Iterable[Any], fields: list[str]) -> None:
    rows = list(rows)
    for row in rows:
        row.version += 1
    fields = [field.removesuffix("_id") for field in fields]
    manager.bulk_update(rows, [*fields, "version"], batch_size=ROWS)


def _restore_household(household: Household, change: Change) -> list[str]:
    """Restore the cells that nobody changed since; returns their keys."""
    restored = []
    before, after = change.before or {}, change.after or {}
    for key, field in HOUSEHOLD_FIELDS.items():
        if key in before and _same(getattr(household, field), after[key]):
            setattr(household, field, before[key])
            restored.append(key)
    phone = before.get("phone")
    if phone and str(household.phone_blind) == after["phone"]["blind"]:
        household.phone_sealed = phone["sealed"] and unpacked(phone["sealed"])
        household.phone_blind = phone["blind"] and uuid.UUID(phone["blind"])
        restored.append("phone")
    return restored


def _restore_member(member: Member, change: Change) -> list[str]:
    """Restore the cells that nobody changed since; returns their keys."""
    restored = []
    before, after = change.before or {}, change.after or {}
    for key, field in MEMBER_FIELDS.items():
        if key not in before:
            continue
        old, new = (value_of(key, side[key], member.uuid) for side in (before, after))
        if _same(getattr(member, field), new):
            setattr(member, field, date.fromisoformat(old) if key in DATES and old else old)
            restored.append(key)
    number = before.get("id_number")
    if number and str(member.id_digest) == after["id_number"]["digest"]:
        member.id_sealed = number["sealed"] and unpacked(number["sealed"])
        member.id_blind = number["blind"] and uuid.UUID(number["blind"])
        member.id_digest = number["digest"] and uuid.UUID(number["digest"])
        restored.append("id_number")
    return restored


def _same(current: Any, kept: Any) -> bool:
    """Whether a value is still the one that the trace keeps."""
    if isinstance(current, date):
        return current.isoformat() == kept
    return sorted(current) == sorted(kept) if isinstance(current, list) else current == kept


def _renew_search(households: list[int]) -> None:
    names: dict[int, list[str]] = {}
    active = Member.objects.active().filter(household_id__in=households)
    for household_id, name in active.values_list("household_id", "name"):
        names.setdefault(household_id, []).append(name)
    rows = list(Household.everywhere.filter(pk__in=households, withdrawn_at=None))
    for row in rows:
        row.search = tokens_of(names.get(row.pk, []))
    Household.everywhere.bulk_update(rows, ["search"], batch_size=ROWS)
