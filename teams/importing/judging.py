"""The verdict on every row of a roster, from what the file and the register say. No database."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from teams.importing.known import VALID, Known, Person, blind_of
from teams.importing.reasons import OPEN
from teams.importing.rows import Row
from teams.importing.template import STAR
from teams.models import Term, Unit
from teams.rules.terms import Post, Span

PERSONAL = ("rank", "party_member_since", "working_since")
"""Columns that say something of a person alone and stay as they are where a row is blank."""

OF_ONE_PERSON = ("name", "sex", "birth_date", "phone", "account", *PERSONAL)
PersonKey = tuple[str, Any]


class Kind(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    FAULTY = "faulty"


@dataclass
class Verdict:
    """A row, whom and which unit it means, and what of it is new. `person` None is somebody new."""

    row: Row
    key: PersonKey | None = None
    person: Person | None = None
    unit: Unit | None = None
    term: Term | None = None
    changes: dict[str, Any] = field(default_factory=dict)

    @property
    def kind(self) -> Kind:
        """What becomes of it."""
        if self.row.faults:
            return Kind.FAULTY
        if self.term is None:
            return Kind.NEW
        return Kind.CHANGED if self.changes else Kind.UNCHANGED


class Judge:
    """Judges the rows of one file in their order: a row is held against those before it, too."""

    def __init__(self, known: Known, *, importer: int):
        """`importer` is the key of the acting account, which nobody links to himself."""
        self.known, self.importer = known, importer
        self.before: dict[PersonKey, list[Row]] = {}
        self.led: dict[str, list[tuple[PersonKey, Row]]] = {}
        self.accounts: dict[str, PersonKey] = {}

    def judge(self, rows: Sequence[Row]) -> list[Verdict]:
        """A verdict on each row."""
        return [self._verdict(row) for row in rows]

    def _verdict(self, row: Row) -> Verdict:
        verdict = Verdict(row)
        village = row.values.get("village_code")
        if village and (wrong := self.known.villages[village]) != VALID:
            row.fault("village_code", wrong)
        self._find_person(verdict)
        self._find_unit(verdict)
        if verdict.key is None:
            return verdict
        self._compare_rows(verdict.key, row)
        if verdict.person:
            self._compare_record(verdict, verdict.person)
        self._judge_account(verdict, verdict.key)
        self._judge_term(verdict, verdict.key)
        self.before.setdefault(verdict.key, []).append(row)
        return verdict

    def _find_person(self, verdict: Verdict) -> None:
        """By the number of the record, else by the ID number, else by name and hidden number."""
        row, known = verdict.row, self.known
        number, blinded = row.values.get("number"), blind_of(row)
        if number:
            person = known.by_number.get(number)
            if person is None:
                row.fault("number", "number_unknown")
                return
            own = person.cadre.id_blind
            wrong = blinded is not None and blinded != own
            if wrong or (row.hidden_id and row.hidden_id != person.hidden_id):
                row.fault("id_number", "id_differs")
            verdict.person = person
        elif blinded:
            verdict.person = known.by_id.get(blinded)
        elif row.hidden_id:
            found = known.by_hidden_id.get((row.values.get("name", ""), row.hidden_id), [])
            if len(found) != 1:
                row.fault("id_number", "id_hidden")
                return
            verdict.person = found[0]
        elif not row.texts.get("id_number"):
            row.fault("id_number", "id_missing")
            return
        if verdict.person:
            verdict.key = ("known", verdict.person.cadre.pk)
        elif row.identity:
            verdict.key = ("new", row.identity.person)

    def _find_unit(self, verdict: Verdict) -> None:
        row = verdict.row
        name, level = row.values.get("unit"), row.values.get("unit_level")
        if not name:
            return
        found = self.known.units.get(name, ())
        if not found:
            if not row.texts.get("unit_level"):
                row.fault("unit_level", "unit_level_missing")
            return
        fitting = [one for one in found if level in (None, one.level)]
        if not fitting:
            shown = str(found[0].get_level_display())
            row.fault("unit_level", "unit_level_differs", level=shown)
            return
        standing = [one for one in fitting if one.ended_on is None]
        verdict.unit = (standing or fitting)[0]

    def _compare_rows(self, key: PersonKey, row: Row) -> None:
        """Rows of one person agree on what they say of him."""
        for column in OF_ONE_PERSON:
            said = row.values.get(column)
            for other in self.before.get(key, ()):
                if said and other.values.get(column) not in (None, said):
                    row.fault(column, "rows_differ", other=other.record)

    def _compare_record(self, verdict: Verdict, person: Person) -> None:
        """What the row says of a known person: an error, a change, or nothing new."""
        row, cadre, values = verdict.row, person.cadre, verdict.row.values
        if cadre.account_id == self.importer:
            row.fault("id_number", "own_record")
        if person.busy and person.busy.is_busy:
            last = person.busy.until
            row.fault("id_number", "busy" if last else f"busy{OPEN}", last=_day(last))
        if values.get("name", cadre.name) != cadre.name:
            row.fault("name", "name_differs")
        if values.get("sex", cadre.sex) != cadre.sex and cadre.sex:
            row.fault("sex", "sex_differs", sex=cadre.sex)
        if values.get("birth_date", cadre.born) != cadre.born and cadre.born:
            row.fault("birth_date", "birth_differs")
        if cadre.born and values.get("working_since", date.max) <= cadre.born:
            row.fault("working_since", "work_before_birth")
        phone = values.get("phone", "")
        if STAR in phone:
            if phone != person.hidden_phone:
                row.fault("phone", "phone_hidden")
        elif phone and phone != person.phone:
            verdict.changes["phone"] = phone
        verdict.changes |= {
            name: values[name]
            for name in PERSONAL
            if name in values and values[name] != getattr(cadre, name)
        }

    def _judge_account(self, verdict: Verdict, key: PersonKey) -> None:
        row, person = verdict.row, verdict.person
        if person is None and STAR in row.values.get("phone", ""):
            row.fault("phone", "phone")
        username = row.values.get("account", "").lower()
        if not username:
            return
        recorded = person.cadre.account if person else None
        if recorded and recorded.username == username:
            return
        account = self.known.accounts.get(username)
        if recorded:
            row.fault("account", "account_differs")
        elif account is None:
            row.fault("account", "account_unknown")
        elif account.officer.pk == self.importer:
            row.fault("account", "account_own")
        elif account.officer.name != row.values.get("name"):
            row.fault("account", "account_name")
        elif account.holder or self.accounts.setdefault(username, key) != key:
            row.fault("account", "account_used")
        else:
            verdict.changes["account"] = account.officer

    def _judge_term(self, verdict: Verdict, key: PersonKey) -> None:
        """The days: against the rows before, then against the terms on record."""
        span, village = verdict.row.span, verdict.row.values.get("village_code")
        if span is None or village is None:
            return
        self._compare_days(verdict.row, key, village, span)
        own = self.known.terms.get(verdict.person.cadre.pk, ()) if verdict.person else ()
        same = [one for one in own if (one.village_id, one.starts_on) == (village, span.first)]
        if same:
            verdict.term = same[0]
            self._compare_term(verdict, same[0])
            return
        for term in own:
            if term.span.meets(span):
                self._serves(verdict.row, term)
        if verdict.row.values.get("post") == Post.FIRST_SECRETARY:
            self._refuse_second_secretary(verdict.row, key, village, span)
        if verdict.unit and verdict.unit.ended_on and span.first > verdict.unit.ended_on:
            verdict.row.fault("unit", "unit_ended")

    def _compare_days(self, row: Row, key: PersonKey, village: str, span: Span) -> None:
        """Neither the person nor a first secretary of the village in days of a row before."""
        for other in self.before.get(key, ()):
            if other.span and other.span.meets(span):
                row.fault("starts_on", "rows_overlap", other=other.record)
        if row.values.get("post") != Post.FIRST_SECRETARY:
            return
        for who, other in self.led.get(village, ()):
            if who != key and other.span and other.span.meets(span):
                row.fault("post", "rows_two_secretaries", other=other.record)
        self.led.setdefault(village, []).append((key, row))

    def _refuse_second_secretary(self, row: Row, key: PersonKey, village: str, span: Span) -> None:
        for term in self.known.secretaries.get(village, ()):
            if term.span.meets(span) and key != ("known", term.cadre_id):
                params = {"name": term.cadre.name} | _days(term.span)
                row.fault("post", "post_taken" + _open(term.span), **params)

    def _serves(self, row: Row, term: Term) -> None:
        params = _days(term.span)
        if term.village_id.startswith(self.known.county):
            row.fault("starts_on", "serves" + _open(term.span), village=term.village.name, **params)
        else:
            row.fault("starts_on", "serves_elsewhere" + _open(term.span), **params)

    def _compare_term(self, verdict: Verdict, term: Term) -> None:
        """A term on record is never rewritten by a file; a blank cell says nothing against it."""
        row = verdict.row
        recorded: dict[str, tuple[Any, str]] = {
            "post": (term.post, str(term.get_post_display())),
            "due_on": (term.due_on, _day(term.due_on)),
            "last_day": (term.last_day, _day(term.last_day)),
            "end_reason": (term.end_reason, str(term.get_end_reason_display())),
        }
        for column, (value, shown) in recorded.items():
            said = row.values.get(column)
            if said is not None and said != value:
                row.fault(column, "term_differs", recorded=shown)
        unit = row.values.get("unit")
        if unit and (term.unit is None or term.unit.name != unit):
            row.fault("unit", "term_differs", recorded=term.unit.name if term.unit else "")


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _days(span: Span) -> dict[str, str]:
    return {"first": _day(span.first), "last": _day(span.last)}


def _open(span: Span) -> str:
    return OPEN if span.last is None else ""
