"""Made-up lives of households, what the register of any year was by them, and how to write them.

The oracle walks each life event by event, in plain Python; it shares no code with the product.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import count, pairwise
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from households.models import Household, ImportBatch, StateChange, Survey
from households.models.members import HEAD
from households.rules import EXPENSE, GUARANTEES, INCOMES
from tests import factories as make
from tests.unguarded import unguarded
from trail.models import Change
from trail.rules import digest

VILLAGES = (
    make.VILLAGE, make.NEXT_VILLAGE, make.OTHER_TOWNSHIP_VILLAGE, make.OTHER_COUNTY_VILLAGE,
)  # fmt: skip
FIRST, LAST = 2014, 2021
POOR, EXITED, PLANNED, RELAPSED, ORDINARY, CLEARED, CANCELLED = range(7)
REGISTER = {POOR, PLANNED, RELAPSED}
LEAVES = {EXITED: "exited", CLEARED: "cleared", CANCELLED: "natural_out"}
serials = count(1)

years = st.integers(FIRST, LAST)
days = st.dates(date(FIRST, 1, 1), date(LAST, 12, 31))


@dataclass(frozen=True)
class Visit:
    """One survey of a year: persons, who they were, when it was recorded, whether it stands."""

    persons: int
    people: int
    recorded: date
    withdrawn: bool

    def day(self, year: int) -> date:
        """The day whose persons it counts."""
        in_season = date(year, 7, 1) <= self.recorded <= date(year + 1, 6, 30)
        return self.recorded if in_season else date(year, 12, 31)


@dataclass(frozen=True)
class Decision:
    """A change of state by a case: the year of its facts, or only the day of the change."""

    to: int
    on: date
    facts_year: int | None

    @property
    def year(self) -> int:
        return self.on.year if self.facts_year is None else self.facts_year


@dataclass(frozen=True)
class Move:
    """A change of village, by an import of a year or by an officer on a day."""

    to: str
    on: date
    import_year: int | None

    @property
    def year(self) -> int:
        return self.on.year if self.import_year is None else self.import_year


@dataclass(frozen=True)
class Life:
    """One household from its first record on."""

    village: str
    state: int
    exit_year: int
    recorded: date
    import_year: int | None
    living: int
    ended: tuple[date, ...]
    visits: dict[int, tuple[Visit, ...]]
    decisions: tuple[Decision, ...]
    moves: tuple[Move, ...]
    withdrawn: bool

    def visit(self, year: int) -> Visit | None:
        """The survey in force of a year."""
        standing = [one for one in self.visits.get(year, ()) if not one.withdrawn]
        return standing[-1] if standing else None

    def visited(self) -> list[int]:
        return sorted(year for year in self.visits if self.visit(year))

    def loaded(self) -> int:
        """The year that its first record speaks of."""
        if self.import_year is not None:
            return self.import_year
        known = [
            year for year, visits in self.visits.items()
            if any(not one.withdrawn and one.recorded <= self.recorded for one in visits)
        ]  # fmt: skip
        return max(known, default=self.recorded.year)

    def events(self) -> tuple[bool, list[tuple[int, int, str]]]:
        """Whether it began on the register, and each later entry and leave: year, sign, line."""
        decided, latest = [], 0
        for one in self.decisions:
            latest = max(latest, one.year)
            decided.append((latest, one))
        first = decided[0][0] if decided else LAST + 100
        began, found = self._recorded_events(first)
        before = self.state
        for year, one in decided:
            step = crossing(before, one.to)
            if step:
                found.append((year, *step))
            before = one.to
        return began, found

    def _recorded_events(self, first: int) -> tuple[bool, list[tuple[int, int, str]]]:
        """What the first record tells of the time before the first decision."""
        if self.state in (POOR, PLANNED):
            return True, []
        if self.state in (EXITED, RELAPSED):
            left = min(self.exit_year, first)
            found = [(left, -1, "exited")]
            if self.state == RELAPSED:
                found.append((max(left, min(self.loaded(), first)), 1, "relapsed"))
            return True, found
        if self.state in (CLEARED, CANCELLED):
            seen = [year for year in self.visited() if year <= self.loaded()]
            if seen:
                return True, [(min(max(seen) + 1, self.loaded(), first), -1, LEAVES[self.state])]
        return False, []

    def is_on(self, year: int) -> bool:
        began, events = self.events()
        return began + sum(sign for when, sign, _line in events if when <= year) > 0

    def lives_in(self, year: int) -> str:
        village, latest = self.village, 0
        for move in self.moves:
            latest = max(latest, move.year)
            if latest > year:
                break
            village = move.to
        return village

    def persons(self, year: int) -> int:
        """Those of the last survey up to the year, else of the first behind it, else the living."""
        earlier = [one for one in self.visited() if one <= year]
        later = [one for one in self.visited() if one > year]
        chosen = [*earlier[-1:], *later[:1]]
        return self.visit(chosen[0]).persons if chosen else self.living

    def came_and_went(self, year: int) -> tuple[int, int]:
        """Persons who came and who left between the survey before and that of the year.

        Nobody did where both surveys speak of the same people.
        """
        own = self.visit(year)
        earlier = [one for one in self.visited() if one < year]
        if own is None or not earlier:
            return 0, 0
        last = self.visit(earlier[-1])
        if own.people == last.people:
            return 0, 0
        went = sum(last.day(earlier[-1]) < day <= own.day(year) for day in self.ended)
        return max(own.persons - last.persons + went, 0), went


def crossing(before: int, after: int) -> tuple[int, str] | None:
    """Entry or leave that a change of state is, and the line that it counts to."""
    if before in REGISTER and after not in REGISTER:
        return -1, LEAVES.get(after, "new")
    if after in REGISTER and before not in REGISTER:
        if after == RELAPSED:
            return 1, "relapsed"
        return 1, "exited" if before == EXITED else "new"
    return None


@dataclass
class Sheet:
    """Opening, lines and closing as (households, persons)."""

    opening: Counter = field(default_factory=Counter)
    closing: Counter = field(default_factory=Counter)
    lines: dict[str, Counter] = field(default_factory=dict)

    def put(self, line: str, households: int, persons: int) -> None:
        tally = self.lines.setdefault(line, Counter())
        tally["households"] += households
        tally["persons"] += persons


def sheet_of(lives: list[Life], code: str, year: int) -> Sheet:
    """The flow of a year below division `code`, household by household."""
    sheet = Sheet()
    for life in lives:
        if not life.withdrawn:
            _enter(sheet, life, code, year)
    return sheet


def _enter(sheet: Sheet, life: Life, code: str, year: int) -> None:
    was_on, was_here = life.is_on(year - 1), life.lives_in(year - 1).startswith(code)
    is_here = life.lives_in(year).startswith(code)
    earlier = [one for one in life.visited() if one < year]
    before = life.visit(earlier[-1]).persons if earlier else life.persons(year)
    now = life.persons(year)
    if was_on and was_here:
        sheet.opening.update(households=1, persons=before)
        came, went = life.came_and_went(year)
        sheet.put("natural_in", 0, came)
        sheet.put("natural_out", 0, -went)
        sheet.put("unexplained", 0, now - (before + came - went))
        if not is_here:
            sheet.put("moved_out", -1, -now)
    elif was_on and is_here:
        sheet.put("moved_in", 1, now)
    if not is_here:
        return
    _began, events = life.events()
    for when, sign, line in events:
        if when == year:
            sheet.put(line, sign, sign * now)
    if life.is_on(year):
        sheet.closing.update(households=1, persons=now)


@st.composite
def visits_of_years(draw: Any) -> dict[int, tuple[Visit, ...]]:
    visits = {}
    for year in draw(st.sets(years, max_size=5)):
        recorded = sorted(draw(st.lists(days, min_size=1, max_size=2)))
        persons = st.tuples(st.integers(1, 5), st.integers(1, 2))
        withdrawn = draw(st.booleans()) and draw(st.booleans())
        visits[year] = tuple(Visit(*draw(persons), day, withdrawn) for day in recorded)
    return visits


@st.composite
def life(draw: Any) -> Life:
    """Any household whose decisions follow one another."""
    decisions, state = [], draw(st.integers(0, 6))
    first = state
    for _ in range(draw(st.integers(0, 3))):
        state = draw(st.integers(0, 6).filter(lambda other, now=state: other != now))
        decisions.append(Decision(state, draw(days), draw(st.none() | years)))
    moves, village = [], draw(st.sampled_from(VILLAGES))
    start = village
    for _ in range(draw(st.sampled_from((0, 0, 1, 2)))):
        village = draw(st.sampled_from([one for one in VILLAGES if one != village]))
        moves.append(Move(village, draw(days), draw(st.none() | years)))
    return Life(
        village=start,
        state=first,
        exit_year=draw(years),
        recorded=draw(days),
        import_year=draw(st.none() | years),
        living=draw(st.integers(1, 4)),
        ended=tuple(draw(st.lists(days, max_size=3))),
        visits=draw(visits_of_years()),
        decisions=tuple(decisions),
        moves=tuple(moves),
        withdrawn=draw(st.sampled_from((False,) * 9 + (True,))),
    )


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)


def write(lives: list[Life]) -> None:
    """The rows that the product would have left for these lives."""
    batches = {year: make.make_batch(make.PROVINCE, year=year) for year in range(FIRST, LAST + 1)}
    for one in lives:
        household = _household(one, batches)
        _members(household, one)
        _surveys(household, one)
        _decisions(household, one)
        _moves(household, one, batches)


def _household(one: Life, batches: dict[int, ImportBatch]) -> Household:
    state, exit_year = list(states(one))[-1]
    return Household.everywhere.create(
        number=f"H{next(serials):08d}",
        village_id=one.moves[-1].to if one.moves else one.village,
        state=state,
        exit_year=exit_year,
        batch=None if one.import_year is None else batches[one.import_year],
        created_at=noon(one.recorded),
        withdrawn_at=noon(one.recorded) if one.withdrawn else None,
    )


def states(one: Life) -> Iterator[tuple[int, int | None]]:
    """State and exit year as recorded, and after each decision."""
    exit_year = one.exit_year
    yield one.state, exit_year if one.state in (EXITED, RELAPSED) else None
    for decision in one.decisions:
        if decision.to == EXITED:
            exit_year = decision.year
        yield decision.to, exit_year if decision.to in (EXITED, RELAPSED) else None


def _members(household: Household, one: Life) -> None:
    for place in range(one.living):
        make.make_member(household, relation=HEAD if place == 0 else "02")
    for day in one.ended:
        make.make_member(household, end_reason="11", end_date=day)


def _surveys(household: Household, one: Life) -> None:
    known = dict.fromkeys((*INCOMES, EXPENSE), 0) | dict.fromkeys(GUARANTEES, 1)
    for year, visits in one.visits.items():
        last = None
        for visit in visits:
            last = Survey.objects.create(
                household=household, village_id=household.village_id, year=year, corrects=last,
                persons=visit.persons, member_digest=UUID(int=visit.people),
                recorded_at=noon(visit.recorded), recorded_by=make.the_operator(),
                withdrawn_at=noon(visit.recorded) if visit.withdrawn else None, **known,
            )  # fmt: skip


def _decisions(household: Household, one: Life) -> None:
    for (before, exit_year), (after, _exit), decision in (
        zip(*zip(*pairwise(states(one)), strict=True), one.decisions, strict=True)
        if one.decisions
        else ()
    ):
        facts = {"exit_year": exit_year}
        if decision.facts_year is not None:
            facts["year"] = decision.facts_year
        case = make.make_case(
            household, facts=facts, facts_hash=digest(facts), closed_at=noon(decision.on)
        )
        with unguarded():
            StateChange.objects.create(
                household=household, from_state=before, to_state=after, on=decision.on, case=case
            )


def _moves(household: Household, one: Life, batches: dict[int, ImportBatch]) -> None:
    places = [one.village, *(move.to for move in one.moves)]
    for (before, after), move in zip(pairwise(places), one.moves, strict=True):
        imported = move.import_year is not None
        Change.objects.create(
            business_date=move.on, actor_id=1, actor_name="测试", role="operator", posted_to="0",
            action="import" if imported else "move", subject_kind="households.household",
            subject_id=str(household.pk), division_code=after,
            before={"village_code": before}, after={"village_code": after},
            origin=f"import:{batches[move.import_year].pk}" if imported else "",
        )  # fmt: skip
