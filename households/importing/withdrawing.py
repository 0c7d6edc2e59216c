"""Taking a saved batch back: its rows are marked withdrawn, its changed cells restored."""

import uuid
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from households.importing.images import unpacked, value_of
from households.importing.importers import IMPORTERS
from households.models import Household, ImportBatch, Member, Survey
from households.models.batches import BatchState
from households.models.members import HEAD
from households.names import tokens_of
from officers.models import Officer
from officers.rights import require
from trail.actions import record
from trail.errors import Refused
from trail.models import Change

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

    A cell that somebody changed since keeps its value. Raises NotAllowed, and Refused while a later
    survey, or anything that `rests_on` names, rests on the batch.
    """
    batch = ImportBatch.everywhere.select_for_update().get(pk=batch.pk)
    require(by, *IMPORTERS, code=batch.division_id)
    if batch.state != BatchState.SAVED:
        raise Refused(_("Only a saved import can be withdrawn."), code="not_saved")
    households = _touched(batch)
    resting = [*_later_surveys(batch), *rests_on(batch)]
    if resting:
        text = _("This import can no longer be withdrawn.") + " " + " ".join(resting)
        raise Refused(text, code="rests_on", details={"resting": resting})
    try:
        with transaction.atomic():
            _withdraw_rows(batch)
            _restore(batch)
    except IntegrityError:
        text = _("Persons of this import have changed their household since. Mend those by hand.")
        raise Refused(text, code="changed_since") from None
    _renew_search(households)
    batch.state, batch.withdrawn_at = BatchState.WITHDRAWN, timezone.now()
    batch.withdraw_reason = reason
    batch.save(update_fields=["state", "withdrawn_at", "withdraw_reason"])
    record(
        by=by, action="withdraw_import", subject=batch, division=batch.division_id, reason=reason
    )
    return batch


def _changes(batch: ImportBatch, kind: str) -> list[Change]:
    """The batch's trace of changed rows of one kind."""
    return list(
        Change.objects.filter(
            origin=f"import:{batch.pk}", subject_kind=kind, before__isnull=False
        ).order_by("id")
    )


def _touched(batch: ImportBatch) -> list[int]:
    """The households that the batch made or changed, locked in key order."""
    written = Change.objects.filter(
        origin=f"import:{batch.pk}", subject_kind="households.household"
    ).values_list("subject_id", flat=True)
    ids = sorted(map(int, written))
    locked = Household.everywhere.filter(pk__in=ids).select_for_update().order_by("pk")
    return list(locked.values_list("pk", flat=True))


def _later_surveys(batch: ImportBatch) -> list[str]:
    """A sentence when a survey of another origin rests on rows of this batch."""
    joined = Member.objects.filter(
        batch=batch, household=OuterRef("household"), created_at__lt=OuterRef("recorded_at")
    )
    later = (
        Survey.objects.filter(withdrawn_at=None)
        .exclude(batch=batch)
        .filter(Q(corrects__batch=batch) | Q(household__batch=batch) | Q(Exists(joined)))
        .count()
    )
    if not later:
        return []
    text = ngettext(
        "%(count)s later survey rests on it.", "%(count)s later surveys rest on it.", later
    )
    return [text % {"count": later}]


def _withdraw_rows(batch: ImportBatch) -> None:
    now = timezone.now()
    Survey.objects.filter(batch=batch, withdrawn_at=None).update(withdrawn_at=now)
    own = Q(batch=batch) | Q(household__batch=batch)
    Member.objects.filter(own, withdrawn_at=None).update(withdrawn_at=now)
    Household.everywhere.filter(batch=batch, withdrawn_at=None).update(
        withdrawn_at=now, version=F("version") + 1
    )


def _restore(batch: ImportBatch) -> None:
    """Give changed cells their before-image; heads that are to make place come first."""
    changes = _changes(batch, "households.household")
    rows = Household.everywhere.filter(withdrawn_at=None).in_bulk(
        [int(one.subject_id) for one in changes]
    )
    for change in changes:
        if household := rows.get(int(change.subject_id)):
            _restore_household(household, change)
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
            _restore_member(member, change)
    first = [member for pk, member in members.items() if pk in heads]
    others = [member for pk, member in members.items() if pk not in heads]
    for part in (first, others):
        _write(
            Member.objects, part, [*MEMBER_FIELDS.values(), "id_sealed", "id_blind", "id_digest"]
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


def _restore_household(household: Household, change: Change) -> None:
    before, after = change.before or {}, change.after or {}
    for key, field in HOUSEHOLD_FIELDS.items():
        if key in before and _same(getattr(household, field), after[key]):
            setattr(household, field, before[key])
    phone = before.get("phone")
    if phone and str(household.phone_blind) == after["phone"]["blind"]:
        household.phone_sealed = phone["sealed"] and unpacked(phone["sealed"])
        household.phone_blind = phone["blind"] and uuid.UUID(phone["blind"])


def _restore_member(member: Member, change: Change) -> None:
    before, after = change.before or {}, change.after or {}
    for key, field in MEMBER_FIELDS.items():
        if key not in before:
            continue
        old, new = (value_of(key, side[key], member.uuid) for side in (before, after))
        if _same(getattr(member, field), new):
            setattr(member, field, date.fromisoformat(old) if key in DATES and old else old)
    number = before.get("id_number")
    if number and str(member.id_digest) == after["id_number"]["digest"]:
        member.id_sealed = number["sealed"] and unpacked(number["sealed"])
        member.id_blind = number["blind"] and uuid.UUID(number["blind"])
        member.id_digest = number["digest"] and uuid.UUID(number["digest"])


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
