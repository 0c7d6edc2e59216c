"""Deciding several unflagged cases of one village together: what the page shows, and the act."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exits.queries.place_account import PLACE_KINDS
from officers.models import Officer
from officers.rules import BASE
from registry.pages.cases.acts import ADVANCE
from registry.pages.cases.flags import Flag, with_figures, words
from registry.pages.cases.inbox import (
    SECOND_OPINION,
    Waiting,
    rows_of,
    visible_cases,
    waiting_cases,
)
from teams.queries.cases import KINDS as ABOUT_CADRES
from trail.errors import NotAllowed, Refused, Stale
from trail.transactions import retried
from workflow.actions import Order
from workflow.deadlines import due_on
from workflow.errors import Incomplete
from workflow.machine import Machine, Step
from workflow.models import Case
from workflow.procedures import machine_of
from workflow.queries import weighed

BATCH_SIZE = 50
DONE, CHANGED, NOT_ALLOWED, REFUSED = "done", "changed", "not_allowed", "refused"
RESULTS = {
    DONE: gettext_lazy("done"),
    CHANGED: gettext_lazy("changed meanwhile"),
    NOT_ALLOWED: gettext_lazy("not allowed"),
    REFUSED: gettext_lazy("not possible"),
}


ELSEWHERE_TEXT = gettext_lazy("This case is not one of this list. Open it by itself.")


@dataclass(frozen=True)
class Place:
    """Which cases a batch is about: one procedure and state in one village."""

    village: str
    kind: str
    state: str

    @property
    def machine(self) -> Machine:
        return machine_of(self.kind)

    @property
    def step(self) -> Step:
        """The step that moves these cases on."""
        return self.machine.onward(self.state)


@dataclass(frozen=True)
class Batch:
    """The cases that can be ticked, those that must be opened one by one, and how many are left."""

    rows: list[Waiting]
    flagged: list[Waiting]
    left: int

    @property
    def people(self) -> int:
        """The people of the households that can be ticked."""
        return sum(row.subject.people or 0 for row in self.rows if row.subject)


@dataclass(frozen=True)
class Decided:
    """What became of one case of a batch; `message` says why it was left."""

    case: int
    subject: str
    result: str
    message: str = ""


def goes_in_batches(place: Place) -> bool:
    """Whether the step is one of an office about households.

    What the village does, it does house by house; cadres and places are looked at one by one, and
    so is what an approver doubted or a second one decides.
    """
    singly = place.kind in {*ABOUT_CADRES, *PLACE_KINDS} or place.state in SECOND_OPINION
    return not singly and not place.step.roles & BASE


def batch_of(officer: Officer, place: Place, *, today: date) -> Batch:
    """The first cases of the place that wait for the officer, by deadline."""
    found = waiting_cases(officer, place.kind).filter(division=place.village, state=place.state)
    known = with_figures(found.annotate(due=due_on(place.village, today.year)))
    known = known.select_related("division").defer("facts")
    ordered = known.order_by(F("due").asc(nulls_last=True), "pk")
    rows = rows_of(officer, list(ordered[:BATCH_SIZE]), today)
    return Batch(
        rows=[row for row in rows if not _holding(row.flags)],
        flagged=[row for row in rows if _holding(row.flags)],
        left=max(0, found.count() - BATCH_SIZE),
    )


def _holding(flags: Sequence[Flag]) -> list[Flag]:
    return [flag for flag in flags if flag.holds]


@dataclass(frozen=True)
class Tally:
    """How many cases of one procedure and state wait in a village, and the step for them all."""

    place: Place
    label: str
    count: int


def tallies(officer: Officer, village: str) -> list[Tally]:
    """What can be done together in a village: two cases at least that wait for the same step."""
    counts: dict[Place, int] = {}
    found = waiting_cases(officer).filter(division=village).order_by()
    for kind, state in found.values_list("kind", "state"):
        place = Place(village, kind, state)
        counts[place] = counts.get(place, 0) + 1
    return [
        Tally(place, _(place.step.label), count)
        for place, count in sorted(counts.items(), key=lambda one: (one[0].kind, one[0].state))
        if count > 1 and goes_in_batches(place)
    ]


def decide_together(
    place: Place,
    orders: Sequence[Order],
    *,
    by: Officer,
    note: str,
    notes: Mapping[int, str],
    evidence: Mapping[str, Any],
) -> list[Decided]:
    """Take the step of the place for each case, each in a transaction of its own.

    A case that moved since its version was seen, whose household changed, that is flagged, or that
    stands elsewhere than the place says is left as it was and told so; one outside the posting is
    passed over. A case that is named twice counts once, as it was seen first. `notes` are reasons
    of single cases. Raises Refused for too many.
    """
    once = {order.case_id: order for order in reversed(orders)}
    if len(once) > BATCH_SIZE:
        message = _("Choose at most %(most)s cases.") % {"most": BATCH_SIZE}
        raise Refused(message, code="too_many")
    known = visible_cases(by).filter(pk__in=once).defer("facts").in_bulk()
    return [
        _decided(place, once[key], known[key], by, _reason(note, notes, once[key]), evidence)
        for key in sorted(known)
    ]


def _reason(note: str, notes: Mapping[int, str], order: Order) -> str:
    """The common reason and that of the one case."""
    return " / ".join(filter(None, (note.strip(), notes.get(order.case_id, "").strip())))


def _decided(
    place: Place, order: Order, case: Case, by: Officer, note: str, evidence: Mapping[str, Any]
) -> Decided:
    subject = case.subject
    try:
        _refuse_elsewhere(place, case)
        _decide(place, order, by, note, evidence)
    except Stale as refusal:
        return Decided(order.case_id, subject, CHANGED, refusal.message)
    except NotAllowed as refusal:
        return Decided(order.case_id, subject, NOT_ALLOWED, refusal.message)
    except Incomplete as refusal:
        texts = dict.fromkeys(refusal.details["fields"].values())
        return Decided(order.case_id, subject, REFUSED, " ".join(texts))
    except Refused as refusal:
        return Decided(order.case_id, subject, REFUSED, refusal.message)
    return Decided(order.case_id, subject, DONE)


def _refuse_elsewhere(place: Place, case: Case) -> None:
    """Refused for a case of another village or procedure: this list takes another step."""
    if (case.division_id, case.kind) != (place.village, place.kind):
        raise Refused(str(ELSEWHERE_TEXT), code="elsewhere")


@retried
@transaction.atomic
def _decide(
    place: Place, order: Order, by: Officer, note: str, evidence: Mapping[str, Any]
) -> None:
    """The step of one case by its own action; state and flags are read once that locked it."""
    event = ADVANCE[place.kind](
        order.case_id,
        place.step.name,
        by=by,
        version=order.version,
        note=note,
        evidence=evidence,
    )
    if event.from_state != place.state:
        raise Refused(str(ELSEWHERE_TEXT), code="elsewhere")
    for _case, found in weighed([Case.everywhere.get(pk=event.case_id)]):
        if found.flags:
            text = _("Flagged: %(flags)s. Open this case by itself.")
            raise Refused(text % {"flags": words(found.flags)}, code="flagged")
