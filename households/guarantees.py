"""What the people and the house say about the guarantees. Pure: texts in, a value and why out.

Source: domain reference §4.3. A stated guarantee stands all the same; what is derived is proposed
where nothing is stated, and told where it differs.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from households.rules import MET, NOT_APPLICABLE, NOT_MET

SCHOOL_AGES = range(6, 16)
NOT_IN_SCHOOL = "01"
TAUGHT_AT_HOME, UNABLE = "01", "02"
NEWBORN = "1"
SAFE_GRADES, DANGEROUS_GRADES = ("A", "B"), ("C", "D")
YES, NO = "1", "0"


def gettext_noop(text: str) -> str:
    """Mark a sentence for the translation catalogue."""
    return text


@dataclass(frozen=True)
class Derived:
    """A guarantee as the other facts have it: MET, NOT_MET, NOT_APPLICABLE, or None for unknown.

    `sentence` is a msgid that says why, `params` fill it.
    """

    value: int | None
    sentence: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Person:
    """What counts of a person: codes as the register keeps them, "" for unknown."""

    birth_date: date | None
    in_school: str = ""
    out_of_school_reason: str = ""
    medical_insurance: str = ""
    no_id_reason: str = ""

    def age_on(self, day: date) -> int | None:
        """Full years of age; None while the date of birth is unknown."""
        born = self.birth_date
        if born is None:
            return None
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def derived(people: Iterable[Person], *, housing_grade: str, on: date) -> dict[str, Derived]:
    """Compulsory education, basic medical care and safe housing, each as the facts have it."""
    everybody = list(people)
    return {
        "education": education(everybody, on=on),
        "medical": medical(everybody),
        "housing": housing(housing_grade),
    }


def education(people: Iterable[Person], *, on: date) -> Derived:
    """Met when each child of 6 to 15 is in school, taught at home or unable to go."""
    everybody = list(people)
    if any(one.age_on(on) is None for one in everybody):
        return Derived(None, gettext_noop("A date of birth is unknown."))
    children = [one for one in everybody if one.age_on(on) in SCHOOL_AGES]
    if not children:
        return Derived(NOT_APPLICABLE, gettext_noop("Nobody is between 6 and 15."))
    out = [one for one in children if not _is_schooled(one)]
    if not out:
        return Derived(
            MET,
            gettext_noop("All children of 6 to 15 (%(count)s) are in school or taught at home."),
            {"count": len(children)},
        )
    if any(not one.in_school and not one.out_of_school_reason for one in out):
        return Derived(
            None, gettext_noop("Of a child of 6 to 15 it is unknown whether it is in school.")
        )
    return Derived(
        NOT_MET,
        gettext_noop("Children of 6 to 15 who are not in school: %(count)s."),
        {"count": len(out)},
    )


def _is_schooled(person: Person) -> bool:
    in_school = person.in_school not in ("", NOT_IN_SCHOOL)
    return in_school or person.out_of_school_reason in (TAUGHT_AT_HOME, UNABLE)


def medical(people: Iterable[Person]) -> Derived:
    """Met when everybody has basic medical insurance; a newborn's may still be under way."""
    counted = [one for one in people if one.no_id_reason != NEWBORN]
    without = sum(one.medical_insurance == NO for one in counted)
    if without:
        return Derived(
            NOT_MET,
            gettext_noop("Members without basic medical insurance: %(count)s."),
            {"count": without},
        )
    if not counted or any(one.medical_insurance != YES for one in counted):
        return Derived(
            None, gettext_noop("Of a member it is unknown whether he has medical insurance.")
        )
    return Derived(MET, gettext_noop("Everybody has basic medical insurance."))


def housing(grade: str) -> Derived:
    """Met by grade A or B, not by C or D."""
    if grade in SAFE_GRADES:
        return Derived(MET, gettext_noop("The house is graded %(grade)s, safe."), {"grade": grade})
    if grade in DANGEROUS_GRADES:
        return Derived(
            NOT_MET, gettext_noop("The house is graded %(grade)s, dangerous."), {"grade": grade}
        )
    return Derived(None, gettext_noop("The grade of the house is unknown."))
