"""Bodies of requests as entries of the register, and the pointer of each fault in the body."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from rest_framework.request import Request

from households.api.shapes import FIGURES, LIVING_FIELDS
from households.api.telling import FaultyPeople
from households.entry import fields
from households.entry.content import StepContent, TooMuch, Value, plain
from households.entry.forward import copied_forward
from households.entry.judged import Entry, EntryFault
from households.entry.saving import EntryRefused, Saved, enter_household
from households.models import Household
from officers.actions import note_told, refuse_told_enough
from trail.api import SHAPES, ApiFault, Faulty, VersionDiffers, etag_of
from trail.dates import business_date
from trail.errors import Stale
from trail.transactions import retried

Body = Mapping[str, Any]
Pointing = Callable[[EntryFault], str]
ON_SURVEY = frozenset(one.name for one in LIVING_FIELDS)
LIVING_OF_HOUSEHOLD = "housing_grade"
OF_ALL_PEOPLE = ("no_head", "two_heads")
ON_RECORD: dict[str, Promise] = {
    "not_of_household": gettext_lazy("no active member of the household has this person number"),
    "same_person_twice": gettext_lazy("this person stands twice in the body"),
    "already_member": gettext_lazy("this person is a member already; change the household instead"),
}
"""What a body says of people that the register knows otherwise, by code."""


@dataclass(frozen=True)
class Sent:
    """An entry, and where in the body each of its faults stands ("" for the whole of it)."""

    entry: Entry
    pointing: Pointing


def new_household(body: Body) -> Sent:
    """A household that is not on record."""
    survey = body.get("survey", {})
    steps = {
        fields.HOUSEHOLD: _step(body, fields.BY_STEP[fields.HOUSEHOLD]),
        fields.CAUSES: _step(body, fields.BY_STEP[fields.CAUSES]),
        fields.MEMBERS: _plain({}, [_texts(person) for person in body["members"]]),
        fields.INCOMES: _incomes(survey),
        fields.LIVING: _step({**survey, **body}, fields.BY_STEP[fields.LIVING]),
    }
    year = survey.get("year", business_date().year)
    return Sent(Entry(body["village"], year, steps=steps), _in_household)


def changed_household(household: Household, body: Body) -> Sent:
    """The household as on record, with what the body says of it and of its people."""
    year = business_date().year
    recorded = copied_forward(household, year=year)
    steps = {
        name: _merged(recorded.step(name), body, fields.BY_STEP[name])
        for name in (fields.HOUSEHOLD, fields.CAUSES)
    }
    grade = recorded.step(fields.LIVING).values.get(LIVING_OF_HOUSEHOLD, "")
    steps[fields.LIVING] = _plain({LIVING_OF_HOUSEHOLD: body.get(LIVING_OF_HOUSEHOLD, grade)}, [])
    rows, places = _changed_people(recorded.step(fields.MEMBERS), body.get("members", []))
    steps[fields.MEMBERS] = _plain({}, rows)
    entry = Entry(household.village_id, year, household.number, steps)
    return Sent(entry, lambda fault: _in_change(fault, places))


def one_more_person(household: Household, body: Body) -> Sent:
    """The household as on record, with one more person.

    Raises Faulty for a person of whom nothing is said: the entry would drop the blank row.
    """
    year = business_date().year
    steps = _recorded(household, year)
    known = steps[fields.MEMBERS].rows
    _refuse_known_number(body, known)

    def pointing(fault: EntryFault) -> str:
        is_new = fault.row == len(known) or fault.code in OF_ALL_PEOPLE
        return f"/{fault.name}" if fault.step == fields.MEMBERS and is_new else ""

    steps[fields.MEMBERS] = _plain({}, [*known, _texts(body)])
    if len(steps[fields.MEMBERS].rows) == len(known):
        raise Faulty([*_pointed(_all_missing(len(known)), pointing)])
    return Sent(Entry(household.village_id, year, household.number, steps), pointing)


def _all_missing(row: int) -> list[EntryFault]:
    """What is needed of every person, as it is missing from this row of people."""
    known = fields.BY_STEP[fields.MEMBERS].values()
    return [
        EntryFault(fields.MEMBERS, row, one.name, one.required) for one in known if one.required
    ]


def survey_of(household: Household, body: Body) -> Sent:
    """The household as on record, with the facts of a year."""
    steps = _recorded(household, body["year"])
    grade = steps[fields.LIVING].values.get(LIVING_OF_HOUSEHOLD, "")
    facts = _step(body, fields.BY_STEP[fields.LIVING])
    steps[fields.INCOMES] = _incomes(body)
    steps[fields.LIVING] = _plain({**facts.values, LIVING_OF_HOUSEHOLD: grade}, [])
    entry = Entry(household.village_id, body["year"], household.number, steps)
    return Sent(entry, _in_survey)


def save(sent: Sent, request: Request, *, seen: int | None) -> Saved:
    """Enter what was sent, by the request's client.

    Raises as `enter_household`, but FaultyPeople with pointers instead of EntryRefused, and
    VersionDiffers when the household changed while an If-Match named the version before;
    ToldEnough when the client was told of too many persons outside of its posting.
    """
    refuse_told_enough(request.auth)
    try:
        return _entered(sent.entry, request, seen)
    except EntryRefused as refused:
        faults = [*_pointed(refused.faults, sent.pointing)]
        raise FaultyPeople(faults, refused.outside) from None
    except Household.DoesNotExist:
        raise Http404 from None
    except Stale as stale:
        if stale.code == "household_changed" and "If-Match" in request.headers:
            raise VersionDiffers(etag_of(stale.details["version"])) from None
        raise


@retried
@transaction.atomic
def _entered(entry: Entry, request: Request, seen: int | None) -> Saved:
    """Written and counted in one transaction: what may not be told is not written either."""
    door = f"rest:{request.auth.prefix}"
    saved = enter_household(entry, by=request.user, seen=seen, door=door)
    note_told(request.auth, saved.outside, by=request.user)
    return saved


def _plain(values: Mapping[str, Value], rows: Iterable[Mapping[str, str]]) -> StepContent:
    """A step as it is kept. Raises Faulty for more people than any household has."""
    try:
        return plain(values, rows)
    except TooMuch:
        raise Faulty([ApiFault("out_of_range", str(SHAPES["out_of_range"]), "")]) from None


def _pointed(faults: list[EntryFault], pointing: Pointing) -> Iterator[ApiFault]:
    for fault in faults:
        yield ApiFault(fault.code, fault.sentence, pointing(fault))


def _text(value: Any) -> Any:
    return "" if value is None else value


def _texts(row: Body) -> dict[str, str]:
    return {name: _text(value) for name, value in row.items()}


def _step(body: Body, known: Mapping[str, Any]) -> StepContent:
    return _plain({name: _text(body.get(name)) for name in known}, [])


def _merged(recorded: StepContent, body: Body, known: Mapping[str, Any]) -> StepContent:
    values = {name: _text(body[name]) for name in known if name in body}
    return _plain({**recorded.values, **values}, [])


def _incomes(survey: Body) -> StepContent:
    values = {name: _text(survey.get(name)) for name in FIGURES}
    for name, text in survey.get("reasons", {}).items():
        values[fields.REASON_PREFIX + name] = _text(text)
    return _plain(values, [_texts(line) for line in survey.get("lines", [])])


def _recorded(household: Household, year: int) -> dict[str, StepContent]:
    """The household and its people as on record; no figures, conditions and guarantees."""
    steps = dict(copied_forward(household, year=year).steps)
    grade = steps[fields.LIVING].values.get(LIVING_OF_HOUSEHOLD, "")
    return steps | {
        fields.INCOMES: StepContent(),
        fields.LIVING: _plain({LIVING_OF_HOUSEHOLD: grade}, []),
    }


def _changed_people(
    recorded: StepContent, changes: list[Body]
) -> tuple[list[dict[str, str]], dict[int, int]]:
    """The people on record with what changes of them, and the place in the body by their place."""
    rows = [dict(row) for row in recorded.rows]
    at = {row["person_number"]: place for place, row in enumerate(rows)}
    places: dict[int, int] = {}
    faults = []
    for place, person in enumerate(changes):
        row = at.get(_text(person.get("person_number")))
        if row is None or row in places:
            code = "not_of_household" if row is None else "same_person_twice"
            pointer = f"/members/{place}/person_number"
            faults.append(ApiFault(code, str(ON_RECORD[code]), pointer))
            continue
        rows[row] |= _texts(person)
        places[row] = place
    if faults:
        raise Faulty(faults)
    return rows, places


def _refuse_known_number(body: Body, known: tuple[Mapping[str, str], ...]) -> None:
    number = _text(body.get("person_number"))
    if number and any(row["person_number"] == number for row in known):
        raise Faulty(
            [ApiFault("already_member", str(ON_RECORD["already_member"]), "/person_number")]
        )


def _in_household(fault: EntryFault) -> str:
    if fault.step == fields.MEMBERS:
        return "/members" + _row(fault)
    if fault.step == fields.INCOMES or fault.name in ON_SURVEY:
        return "/survey" + _in_survey(fault)
    return f"/{fault.name}" if fault.name else ""


def _in_survey(fault: EntryFault) -> str:
    if fault.step == fields.LIVING:
        return f"/{fault.name}"
    if fault.step != fields.INCOMES:
        return ""
    if fault.row is not None:
        return "/lines" + _row(fault)
    if fault.name.startswith(fields.REASON_PREFIX):
        return f"/reasons/{fault.name.removeprefix(fields.REASON_PREFIX)}"
    return f"/{fault.name}"


def _in_change(fault: EntryFault, places: Mapping[int, int]) -> str:
    if fault.step != fields.MEMBERS:
        return f"/{fault.name}" if fault.name else ""
    place = places.get(fault.row) if fault.row is not None else None
    return "" if place is None else f"/members/{place}/{fault.name}"


def _row(fault: EntryFault) -> str:
    return "" if fault.row is None else f"/{fault.row}/{fault.name}"
