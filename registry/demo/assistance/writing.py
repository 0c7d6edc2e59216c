"""The rows of help, table by table, written by COPY."""

import uuid
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from random import Random
from typing import Any

from django.db import connection
from django.db.models import Model
from django.utils import timezone

from assistance.models import (
    Beneficiary,
    Contract,
    Course,
    Delivery,
    Distribution,
    Instalment,
    Item,
    Loan,
    Move,
    Plan,
    PlanCase,
    Repayment,
    Transfer,
)
from households.importing.copying import copy_in
from workflow.models import Case, CaseEvent

IDS_AT_ONCE = 2000


class Table:
    """Rows of one table, in the order of these fields."""

    def __init__(self, model: type[Model], *names: str):
        self.model = model
        self.columns = [str(model._meta.get_field(name).column) for name in names]  # type: ignore[union-attr]
        self.rows: list[Sequence[Any]] = []

    def add(self, *values: Any) -> None:
        """One row."""
        self.rows.append(values)

    def write(self) -> int:
        """Append the rows to the table; how many they were."""
        copy_in(self.model._meta.db_table, self.columns, self.rows)
        return len(self.rows)


class Tables:
    """Every table of help, in the order in which they refer to each other."""

    def __init__(self) -> None:
        self.cases = Table(
            Case, "id", "kind", "division", "subject", "state", "version", "facts", "facts_hash",
            "proposed_by", "opened_on", "opened_at", "closed_at", "entered_state_on",
        )  # fmt: skip
        self.events = Table(
            CaseEvent, "case", "seq", "step", "from_state", "to_state", "actor_id", "actor_name",
            "role", "posted_to", "on", "at", "note", "evidence", "facts", "facts_hash", "decides",
        )  # fmt: skip
        self.plans = Table(
            Plan, "id", "uuid", "village", "household", "year", "goal_sealed", "target_income",
            "helper", "head_signed_on", "helper_signed_on", "signing_way", "approved_on",
            "evaluated_on", "evaluated_by", "satisfaction", "created_by", "created_at", "version",
        )  # fmt: skip
        self.plan_cases = Table(PlanCase, "case", "plan", "change")
        self.items = Table(
            Item, "id", "uuid", "plan", "village", "household", "member", "measure", "code",
            "category", "unit", "content", "planned", "delivered", "funding", "responsible",
            "starts_on", "due_on", "status", "origin", "reasons", "confirmed", "group_claim",
            "once_claim", "agreed_on", "ended_on", "stop_reason", "stop_note", "version",
        )  # fmt: skip
        self.deliveries = Table(
            Delivery, "uuid", "item", "village", "number", "day", "kind", "amount", "quantity",
            "payee", "voucher", "note", "source", "reference", "recorded_by", "recorded_at",
            "withdrawn_reason",
        )  # fmt: skip
        self.instalments = Table(Instalment, "item", "number", "due_on", "amount")
        self.loans = Table(
            Loan, "id", "item", "bank", "principal", "rate_percent", "subsidised_percent",
            "purpose", "drawn_on", "due_on", "settled_on", "version",
        )  # fmt: skip
        self.repayments = Table(Repayment, "loan", "day", "amount", "recorded_by")
        self.contracts = Table(
            Contract, "item", "member", "employer", "job", "starts_on", "last_day", "monthly_pay",
            "ended_early", "version",
        )  # fmt: skip
        self.moves = Table(
            Move, "item", "site", "area_m2", "persons", "own_debt", "moved_in_on",
            "old_house_gone_on", "version",
        )  # fmt: skip
        self.courses = Table(
            Course, "item", "subject", "first_day", "last_day", "certificate", "certified_on",
            "version",
        )  # fmt: skip
        self.beneficiaries = Table(
            Beneficiary, "item", "household", "share", "added_by", "added_on"
        )
        self.distributions = Table(
            Distribution, "id", "uuid", "item", "village", "year", "total", "kept", "decided_on",
            "paid_on", "note", "recorded_by", "withdrawn_reason",
        )  # fmt: skip
        self.transfers = Table(Transfer, "distribution", "household", "kind", "amount")

    def write(self) -> None:
        """Write every table."""
        for table in vars(self).values():
            table.write()


def ids(model: type[Model]) -> Iterator[int]:
    """Keys that nobody else gets, a block of them at a time."""
    while True:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [model._meta.db_table])
            (sequence,) = cursor.fetchone()
            cursor.execute(
                "SELECT nextval(%s) FROM generate_series(1, %s)", [sequence, IDS_AT_ONCE]
            )
            found = cursor.fetchall()
        yield from [key for (key,) in found]


def uuid_of(random: Random) -> uuid.UUID:
    """The uuid that comes next in the stream."""
    return uuid.UUID(int=random.getrandbits(128), version=4)


def moment(day: date, hour: int = 17) -> datetime:
    """An hour of a day."""
    return timezone.make_aware(datetime.combine(day, time(hour)))
