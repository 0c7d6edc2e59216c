"""Preparing a province's standard of a year, trying it out, and publishing it. Two people."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from divisions.scope import code_range
from households.models import Standard, Survey
from households.rules import GUARANTEES
from officers.models import Officer
from officers.rights import require
from officers.rules import Role
from reviews.actions.proposing import NoStandard, NoSurveys, propose_dry_run
from reviews.models import Review, ReviewState
from reviews.queries.standards import (
    Trial,
    dry_runs_of,
    refusal_to_change,
    refusal_to_publish,
    trial_of,
    trial_year,
)
from reviews.rights import own_part
from trail.actions import record

NOT_OF_A_DRAFT = ("number", "replaces", "prepared_at", "discarded_at")
LOCK = "SELECT pg_advisory_xact_lock(hashtext('households.standard'), 0)"


@dataclass(frozen=True)
class Content:
    """What a standard says. `guarantees` are names of households.rules.GUARANTEES."""

    year: int
    line: Decimal
    monitoring_line: Decimal
    guarantees: Collection[str]
    source: str


@transaction.atomic
def prepare_standard(content: Content, *, by: Officer) -> Standard:
    """A draft for the province of the officer's posting.

    Raises NotAllowed; ValidationError where the content cannot be a standard.
    """
    posting = require(by, Role.PROVINCE_OFFICER)
    draft = _written(content, posting.division_id, None, by)
    record(by=by, action="prepare", subject=draft, division=draft.division_id,
           after=_image(draft))  # fmt: skip
    return draft


@transaction.atomic
def change_standard(standard_id: int, content: Content, *, by: Officer) -> Standard:
    """A new draft in place of one, which is kept as discarded with the dry runs that judged by it.

    Raises NotAllowed; Refused for a standard that is published or discarded; ValidationError.
    """
    old = _locked_draft(standard_id)
    require(by, Role.PROVINCE_OFFICER, code=old.division_id)
    _end(old)
    draft = _written(content, old.division_id, old, by)
    record(by=by, action="change", subject=draft, division=draft.division_id,
           before=_image(old), after=_image(draft))  # fmt: skip
    return draft


@transaction.atomic
def discard_standard(standard_id: int, *, reason: str, by: Officer) -> Standard:
    """Set a draft aside, by an officer or approver of its province.

    Raises NotAllowed; Refused for a standard that is published or discarded already.
    """
    draft = _locked_draft(standard_id)
    require(by, Role.PROVINCE_OFFICER, Role.PROVINCE_APPROVER, code=draft.division_id)
    _end(draft)
    record(by=by, action="discard", subject=draft, division=draft.division_id,
           before=_image(draft), reason=reason)  # fmt: skip
    return draft


@transaction.atomic
def preview_standard(standard_id: int, *, by: Officer) -> Trial:
    """Two dry runs over the province: under the standard that holds, and under the draft.

    A trial that still runs is returned as it is. The first of the two runs is one made before,
    where its facts still stand (`_still_true`); whether both rest on the same facts is proved by
    their hashes in the end. Raises NotAllowed, NoStandard, NoSurveys, Refused.
    """
    draft = _locked_draft(standard_id)
    require(by, Role.PROVINCE_OFFICER, code=draft.division_id)
    _lock_publishing()
    running = trial_of(by, draft)
    if running and running.is_running:
        return running
    year = trial_year(draft)
    if year is None:
        raise NoSurveys(
            _("No household of %(place)s has been surveyed yet. Import surveys first.")
            % {"place": draft.division.name}
        )
    holding = Standard.objects.holding(draft.division_id, year).first()
    if holding is None:
        raise NoStandard(
            _("No standard of %(year)s is published, so there is nothing to compare with.")
            % {"year": year}
        )
    before = _still_true(by, holding, draft.division_id, year) or propose_dry_run(
        root=draft.division, year=year, by=by, standard=holding
    )
    after = propose_dry_run(root=draft.division, year=year, by=by, standard=draft)
    return Trial(before, after, own_part(by, after))


@transaction.atomic
def publish_standard(standard_id: int, *, by: Officer) -> Standard:
    """Number, hash and publish a draft; from now on the database lets nothing of it change.

    By a province approver who had no hand in it, after a finished trial of this very row. Raises
    NotAllowed; Refused for a standard that is published or discarded, without such a trial, and
    when a newer standard of the place and year was published since.
    """
    draft = _locked_draft(standard_id)
    require(by, Role.PROVINCE_APPROVER, code=draft.division_id)
    _lock_publishing()
    trial = trial_of(by, draft)
    if refusal := refusal_to_publish(by, draft, trial):
        raise refusal
    draft.number = (Standard.objects.aggregate(last=Max("number"))["last"] or 0) + 1
    draft.content_hash = draft.digest()
    draft.published_by, draft.published_at = by, timezone.now()
    draft.save(update_fields=["number", "content_hash", "published_by", "published_at"])
    record(by=by, action="publish", subject=draft, division=draft.division_id,
           after={"number": draft.number, "hash": draft.content_hash,
                  "preview": [run.pk for run in trial.runs] if trial else []})  # fmt: skip
    return draft


def _locked_draft(standard_id: int) -> Standard:
    """The draft, kept from every other act on it until this transaction ends."""
    standard = (
        Standard.objects.select_for_update(of=("self",))
        .select_related("division")
        .get(pk=standard_id)
    )
    if refusal := refusal_to_change(standard):
        raise refusal
    return standard


def _lock_publishing() -> None:
    """Publications wait for each other, and previews for them: numbers and order are theirs."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK)


def _written(content: Content, province: str, old: Standard | None, by: Officer) -> Standard:
    draft = Standard(
        division_id=province,
        year=content.year,
        line=content.line,
        monitoring_line=content.monitoring_line,
        guarantees=[name for name in GUARANTEES if name in content.guarantees],
        source=content.source,
        replaces=old,
        prepared_by=by,
    )
    draft.full_clean(exclude=NOT_OF_A_DRAFT)
    draft.save()
    draft.refresh_from_db(fields=["line", "monitoring_line", "prepared_at"])
    return draft


def _end(draft: Standard) -> None:
    draft.discarded_at = timezone.now()
    draft.save(update_fields=["discarded_at"])


def _image(standard: Standard) -> dict[str, Any]:
    return {
        "year": standard.year,
        "line": str(standard.line),
        "monitoring_line": str(standard.monitoring_line),
        "guarantees": standard.guarantees,
        "source": standard.source,
    }


def _still_true(by: Officer, holding: Standard, province: str, year: int) -> Review | None:
    """The latest dry run under `holding` if no survey of the year came or went since.

    And if the latest dry run of the province and year under any standard rested on the same facts:
    it shows what no survey tells, such as a household that was withdrawn.
    """
    finished = dry_runs_of(by, province).filter(
        year=year, state=ReviewState.FINISHED, refreshed_at=None
    )
    latest, own = finished.first(), finished.filter(standard=holding).first()
    if latest is None or own is None or own.input_hash != latest.input_hash:
        return None
    low, high = code_range(province)
    moved = Q(recorded_at__gt=own.facts_at) | Q(withdrawn_at__gt=own.facts_at)
    surveys = Survey.objects.filter(moved, year=year, village_id__gte=low, village_id__lt=high)
    return None if surveys.exists() else own
