"""Households that another system pushes: compared with the record, judged and written together."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from divisions.scope import reaches
from exchange.actions.waiting import Told, keep
from exchange.comparing import Compared, Difference, compare, compare_new, moved
from exchange.items import ITEMS, MAKES_A_SURVEY, Item
from exchange.meanings import LINES, SURVEY, Meanings
from exchange.merging import Applied, Made, known_household, new_household
from exchange.models import Push
from exchange.queries.changed_here import ChangedHere, changed_here
from exchange.queries.kept_here import kept_here
from exchange.queries.policies import Policies
from exchange.records import Record, records_of
from exchange.rules import Fate, Owner, Sight, Sort, Way, fate, fate_of_kept, sight
from households.entry.many import Bundle, Outcome, enter_many
from households.entry.many import Fate as Became
from households.importing.known import Villages
from households.importing.reasons import say
from households.models import Household
from households.rules import State
from officers.models import ClientKey, Officer
from officers.rights import require
from officers.rules import Role
from trail.api import SHAPES, ApiFault
from trail.dates import business_date

ACT = "push"
TRIES = 2
MEANWHILE = "taken_meanwhile"
UNTOLD = frozenset({"not_in_file", "status_ignored", "still_ended"})
"""Warnings that speak of files: a push may leave out who stays, brings its status apart, and lets
people come back.
"""

WARNINGS = {
    "status_stays": _("The state on record stays; it changes only through a case."),
    "exit_year_stays": _("The exit year on record stays; it changes only through a case."),
    "status_left": _("The household begins outside the register: no status is taken over here."),
}


class Outwards(StrEnum):
    """What an item came to, as its sender is told."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    QUEUED = "queued"
    REFUSED = "refused"
    REJECTED = "rejected"


@dataclass
class Result:
    """What an item came to. Pointers lead into the item as it was sent.

    `queued` wait for the county, `refused` belong to it, `overwritten` were written over what an
    officer had changed; of `kept` it decided before that its own values stay.
    """

    index: int
    number: str
    result: Outwards = Outwards.REJECTED
    version: int | None = None
    errors: list[ApiFault] = field(default_factory=list)
    warnings: list[tuple[str, str]] = field(default_factory=list)
    queued: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    overwritten: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)


class Pushed(NamedTuple):
    """What came of items: one result an item, in their order.

    `outside` are the persons outside of the posting of whom the results tell, by number.
    """

    push: Push
    results: list[Result]
    outside: frozenset[str]


@dataclass
class _Work:
    """An item on its way."""

    item: Item
    result: Result
    record: Record | None = None
    compared: Compared = field(default_factory=Compared)
    fates: list[tuple[Difference, Fate]] = field(default_factory=list)
    made: Made | None = None
    outside: frozenset[str] = frozenset()


@transaction.atomic
def push_items(items: Iterable[Item], *, way: Way, key: ClientKey, by: Officer) -> Pushed:
    """Take in households as `key`'s client sends them.

    Each is written whole or not at all, whatever comes of the others; two that name one household
    or person are both rejected. What the county owns, or the client has not seen, waits for it
    (`exchange.rules`). Leaves one `Push`; the soft rules are held against it by `check_push`, and
    whoever answers counts of whom it tells.
    Raises NotAllowed for anybody but a machine client.
    """
    require(by, Role.MACHINE_CLIENT)
    works = [_Work(one, Result(one.index, one.number, errors=_at(one))) for one in items]
    push = Push.objects.create(client_id=key.client_id, prefix=key.prefix)
    policies = Policies(business_date().year, way)
    _refuse_twins(works)
    touched: dict[int, set[int]] = {}
    waiting = [one for one in works if not one.result.errors]
    for _try in range(TRIES):
        for year, households in _pushed(waiting, push, policies, by).items():
            touched.setdefault(year, set()).update(households)
        came = _came_meanwhile(waiting)
        waiting = [one for one in waiting if one.item.number in came or _is_meanwhile(one.result)]
    results = [one.result for one in works]
    push.counts = Counter(one.result for one in results)
    push.refused = Counter(fault.code for one in results for fault in one.errors)
    push.unchecked = {str(year): sorted(households) for year, households in touched.items()}
    push.save(update_fields=["counts", "refused", "unchecked"])
    return Pushed(push, results, frozenset().union(*(one.outside for one in works)))


def _at(item: Item) -> list[ApiFault]:
    """The faults of an item's shape, each where it was sent."""
    return [
        ApiFault(one.code, one.sentence, item.pointer(one.pointer or "")) for one in item.faults
    ]


def _refuse_twins(works: Iterable[_Work]) -> None:
    """Two items of one number are both rejected, faulty or not."""
    named = Counter(one.item.number for one in works if one.item.number)
    for one in works:
        if named[one.item.number] > 1:
            _reject(one, "number_twice", "/number")


def _reject(work: _Work, code: str, pointer: str, **params: Any) -> None:
    sentence = str(SHAPES[code]) if code in SHAPES else None
    sentence = sentence or (str(ITEMS[code]) if code in ITEMS else say(code, params))
    work.result.errors.append(ApiFault(code, sentence, work.item.pointer(pointer)))


def _is_meanwhile(result: Result) -> bool:
    return any(one.code == MEANWHILE for one in result.errors)


def _came_meanwhile(works: Iterable[_Work]) -> set[str]:
    """Numbers that were looked up in vain, and that somebody had registered by the judging."""
    new = [one.item.number for one in works if one.record is None and one.result.errors]
    return set(Household.everywhere.filter(number__in=new).values_list("number", flat=True))


def _pushed(
    works: Sequence[_Work], push: Push, policies: Policies, by: Officer
) -> dict[int, set[int]]:
    """Compare, judge and write; returns the written households by year."""
    if not works:
        return {}
    for one in works:
        one.result.errors, one.result.warnings, one.made = [], [], None
    numbers = sorted(one.item.number for one in works)
    locked = _locked(numbers, by)
    years = {survey.year for one in works for survey in one.item.surveys}
    records = records_of(numbers, years)
    meanings = Meanings(business_date())
    for one in works:
        one.record = records.get(one.item.number)
        if one.record and not reaches(by, one.record.village):
            _reject(one, "number_used", "/number")
        elif one.record and one.record.key not in locked:
            _reject(one, MEANWHILE, "/number")
    works = [one for one in works if not one.result.errors]
    _compare(works, meanings)
    _let_moves_wait(works, by)
    _decide(works, policies, meanings, by)
    for one in works:
        _make(one, policies)
    return _enter(works, push, by)


def _locked(numbers: Collection[str], by: Officer) -> set[int]:
    """Lock the households of these numbers within the posting, in key order; no others wait."""
    known = Household.everywhere.visible_to(by).standing().filter(number__in=numbers)
    return set(known.select_for_update().order_by("pk").values_list("pk", flat=True))


def _compare(works: Iterable[_Work], meanings: Meanings) -> None:
    for one in works:
        if one.record:
            one.compared = compare(one.item, one.record, meanings)
        else:
            one.compared = compare_new(one.item, meanings)
        for place, unmet in one.compared.unmet.items():
            _reject(one, unmet.code, f"/members/{place}/{unmet.column}", **unmet.params)


def _let_moves_wait(works: Iterable[_Work], by: Officer) -> None:
    """A village that the household could relocate to is a difference; any other one is a fault."""
    moving = [
        (one, one.record)
        for one in works
        if one.record and one.item.village not in ("", one.record.village)
    ]
    villages = Villages(business_date())
    villages.learn({code for one, kept in moving for code in (one.item.village, kept.village)})
    for one, kept in moving:
        code, village = one.item.village, villages.get(one.item.village)
        is_possible = village is not None and village.in_force and reaches(by, code)
        if is_possible and code not in villages.successors(kept.village):
            one.compared.differences.append(moved(one.item, kept))


def _decide(works: Sequence[_Work], policies: Policies, meanings: Meanings, by: Officer) -> None:
    """What the rules refuse does not wait: the item is rejected for it."""
    known = [one for one in works if one.record and one.compared.differences]
    here = ChangedHere()
    if unseen := [one.record for one in known if one.record and _overwrites(one, policies)]:
        here = changed_here(unseen, client=by.pk)
    kept = kept_here([one.record for one in known if one.record], client=by.pk)
    for one in known:
        if one.record is None:
            continue
        policy = policies.of(one.record.village)
        seen = sight(one.item.version, one.record.version)
        fates: list[tuple[Difference, Fate]] = []
        for each in one.compared.differences:
            became = Fate.APPLIED
            if not each.is_refused(meanings):
                by_whom = here.by(one.record, each)
                became = fate(policy, each.group, each.sort, seen, here=by_whom)
                became = fate_of_kept(became, seen) if kept.holds(one.record, each) else became
            fates.append((each, became))
        one.fates = [*_with_a_survey(fates, one.record.surveys)]


def _with_a_survey(
    fates: Sequence[tuple[Difference, Fate]], known: Collection[int]
) -> Iterator[tuple[Difference, Fate]]:
    """Living conditions alone make no survey: of a new year they wait with its figures."""
    made = {*known} | {
        one.year
        for one, became in fates
        if became == Fate.APPLIED and (one.name == LINES or one.name in MAKES_A_SURVEY)
    }
    for one, became in fates:
        alone = one.kind == SURVEY and one.year not in made
        yield one, Fate.QUEUED if alone and became == Fate.APPLIED else became


def _overwrites(work: _Work, policies: Policies) -> bool:
    """Whether something that belongs there may be written over what it had not seen."""
    record = work.record
    if record is None or sight(work.item.version, record.version) == Sight.CURRENT:
        return False
    policy = policies.of(record.village)
    return any(policy.owner(one.group) == Owner.THERE for one in work.compared.differences)


def _make(work: _Work, policies: Policies) -> None:
    """The entries of an item; none where nothing of it is to be written."""
    item, record, result = work.item, work.record, work.result
    if record is None:
        if not item.village:
            _reject(work, "required", "/village")
            return
        _settle_status(work, policies)
        work.made = new_household(item, work.compared, year=policies.year)
        _refuse_empty(work, item, ())
        return
    if record.state == State.CANCELLED and work.fates:
        _reject(work, "closed", "/number")
        return
    if item.status and item.status != str(record.state):
        result.warnings.append(("status_stays", str(WARNINGS["status_stays"])))
    elif item.exit_year and item.exit_year != str(record.exit_year):
        result.warnings.append(("exit_year_stays", str(WARNINGS["exit_year_stays"])))
    applied = Applied()
    for one, became in work.fates:
        if became in (Fate.APPLIED, Fate.OVERWRITES):
            applied.add(one)
    is_moving = any(one.sort == Sort.MOVE for one, _became in work.fates)
    village = record.village if is_moving else item.village or record.village
    if village != record.village or any(
        became in (Fate.APPLIED, Fate.OVERWRITES) for _one, became in work.fates
    ):
        work.made = known_household(
            item, record, work.compared, applied, village=village, year=policies.year
        )
    _refuse_empty(work, item, record.surveys)


def _settle_status(work: _Work, policies: Policies) -> None:
    """A new household's status is history, where its county takes such over from a file."""
    item = work.item
    if item.status == str(State.ORDINARY.value):
        item.status = ""
    if item.status and not policies.loads_states(item.village):
        work.result.warnings.append(("status_left", str(WARNINGS["status_left"])))
        item.status = ""
    item.exit_year = item.exit_year if item.status else ""


def _refuse_empty(work: _Work, item: Item, known: Collection[int]) -> None:
    """The first survey of a year says something of incomes or guarantees."""
    for survey in item.surveys:
        if survey.year not in known and not survey.says_something:
            _reject(work, "survey_empty", f"/surveys/{survey.place}")


def _enter(works: Sequence[_Work], push: Push, by: Officer) -> dict[int, set[int]]:
    """Write what is to be written, and let wait what is not."""
    sound = [one for one in works if not one.result.errors]
    bundles: list[tuple[_Work, Bundle]] = [(one, one.made.bundle) for one in sound if one.made]
    outcomes = enter_many(
        [bundle for _one, bundle in bundles], by=by, act=ACT, door=f"rest:{push.prefix}"
    )
    touched: dict[int, set[int]] = {}
    for (one, bundle), outcome in zip(bundles, outcomes, strict=True):
        _tell(one, outcome)
        one.outside = outcome.outside
        if outcome.fate in (Became.CREATED, Became.UPDATED) and outcome.household:
            for entry in bundle.entries:
                touched.setdefault(entry.year, set()).add(outcome.household)
    kept = [one for one in sound if not one.result.errors]
    for one in kept:
        _tell_rest(one)
    keep(push, [*_told(kept)])
    for one in works:
        if one.record and one.result.errors:
            one.result.version = one.record.version
    return touched


def _told(works: Iterable[_Work]) -> Iterator[Told]:
    for one in works:
        if one.record:
            yield Told(one.item, one.record, one.compared, one.fates)


def _tell(work: _Work, outcome: Outcome) -> None:
    result, made, item = work.result, work.made, work.item
    if made is None:
        return
    for place, fault in outcome.faults:
        pointer = item.pointer(made.pointer(place, fault))
        result.errors.append(ApiFault(fault.code, fault.sentence, pointer))
    result.version = outcome.version
    result.result = Outwards(outcome.fate)
    warned = {
        one.code: say(one.code, one.params)
        for judged in outcome.judged
        for one in (judged.verdict.warnings if judged.verdict else ())
        if one.code not in UNTOLD
    }
    result.warnings += warned.items()


def _tell_rest(work: _Work) -> None:
    """What waits, is refused or was overwritten; and the result where nothing was written."""
    result, item = work.result, work.item
    lists = {
        Fate.QUEUED: result.queued,
        Fate.REFUSED: result.refused,
        Fate.OVERWRITES: result.overwritten,
        Fate.KEPT: result.kept,
    }
    for one, became in work.fates:
        if became in lists:
            lists[became].append(item.pointer(one.pointer))
    if work.made is None and work.record:
        result.version = work.record.version
        result.result = Outwards.UNCHANGED
    if result.result == Outwards.UNCHANGED and (result.queued or result.refused):
        result.result = Outwards.QUEUED if result.queued else Outwards.REFUSED
