"""What the table of recommendations gives a household that a test describes."""

from typing import Any

from assistance.rules.recommending import (
    Choice,
    Held,
    recommend,
)
from tests.oracle.recommendation import (
    CATALOGUE,
    TABLE,
    household_facts,
    person_facts,
)

PRE, PRIMARY, SENIOR, VOCATIONAL, HIGHER, COLLEGE = 2, 3, 7, 10, 13, 16
CHRONIC, SERIOUS, DISABLED = 2, 3, 4
WEAK = {"labour": 5, "able": 0, "weak": 1}
UNABLE = {"labour": 3, "able": 0}
NOTHING = Held()


def choices(
    *people: dict[str, int],
    held: dict[int | None, Held] | None = None,
    village: Held = NOTHING,
    **household: int,
) -> list[Choice]:
    """What the table gives such a household; its members are counted from 0."""
    own = household_facts(**household)
    persons = {key: person_facts(own, **said) for key, said in enumerate(people)}
    return recommend(
        CATALOGUE, TABLE, household=own, persons=persons, held=held or {}, village=village
    )


def recommended(*people: dict[str, int], **said: Any) -> dict[tuple[str, int | None], int]:
    """Priority by code and person of what is recommended."""
    found = choices(*people, **said)
    return {(one.code, one.person): one.priority for one in found if not one.against}


def against(code: str, *people: dict[str, int], person: int | None = None, **said: Any):
    """What stands against one measure."""
    found = choices(*people, **said)
    return next(one for one in found if (one.code, one.person) == (code, person)).against


def pupil(in_school: int, age: int) -> dict[str, int]:
    return {"in_school": in_school, "age": age, "student": 1, "able": 0, "relation": 3}
