"""What waits for the county of other systems' values: the list, and a household side by side."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, QuerySet

from divisions.models import Division
from divisions.scope import in_range
from exchange.comparing import end_texts, line_texts, text_of
from exchange.meanings import END, HOUSEHOLD, JOIN, LINES, MEMBER, REASON, RETURN, VILLAGE
from exchange.models import Difference, DifferenceState
from exchange.models.pushes import WAITING, DifferenceQuerySet
from exchange.records import MemberRecord, Record
from exchange.rights import DECIDERS
from exchange.sides import packed, pushed_text, recorded_text
from households.api.shapes import SEALED
from households.models import Household, Member
from households.queries import visible_households
from officers.models import Officer
from trail.models import Change

PAGE_ROWS = 50
TOWNSHIP_DIGITS = 9


@dataclass(frozen=True)
class Wanted:
    """Which differences to list; "" for all that wait."""

    division: str
    state: str = ""
    group: str = ""
    client: int | None = None


@dataclass(frozen=True)
class HouseholdRow:
    """A household with values that wait."""

    household: Household
    head: str
    waiting: int
    systems: int
    last_at: datetime


@dataclass(frozen=True)
class DifferencePage:
    """A page of households; `count` are all of them."""

    rows: list[HouseholdRow]
    count: int
    has_next: bool


def waiting_differences(officer: Officer) -> DifferenceQuerySet:
    """What the officer is to decide: a county clerk's county, nothing for anybody else."""
    if officer.acting_role not in DECIDERS:
        return Difference.objects.none()
    return Difference.objects.waiting().filter(household__in=visible_households(officer))


def wanted_differences(officer: Officer, wanted: Wanted) -> DifferenceQuerySet:
    """The differences that a list holds."""
    found = waiting_differences(officer).filter(in_range("household__village_id", wanted.division))
    if wanted.state:
        found = found.filter(state=wanted.state)
    if wanted.group:
        found = found.filter(group=wanted.group)
    if wanted.client:
        found = found.filter(client_id=wanted.client)
    return found


def difference_page(officer: Officer, wanted: Wanted, *, number: int) -> DifferencePage:
    """Page `number` of the households, by village; four queries."""
    grouped = (
        wanted_differences(officer, wanted)
        .order_by("household__village_id", "household_id")
        .values("household_id")
        .annotate(waiting=Count("pk"), systems=Count("client_id", distinct=True), last_at=Max("at"))
    )
    first = (number - 1) * PAGE_ROWS
    rows = list(grouped[first : first + PAGE_ROWS + 1])
    keys = [row["household_id"] for row in rows[:PAGE_ROWS]]
    homes = Household.objects.visible_to(officer).select_related("village").in_bulk(keys)
    heads = heads_of(keys)
    return DifferencePage(
        [
            HouseholdRow(
                homes[row["household_id"]],
                heads.get(row["household_id"], ""),
                row["waiting"],
                row["systems"],
                row["last_at"],
            )
            for row in rows[:PAGE_ROWS]
        ],
        grouped.count(),
        len(rows) > PAGE_ROWS,
    )


def heads_of(households: Iterable[int]) -> dict[int, str]:
    """The names of the heads by household."""
    found = Member.objects.active().filter(household_id__in=households, relation="01")
    return dict(found.values_list("household_id", "name"))


def townships_of(officer: Officer) -> list[tuple[Division, int]]:
    """The townships of the posting in which values wait, with how many."""
    counts: dict[str, int] = {}
    villages = waiting_differences(officer).order_by().values("household__village_id")
    for row in villages.annotate(waiting=Count("pk")):
        code = row["household__village_id"][:TOWNSHIP_DIGITS]
        counts[code] = counts.get(code, 0) + row["waiting"]
    found = Division.objects.filter(pk__in=counts).order_by("pk")
    return [(one, counts[one.pk]) for one in found]


def systems_of(officer: Officer) -> list[tuple[int, str]]:
    """The systems of which values wait, by the key and name of their accounts."""
    rows = (
        waiting_differences(officer)
        .order_by("client_id")
        .values_list("client_id", "client__officer__name")
    )
    return [*rows.distinct()]


@dataclass(frozen=True)
class Side:
    """One difference with both sides as an entry holds them.

    `ours` is what the register would have: what is on record, or what was there before it was
    overwritten; `now` is on record. `member` is the person on record whom it is about.
    """

    row: Difference
    ours: Any
    theirs: Any
    now: Any
    member: MemberRecord | None

    @property
    def is_alike(self) -> bool:
        """Whether it differs no more."""
        return packed(self.ours) == packed(self.theirs)

    @property
    def is_taken_elsewhere(self) -> bool:
        """Whether theirs is still to come, by a procedure alone: a household moves by a change."""
        return self.row.field == VILLAGE and not self.is_alike

    @property
    def is_sensitive(self) -> bool:
        """Whether a side holds a number that is masked."""
        return self.row.field in SEALED or self.row.field in (JOIN, RETURN)


def sides_of(record: Record, rows: Iterable[Difference]) -> list[Side]:
    """The differences of a household on record, side by side."""
    members = {one.key: one for one in record.members}
    return [_side(record, row, members) for row in rows]


def _side(record: Record, row: Difference, members: Mapping[int, MemberRecord]) -> Side:
    member = members.get(row.member_id) if row.member_id else None
    theirs, now = json.loads(pushed_text(row))["value"], current(record, row, member)
    if row.field == RETURN and member and _is_back(record, member):
        now = theirs
    was_overwritten = row.state == DifferenceState.OVERWRITTEN
    ours = json.loads(recorded_text(row))["value"] if was_overwritten else now
    return Side(row, ours, theirs, now, member)


def _is_back(record: Record, left: MemberRecord) -> bool:
    number = left.values["person_number"]
    return any(one.is_active and one.values["person_number"] == number for one in record.members)


def current(record: Record, row: Difference, member: MemberRecord | None) -> Any:
    """What is on record where a difference stands, as an entry holds it."""
    if row.kind == HOUSEHOLD:
        if row.field == VILLAGE:
            return record.village
        if row.field in SEALED:
            return record.sealed(row.field) or ""
        return text_of(row.field, record.values[row.field])
    if row.kind == MEMBER:
        return _of_member(row.field, member) if member else ""
    survey = record.surveys.get(row.year or 0)
    if row.field == LINES:
        return [line_texts(line) for line in survey.lines] if survey else []
    if row.field.startswith(REASON):
        return survey.reasons.get(row.field.removeprefix(REASON), "") if survey else ""
    return text_of(row.field, survey.values[row.field] if survey else None)


def _of_member(name: str, member: MemberRecord) -> Any:
    if name in (END, RETURN):
        return end_texts(member)
    if name in SEALED:
        return member.id_number or ""
    return text_of(name, member.values[name])


def last_change(household: int, members: Iterable[int]) -> int:
    """The number of the last act on a household or its people; 0 without one."""
    return max(_changes(household, members).values_list("pk", flat=True)[:1], default=0)


def changes_since(household: int, members: Iterable[int], seen: int) -> Sequence[Change]:
    """The acts on a household and its people after the one of the number `seen`."""
    return list(_changes(household, members).filter(pk__gt=seen).order_by("pk"))


def _changes(household: int, members: Iterable[int]) -> QuerySet[Change]:
    own = Change.objects.filter(subject_kind=Household._meta.label_lower, subject_id=str(household))
    theirs = Change.objects.filter(
        subject_kind=Member._meta.label_lower, subject_id__in=[str(key) for key in members]
    )
    return (own | theirs).order_by("-pk")


def waiting_of(officer: Officer, household: Household) -> list[Difference]:
    """What waits of one household, in the order of its pages."""
    found = waiting_differences(officer).filter(household=household)
    return list(
        found.select_related("client__officer", "member").order_by(
            "client_id", "kind", "member_id", "year", "pk"
        )
    )


def decided_of(officer: Officer, household: Household, *, most: int) -> list[Difference]:
    """What was decided of one household, the latest first."""
    reached = visible_households(officer).filter(pk=household.pk)
    decided = Difference.objects.filter(household__in=reached).exclude(
        state__in=[*WAITING, DifferenceState.OUTDATED]
    )
    return list(
        decided.select_related("client__officer", "decided_by").order_by("-decided_at")[:most]
    )
