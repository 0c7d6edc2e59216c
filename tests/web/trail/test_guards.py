import pytest
from django.db import DatabaseError, connection, transaction

from officers.models import Officer
from trail.actions import move_demo_date, record
from trail.dates import business_date
from trail.models import Change

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator():
    return Officer.objects.get(username="operator")


@pytest.mark.parametrize(
    "statement",
    ["UPDATE trail_change SET reason = 'x'", "DELETE FROM trail_change", "TRUNCATE trail_change"],
)
def test_the_trace_refuses(statement, operator):
    record(by=operator, action="test", subject=operator)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute(statement)


def test_a_record_names_actor_role_and_place(operator):
    change = record(by=operator, action="test", subject=operator, reason="because")
    assert (change.actor_name, change.role, change.posted_to) == (operator.name, "operator", "0")


def test_the_demo_date_moves_and_leaves_a_trace(operator, settings):
    settings.DEMO = True
    today = business_date()
    move_demo_date(by=operator, days=8)
    assert (business_date() - today).days == 8
    assert Change.objects.get(action="move_date").after == {"days": 8}


def test_outside_the_demo_nobody_moves_the_date(operator, settings):
    settings.DEMO = True
    today = business_date()
    move_demo_date(by=operator, days=8)
    settings.DEMO = False
    assert business_date() == today
