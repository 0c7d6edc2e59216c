"""The verdict on every row of measures, from what the file and the register say. No database."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from assistance.importing.known import Known, is_uuid, plain
from assistance.importing.reasons import RULE
from assistance.models import Item, ItemStatus, Measure
from assistance.models.plans import LIVE
from assistance.queries.items import agreed_of, person_of
from assistance.queries.sheets import given_of, verdict_on
from assistance.rules.delivering import Extra, Handed, delivery_faults, extra_of
from assistance.rules.measures import Repeats, Unit
from assistance.rules.planning import plan_faults, plan_years
from assistance.rules.sheets import Given, PlanFault, Sheet, Wish
from assistance.rules.sheets import Verdict as Entitled
from households.models import Household, Member
from teams.importing.judging import Kind
from teams.importing.rows import FileRow
from teams.queries.pairings import is_closed

NOTHING = Decimal(0)
AT_COLUMN = {"person": "person_number", "amount": "delivered", "day": "delivered_on",
             "payee": "person_number", "confirmed": "measure"}  # fmt: skip
ON_RECORD = (ItemStatus.AGREED, ItemStatus.ONGOING, ItemStatus.DONE, ItemStatus.STOPPED)
DESCRIBED = ("content", "funding")
"""What a file may change of an agreed measure; the rest goes by its plan."""

AGREED_ON = ("planned", "starts_on", "due_on")
Key = tuple[int, int | None, int, str, date | None]


@dataclass
class Verdict:
    """A row, what it means, and what of it is new. `item` None is a measure not on record.

    `handed` is what is delivered beyond the record, in yuan; None where nothing is. `finishes` says
    that the measure is done with this row.
    """

    row: FileRow
    household: Household | None = None
    measure: Measure | None = None
    member: Member | None = None
    item: Item | None = None
    changes: dict[str, Any] = field(default_factory=dict)
    handed: Decimal | None = None
    finishes: bool = False

    @property
    def kind(self) -> Kind:
        """What becomes of it."""
        if self.row.faults:
            return Kind.FAULTY
        if self.item is None:
            return Kind.NEW
        is_changed = bool(self.changes) or self.handed is not None or self.finishes
        return Kind.CHANGED if is_changed else Kind.UNCHANGED

    @property
    def status(self) -> ItemStatus:
        """Where a new measure stands: as the row says, else by what was delivered."""
        values = self.row.values
        if said := values.get("status"):
            return ItemStatus(said)
        delivered = values.get("delivered", NOTHING)
        if delivered and delivered == values.get("planned"):
            return ItemStatus.DONE
        return ItemStatus.ONGOING if delivered or "delivered_on" in values else ItemStatus.AGREED


class Judge:
    """Judges the rows of one file in their order: a row is held against those before it, too."""

    def __init__(self, known: Known, *, today: date):
        self.known, self.today = known, today
        self.before: dict[tuple[Key, str], int] = {}

    def judge(self, rows: Sequence[FileRow]) -> list[Verdict]:
        """A verdict on each row."""
        verdicts = [self._verdict(row) for row in rows]
        self._hold_together([one for one in verdicts if one.kind == Kind.NEW])
        return verdicts

    def _verdict(self, row: FileRow) -> Verdict:
        verdict, values = Verdict(row), row.values
        if "household_number" in values:
            verdict.household = self.known.households.get(values["household_number"])
            if verdict.household is None:
                row.fault("household_number", "household_unknown")
        if verdict.household is None or "year" not in values or "measure" not in values:
            return verdict
        self._find_measure(verdict, verdict.household)
        if verdict.measure is None or row.faults:
            return verdict
        key = _key_of(verdict, verdict.household, verdict.measure)
        same = (key, values.get("item", ""))
        if same in self.before:
            row.fault("measure", "row_twice", other=self.before[same])
        self.before.setdefault(same, row.record)
        self._find_item(verdict, verdict.household, key)
        if verdict.item is not None:
            _compare(verdict, verdict.item, self.known.last.get(verdict.item.pk), self.today)
        elif not row.faults:
            self._judge_new(verdict, verdict.household, verdict.measure)
        return verdict

    def _find_measure(self, verdict: Verdict, household: Household) -> None:
        """The measure that the row names, and whom it is for."""
        row, year = verdict.row, verdict.row.values["year"]
        measure = self.known.measure(household, year, row.values["measure"])
        named = self._numbered(row)
        if measure is None and named and row.values["measure"].upper() == named.code:
            measure = named.measure
        if measure is None:
            row.fault("measure", "measure_unknown", year=year)
            return
        number = row.values.get("person_number")
        if measure.unit == Unit.VILLAGE:
            row.fault("measure", "measure_village")
        elif measure.unit == Unit.HOUSEHOLD and number:
            row.fault("person_number", "person_surplus")
        elif measure.unit == Unit.PERSON:
            verdict.member = self._member(row, household, number)
        verdict.measure = measure

    def _member(self, row: FileRow, household: Household, number: str | None) -> Member | None:
        if not number:
            row.fault("person_number", "person_missing")
            return None
        found = self.known.members.get((household.pk, number), ())
        if not found:
            row.fault("person_number", "person_unknown")
            return None
        active = [one for one in found if not one.end_reason]
        return (active or list(found))[-1]

    def _numbered(self, row: FileRow) -> Item | None:
        text = row.values.get("item", "")
        return self.known.by_uuid.get(text.lower()) if text and is_uuid(text) else None

    def _find_item(self, verdict: Verdict, household: Household, key: Key) -> None:
        """The measure on record that the row means: by its number, else by what it is."""
        row = verdict.row
        own = self.known.items.get(household.pk, ())
        if row.values.get("item"):
            item = self._numbered(row)
            if item is None:
                row.fault("item", "item_unknown")
            elif _key_of_item(item)[:4] != key[:4]:
                row.fault("item", "item_other")
            elif item.status not in ON_RECORD:
                row.fault("item", "item_dropped")
            else:
                verdict.item = item
            return
        agreed = [one for one in own if one.status in ON_RECORD and _key_of_item(one) == key]
        if len(agreed) > 1:
            row.fault("item", "several")
        elif agreed:
            verdict.item = agreed[0]

    def _judge_new(self, verdict: Verdict, household: Household, measure: Measure) -> None:
        """A measure that is not on record, by itself."""
        row, values = verdict.row, verdict.row.values
        if is_closed(household):
            row.fault("household_number", "household_closed")
        self._judge_plan(row, household)
        starts_on, member = values.get("starts_on"), verdict.member
        if member and member.end_date and starts_on and starts_on > member.end_date:
            row.fault("person_number", "person_left")
        _judge_delivery(verdict)
        extra = extra_of(measure.terms)
        if extra == Extra.LOAN and ("delivered_on" in values or values.get("delivered")):
            row.fault("delivered", "loan_page")
        if extra == Extra.MOVE and verdict.status == ItemStatus.DONE:
            row.fault("status", "move_page")
        if not row.faults and "delivered_on" in values:
            verdict.handed = values.get("delivered", NOTHING)
        verdict.finishes = verdict.status == ItemStatus.DONE
        if not row.faults and values["year"] in plan_years(self.today):
            whole = verdict.finishes and values.get("delivered", NOTHING) == values["planned"]
            if not whole:
                row.fault("delivered", "not_agreed", year=values["year"])

    def _judge_plan(self, row: FileRow, household: Household) -> None:
        """A file adds to no plan that is being decided, nor to one of now that was not agreed."""
        year = row.values["year"]
        if (household.pk, year) in self.known.drafted:
            row.fault("year", "plan_open")
        elif (household.pk, year) in self.known.unagreed and year in plan_years(self.today):
            row.fault("year", "plan_unagreed", year=year)

    def _entitled(self, verdict: Verdict) -> Entitled:
        """Whether the conditions are met; of years that are over the register does not tell.

        Neither does it of somebody who left since.
        """
        known = self.known.facts.get(verdict.row.values["year"])
        if known is None or verdict.household is None or verdict.measure is None:
            return Entitled.MET
        if verdict.member and verdict.member.end_reason:
            return Entitled.UNKNOWN
        person = verdict.member.pk if verdict.member else None
        return verdict_on(verdict.measure, person, known.get(verdict.household.pk))

    def _hold_together(self, new: Sequence[Verdict]) -> None:
        """Claims and caps of each household: with what is on record and the years before."""
        by_plan: dict[tuple[int, int], list[Verdict]] = {}
        for one in new:
            if one.household is not None:
                by_plan.setdefault((one.household.pk, one.row.values["year"]), []).append(one)
        given: dict[int, list[Given]] = {}
        for (household, year), verdicts in sorted(by_plan.items(), key=lambda pair: pair[0]):
            if household not in given:
                items = self.known.items.get(household, ())
                given[household] = [given_of(one) for one in items if one.status in ON_RECORD]
            wishes = [_wish(one, self._entitled(one)) for one in verdicts]
            faults = plan_faults(Sheet(year, has_goal=True, wishes=wishes, given=given[household]))
            _tell(verdicts, faults)
            given[household] += [_given(one) for one in verdicts if not one.row.faults]


def _tell(verdicts: Iterable[Verdict], faults: Iterable[PlanFault]) -> None:
    rows = {one.row.record: one.row for one in verdicts}
    for fault in faults:
        if fault.item is not None:
            column = AT_COLUMN.get(fault.field, fault.field)
            rows[fault.item].fault(column, RULE, text=fault.text, values=fault.values)


def _key_of(verdict: Verdict, household: Household, measure: Measure) -> Key:
    values, member = verdict.row.values, verdict.member
    return (household.pk, member.pk if member else None, values["year"], measure.code,
            values.get("starts_on"))  # fmt: skip


def _key_of_item(item: Item) -> Key:
    return item.household_id or 0, item.member_id, item.plan.year, item.code, item.starts_on


def _judge_delivery(verdict: Verdict) -> None:
    """Amount, day and status of a delivery agree with each other."""
    row, values = verdict.row, verdict.row.values
    planned, delivered = values.get("planned", NOTHING), values.get("delivered", NOTHING)
    day, status = values.get("delivered_on"), values.get("status")
    if delivered > planned:
        row.fault("delivered", "delivered_over")
    if delivered and day is None:
        row.fault("delivered_on", "delivered_day_missing")
    if day and not delivered and (planned or status == ItemStatus.AGREED):
        row.fault("delivered_on", "nothing_delivered")
    if day and "starts_on" in values and day < values["starts_on"]:
        row.fault("delivered_on", "delivered_early")
    if status == ItemStatus.AGREED and delivered:
        row.fault("status", "status_agreed")
    if status == ItemStatus.DONE and day is None:
        row.fault("status", "status_done")
    if status == ItemStatus.STOPPED:
        row.fault("status", "status_stopped")


def _compare(verdict: Verdict, item: Item, last: date | None, today: date) -> None:
    """What the row says of a measure on record: an error, a change, or nothing new."""
    row, values = verdict.row, verdict.row.values
    for name in AGREED_ON:
        recorded = getattr(item, name)
        if name in values and values[name] != recorded:
            row.fault(name, "agreed_differs", recorded=_shown(recorded))
    said_of_it = {name: values[name] for name in DESCRIBED if name in values}
    verdict.changes = {
        name: value for name, value in said_of_it.items() if value != getattr(item, name)
    }
    said, day = values.get("delivered", item.delivered), values.get("delivered_on")
    if said < item.delivered:
        row.fault("delivered", "delivered_less", recorded=plain(item.delivered))
    elif said > item.delivered:
        _judge_more(verdict, item, said - item.delivered, today)
    elif day and day != last and not (item.status == ItemStatus.DONE and last is None):
        row.fault("delivered_on", "agreed_differs", recorded=_shown(last) if last else "—")
    if not row.faults:
        _compare_status(verdict, item)


def _compare_status(verdict: Verdict, item: Item) -> None:
    """A row lets a measure go on with its delivery, or be done with it; never back."""
    row, status = verdict.row, verdict.row.values.get("status", item.status)
    if status == item.status:
        return
    if status == ItemStatus.DONE and item.status in LIVE and verdict.handed is not None:
        verdict.finishes = True
    elif not (status == ItemStatus.ONGOING and verdict.handed is not None):
        row.fault("status", "status_back", recorded=str(item.get_status_display()))


def _judge_more(verdict: Verdict, item: Item, more: Decimal, today: date) -> None:
    """What is delivered beyond the record, as the page of the measure judges it."""
    row, day = verdict.row, verdict.row.values.get("delivered_on")
    if item.status not in LIVE:
        row.fault("delivered", "ended")
    elif extra_of(item.measure.terms) == Extra.LOAN:
        row.fault("delivered", "loan_page")
    elif day is None:
        row.fault("delivered_on", "delivered_day_missing")
    else:
        for fault in delivery_faults(
            agreed_of(item), Handed(day, more, is_money=True), household=item.household_id,
            person=person_of(item.member), payee=None, today=today,
        ):  # fmt: skip
            column = AT_COLUMN.get(fault.field, fault.field)
            row.fault(column, RULE, text=fault.text, values=dict(fault.values))
        verdict.handed = more


def _wish(verdict: Verdict, entitled: Entitled = Entitled.MET) -> Wish:
    values, measure = verdict.row.values, verdict.measure
    return Wish(
        key=verdict.row.record,
        name=measure.name if measure else "",
        code=measure.code if measure else "",
        terms=measure.terms if measure else None,
        planned=values["planned"],
        starts_on=values["starts_on"],
        due_on=values["due_on"],
        person=verdict.member.pk if verdict.member else None,
        verdict=entitled,
        confirmed=True,
    )


def _given(verdict: Verdict) -> Given:
    """A row as the rules see it in later years."""
    wish, measure, status = _wish(verdict), verdict.measure, verdict.status
    is_live = status in LIVE
    return Given(
        key=-wish.key,
        name=wish.name,
        code=wish.code,
        group=measure.group if measure else "",
        year=verdict.row.values["year"],
        amount=wish.planned if is_live else verdict.row.values.get("delivered", NOTHING),
        person=wish.person,
        is_live=is_live,
        for_good=measure is not None and measure.repeats == Repeats.ONCE,
    )


def _shown(value: Any) -> str:
    return plain(value) if isinstance(value, Decimal) else value.isoformat()
