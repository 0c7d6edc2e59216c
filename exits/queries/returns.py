"""Households that came back onto the register, with the exit before that and who signed it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, QuerySet, Subquery

from divisions.models import Division
from divisions.scope import in_range, in_reach
from exits.procedure import EXIT
from exits.queries.revocation import APPROVALS
from exits.queries.signed import Signed, signed_of
from households.models.households import StateChange
from households.rights import reads_names, shown_counts
from households.rules import State
from households.suppression import Key, total
from identification.procedure import REINCLUSION
from officers.models import Officer
from teams.queries.visits import heads_of
from workflow.models import Case, CaseEvent

LISTED = 200
UNKNOWN = 0
"""The approver of an exit that stands on record as loaded history alone."""


@dataclass(frozen=True)
class Returned:
    """One household that came back; `exit` is None where that is loaded history."""

    change: StateChange
    head: str
    exit: Signed | None


@dataclass(frozen=True)
class Row:
    """A place, or the approver of exits, with how many came back, as the role may see it."""

    label: str
    count: str
    code: str = ""


@dataclass(frozen=True)
class Returns:
    """What came back in a place and year: by place, by approver of the exit, and one by one."""

    whole: str
    by_place: list[Row]
    by_approver: list[Row]
    rows: list[Returned]


def returns_of(officer: Officer, place: Division, year: int) -> Returns:
    """Re-inclusions approved in a year in a place within the posting."""
    changes = list(_changes(officer, place.pk, year))
    below = list(Division.objects.in_force(date(year, 12, 31)).below(place.pk))
    digits = len(below[0].pk) if below else len(place.pk)
    approvers = _approvers(filter(None, map(exit_of, changes)))
    counts: dict[Key, int] = {"whole": len(changes)}
    for change in changes:
        approver = approvers.get(exit_of(change) or UNKNOWN, (UNKNOWN, ""))[0]
        for key in (("place", change.household.village_id[:digits]), ("approver", approver)):
            counts[key] = counts.get(key, 0) + 1
    names = dict(approvers.values())
    found = sorted({key[1] for key in counts if isinstance(key, tuple) and key[0] == "approver"})
    sums = [total("whole", [("place", one.pk) for one in below])] if below else []
    sums.append(total("whole", [("approver", one) for one in found]))
    shown = shown_counts(officer, counts, sums)
    return Returns(
        whole=shown.text("whole"),
        by_place=[Row(one.name, shown.text(("place", one.pk)), one.pk) for one in below],
        by_approver=[Row(names.get(one, ""), shown.text(("approver", one))) for one in found],
        rows=_listed(changes) if reads_names(officer) else [],
    )


def _changes(officer: Officer, code: str, year: int) -> QuerySet[StateChange]:
    """Returns onto the register, each with `exit_case`, the case of the exit before it."""
    earlier = StateChange.objects.filter(
        household=OuterRef("household"), to_state=State.EXITED, pk__lt=OuterRef("pk")
    )
    by_case = Case.everywhere.filter(pk=OuterRef("case"), kind=EXIT.kind).values("pk")
    last = earlier.annotate(exit=Subquery(by_case[:1])).order_by("-pk").values("exit")[:1]
    found = StateChange.objects.filter(
        in_range("household__village_id", code),
        in_reach("household__village_id", officer.reach),
        to_state=State.RELAPSED,
        from_state=State.EXITED,
        case__kind=REINCLUSION.kind,
        on__range=(date(year, 1, 1), date(year, 12, 31)),
        household__withdrawn_at=None,
    )
    return found.annotate(exit_case=Subquery(last)).select_related("household__village", "case")


def exit_of(change: StateChange) -> int | None:
    """The case of the exit before a return; None for loaded history."""
    return getattr(change, "exit_case", None)


def _approvers(cases: Iterable[int]) -> dict[int, tuple[int, str]]:
    """Key and name of who approved each exit, the last of two."""
    events = CaseEvent.objects.filter(case__in=list(cases), step__in=APPROVALS).order_by("seq")
    return {
        case: (officer, name)
        for case, officer, name in events.values_list("case", "actor_id", "actor_name")
    }


def _listed(changes: Sequence[StateChange]) -> list[Returned]:
    some = changes[:LISTED]
    keys = filter(None, map(exit_of, some))
    exits = {one.case.pk: one for one in signed_of(Case.everywhere.filter(pk__in=list(keys)))}
    heads = heads_of({one.household_id for one in some})
    return [
        Returned(
            one,
            heads.get(one.household_id, one.household.number),
            exits.get(exit_of(one) or UNKNOWN),
        )
        for one in some
    ]
