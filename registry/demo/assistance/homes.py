"""Who is to be helped: the households of the base, as far as help depends on them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from assistance.rules.posts import age_on
from households.models import Household, Member
from households.rules import State
from teams.rules.helping import needs_helper

ABLE, ABLE_OR_WEAK = ("01", "02"), ("01", "02", "05")
EXTREME_HARDSHIP, ALLOWANCE = "06", "04"
DIED = "01"


@dataclass(frozen=True)
class Person:
    """A member. `in_school` is "" for nobody's pupil."""

    pk: int
    born: date
    relation: str
    in_school: str
    health: str
    labour: str
    work_place: str
    work_months: int | None
    is_insured: bool

    @property
    def is_student(self) -> bool:
        """Whether he goes to school."""
        return self.in_school not in ("", "01")

    @property
    def is_able(self) -> bool:
        """Whether he can work fully and is not in school."""
        return self.labour in ABLE and not self.is_student

    def can_work(self, on: date, *, most: int = 65) -> bool:
        """Whether he can be helped into work on a day: of age, at least a little able."""
        return (
            not self.is_student
            and self.labour in ABLE_OR_WEAK
            and 16 <= age_on(self.born, on) <= most
        )


@dataclass
class Home:
    """A household of the base. `died` are members whose membership ended by death, with the day."""

    pk: int
    number: str
    village: str
    state: int
    left: int | None
    attribute: str
    grade: str
    helper: int | None = None
    people: list[Person] = field(default_factory=list)
    died: list[tuple[int, date]] = field(default_factory=list)

    @property
    def is_on_register(self) -> bool:
        """Whether it has not exited."""
        return self.state != State.EXITED

    @property
    def workers(self) -> list[Person]:
        """Members able to work fully."""
        return [one for one in self.people if one.is_able]

    @property
    def is_hardship(self) -> bool:
        """Whether it lives on extreme-hardship support; industry and credit are not for it."""
        return self.attribute == EXTREME_HARDSHIP

    @property
    def head(self) -> Person:
        """The head, or whoever stands first."""
        return self.people[0]

    def youngest_adult(self, on: date) -> Person | None:
        """The youngest of those who are 18 on a day and not in school."""
        grown = [one for one in self.people if not one.is_student and age_on(one.born, on) >= 18]
        return max(grown, key=lambda one: (one.born, one.pk), default=None)


def homes_in(villages: Sequence[str], year: int, *, support_years: int) -> list[Home]:
    """The households on the register or within their years of support, with people, by number."""
    columns = ("pk", "number", "village_id", "state", "exit_year", "attribute", "housing_grade")
    found = Household.everywhere.standing().filter(village_id__in=villages).order_by("number")
    homes = {
        row[0]: Home(*row)
        for row in found.values_list(*columns)
        if needs_helper(row[3], row[4], year=year, support_years=support_years)
    }
    for key, person, ended in _members(villages):
        if key in homes and ended is None:
            homes[key].people.append(person)
        elif key in homes and ended is not None:
            homes[key].died.append((person.pk, ended))
    return [one for one in homes.values() if one.people]


def _members(villages: Sequence[str]) -> Iterator[tuple[int, Person, date | None]]:
    """(household, member, day of death): who is active or died, heads first."""
    found = Member.objects.filter(household__village_id__in=villages, withdrawn_at=None)
    columns = (
        "household_id", "pk", "birth_date", "relation", "in_school", "health", "labour",
        "work_place", "work_months", "medical_insurance", "end_reason", "end_date",
    )  # fmt: skip
    for row in found.order_by("household_id", "relation", "pk").values_list(*columns):
        household, *facts, insured, reason, ended = row
        if reason in ("", DIED):
            yield household, Person(*[*facts, insured is not False]), ended
