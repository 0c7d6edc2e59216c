"""What became of a household in one review: each proposal, what was said to it, and the cases."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from households.models import Survey
from households.rights import reads_names
from households.rules import Kind
from officers.models import Officer
from reviews.actions.undoing import UNDONE
from reviews.answers import REASONS, in_words
from reviews.models import KIND_NAMES, Answer, Proposal, Review
from reviews.procedure import UNDO
from reviews.queries.evidence import changes_between
from workflow.models import Case
from workflow.procedures import machine_of


@dataclass(frozen=True)
class Entry:
    """One thing that happened. `said` is a reason in words; `case` is a case that it opened.

    `proposal` is the one that it happened to, `changes` what a newer proposal says otherwise.
    """

    label: str
    at: datetime | None
    by: str
    proposal: Proposal
    said: str = ""
    case: Case | None = None
    changes: list[dict[str, Any]] = field(default_factory=list)


def history_of(officer: Officer, review: Review, proposal: Proposal) -> list[Entry]:
    """What happened to the proposals of this household in this review, the latest first."""
    found = Proposal.objects.visible_to(officer).filter(
        review=review, household_id=proposal.household_id
    )
    related = ("household", "case", "accepted_by", "answered_by")
    chain = list(found.select_related(*related).order_by("pk"))
    surveys = Survey.objects.in_bulk([one.survey_id for one in chain if one.survey_id])
    undos = _undos(officer, chain)
    entries: list[Entry] = []
    for place, one in enumerate(chain):
        earlier = chain[place - 1] if place else None
        entries.append(_proposed(review, one, earlier, surveys))
        entries += _decided(officer, one)
        for case in undos.get(one.pk, ()):
            entries += _undo(officer, one, case)
    return entries[::-1]


def _undos(officer: Officer, chain: Sequence[Proposal]) -> dict[int, list[Case]]:
    """Cases that ask to undo acceptances of these proposals, by proposal."""
    found: dict[int, list[Case]] = {}
    subjects = {one.household.number for one in chain}
    for case in undo_cases(officer).filter(subject__in=subjects).order_by("pk"):
        found.setdefault(case.facts["proposal"], []).append(case)
    return found


def undo_cases(officer: Officer) -> QuerySet[Case]:
    """Requests to undo an acceptance within the posting."""
    return Case.objects.visible_to(officer).filter(kind=UNDO.kind).select_related("proposed_by")


def _proposed(
    review: Review, one: Proposal, earlier: Proposal | None, surveys: Mapping[int, Survey]
) -> Entry:
    kind = KIND_NAMES[Kind(one.kind)]
    changes = changes_between(earlier, one, surveys) if earlier else []
    if earlier and not changes:
        label = _("Up for decision again: %(kind)s") % {"kind": kind}
    elif one.added_at:
        label = _("Renewed: %(kind)s") % {"kind": kind}
    else:
        label = _("Proposed: %(kind)s") % {"kind": kind}
    return Entry(label, one.added_at or review.finished_at, "", one, changes=changes)


def _decided(officer: Officer, one: Proposal) -> list[Entry]:
    if one.accepted_at and one.accepted_by:
        return [Entry(_("Accepted"), one.accepted_at, one.accepted_by.name, one, case=one.case)]
    if one.answer is None or one.answered_by is None:
        return []
    answer = Answer(one.answer)
    label = _("Refused") if answer == Answer.REFUSED else _("Sent back for data")
    return [Entry(label, one.answered_at, one.answered_by.name, one, said=said_to(officer, one))]


def said_to(officer: Officer, one: Proposal) -> str:
    """Why the proposal was answered so; what was written is for roles that read names."""
    if one.answer is None:
        return ""
    reason, text = in_words(REASONS[Answer(one.answer)], one.answer_reason or "")
    return f"{reason} · {text}" if text and reads_names(officer) else reason


def _undo(officer: Officer, one: Proposal, case: Case) -> list[Entry]:
    said = case.facts["reason"] if reads_names(officer) else ""
    name = case.proposed_by.name
    asked = Entry(_("Undo asked for"), case.opened_at, name, one, said=said, case=case)
    if case.closed_at is None:
        return [asked]
    label = _("Request to undo: %(state)s") % {"state": _(machine_of(case.kind).states[case.state])}
    last = case.events.last()
    return [asked, Entry(label, case.closed_at, last.actor_name if last else "", one, case=case)]


def undone_of(officer: Officer, proposal: Proposal) -> Entry | None:
    """The approval that undid the acceptance of this proposal; None while the acceptance stands."""
    found = undo_cases(officer).filter(subject=proposal.household.number, state=UNDONE)
    case = next((case for case in found if case.facts["proposal"] == proposal.pk), None)
    return _undo(officer, proposal, case)[-1] if case else None


def open_undo_of(officer: Officer, proposal: Proposal) -> Case | None:
    """The request to undo the acceptance of this proposal that waits for its decision."""
    found = undo_cases(officer).filter(closed_at=None, subject=proposal.household.number)
    return next((case for case in found if case.facts["proposal"] == proposal.pk), None)
