"""The verdict on one household of a file: pure, from what it says and what the register knows."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from divisions.scope import Posted, reaches
from households.importing.filed import Fault, Filed, Warned
from households.importing.known import (
    HOUSEHOLD_VALUES,
    Known,
    KnownHousehold,
    KnownSurvey,
    Villages,
)
from households.importing.people import HEAD, People, come_back, key_column, people_of
from households.importing.template import MONEY_KEYS, SURVEY_KEYS
from households.membership import member_digest
from households.rules import MET, NOT_MET, State, per_capita_fen

STATE_KEYS = ("status", "exit_year")
WITH_EXIT_YEAR = (State.EXITED, State.RELAPSED)
BLANK_HOUSEHOLD = dict.fromkeys(HOUSEHOLD_VALUES, "") | {"other_causes": ()}
UNCLEAR_HEAD = frozenset({"relation", "member_end_reason"})
SAFE_GRADES, DANGEROUS_GRADES = ("A", "B"), ("C", "D")


@dataclass(slots=True)
class Verdict:
    """What the import makes of one household. With a fault, nothing of it is saved.

    `values` are the household's values as they will be, `survey` the eleven values to record,
    None for no new survey; `corrects` is the survey in force that it replaces.
    """

    filed: Filed
    known: KnownHousehold | None = None
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Warned] = field(default_factory=list)
    people: People = field(default_factory=People)
    values: dict[str, Any] = field(default_factory=dict)
    phone: str = ""
    phone_blind: UUID | None = None
    state: int = State.ORDINARY
    exit_year: int | None = None
    survey: tuple[Any, ...] | None = None
    corrects: KnownSurvey | None = None

    @property
    def changed(self) -> list[str]:
        """The household columns that differ from the record; none for a new household."""
        if self.known is None:
            return []
        old = self.known.values
        changed = [key for key in HOUSEHOLD_VALUES if self.values[key] != old[key]]
        return [*changed, "phone"] if self.phone else changed

    @property
    def kind(self) -> str:
        """`faulty`, `new`, `changed` or `unchanged`."""
        if self.faults:
            return "faulty"
        if self.known is None:
            return "new"
        is_changed = self.survey is not None or self.changed or self.members_changed
        return "changed" if is_changed else "unchanged"

    @property
    def members_changed(self) -> bool:
        """Whether a membership begins, or one on record changes."""
        return any(one.known is None or one.changed for one in self.people.members)


@dataclass(frozen=True, slots=True)
class Importer:
    """Whoever imports: his reach, and whether his role leaves status and exit year alone."""

    reach: tuple[str, ...]
    sets_state: bool

    @property
    def ignored(self) -> frozenset[str]:
        """Columns that are passed over, whatever they hold."""
        return frozenset() if self.sets_state else frozenset(STATE_KEYS)


def judge(filed: Filed, known: Known, villages: Villages, importer: Importer) -> Verdict:
    """The verdict on a household. The same facts always give the same verdict."""
    household = known.households.get(filed.number)
    verdict = Verdict(filed, household, list(filed.faults))
    people = people_of(filed, known, importer)
    if household and not _within(importer, household.values["village_code"], villages):
        verdict.faults.append(filed.fault("household_number", "number_used"))
        return verdict
    verdict.people = people
    verdict.faults += people.faults
    verdict.warnings += people.warnings
    verdict.values = dict(household.values) if household else dict(BLANK_HOUSEHOLD)
    verdict.values |= {k: filed.values[k] for k in HOUSEHOLD_VALUES if k in filed.values}
    verdict.phone = _new_phone(filed, known)
    verdict.phone_blind = known.phones.get(verdict.phone)
    verdict.faults += _village_faults(verdict, villages, importer)
    verdict.faults += _cause_faults(verdict)
    verdict.faults += _head_faults(filed, people)
    _judge_state(verdict, importer)
    _judge_survey(verdict, known)
    verdict.warnings += _warnings(verdict)
    return verdict


def judge_returns(verdict: Verdict, returns: frozenset[int]) -> None:
    """Let the people of the rows `returns` (from 0) come back from a membership that ended here.

    The row of anybody else who left is a fault, unless it names that end: it would rewrite what is
    past. Call it on a verdict without faults.
    """
    filed, people = verdict.filed, verdict.people
    for place, (row, member) in enumerate(zip(filed.rows, people.members, strict=True)):
        if member.known is None or member.known.active or row.over:
            continue
        if place in returns:
            come_back(member, row)
        else:
            verdict.faults.append(row.fault(key_column(row, row.met), "left_before"))
    if not verdict.faults:
        verdict.faults += _head_faults(filed, people)


def _within(importer: Posted, village: str, villages: Villages) -> bool:
    """Whether a village, or one that succeeded it, lies within the importer's posting."""
    return any(reaches(importer, code) for code in (village, *villages.successors(village)))


def _same_place(recorded: str, code: str, villages: Villages) -> bool:
    return code == recorded or code in villages.successors(recorded)


def _new_phone(filed: Filed, known: Known) -> str:
    """The phone number when it is not the one on record, else empty."""
    phone: str = filed.values.get("phone", "")
    household = known.households.get(filed.number)
    old = household.phone_blind if household else None
    return phone if phone and known.phones[phone] != old else ""


def _village_faults(verdict: Verdict, villages: Villages, importer: Importer) -> Iterator[Fault]:
    filed, household = verdict.filed, verdict.known
    code = filed.values.get("village_code")
    if code is None or _is_faulty(filed, "village_code"):
        return
    village = villages.get(code)
    if village is None:
        yield filed.fault("village_code", "village_unknown")
    elif not village.in_force:
        yield filed.fault("village_code", "village_ended")
    elif not reaches(importer, code):
        yield filed.fault("village_code", "village_outside")
    elif household and not _same_place(household.values["village_code"], code, villages):
        yield filed.fault("village_code", "village_moved")


def _cause_faults(verdict: Verdict) -> Iterator[Fault]:
    filed, values = verdict.filed, verdict.values
    if values["main_cause"] and values["main_cause"] in values["other_causes"]:
        key = "other_causes" if "other_causes" in filed.values else "main_cause"
        yield filed.fault(key, "cause_repeated")


def _head_faults(filed: Filed, people: People) -> Iterator[Fault]:
    """Exactly one head among the active members; not judged while a row of it is unclear."""
    if any(fault.column in UNCLEAR_HEAD for fault in (*filed.faults, *people.faults)):
        return
    heads = sum(values["relation"] == HEAD for values in people.active_values())
    if heads == 0:
        yield filed.fault("relation", "no_head")
    elif heads > 1:
        yield filed.fault("relation", "two_heads", heads=heads)


def _judge_state(verdict: Verdict, importer: Importer) -> None:
    """A new household's status is loaded history; a known one's never moves by import."""
    filed, household = verdict.filed, verdict.known
    if not importer.sets_state:
        if any(row.text(key) for row in filed.rows for key in STATE_KEYS):
            verdict.warnings.append(filed.warn("status_ignored"))
    elif not any(_is_faulty(filed, key) for key in STATE_KEYS):
        verdict.faults += _exit_year_faults(filed, household)
    status, year = filed.values.get("status"), filed.values.get("exit_year")
    if household is None:
        verdict.state = State.ORDINARY if status is None else status
        verdict.exit_year = year
    elif status is not None and status != household.state:
        verdict.warnings.append(filed.warn("status_stays"))
    elif year is not None and year != household.exit_year:
        verdict.warnings.append(filed.warn("exit_year_stays"))


def _exit_year_faults(filed: Filed, household: KnownHousehold | None) -> Iterator[Fault]:
    """An exit year goes with exited and relapsed; blanks stand for what is on record."""
    status, year = filed.values.get("status"), filed.values.get("exit_year")
    if household and status in (None, household.state):
        status, on_record = household.state, household.exit_year
    else:
        on_record = None
    if status in WITH_EXIT_YEAR and year is None and on_record is None:
        yield filed.fault("exit_year", "exit_year_missing")
    if status not in WITH_EXIT_YEAR and year is not None:
        yield filed.fault("exit_year", "exit_year_surplus")


def _judge_survey(verdict: Verdict, known: Known) -> None:
    """The eleven cells as filed, blanks included; identical facts and members are no new survey."""
    filed, household = verdict.filed, verdict.known
    values = tuple(filed.values.get(key) for key in SURVEY_KEYS)
    if all(value is None for value in values):
        return
    earlier = known.surveys.get(household.id) if household else None
    if earlier and earlier.values == values:
        numbers = verdict.people.active_numbers()
        if all(numbers) and member_digest(numbers) == earlier.member_digest:
            return
    verdict.survey, verdict.corrects = values, earlier
    villages = [verdict.values["village_code"], *([earlier.village] if earlier else [])]
    if place := known.frozen_for(*villages):
        key = next(key for key in SURVEY_KEYS if key in filed.values)
        verdict.faults.append(filed.fault(key, "year_frozen", year=known.year, place=place))


def _warnings(verdict: Verdict) -> Iterator[Warned]:
    filed, people = verdict.filed, verdict.people
    if people.kept:
        yield filed.warn("not_in_file", count=len(people.kept))
    yield from _per_capita_warnings(filed, people)
    yield from _guarantee_warnings(verdict)


def _per_capita_warnings(filed: Filed, people: People) -> Iterator[Warned]:
    """The file's per-capita figure, exactly, against net ÷ persons; judged when all is known."""
    stated, persons = filed.values.get("per_capita_net_income"), len(people.active_values())
    if stated is None or not persons or any(key not in filed.values for key in MONEY_KEYS):
        return
    *incomes, expense = (filed.values[key] for key in MONEY_KEYS)
    net = sum(incomes) - expense
    if abs(stated * persons - net) > persons:
        computed = Decimal(per_capita_fen(net, persons)) / 100
        yield filed.warn("per_capita", computed=f"{computed:.2f}")


def _guarantee_warnings(verdict: Verdict) -> Iterator[Warned]:
    filed, grade = verdict.filed, verdict.values["housing_grade"]
    insured = [one["medical_insurance"] for one in verdict.people.active_values()]
    medical = filed.values.get("medical_guarantee")
    if medical == MET and False in insured:
        yield filed.warn("medical_contradicts")
    if medical == NOT_MET and insured and all(insured):
        yield filed.warn("medical_insured")
    housing = filed.values.get("housing_guarantee")
    if (housing == MET and grade in DANGEROUS_GRADES) or (
        housing == NOT_MET and grade in SAFE_GRADES
    ):
        yield filed.warn("housing_contradicts")


def _is_faulty(filed: Filed, key: str) -> bool:
    return bool(filed.faults) and any(fault.column == key for fault in filed.faults)
