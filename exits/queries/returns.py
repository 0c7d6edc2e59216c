"""Households that came back onto the register, with the exit before that and who signed it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from divisions.models import Division
from divisions.scope import in_range, in_reach
from exits.procedure import REVOCATION
from exits.queries.revocation import APPROVALS
from exits.queries.signed import Point, Signed, exits_before, signed_of
from households.models.households import StateChange
from households.rights import reads_names, shown_counts
from households.rules import State
from households.suppression import Key, total
from officers.models import Officer
from teams.queries.visits import heads_of
from workflow.models import Case, CaseEvent

LISTED = 200
UNKNOWN = ""
"""Who approved an exit that stands on record as loaded history alone."""


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
    """Re-inclusions approved in a year in a place within the posting, as far as they stand."""
    changes = list(_changes(officer, place.pk, year))
    exits = exits_before({one.pk: Point(one.household_id, one.pk) for one in changes})
    below = list(Division.objects.in_force(date(year, 12, 31)).below(place.pk))
    digits = len(below[0].pk) if below else len(place.pk)
    approvers = _approvers(exits)
    counts: dict[Key, int] = {"whole": len(changes)}
    for change in changes:
        approver = approvers.get(change.pk, (UNKNOWN, ""))[0]
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
        rows=_listed(changes, exits) if reads_names(officer) else [],
    )


def _changes(officer: Officer, code: str, year: int) -> QuerySet[StateChange]:
    """Returns onto the register, by whatever case, that no later step of that case took back."""
    later = StateChange.objects.filter(
        household=OuterRef("household"), case=OuterRef("case"), pk__gt=OuterRef("pk")
    )
    found = StateChange.objects.filter(
        ~Exists(later),
        in_range("household__village_id", code),
        in_reach("household__village_id", officer.reach),
        to_state=State.RELAPSED,
        from_state=State.EXITED,
        on__range=(date(year, 1, 1), date(year, 12, 31)),
        household__withdrawn_at=None,
    )
    return found.exclude(case__kind=REVOCATION.kind).select_related("household__village", "case")


def _approvers(exits: Mapping[int, Case]) -> dict[int, tuple[str, str]]:
    """Key and name of who approved the exit before each return: the last of two, or a system."""
    events = CaseEvent.objects.filter(case__in=exits.values(), step__in=APPROVALS).order_by("seq")
    by_case = {
        case: (str(officer), name)
        for case, officer, name in events.values_list("case", "actor_id", "actor_name")
    }
    for case in exits.values():
        if foreign := case.facts.get("foreign"):
            by_case[case.pk] = (f"system {foreign['system']}", foreign["system"])
    return {key: by_case[case.pk] for key, case in exits.items() if case.pk in by_case}


def _listed(changes: Sequence[StateChange], exits: Mapping[int, Case]) -> list[Returned]:
    some = changes[:LISTED]
    signed = {
        one.case.pk: one for one in signed_of(exits[one.pk] for one in some if one.pk in exits)
    }
    heads = heads_of({one.household_id for one in some})
    return [
        Returned(
            one,
            heads.get(one.household_id, one.household.number),
            signed[exits[one.pk].pk] if one.pk in exits else None,
        )
        for one in some
    ]
