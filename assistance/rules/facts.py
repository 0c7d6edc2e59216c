"""What eligibility and recommendation look at: whole numbers of a household and of a person.

One household is a mapping of names to ints, a province a mapping of names to integer columns; the
rules use only operators that work alike on both. A flag is 0 or 1. A code is the number of its code
list ("04" is 4; housing grade A is 1, D is 4), 0 for unknown. A number that can be unknown is -1
then. Money is fen. On a person the facts of his household are there too, as "household.<name>".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from households.rules import GUARANTEES
from workflow.machine import gettext_noop

UNKNOWN = -1
HOUSEHOLD = "household."
CAUSES = ("01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12", "99")
GRADES = {"A": 1, "B": 2, "C": 3, "D": 4}


class FactKind(StrEnum):
    """How a fact is written: 0 or 1, a whole number, fen, or a code of the list `codes`."""

    FLAG = "flag"
    NUMBER = "number"
    MONEY = "money"
    CODE = "code"


@dataclass(frozen=True)
class Fact:
    """One fact: its kind, its label (a msgid), the code list of a code."""

    name: str
    kind: FactKind
    label: str
    codes: str = ""


def _by_name(*facts: Fact) -> dict[str, Fact]:
    return {one.name: one for one in facts}


FLAG, NUMBER, MONEY, CODE = FactKind.FLAG, FactKind.NUMBER, FactKind.MONEY, FactKind.CODE

PERSON_FACTS: Mapping[str, Fact] = _by_name(
    Fact("age", NUMBER, gettext_noop("age")),
    Fact("sex", CODE, gettext_noop("sex"), "sex"),
    Fact("relation", CODE, gettext_noop("relation to the head"), "relation"),
    Fact("in_school", CODE, gettext_noop("in school"), "in_school"),
    Fact("student", FLAG, gettext_noop("is in school")),
    Fact("out_of_school_reason", CODE, gettext_noop("reason for not being in school"),
         "out_of_school_reason"),
    Fact("education", CODE, gettext_noop("education"), "education"),
    Fact("health", CODE, gettext_noop("health"), "health"),
    Fact("labour", CODE, gettext_noop("labour capacity"), "labour"),
    Fact("able", FLAG, gettext_noop("is able to work fully and not in school")),
    Fact("weak", FLAG, gettext_noop("is able to work a little")),
    Fact("work_place", CODE, gettext_noop("place of work"), "work_place"),
    Fact("work_months", NUMBER, gettext_noop("months worked")),
    Fact("uninsured", FLAG, gettext_noop("has no basic medical insurance")),
    Fact("insured", FLAG, gettext_noop("has basic medical insurance")),
    Fact("unpensioned", FLAG, gettext_noop("has no basic pension insurance")),
    Fact("cert_type", NUMBER, gettext_noop("kind of the disability certificate")),
    Fact("cert_grade", NUMBER, gettext_noop("grade of the disability certificate")),
    Fact("allowance", FLAG, gettext_noop("gets the subsistence allowance")),
)  # fmt: skip
"""Of an active member. Without a certificate kind and grade are 0."""

HOUSEHOLD_FACTS: Mapping[str, Fact] = _by_name(
    Fact("registered", FLAG, gettext_noop("is on the register")),
    Fact("supported", FLAG, gettext_noop("is on the register or within its years of support")),
    Fact("watched", FLAG, gettext_noop("is under watch")),
    Fact("state", NUMBER, gettext_noop("state")),
    Fact("attribute", CODE, gettext_noop("attribute"), "attribute"),
    *(
        Fact(f"cause_{code}", FLAG, gettext_noop("cause of poverty"), "cause")
        for code in CAUSES
    ),
    *(
        Fact(f"wants_{code}", FLAG, gettext_noop("help wanted"), "need")
        for code in (
            "IND", "LOAN", "EMP", "PUB", "ECO", "REL", "EDU", "HEA", "HOU", "SOC", "AST", "COM",
            "INF", "PAI", "OTH",
        )
    ),
    Fact("persons", NUMBER, gettext_noop("persons")),
    Fact("workers", NUMBER, gettext_noop("members able to work fully and not in school")),
    Fact("few_workers", FLAG, gettext_noop("a quarter of the members or fewer able to work fully")),
    Fact("weak_workers", NUMBER, gettext_noop("members able to work a little")),
    Fact("idle_workers", NUMBER, gettext_noop("members able to work fully who did not work")),
    Fact("credit_adults", NUMBER, gettext_noop("members of 18 to 65 able to work")),
    Fact("ill", NUMBER, gettext_noop("members with a chronic or serious illness")),
    Fact("disabled", NUMBER, gettext_noop("disabled members")),
    Fact("severely_disabled", NUMBER, gettext_noop("members with a certificate of grade 1 or 2")),
    Fact("pupils", NUMBER, gettext_noop("children of 6 to 15")),
    Fact("dropouts", NUMBER, gettext_noop("children of 6 to 15 not in school")),
    Fact("advanced_students", NUMBER, gettext_noop("members at vocational school or college")),
    Fact("uninsured_members", NUMBER, gettext_noop("members without basic medical insurance")),
    Fact("housing_grade", CODE, gettext_noop("housing grade"), "housing_grade"),
    *(
        Fact(f"{name}_not_met", FLAG, gettext_noop("guarantee that is not met"))
        for name in GUARANTEES
    ),
    Fact("forest_mu", NUMBER, gettext_noop("forest land (mu)")),
    Fact("arable_mu", NUMBER, gettext_noop("arable land (mu)")),
    Fact("grassland_mu", NUMBER, gettext_noop("grassland (mu)")),
    Fact("road_metres", NUMBER, gettext_noop("distance to the village's main road (m)")),
    Fact("overdue_loans", NUMBER, gettext_noop("loans overdue")),
)  # fmt: skip
"""Of a household on a day: members as they are, living conditions of its latest survey."""
