"""Many households entered at once: judged and written set by set, each whole or not at all.

The rules are those of `enter_household`, the code is the same; here the set is large. What stands
against one household leaves that one out alone.
"""

import logging
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from django.db import IntegrityError, transaction

from divisions.scope import reaches
from households.entry import fields
from households.entry.judged import Entry, EntryFault, Judged
from households.entry.judging import judge_entries
from households.entry.jumps import judge_jumps
from households.entry.outside import ELSEWHERE, outside_of
from households.entry.saving import ENTERERS, author_of, write_entries
from households.importing.filed import Row
from households.importing.judging import Verdict
from households.importing.known import KnownHousehold, KnownMember
from households.importing.people import Membership, People
from households.importing.saving import save_ends
from households.models import Household
from households.rules import State
from officers.models import Officer
from officers.rights import require
from trail.dates import business_date

logger = logging.getLogger("registry.entry")
TRIES = 2
VILLAGE_OUTSIDE = "village_outside"
NO_END = (None, None)
TAKEN = EntryFault(fields.HOUSEHOLD, None, "", "taken_meanwhile")
UNSEALED = uuid.UUID(int=0)
"""In place of a row's own uuid where nothing will be sealed for it."""


@dataclass(frozen=True)
class Bundle:
    """What is entered of one household: an entry a year, in the order of the years.

    All entries have the same household and people, which the first one enters; the others bring
    the facts of their years.
    """

    entries: tuple[Entry, ...]

    @property
    def number(self) -> str:
        """Of the household, on record or wanted."""
        return self.entries[0].number or self.entries[0].wanted


class Fate(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


@dataclass
class Outcome:
    """What became of a bundle. With a fault nothing of it was written.

    `household` and `version` are those on record afterwards, `years` those whose facts are new,
    `numbers` the person numbers of the entered people in the order of their rows.
    """

    judged: list[Judged]
    fate: Fate = Fate.REJECTED
    faults: list[tuple[int, EntryFault]] = field(default_factory=list)
    """(Place of the entry in the bundle, fault); what all entries share is told once."""

    household: int | None = None
    version: int | None = None
    numbers: tuple[str, ...] = ()
    years: tuple[int, ...] = ()

    @property
    def verdict(self) -> Verdict | None:
        """On the first entry, which enters household and people."""
        return self.judged[0].verdict

    @property
    def outside(self) -> frozenset[str]:
        """The persons outside of the posting of whom it tells, by number.

        A village that lies outside is refused whoever lives there.
        """
        return frozenset() if _codes(self) == {VILLAGE_OUTSIDE} else outside_of(self.judged)


@transaction.atomic
def enter_many(bundles: Sequence[Bundle], *, by: Officer, act: str, door: str) -> list[Outcome]:
    """Register new households and bring known ones up to their entries; an outcome a bundle.

    The caller has locked the known households and answers for what of them was seen; the soft rules
    are held against what was written by `recheck`. Two bundles that name one household or person
    are both left out, unless one ends the membership of somebody who goes on in the other: in
    whatever order they come, who leaves is free to join. Raises NotAllowed.
    """
    require(by, *ENTERERS)
    outcomes = _judged(bundles, by)
    _refuse_shared(outcomes)
    before = _versions(outcomes)
    _enter([one for one in outcomes if not one.faults], by, act, door)
    _conclude(outcomes, before)
    return outcomes


def _judged(bundles: Sequence[Bundle], by: Officer) -> list[Outcome]:
    """Each bundle as if what the others end were over; an end counts as long as its bundle does."""
    outcomes = _judged_beside(bundles, by, {})
    waiting = [place for place, one in enumerate(outcomes) if ELSEWHERE in _codes(one)]
    leaving = _leaving(one for one in outcomes if _codes(one) <= {ELSEWHERE})
    is_settled = not (waiting and leaving)
    while not is_settled:
        anew = _judged_beside([bundles[place] for place in waiting], by, leaving)
        for place, one in zip(waiting, anew, strict=True):
            outcomes[place] = one
        sound = _leaving(one for one in outcomes if not one.faults)
        is_settled = leaving.keys() <= sound.keys()
        leaving = {key: values for key, values in leaving.items() if key in sound}
    return outcomes


def _codes(outcome: Outcome) -> set[str]:
    return {fault.code for _place, fault in outcome.faults}


def _leaving(outcomes: Iterable[Outcome]) -> dict[int, dict[str, Any]]:
    """The memberships that end by these, by key, with their values then."""
    verdicts = [one.verdict for one in outcomes if one.verdict]
    return {
        member.known.id: member.values
        for verdict in verdicts
        for member in verdict.people.members
        if member.known and member.ends
    }


def _judged_beside(
    bundles: Sequence[Bundle], by: Officer, leaving: Mapping[int, dict[str, Any]]
) -> list[Outcome]:
    entries = [entry for bundle in bundles for entry in bundle.entries]
    judged = judge_entries(entries, by=by, today=business_date(), leaving=leaving)
    judge_jumps(judged)
    rest = iter(judged)
    outcomes = [Outcome([next(rest) for _entry in bundle.entries]) for bundle in bundles]
    for one in outcomes:
        one.faults = [*_faults(one, by)]
    return outcomes


def _faults(outcome: Outcome, by: Officer) -> Iterator[tuple[int, EntryFault]]:
    if not reaches(by, outcome.judged[0].entry.village):
        yield 0, EntryFault(fields.HOUSEHOLD, None, "village", VILLAGE_OUTSIDE)
        return
    told: set[tuple[str, str]] = set()
    for place, judged in enumerate(outcome.judged):
        for fault in judged.faults:
            own = fault.step in (fields.INCOMES, fields.LIVING)
            if own or (fault.path, fault.code) not in told:
                told.add((fault.path, fault.code))
                yield place, fault
    verdict = outcome.verdict
    if verdict and verdict.known and verdict.known.state == State.CANCELLED:
        yield 0, EntryFault(fields.HOUSEHOLD, None, "", "closed")


@dataclass(frozen=True)
class _Place:
    """A household or person in a bundle: the fault if another one has it as well.

    `number` is the person's; `is_over` that the row tells an end.
    """

    outcome: Outcome
    fault: EntryFault
    number: str = ""
    is_over: bool = False


def _refuse_shared(outcomes: Iterable[Outcome]) -> None:
    """A fault for each row whose household or person stands in another bundle too."""
    places: dict[str, list[_Place]] = defaultdict(list)
    for outcome in outcomes:
        entry, verdict = outcome.judged[0].entry, outcome.verdict
        number = entry.number or entry.wanted
        if number:
            fault = EntryFault(fields.HOUSEHOLD, None, "", "number_twice")
            places[f"household {number}"].append(_Place(outcome, fault))
        for row in verdict.filed.rows if verdict else ():
            person, is_over = row.met or row.values.get("person_number", ""), row.end != NO_END
            for key, column in _keys(row):
                fault = EntryFault(fields.MEMBERS, row.record - 1, column, "shared")
                places[key].append(_Place(outcome, fault, person, is_over))
    for found in places.values():
        if len({id(one.outcome) for one in found}) > 1 and not _is_one_life(found):
            for one in found:
                one.outcome.faults.append((0, one.fault))


def _is_one_life(places: Sequence[_Place]) -> bool:
    """Whether these are memberships of one person, of which at most one is not over."""
    (number, *others) = {one.number for one in places}
    return bool(number) and not others and sum(not one.is_over for one in places) <= 1


def _keys(row: Row) -> Iterator[tuple[str, str]]:
    """The person of a row by number and ID, and the known person that they meet; at which field."""
    number = row.values.get("person_number", "")
    if number:
        yield f"number {number}", "person_number"
    if row.person:
        yield f"id {row.person}", "id_number"
    if row.met and row.met != number:
        yield f"number {row.met}", "id_number" if row.person else "name"


def _enter(outcomes: Sequence[Outcome], by: Officer, act: str, door: str) -> None:
    """Write these together; when others acted meanwhile, judge anew, then go by halves."""
    rest = outcomes
    for _try in range(TRIES):
        try:
            with transaction.atomic():
                _write(rest, by, act, door)
        except IntegrityError as error:
            logger.info("entries judged again: %s", _constraint(error))
            _judge_again(rest, by)
            rest = [one for one in rest if not one.faults]
        else:
            return
    if len(rest) == 1:
        rest[0].faults.append((0, TAKEN))
    elif rest:
        middle = len(rest) // 2
        _enter(rest[:middle], by, act, door)
        _enter(rest[middle:], by, act, door)


def _constraint(error: IntegrityError) -> str:
    """What refused a row; the values that it refused are not for a log."""
    known = getattr(error.__cause__, "diag", None)
    return getattr(known, "constraint_name", None) or "a trigger"


def _judge_again(outcomes: Sequence[Outcome], by: Officer) -> None:
    bundles = [Bundle(tuple(judged.entry for judged in one.judged)) for one in outcomes]
    for one, anew in zip(outcomes, _judged(bundles, by), strict=True):
        one.judged, one.faults = anew.judged, anew.faults
        if _codes(one) & {"number_used", ELSEWHERE}:
            one.faults = [(0, TAKEN)]  # it was free a moment ago


def _write(outcomes: Sequence[Outcome], by: Officer, act: str, door: str) -> None:
    keys: dict[int, int] = {}
    save_ends(one.verdict for one in outcomes if one.verdict)
    for year in sorted({judged.entry.year for one in outcomes for judged in one.judged}):
        part = [
            (place, judged)
            for place, one in enumerate(outcomes)
            for judged in one.judged
            if judged.entry.year == year
        ]
        for place, judged in part:
            if place in keys:
                _settle(judged, outcomes[place], keys[place])
        author = author_of(by, year, act=act, door=door)
        written = write_entries([judged for _place, judged in part], author)
        keys |= {place: key for (place, _judged), key in zip(part, written, strict=True)}
    for place, one in enumerate(outcomes):
        one.household = keys[place]


def _settle(judged: Judged, outcome: Outcome, key: int) -> None:
    """Let an entry of a further year find household and people as the first one entered them."""
    verdict, first = judged.verdict, outcome.verdict
    if verdict is None or first is None:
        return
    number, state, year = first.filed.number, first.state, first.exit_year
    fresh = KnownHousehold(key, UNSEALED, number, state, year, None, None, [], {})
    verdict.known = replace(first.known or fresh, values=first.values, members=[])
    verdict.values, verdict.phone = first.values, ""
    settled = [_settled(one, key) for one in first.people.members]
    verdict.people = People(settled, first.people.kept)


def _settled(member: Membership, household: int) -> Membership:
    digest = member.digest or (member.known.id_digest if member.known else None)
    known = KnownMember(
        0, "", household, "", member.number, member.blind, digest, None, member.values
    )
    return replace(member, known=known)


def _conclude(outcomes: Sequence[Outcome], before: dict[int, int]) -> None:
    """Say of each bundle what became of it, and which version is on record now."""
    after = _versions(outcomes)
    for one in outcomes:
        verdict = one.verdict
        key = one.household or (verdict.known.id if verdict and verdict.known else None)
        one.version = after.get(key) if key else None
        if one.faults or verdict is None:
            continue
        one.fate = Fate.UNCHANGED if before.get(key or 0) == one.version else Fate.UPDATED
        one.fate = one.fate if verdict.known else Fate.CREATED
        one.numbers = tuple(member.number for member in verdict.people.members)
        said = [judged for judged in one.judged if judged.verdict and judged.verdict.survey]
        one.years = tuple(judged.entry.year for judged in said)


def _versions(outcomes: Iterable[Outcome]) -> dict[int, int]:
    """The versions on record of the households that are known or written, by key."""
    known = {one.verdict.known.id for one in outcomes if one.verdict and one.verdict.known}
    known |= {one.household for one in outcomes if one.household}
    found = Household.everywhere.filter(pk__in=known)
    return dict(found.values_list("pk", "version"))
