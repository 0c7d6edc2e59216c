"""One run over one file: read, judge everything, then, if asked, save part by part."""

from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date

from django.db import IntegrityError, OperationalError, transaction

from households.importing.cells import HOUSEHOLD_NUMBER
from households.importing.filed import Fault, Filed, HouseholdReader, Warned
from households.importing.judging import Importer, Verdict, judge
from households.importing.known import Villages, look_up
from households.importing.planning import Plan
from households.importing.reader import FileRefused, Table
from households.importing.saving import Author, lock_households, save
from households.importing.staging import Part, Staging
from households.importing.template import rules

TOLD_WARNINGS = 1_000
TRIES = 3
DEADLOCKS = ("40P01", "40001")

Progress = Callable[[str, int, int], None]
"""Told the phase (`reading`, `judging`, `saving`), the rows done and all rows."""


def _one_ahead(read: Callable[[Part], list[Filed]], parts: Iterator[Part]) -> Iterator[list[Filed]]:
    """`read` of each part, the next one while the database works on this one."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        waiting: deque[Future[list[Filed]]] = deque()
        for part in parts:
            waiting.append(pool.submit(read, part))
            if len(waiting) > 1:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def silent(phase: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


@dataclass
class Tally:
    """What came of a run. Households are counted by kind, rows one by one."""

    rows: int = 0
    lone_rows: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    members: int = 0
    surveys: int = 0
    warnings: Counter[str] = field(default_factory=Counter)
    saved: int = 0

    @property
    def faulty(self) -> int:
        """Households left out; a row without a usable number counts as one."""
        return self.kinds["faulty"] + self.lone_rows

    def counts(self) -> dict[str, int]:
        """As a batch keeps them."""
        kinds = {kind: self.kinds[kind] for kind in ("new", "changed", "unchanged")}
        own = {"rows": self.rows, "members": self.members, "surveys": self.surveys}
        return own | kinds | {"faulty": self.faulty, "warnings": sum(self.warnings.values())}


class Run:
    """A file of `year` as `importer` brings it on the day `today`, staged in this session."""

    def __init__(self, staging: Staging, importer: Importer, *, year: int, today: date):
        self.staging = staging
        self.importer = importer
        self.year = year
        self.rules = rules(today=today, year=year)
        self.villages = Villages(today)
        self.tally = Tally()
        self.warnings: list[Warned] = []
        self.plan: Plan | None = None

    def read(self, table: Table) -> None:
        """Stage every row. A row without a usable household number fails alone.

        Raises FileRefused when the file breaks behind its headings.
        """
        self.layout = table.layout
        self.reader = HouseholdReader(table.layout, self.rules, self.importer.ignored)
        place = table.layout.places["household_number"]
        alone: list[tuple[int, list[str]]] = []
        broken: list[FileRefused] = []

        def numbered() -> Iterator[tuple[int, str | None, list[str]]]:
            try:
                for record, cells in table.records:
                    number = cells[place].strip() if place < len(cells) else ""
                    if HOUSEHOLD_NUMBER.fullmatch(number):
                        yield record, number, cells
                    else:
                        alone.append((record, cells))
                        yield record, None, cells
            except FileRefused as refused:
                broken.append(refused)

        self.staging.keep(numbered())
        if broken:
            raise broken[0]
        for row in alone:
            self.staging.keep_faults((None, fault) for fault in self._lone_faults(row))
        self.tally.rows = self.staging.rows()
        self.tally.lone_rows = len(alone)
        for column in self.layout.unknown:
            self._warn([Warned(1, "unknown_column", {"column": column})])

    def _lone_faults(self, row: tuple[int, list[str]]) -> list[Fault]:
        record, cells = row
        filled = {str(place): text for place, text in enumerate(cells)}
        filed = self.reader.household("", [(record, filled)])
        if not any(fault.column == "household_number" for fault in filed.faults):
            filed.faults.append(filed.rows[0].fault("household_number", "blank"))
        return filed.faults

    def plan_for(self, author: Author) -> None:
        """Make the rows of simple new households while judging: `save` follows, by `author`."""
        self.plan = Plan(author)
        self.plan.create()

    def judge(self, progress: Progress = silent) -> Tally:
        """Judge every household against the register as it stands. Writes nothing to it."""
        done = self.tally.lone_rows
        for filed in _one_ahead(self._filed, self.staging.parts()):
            verdicts = self._verdicts(filed)
            self.staging.keep_keys(filed)
            self.staging.keep_verdicts(
                (one.filed.number, one.kind, one.filed.rows[0].record) for one in verdicts
            )
            self._keep_faults(verdicts)
            if self.plan:
                self.plan.add(verdicts)
            for verdict in verdicts:
                self._warn(verdict.warnings)
                self._count(verdict)
            done += sum(len(one.rows) for one in filed)
            progress("judging", done, self.tally.rows)
        self.staging.share_faults()
        self.tally.kinds = Counter(self.staging.counts())
        return self.tally

    def save(self, author: Author, progress: Progress = silent) -> Tally:
        """Save every faultless household, set by set; one that became faulty is left out.

        Planned households move as they are. Every other one is judged again under its lock.
        """
        kinds = self.staging.verdicts()
        self.tally.members = self.tally.surveys = 0
        for moved in self.plan.move() if self.plan else ():
            self.tally.members += moved.members
            self.tally.surveys += moved.surveys
            for number in moved.numbers:
                kinds.pop(number)
            self.tally.saved += len(moved.numbers)
            progress("saving", self._rows_of(self.tally.saved), self.tally.rows)
        pending = {number for number, kind in kinds.items() if kind in ("new", "changed")}
        self.tally.kinds = Counter(k for number, k in kinds.items() if number not in pending)
        self.tally.kinds["new"] += self.tally.saved
        for part in _one_ahead(self._filed, self.staging.parts_of(pending)):
            for verdict in self._save_part(part, author):
                self.tally.kinds[verdict.kind] += 1
                self._count(verdict)
            self.tally.saved += len(part)
            progress("saving", self._rows_of(self.tally.saved), self.tally.rows)
        progress("saving", self.tally.rows, self.tally.rows)
        return self.tally

    def _rows_of(self, households: int) -> int:
        """About how many rows so many households have."""
        return self.tally.rows * households // max(sum(self.tally.kinds.values()), 1)

    def preview(self, count: int) -> list[Verdict]:
        """The verdicts on the first households of the file."""
        return self._verdicts(self._filed(self.staging.first_households(count)))

    def _filed(self, part: Part) -> list[Filed]:
        return [self.reader.household(number, records) for number, records in part]

    def _verdicts(self, filed: Sequence[Filed]) -> list[Verdict]:
        known = look_up(filed, year=self.year)
        wanted = {one.values.get("village_code", "") for one in filed}
        wanted |= {one.values["village_code"] for one in known.households.values()}
        self.villages.learn(wanted - {""})
        return [judge(one, known, self.villages, self.importer) for one in filed]

    def _save_part(self, filed: list[Filed], author: Author) -> list[Verdict]:
        """Save these households together; when others act meanwhile, judge anew, then by halves."""
        for attempt in range(TRIES):
            try:
                return self._save_once(filed, author)
            except IntegrityError:
                if attempt:
                    break
            except OperationalError as error:
                if getattr(error.__cause__, "pgcode", "") not in DEADLOCKS:
                    raise
        if len(filed) == 1:
            fault = filed[0].fault("household_number", "changed_meanwhile")
            verdict = Verdict(filed[0], faults=[fault])
            self._keep_faults([verdict])
            return [verdict]
        middle = len(filed) // 2
        return self._save_part(filed[:middle], author) + self._save_part(filed[middle:], author)

    def _save_once(self, filed: list[Filed], author: Author) -> list[Verdict]:
        with transaction.atomic():
            lock_households([one.number for one in filed])
            verdicts = self._verdicts(filed)
            save(verdicts, author)
        self._keep_faults(verdicts)
        return verdicts

    def _keep_faults(self, verdicts: Sequence[Verdict]) -> None:
        self.staging.keep_faults(
            (verdict.filed.number, fault) for verdict in verdicts for fault in verdict.faults
        )

    def _count(self, verdict: Verdict) -> None:
        if verdict.kind in ("new", "changed"):
            self.tally.members += sum(one.known is None for one in verdict.people.members)
            self.tally.surveys += verdict.survey is not None

    def _warn(self, warnings: Sequence[Warned]) -> None:
        self.tally.warnings.update(one.code for one in warnings)
        self.warnings += warnings[: max(TOLD_WARNINGS - len(self.warnings), 0)]
