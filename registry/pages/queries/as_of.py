"""A household as it stood at the end of a year: its people, its place, its state.

Who belonged to it is told by the days of the memberships; what was on record of a person or of the
household then, by taking back from today what the trace says was changed since. A reported change
counts from the day of its event: a head who died in December is followed by the new head in
December, also when the township approves in January.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from divisions.models import Division
from divisions.queries import path_to
from households import codes
from households.importing.images import SEALED_KEYS, value_of
from households.models import Household, HouseholdChange, Member, StateChange
from households.rights import masked_name, reads_health, reads_names
from households.rules import State
from officers.models import Officer
from registry.pages.queries.household import age_on
from trail.models import Change

HOUSEHOLD_KEYS = ("village_code", "group", "attribute", "main_cause", "other_causes")
PERSON_KEYS = ("name", "relation", "birth_date", "in_school", "education", "health", "labour")
FIRST_YEAR = 2000
CASE = "case:"


@dataclass(frozen=True)
class PersonThen:
    """A member at that time, as the acting role may see him."""

    name: str
    relation: str
    age: int
    education: str
    health: str
    labour: str


@dataclass(frozen=True)
class Then:
    """The household on the last day of a year."""

    household: Household
    year: int
    day: date
    people: list[PersonThen]
    path: list[Division]
    group: str
    attribute: str
    causes: list[str]
    state: int
    reads_health: bool


def as_of(officer: Officer, household: Household, year: int) -> Then:
    """The household as it stood on 31 December of `year`."""
    day = date(year, 12, 31)
    values = _then(_household_now(household), _changes("household", [household.pk], day))
    return Then(
        household=household,
        year=year,
        day=day,
        people=_people(officer, household, day),
        path=path_to(values["village_code"]),
        group=values["group"],
        attribute=codes.label("attribute", values["attribute"]),
        causes=[
            codes.label("cause", code)
            for code in (values["main_cause"], *values["other_causes"])
            if code
        ],
        state=state_on(household, day),
        reads_health=reads_health(officer),
    )


def _household_now(household: Household) -> dict[str, Any]:
    now = {key: getattr(household, key, None) for key in HOUSEHOLD_KEYS}
    return now | {"village_code": household.village_id}


def _changes(kind: str, keys: Iterable[int], day: date) -> list[Change]:
    """What changed of these rows after the day, the latest first."""
    found = Change.objects.filter(
        subject_kind=f"households.{kind}",
        subject_id__in=[str(key) for key in keys],
        business_date__gt=day,
        before__isnull=False,
    )
    changes = list(found.order_by("-id"))
    happened = _happened({change.origin for change in changes})
    return [one for one in changes if happened.get(one.origin, one.business_date) > day]


def _happened(origins: Iterable[str]) -> dict[str, date]:
    """The day of the event by origin, for the origins that are reported changes."""
    cases = [int(text.removeprefix(CASE)) for text in origins if text.startswith(CASE)]
    found = HouseholdChange.objects.filter(case__in=cases)
    return {f"{CASE}{case}": on for case, on in found.values_list("case", "happened_on")}


def _then(now: dict[str, Any], changes: Iterable[Change]) -> dict[str, Any]:
    """The values before these changes, which come the latest first."""
    values = dict(now)
    for change in changes:
        values |= {key: value for key, value in (change.before or {}).items() if key in values}
    return values


def state_on(household: Household, day: date) -> int:
    """The state on a day: that of the last change by then, else what the first one found."""
    changes = list(StateChange.objects.filter(household=household).order_by("id"))
    before = [one for one in changes if one.on <= day]
    if before:
        return State(before[-1].to_state)
    return State(changes[0].from_state) if changes else State(household.state)


def _people(officer: Officer, household: Household, day: date) -> list[PersonThen]:
    rows = [
        one
        for one in household.members.filter(withdrawn_at=None).order_by("relation", "id")
        if (one.joined_on is None or one.joined_on <= day)
        and (one.end_date is None or one.end_date > day)
        and one.birth_date <= day
    ]
    changes: dict[str, list[Change]] = {}
    for change in _changes("member", [one.pk for one in rows], day):
        changes.setdefault(change.subject_id, []).append(change)
    then = [(one, _person_then(one, changes.get(str(one.pk), []))) for one in rows]
    then.sort(key=lambda pair: (pair[1]["relation"], pair[0].pk))
    return [_shown(officer, values, day) for _member, values in then]


def _person_then(member: Member, changes: Iterable[Change]) -> dict[str, Any]:
    values = {key: getattr(member, key) for key in PERSON_KEYS}
    for change in changes:
        for key, kept in (change.before or {}).items():
            if key in values:
                values[key] = _value(key, kept, member)
    return values


def _value(key: str, kept: Any, member: Member) -> Any:
    text = value_of(key, kept, member.uuid) if key in SEALED_KEYS else kept
    return date.fromisoformat(text) if key == "birth_date" else text


def _shown(officer: Officer, values: Mapping[str, Any], day: date) -> PersonThen:
    name = values["name"] if reads_names(officer) else masked_name(values["name"])
    healthy = reads_health(officer)
    return PersonThen(
        name=name,
        relation=codes.label("relation", values["relation"]),
        age=age_on(day, values["birth_date"]),
        education=codes.label("in_school", values["in_school"])
        or codes.label("education", values["education"]),
        health=codes.label("health", values["health"]) if healthy else "",
        labour=codes.label("labour", values["labour"]) if healthy else "",
    )
