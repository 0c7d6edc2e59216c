"""What the village officials of the demonstration are at: a draft, two changes, facts to check."""

from collections.abc import Mapping
from datetime import timedelta

from households.actions.changes import propose_change
from households.actions.quality import recheck_all, surveyed_in
from households.changing.judging import Wanted
from households.entry import fields
from households.entry.drafts import Typed, open_draft, save_step
from households.identity import check_digit
from households.models import Household, Member
from households.models.members import HEAD
from officers.models import Officer
from registry.demo.accounts import VILLAGE
from trail.dates import business_date

FEWEST = 3
HEAD_OF_DRAFT = "970321197204150013"


def tend(year: int, cast: Mapping[str, Officer]) -> None:
    """Begin what a visitor goes on with; nothing of it is decided."""
    recheck_all(surveyed_in(VILLAGE, f"{VILLAGE}:", year), year=year)
    _begin_a_draft(year, by=cast["village"])
    families = _families()
    if len(families) > 1:
        _report_a_birth(families[0], by=cast["village"])
        _report_a_death(families[1], by=cast["secretary"])


def _begin_a_draft(year: int, *, by: Officer) -> None:
    """A household that somebody has begun to register and not finished."""
    number = HEAD_OF_DRAFT[:17] + check_digit(HEAD_OF_DRAFT[:17])
    head = {"name": "石远航", "id_number": number, "education": "03", "health": "01"}
    draft = open_draft(VILLAGE, by=by, year=year, head=head)
    typed = Typed({"group": "二组", "address": "村东头老井旁", "phone": "139000"})
    save_step(draft.pk, fields.HOUSEHOLD, by=by, seen=0, typed=typed)


def _families() -> list[Household]:
    """Households of the village with some people, in the order of their numbers."""
    found = []
    for household in Household.everywhere.standing().filter(village_id=VILLAGE).order_by("number"):
        if household.members.active().count() >= FEWEST:
            found.append(household)
        if len(found) == 2:
            break
    return found


def _report_a_birth(household: Household, *, by: Officer) -> None:
    born = business_date() - timedelta(days=20)
    person = {
        "name": "石小满",
        "relation": "99",
        "sex": "2",
        "birth_date": born.isoformat(),
        "no_id_reason": "1",
    }
    wanted = Wanted("birth", born, "家中新生儿", "出生医学证明", person=person)
    propose_change(household, wanted, by=by)


def _report_a_death(household: Household, *, by: Officer) -> None:
    members = Member.objects.active().filter(household=household).exclude(relation=HEAD)
    eldest = members.order_by("birth_date").first()
    if eldest:
        day = business_date() - timedelta(days=9)
        wanted = Wanted("death", day, "因病去世", "死亡医学证明", goes=frozenset({eldest.pk}))
        propose_change(household, wanted, by=by)
