"""What officers do with drafts: open, save a step, discard, submit. Nothing typed is lost."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from households.entry import fields
from households.entry.consents import judge_consent, record_consent
from households.entry.content import (
    Content,
    StepContent,
    TooMuch,
    Value,
    differing,
    packed,
    plain,
    unpacked,
)
from households.entry.forward import copied_forward
from households.entry.judged import Judged, entry_of
from households.entry.judging import judge_entry
from households.entry.jumps import judge_jumps
from households.entry.saving import EntryRefused, Saved, refuse_cancelled, refuse_moved, write_entry
from households.models import Draft, Household
from households.models.drafts import CONTENT_FIELD
from officers.models import Officer
from officers.rights import require
from officers.rules import Role
from trail.actions import record
from trail.dates import business_date
from trail.errors import Refused, Stale
from trail.sealing import seal, unseal
from trail.transactions import retried
from workflow.actions.attachments import hand_over
from workflow.models.attachments import DRAFT, HOUSEHOLD

DRAFTERS = (Role.VILLAGE_OFFICIAL, Role.TEAM_MEMBER)
SUBMITTERS = (Role.VILLAGE_OFFICIAL,)
NAME_LENGTH = 50


def content_of(draft: Draft) -> Content:
    """What the draft holds, unsealed."""
    return unpacked(unseal(draft.content_sealed, field=CONTENT_FIELD, row=draft.uuid))


@transaction.atomic
def open_draft(
    village: str, *, by: Officer, year: int, head: Mapping[str, str], group: str = ""
) -> Draft:
    """Start the registration of a new household; `head` is what is known of its first person.

    Raises NotAllowed for another role or village.
    """
    require(by, *DRAFTERS, code=village)
    steps = {fields.MEMBERS: plain({}, [{"relation": "01", **head}])}
    if group:
        steps[fields.HOUSEHOLD] = plain({"group": group}, [])
    draft = Draft(village_id=village, year=year, opened_by=by, changed_by=by)
    return _opened(draft, Content(steps), by=by)


@transaction.atomic
def open_update(household: Household, *, by: Officer, year: int) -> Draft:
    """Start, or find, the open draft that brings a household's facts of `year`.

    What seldom changes is copied forward from the record; amounts and guarantees are to be asked
    again. Raises NotAllowed.
    """
    kept = _standing(household)
    require(by, *DRAFTERS, code=kept.village_id)
    found = Draft.everywhere.open().filter(household=kept, year=year).first()
    if found:
        return found
    draft = Draft(
        village_id=kept.village_id,
        household=kept,
        base_version=kept.version,
        year=year,
        opened_by=by,
        changed_by=by,
    )
    return _opened(draft, copied_forward(kept, year=year), by=by)


def _standing(household: Household) -> Household:
    """The household locked. Raises Refused when its import was withdrawn, or it is cancelled."""
    try:
        kept = Household.everywhere.select_for_update().standing().get(pk=household.pk)
    except Household.DoesNotExist:
        raise Refused(
            _("The import that brought this household was withdrawn. Delete this draft."),
            code="withdrawn",
        ) from None
    refuse_cancelled(kept)
    return kept


def _opened(draft: Draft, content: Content, *, by: Officer) -> Draft:
    _put(draft, content)
    draft.full_clean(exclude=["content_sealed"])
    draft.save(force_insert=True)
    record(by=by, action="open_draft", subject=draft, division=draft.village_id)
    return draft


def _put(draft: Draft, content: Content) -> None:
    """Seal the content into the draft, with the two words by which a list shows it."""
    draft.content_sealed = seal(packed(content), field=CONTENT_FIELD, row=draft.uuid)
    draft.householder = _listed(content.head.get("name", ""))
    group = content.step(fields.HOUSEHOLD).values.get("group", "")
    draft.group = _listed(group) if isinstance(group, str) else ""


def _listed(text: str) -> str:
    """A text as a list shows it: short, without the one character that no column stores."""
    return text.replace("\0", "").strip()[:NAME_LENGTH]


@dataclass(frozen=True)
class Typed:
    """A step as it arrives: values by name, rows in order, exactly as typed."""

    values: Mapping[str, Value]
    rows: Iterable[Mapping[str, str]] = ()


@retried
@transaction.atomic
def save_step(draft_id: int, step: str, *, by: Officer, seen: int, typed: Typed) -> Draft:
    """Keep what was typed in one step, faulty or not; `seen` is the step's version that was shown.

    Other steps do not matter: two officers can work in different ones. Raises NotAllowed; Refused
    when the draft has ended or a text is far too long; Stale with `details["theirs"]` (the step as
    it is kept now), `details["differing"]` (row, name), and who saved it when.
    """
    draft = Draft.everywhere.select_for_update().get(pk=draft_id)
    require(by, *DRAFTERS, code=draft.village_id)
    refuse_ended(draft)
    content = content_of(draft)
    kept = content.step(step)
    new = _plain(typed)
    if new.same_as(kept) and kept.version:
        return draft
    if kept.version != seen:
        raise Stale(
            _("%(name)s saved this step while you were typing. Compare, then save again.")
            % {"name": draft.changed_by.name},
            code="draft_changed",
            details={
                "theirs": kept,
                "version": kept.version,
                "differing": differing(new, kept),
                "by": draft.changed_by.name,
                "at": draft.changed_at,
            },
        )
    _put(draft, content.with_step(step, StepContent(kept.version + 1, new.values, new.rows)))
    draft.version += 1
    draft.changed_by, draft.changed_at = by, timezone.now()
    draft.save(
        update_fields=[
            "content_sealed", "householder", "group", "version", "changed_by", "changed_at",
        ]
    )  # fmt: skip
    return draft


def _plain(typed: Typed) -> StepContent:
    try:
        return plain(typed.values, typed.rows)
    except TooMuch as much:
        raise Refused(
            _("This is more than a step can hold (%(most)s). Shorten it.") % {"most": much.args[0]},
            code="too_much",
        ) from much


def refuse_ended(draft: Draft) -> None:
    """Refused when the draft was submitted or discarded."""
    if draft.submitted_at or draft.discarded_at:
        raise Refused(
            _("This draft has ended: it was submitted or deleted. Open the household instead."),
            code="draft_ended",
        )


@transaction.atomic
def discard_draft(draft_id: int, *, by: Officer) -> Draft:
    """End a draft without saving anything of it. Raises NotAllowed and Refused."""
    draft = Draft.everywhere.select_for_update().get(pk=draft_id)
    require(by, *DRAFTERS, code=draft.village_id)
    refuse_ended(draft)
    draft.discarded_at = timezone.now()
    draft.save(update_fields=["discarded_at"])
    record(by=by, action="discard_draft", subject=draft, division=draft.village_id)
    return draft


def judge_draft(draft: Draft, *, by: Officer) -> Judged:
    """The verdict on what the draft holds now, for its task list and its check page."""
    number = draft.household.number if draft.household else ""
    entry = entry_of(content_of(draft), village=draft.village_id, year=draft.year, number=number)
    judged = judge_entry(entry, by=by, today=business_date())
    judge_jumps([judged])
    judge_consent(judged, draft)
    return judged


@retried
@transaction.atomic
def submit_draft(draft_id: int, *, by: Officer, seen: int) -> Saved:
    """Save what the draft holds; `seen` is the draft's version that was checked.

    Its evidence goes to the household, and the consent is recorded. Raises NotAllowed; Refused when
    the draft has ended; Stale when the draft or the household changed since; EntryRefused.
    """
    draft = Draft.everywhere.select_for_update().get(pk=draft_id)
    require(by, *SUBMITTERS, code=draft.village_id)
    refuse_ended(draft)
    if draft.version != seen:
        raise Stale(
            _("Somebody saved a step of this draft after you checked it. Check it again."),
            code="draft_changed",
        )
    household = None
    if draft.household:
        household = _standing(draft.household)
        refuse_moved(household, draft.base_version)
    judged = judge_draft(draft, by=by)
    if judged.faults:
        raise EntryRefused(judged.faults)
    saved = write_entry(judged, household, by=by, act="submit_draft", door=f"draft:{draft.uuid}")
    hand_over(
        DRAFT,
        str(draft.uuid),
        HOUSEHOLD,
        saved.household.number,
        year=draft.year,
        division=saved.household.village_id,
        by=by,
    )
    record_consent(saved.household, judged, by=by)
    draft.submitted_at = timezone.now()
    draft.household = saved.household
    draft.save(update_fields=["submitted_at", "household"])
    return saved


@retried
@transaction.atomic
def start_over_from_record(draft_id: int, *, by: Officer) -> Draft:
    """Let a draft of a known household go on from the household as it stands now.

    What was typed stays; only the version that it is compared with is renewed, after the officer
    saw what changed. Raises NotAllowed and Refused.
    """
    draft = Draft.everywhere.select_for_update().get(pk=draft_id)
    require(by, *DRAFTERS, code=draft.village_id)
    refuse_ended(draft)
    if draft.household is None:
        raise Refused(_("This draft registers a new household."), code="new_household")
    draft.base_version = _standing(draft.household).version
    draft.version += 1
    draft.save(update_fields=["base_version", "version"])
    return draft
