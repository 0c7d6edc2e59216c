"""Visits and tasks for tests: an entry as somebody types it, and rows written directly."""

import uuid
from datetime import date
from typing import Any

from households.models import Household
from officers.models import Officer
from teams.actions.todo import Problem
from teams.actions.visits import Entry
from teams.models import Met, Task, Topic, Visit
from teams.models.helping import TASK_FIELD, VISIT_FIELD
from tests import factories as make
from trail.dates import business_date
from trail.sealing import seal

WORDS = "孩子上学的路断了"
WORK = "修通学生上学的路"


def entry(**fields: Any) -> Entry:
    """A visit of today that met the householder about schooling."""
    defaults: dict[str, Any] = {
        "key": uuid.uuid4(),
        "day": business_date(),
        "met": (Met.HOUSEHOLDER,),
        "topics": (Topic.SCHOOLING,),
        "text": WORDS,
    }
    return Entry(**defaults | fields)


def problem(assignee: Officer, **fields: Any) -> Problem:
    """Something to be done by today."""
    return Problem(**{"text": WORK, "assignee": assignee.pk, "due_on": business_date()} | fields)


def typed(**fields: Any) -> dict[str, Any]:
    """What a browser sends of the form of a visit."""
    return {
        "key": str(uuid.uuid4()),
        "day": business_date().isoformat(),
        "met": [Met.HOUSEHOLDER],
        "topics": [Topic.SCHOOLING],
        "text": WORDS,
    } | fields


def make_visit(household: Household, day: date, visitor: Officer, **fields: Any) -> Visit:
    """A visit on record, with words."""
    row = uuid.uuid4()
    defaults: dict[str, Any] = {
        "village_id": household.village_id,
        "role": "village_official",
        "met": [Met.SPOUSE],
        "topics": [Topic.INCOME],
        "text_sealed": seal(WORDS, field=VISIT_FIELD, row=row),
    }
    return Visit.everywhere.create(
        uuid=row, household=household, day=day, visitor=visitor, **defaults | fields
    )


def make_task(assignee: Officer, due_on: date, **fields: Any) -> Task:
    """An open task of VILLAGE that the operator gave."""
    row = uuid.uuid4()
    defaults: dict[str, Any] = {
        "village_id": make.VILLAGE,
        "text_sealed": seal(WORK, field=TASK_FIELD, row=row),
        "opened_by": make.the_operator(),
        "opened_on": business_date(),
    }
    return Task.everywhere.create(uuid=row, assignee=assignee, due_on=due_on, **defaults | fields)
