"""What the pages of a registration show: open drafts, the state of each step, the work at hand."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from households.entry import fields
from households.entry.account import coefficients
from households.entry.content import Content, StepContent
from households.entry.drafts import DRAFTERS, content_of, judge_draft
from households.entry.forward import copied_forward, last_survey
from households.entry.judged import EntryFault, Judged
from households.entry.jumps import jump_percent
from households.identity import Identity
from households.models import Draft, Household, Member, Standard
from households.models.households import BANK_FIELD, PHONE_FIELD
from households.models.members import ID_FIELD, PERSON_FIELD
from households.queries import visible_households
from households.rights import ID_READERS
from households.rules import fen
from officers.models import Officer
from registry.pages.registering.forms.base import Work
from registry.pages.registering.steps import STEPS, Step
from trail.masking import mask_id, mask_phone
from trail.sealing import blind, unseal

COMPLETED, IN_PROGRESS = "good", "info"
NOT_STARTED, PROBLEM = "quiet-tag", "bad-tag"
STATUS_WORDS: dict[str, Promise] = {
    COMPLETED: _("Completed"),
    IN_PROGRESS: _("In progress"),
    NOT_STARTED: _("Not started"),
    PROBLEM: _("Problem"),
}
ASKED: Mapping[str, tuple[str, ...]] = {
    fields.HOUSEHOLD: ("group",),
    fields.LIVING: fields.GUARANTEES,
    fields.CAUSES: ("main_cause",),
}
"""What a step is not complete without, though it may be saved without it: else it is unknown."""

LISTED = 100


@dataclass(frozen=True)
class StepState:
    """A step of the task list. `kind` is a key of STATUS_WORDS."""

    step: Step
    kind: str
    faults: int

    @property
    def word(self) -> Promise:
        """The status in words."""
        return STATUS_WORDS[self.kind]


@dataclass(frozen=True)
class DraftLine:
    """A draft in the list, with the state of its six steps."""

    draft: Draft
    states: list[StepState]

    @property
    def completed(self) -> int:
        """How many steps are completed."""
        return sum(one.kind == COMPLETED for one in self.states)


def drafts_seen(officer: Officer) -> QuerySet[Draft]:
    """The drafts that the officer may work on: those of the village's own roles, ended or not."""
    found = Draft.objects.visible_to(officer)
    if officer.acting_role not in DRAFTERS:
        return found.none()
    return found.select_related("village", "changed_by", "household")


def draft_list(officer: Officer) -> list[DraftLine]:
    """The open drafts of the officer's villages, the last saved first.

    The steps are told from what was saved alone: only the task list judges them.
    """
    found = drafts_seen(officer).open().order_by("-changed_at", "-id")[:LISTED]
    return [DraftLine(draft, step_states(content_of(draft), None)) for draft in found]


def step_states(content: Content, judged: Judged | None) -> list[StepState]:
    """The state of each step; without a verdict, no problem is known."""
    return [
        _state(step, content.step(name), judged.faults_of(name) if judged else [])
        for name, step in STEPS.items()
    ]


def _state(step: Step, content: StepContent, faults: list[EntryFault]) -> StepState:
    if not content.version:
        return StepState(step, NOT_STARTED, 0)
    if faults:
        return StepState(step, PROBLEM, len(faults))
    return StepState(step, COMPLETED if is_whole(step.name, content) else IN_PROGRESS, 0)


def is_whole(step: str, content: StepContent) -> bool:
    """Whether a saved step says all that it asks for."""
    if step == fields.INCOMES:
        lined = {row.get("kind") for row in content.rows}
        return all(
            name in lined
            or content.values.get(name)
            or content.values.get(fields.NONE_PREFIX + name)
            for name in fields.BY_STEP[step]
        )
    return all(content.values.get(name) for name in ASKED.get(step, ()))


def judged_states(officer: Officer, draft: Draft) -> list[StepState]:
    """The state of each step of one draft, judged against the register as it stands."""
    return step_states(content_of(draft), judge_draft(draft, by=officer))


def work_of(officer: Officer, draft: Draft, *, today: date) -> Work:
    """The draft as the form of a step sees it."""
    content = content_of(draft)
    standard = Standard.objects.holding(draft.village_id, draft.year).first()
    held: dict[str, Any] = {
        "line_fen": fen(standard.line) if standard else None,
        "coefficients": coefficients(draft.village_id, draft.year),
        "jump_percent": jump_percent(draft.village_id, draft.year),
    }
    if draft.household is None:
        return Work(draft.village_id, draft.year, today, content, **held)
    survey = last_survey(draft.household, draft.year - 1)
    earlier = copied_forward(draft.household, year=survey.year) if survey else Content()
    return Work(
        village=draft.village_id,
        year=draft.year,
        today=today,
        content=content,
        earlier=earlier,
        earlier_year=survey.year if survey else None,
        known=True,
        masked_ids=_masked_ids(officer, draft.household),
        masked=_masked_numbers(draft.household),
        **held,
    )


def _masked_ids(officer: Officer, household: Household) -> dict[str, str]:
    """The members' ID numbers by person number; masked away for roles that read none."""
    found = {}
    for member in household.members.active():
        number = ""
        if member.id_sealed and officer.acting_role in ID_READERS:
            number = mask_id(unseal(member.id_sealed, field=ID_FIELD, row=member.uuid))
        found[member.person_number] = number
    return found


def _masked_numbers(household: Household) -> dict[str, str]:
    found: dict[str, Any] = {
        "phone": (household.phone_sealed, PHONE_FIELD),
        "bank_account": (household.bank_account_sealed, BANK_FIELD),
    }
    return {
        name: mask_phone(unseal(sealed, field=field, row=household.uuid))
        for name, (sealed, field) in found.items()
        if sealed
    }


def is_registered(identity: Identity) -> bool:
    """Whether the person is an active member of some household, anywhere in the nation."""
    return _memberships(identity).exists()


def household_here(officer: Officer, identity: Identity) -> Household | None:
    """The household of the person where it lies within the officer's posting, else None."""
    keys = _memberships(identity).values("household_id")
    return visible_households(officer).filter(pk__in=keys).first()


def _memberships(identity: Identity) -> QuerySet[Member]:
    wanted = blind(identity.person, field=PERSON_FIELD)
    return Member.objects.active().filter(id_blind=wanted)
