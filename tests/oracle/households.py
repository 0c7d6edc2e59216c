"""One household of a file: who its rows are, what they change, and every fault among them."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tests.oracle.cells import birth_of, sex_of
from tests.oracle.columns import HOUSEHOLD_CELLS, INCOMES, PERSON_CELLS, SHARED, SURVEYED
from tests.oracle.world import (
    EXITED,
    ORDINARY,
    RELAPSED,
    VILLAGE_OFFICIAL,
    Household,
    Importer,
    Index,
    Member,
    Register,
    Survey,
)

IDENTITY = ["person_number", "name", "id_number", "birth_date", "sex", "relation"]
ENDS = ["member_end_reason", "member_end_date"]
OTHER_CELLS = [name for name in PERSON_CELLS if name not in IDENTITY + ENDS]


@dataclass
class Fault:
    """`exact`: the report names this record and this column; else one of the columns, anywhere."""

    record: int
    columns: tuple[str, ...]
    kind: str
    exact: bool


@dataclass
class Row:
    record: int
    values: dict[str, Any] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def text(self, name: str) -> str:
        return str(self.values.get(name) or "")

    @property
    def ended(self) -> bool:
        return bool(self.values.get("member_end_reason"))

    @property
    def birth_date(self) -> date | None:
        """As given, else the ID's own."""
        given = self.values.get("birth_date")
        if isinstance(given, date):
            return given
        return birth_of(self.text("id_number")) if self.text("id_number") else None

    @property
    def sex(self) -> str:
        given = self.text("sex")
        return given or (sex_of(self.text("id_number")) if self.text("id_number") else "")

    def person_keys(self, index: Index) -> set[tuple[str, str | int]]:
        """What tells that two rows are one person: its numbers, and whom they meet."""
        number, id18 = self.text("person_number"), self.text("id_number")[:18]
        keys: set[tuple[str, str | int]] = set()
        keys |= {pair for pair in (("number", number), ("id", id18)) if pair[1]}
        for met in (index.find("number", number), index.find("id", id18)):
            if met:
                keys.add(("person", met[1].person))
        return keys


class HouseholdJudge:
    """Judges one household of the file against the register as it was before the file."""

    def __init__(
        self,
        register: Register,
        index: Index,
        year: int,
        importer: Importer,
        rows: list[Row],
    ) -> None:
        self.register, self.index, self.year = register, index, year
        self.importer, self.rows = importer, rows
        self.faults = [fault for row in rows for fault in row.faults]
        self.warnings: set[str] = set()
        self.number = rows[0].text("household_number")
        self.known = register.households.get(self.number)
        self.shared: dict[str, Any] = {}

    def fault(self, kind: str, *columns: str) -> None:
        self.faults.append(Fault(self.rows[0].record, columns, kind, exact=False))

    def judge(self) -> Household:
        """The household as it will be; without meaning when there are faults."""
        self.merge_shared()
        home = self.known.copy() if self.known else Household(self.number, "")
        if self.known and not self.importer.reaches(self.known.village):
            self.fault("number used", "household_number")
            return home
        self.place(home)
        self.judge_status(home)
        self.change_household(home)
        self.change_people(home)
        self.judge_people(home)
        self.record_survey(home)
        return home

    def merge_shared(self) -> None:
        """A shared value may stand on any row; blanks beside it are fine; two must not differ."""
        for name in SHARED:
            values = {row.values.get(name) for row in self.rows} - {None}
            if len(values) > 1:
                self.fault("differ", name)
            self.shared[name] = values.pop() if len(values) == 1 else None

    def place(self, home: Household) -> None:
        """A new household is where the file says; a known one moves to a successor only."""
        village = str(self.shared["village_code"] or "")
        if self.known and village and village != self.known.village:
            self.judge_move(self.register.villages[self.known.village].successor, village)
        home.village = village or home.village

    def judge_move(self, successor: str, village: str) -> None:
        if village != successor:
            self.fault("moved", "village_code")

    def judge_status(self, home: Household) -> None:
        status, exit_year = self.shared.get("status"), self.shared.get("exit_year")
        if self.importer.role == VILLAGE_OFFICIAL:
            if status is not None or exit_year is not None:
                self.warnings.add("status ignored")
            return
        on_record = self.known.state if self.known else ORDINARY
        state = on_record if status is None else int(str(status))
        if self.known and state != self.known.state:
            self.warnings.add("state differs")
        if state in (EXITED, RELAPSED):
            if exit_year is None and not (self.known and self.known.state == state):
                self.fault("exit year missing", "exit_year")
        elif exit_year is not None:
            self.fault("exit year too much", "exit_year")
        if not self.known:
            home.state = state
            home.exit_year = None if exit_year is None else int(str(exit_year))

    def change_household(self, home: Household) -> None:
        for name in HOUSEHOLD_CELLS:
            if self.shared[name] is not None:
                home.cells[name] = self.shared[name]
        main, others = home.cells.get("main_cause"), home.cells.get("other_causes") or ()
        if main in others:
            self.fault("cause repeated", "other_causes", "main_cause")

    def meet(self, row: Row) -> Member | None:
        """The known person of a row: by number, else by ID, else by name and birth date."""
        by_number = self.index.find("number", row.text("person_number"))
        by_id = self.index.find("id", row.text("id_number")[:18])
        if by_number and by_id and by_number[1].person != by_id[1].person:
            self.fault("two persons", "person_number", "id_number")
        found = by_number or by_id
        if found:
            home, member = found
            if member.active and home.number != self.number and not self.ended_here(row, member):
                self.fault("active elsewhere", "person_number" if by_number else "id_number")
            elif home.number != self.number and not self.importer.reaches(home.village):
                return Member(member.person, member.person_number)
            return member
        if not self.known or not row.birth_date:
            return None
        same = [
            member
            for member in self.known.members
            if (member.name, member.birth_date) == (row.values.get("name"), row.birth_date)
        ]
        active = [member for member in same if member.active]
        return (active or same)[0] if same else None

    def ended_here(self, row: Row, member: Member) -> bool:
        """Whether the row repeats the end of an earlier membership of this household."""
        members = self.known.members if self.known else []
        return row.ended and member.person in [one.person for one in members]

    def change_people(self, home: Household) -> None:
        """Joins, changes and ends. Two rows must not meet one person by any key."""
        seen: set[Any] = set()
        for row in self.rows:
            self.judge_end(row)
            met = self.meet(row)
            keys: set[Any] = {*row.person_keys(self.index)}
            if row.text("name") and row.birth_date:
                keys.add(("name", row.text("name"), row.birth_date))
            if met:
                keys.add(("person", met.person))
            if keys & seen:
                self.fault("one person twice", "person_number", "id_number", "name", "birth_date")
            seen |= keys
            self.change_person(row, self.membership(home, met))

    def judge_end(self, row: Row) -> None:
        """Reason and date go together."""
        reason, day = (row.values.get(name) for name in ENDS)
        faulty = {column for fault in row.faults for column in fault.columns}
        if (reason is None) != (day is None) and not faulty & set(ENDS):
            self.fault("end", *ENDS)

    def membership(self, home: Household, met: Member | None) -> Member:
        """The membership that a row speaks of, in this household; a new one for one who joins."""
        for member in home.members:
            if met and member.person == met.person:
                return member
        if met:
            joined = Member(met.person, met.person_number, met.name, met.id_number)
            joined.birth_date, joined.sex, joined.cells = met.birth_date, met.sex, dict(met.cells)
        else:
            joined = Member(self.register.new_person())
        home.members.append(joined)
        return joined

    def change_person(self, row: Row, member: Member) -> None:
        known = member.name != ""
        member.person_number = member.person_number or row.text("person_number")
        member.name = row.text("name") or member.name
        member.id_number = row.text("id_number") or member.id_number
        member.relation = row.text("relation") or member.relation
        member.birth_date = row.birth_date or member.birth_date
        member.sex = row.sex or member.sex
        for name in OTHER_CELLS:
            value = row.values.get(name)
            if value is not None:
                member.cells[name] = None if value == "blank" else value
        if row.ended:
            member.end_reason = row.text("member_end_reason")
            member.end_date = row.values.get("member_end_date")
        if not known:
            self.judge_new_person(row, member)
        self.judge_agreement(row, member)

    def judge_new_person(self, row: Row, member: Member) -> None:
        """A new person without an ID needs a reason, a sex and a birth date."""
        faulty = {column for fault in row.faults for column in fault.columns}
        if member.id_number or "id_number" in faulty:
            return
        for name in ("no_id_reason", "sex", "birth_date"):
            if row.values.get(name) is None and name not in faulty:
                self.fault("needed without ID", name)

    def judge_agreement(self, row: Row, member: Member) -> None:
        if not member.id_number:
            return
        if member.sex and member.sex != sex_of(member.id_number):
            self.fault("sex disagrees", "sex", "id_number")
        if member.birth_date and member.birth_date != birth_of(member.id_number):
            self.fault("birth date disagrees", "birth_date", "id_number")
        if row.values.get("no_id_reason") is not None:
            self.warnings.add("reason beside an ID")

    def judge_people(self, home: Household) -> None:
        heads = [member for member in home.active() if member.relation == "01"]
        if len(heads) != 1:
            self.fault("head", "relation")
        filed = {member.person for member in home.members}
        if self.known and len(self.rows) < len(filed):
            self.warnings.add("not in the file")

    def record_survey(self, home: Household) -> None:
        """The eleven cells exactly as filed; all blank is no survey, identical is nothing."""
        facts = {name: self.shared.get(name) for name in SURVEYED}
        if all(value is None for value in facts.values()):
            return
        survey = Survey(facts, frozenset(member.person for member in home.active()))
        earlier = home.surveys.setdefault(self.year, [])
        if earlier and earlier[-1] == survey:
            return
        if self.register.is_frozen(home.village, self.year):
            self.fault("frozen", *SURVEYED)
        earlier.append(survey)
        self.check_per_capita(survey)

    def check_per_capita(self, survey: Survey) -> None:
        """Warns when the filed per-capita income is off by more than 0.01."""
        filed = self.shared.get("per_capita_net_income")
        incomes = [survey.facts[name] for name in INCOMES]
        if filed is None or None in incomes or not survey.persons:
            return
        net = sum(incomes[:4]) - incomes[4]
        if abs(int(str(filed)) * survey.persons - net) > survey.persons:
            self.warnings.add("per capita differs")
