"""What real registers stumble over: one household of each, the first of every run.

The rest of the data holds such households too, as rarely as life does; these are certain.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from households.rules import GUARANTEES, MET, NOT_APPLICABLE, NOT_MET, State
from registry.demo import families as kin
from registry.demo.careers import EXTREME_HARDSHIP, FIRST_EXIT_YEAR, NEVER, Careers
from registry.demo.facts import MONEY_COLUMNS, UNKNOWN, Lines, Year, split, works
from registry.demo.families import People

LINE, MONITORING = "line", "monitoring"


@dataclass(frozen=True)
class HardCase:
    """One household to be sure of. What is not said is drawn; `exited` is years before the last.

    `per_capita` is a line, a number of yuan, or None (drawn); `fen` is added to the household's
    net income. `unknown` names incomes, `guarantees` what they are in the last year.
    """

    what: str
    state: State = State.POOR
    template: int = kin.COUPLE_WITH_TWO
    exited: int | None = None
    per_capita: str | int | None = None
    fen: int = 0
    guarantees: dict[str, int] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    grade: str = ""
    head_name: str = ""
    ethnicity: str = ""
    certificate: str = ""
    newborn: bool = False
    no_id: str = ""
    ended: tuple[int, str] | None = None
    attribute: int | None = None
    unsurveyed: bool = False
    corrected: bool = False


CASES: tuple[HardCase, ...] = (
    HardCase("a newborn without an ID number", State.EXITED, exited=2, newborn=True),
    HardCase("a member whose card is lost", State.EXITED, exited=2, no_id="3"),
    HardCase(
        "a name with a middle dot", State.EXITED, exited=3, head_name="娜仁·其木格", ethnicity="02"
    ),
    HardCase(
        "a long name with middle dots",
        State.EXITED,
        exited=3,
        head_name="阿卜杜热合曼·阿卜杜克力木·买买提",
        ethnicity="05",
    ),
    HardCase("a rare character", State.EXITED, exited=4, head_name="𠮷𣲗生"),
    HardCase("two rare characters", State.POOR, head_name="赵㛃𬭚"),
    HardCase("a certificate of 22 characters", State.POOR, certificate="43B1", per_capita=4_500),
    HardCase("a certificate of 20 characters", State.EXITED, exited=2, certificate="12"),
    HardCase(
        "one person in extreme hardship",
        State.POOR,
        kin.ALONE,
        per_capita=7_300,
        attribute=EXTREME_HARDSHIP,
    ),
    HardCase("exactly on the line, poor", State.POOR, kin.COUPLE, per_capita=LINE),
    HardCase("exactly on the line, exited", State.EXITED, kin.COUPLE, 2, per_capita=LINE),
    HardCase("one fen above the line", State.PLANNED_EXIT, kin.COUPLE, per_capita=LINE, fen=1),
    HardCase("one fen below the line", State.EXITED, kin.COUPLE, 2, per_capita=LINE, fen=-1),
    HardCase("exactly on the monitoring line", State.EXITED, exited=2, per_capita=MONITORING),
    HardCase(
        "one fen below the monitoring line", State.EXITED, exited=1, per_capita=MONITORING, fen=-1
    ),
    HardCase("all incomes unknown", State.POOR, unknown=MONEY_COLUMNS),
    HardCase("expenses unknown", State.EXITED, exited=2, unknown=("business_expense",)),
    HardCase("relapsed, and still poor", State.RELAPSED, exited=3, per_capita=2_400),
    HardCase("relapsed, and up again", State.RELAPSED, exited=3, per_capita=8_800),
    HardCase("a guarantee unknown", State.EXITED, exited=2, guarantees={"water": UNKNOWN}),
    HardCase(
        "schooling not applicable",
        State.POOR,
        kin.COUPLE,
        per_capita=6_100,
        guarantees={"education": NOT_APPLICABLE},
    ),
    HardCase(
        "enough income, a house of grade D",
        State.POOR,
        per_capita=9_400,
        guarantees={"housing": NOT_MET},
        grade="D",
    ),
    HardCase(
        "exited, the house now of grade C",
        State.EXITED,
        exited=4,
        per_capita=9_900,
        guarantees={"housing": NOT_MET},
        grade="C",
    ),
    HardCase(
        "exited, a child left school",
        State.EXITED,
        exited=3,
        per_capita=9_100,
        guarantees={"education": NOT_MET},
    ),
    HardCase("an ordinary household at risk", State.ORDINARY, per_capita=4_300),
    HardCase("an ordinary household in poverty", State.ORDINARY, per_capita=2_700),
    HardCase(
        "an ordinary household without water",
        State.ORDINARY,
        per_capita=12_000,
        guarantees={"water": NOT_MET},
    ),
    HardCase("more spent than earned", State.POOR, per_capita=-800),
    HardCase("no survey of the last year", State.EXITED, exited=2, unsurveyed=True),
    HardCase("a corrected survey", State.EXITED, exited=2, per_capita=9_700, corrected=True),
    HardCase("a member who died", State.EXITED, kin.COUPLE_WITH_MOTHER, 2, ended=(1, "01")),
    HardCase("a daughter married out", State.EXITED, exited=2, ended=(2, "02")),
    HardCase("a family of seven", State.POOR, kin.LARGEST),
    HardCase("cleared as wrongly registered", State.CLEARED),
    HardCase("cancelled", State.CANCELLED, kin.ALONE),
    HardCase("ready to exit", State.PLANNED_EXIT, kin.THREE_GENERATIONS, per_capita=9_800),
)


def shape(
    cases: Sequence[HardCase], careers: Careers, templates: np.ndarray, last_year: int
) -> None:
    """Give the first households the states and families of `cases`."""
    for place, case in enumerate(cases):
        templates[place] = case.template
        gone = case.state in (State.CLEARED, State.CANCELLED)
        careers.state[place] = case.state
        careers.exit_year[place] = (
            NEVER if case.exited is None else max(last_year - case.exited, FIRST_EXIT_YEAR)
        )
        careers.escaped[place] = NEVER if case.state != State.EXITED else careers.exit_year[place]
        careers.left[place] = last_year if gone else NEVER
        careers.attribute[place] = case.attribute or 1
        careers.standing[place] = 0


def touch_people(cases: Sequence[HardCase], people: People, years: tuple[int, ...]) -> None:
    """Newborns and ended memberships: always the household's last person."""
    for place, case in enumerate(cases):
        last = np.flatnonzero(people.household == place)[-1]
        if case.newborn:
            people.age[last], people.born[last] = 0, years[-1] * 10000 + 618
            people.in_school[last], people.education[last], people.labour[last] = 0, 6, 4
            people.work_place[last], people.work_months[last] = 0, -1
        if case.ended:
            years_before, reason = case.ended
            year = max(years[-1] - years_before, years[0])
            people.ended[last], people.end_reason[last] = year * 10000 + 520, int(reason)


def touch_facts(
    cases: Sequence[HardCase],
    year: Year,
    lines: Lines,
    careers: Careers,
    people: People,
    random: np.random.Generator,
) -> None:
    """The facts of the last year that `cases` ask for."""
    known = {LINE: lines.line, MONITORING: lines.monitoring}
    for place, case in enumerate(cases):
        if case.per_capita is not None:
            amount = (
                known[case.per_capita]
                if isinstance(case.per_capita, str)
                else case.per_capita * 100
            )
            year.net[place] = amount * year.persons[place] + case.fen
            year.guarantees[place] = np.where(
                year.guarantees[place] == NOT_APPLICABLE, NOT_APPLICABLE, MET
            )
    count = len(cases)
    working = works(careers, people, year.year)
    year.money[:count] = split(random, year.net, year.year, working)[:count]
    for place, case in enumerate(cases):
        for name in case.unknown:
            year.money[place, MONEY_COLUMNS.index(name)] = UNKNOWN
        for name, value in case.guarantees.items():
            year.guarantees[place, GUARANTEES.index(name)] = value
        gone = case.state in (State.CLEARED, State.CANCELLED)
        year.surveyed[place] = not (case.unsurveyed or gone)
