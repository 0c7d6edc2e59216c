"""The members of a household as a change sees them, and somebody who joins, judged."""

from datetime import date

from households.changing.judging import Person, Wanted
from households.entry import fields
from households.entry.content import StepContent
from households.entry.forward import copied_forward
from households.entry.judged import Entry, Judged
from households.entry.judging import judge_entry
from households.models import Household, Member
from officers.models import Officer

KEPT_STEPS = (fields.HOUSEHOLD, fields.CAUSES)


def people_of(household: Household) -> list[Person]:
    """The active members, the head first."""
    active = household.members.active().order_by("relation", "id")
    return [Person(one.pk, one.relation, earliest_of(one)) for one in active]


def earliest_of(member: Member) -> date:
    """No change of a member lies before his birth or the day since which he is a member."""
    return max(member.birth_date, member.joined_on or member.birth_date)


def joining(household: Household, wanted: Wanted, *, by: Officer, today: date) -> Judged:
    """The household with somebody more, judged as an entry of form or file is.

    The new person's row is the last one; he may have left the household before. Nothing of the
    year is entered.
    """
    kept = copied_forward(household, year=today.year)
    rows = (*kept.step(fields.MEMBERS).rows, dict(wanted.person))
    steps = {name: kept.step(name) for name in KEPT_STEPS}
    steps[fields.MEMBERS] = StepContent(0, {}, rows)
    grade = {"housing_grade": household.housing_grade} if household.housing_grade else {}
    steps[fields.LIVING] = StepContent(0, grade)
    returns = frozenset({len(rows) - 1})
    entry = Entry(household.village_id, today.year, household.number, steps, returns)
    return judge_entry(entry, by=by, today=today)
