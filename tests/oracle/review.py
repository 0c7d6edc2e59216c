"""The finding and the proposal of every household, as rows of the expected file."""

from fractions import Fraction

from tests.oracle.columns import GUARANTEES, INCOMES
from tests.oracle.world import EXITED, ORDINARY, Household, Register, Survey

HEADER = ["household_number", "persons", "net_income", "per_capita", "lacks", "gaps", "proposal"]
ON_REGISTER = (0, 2, 3)
MET, NOT_MET = "1", "0"


class ReviewRefusedError(Exception):
    """No survey in the whole scope, or no standard."""


def review(register: Register, root: str, year: int, standard: tuple[int, int]) -> list[list[str]]:
    """One row per proposal, ordered by household number bytewise; lines in fen per person."""
    homes = [
        home
        for home in register.households.values()
        if root == "0" or home.village.startswith(root)
    ]
    if not any(home.surveys.get(year) for home in homes):
        raise ReviewRefusedError("no survey")
    rows = []
    for home in sorted(homes, key=lambda home: home.number.encode()):
        surveys = home.surveys.get(year)
        if surveys:
            rows.append(judge_survey(home, surveys[-1], *standard))
        elif home.state in (*ON_REGISTER, EXITED):
            nothing = Survey(dict.fromkeys(INCOMES + GUARANTEES), frozenset())
            rows.append(judge_survey(home, nothing, *standard))
            rows[-1][1] = str(len(home.active()))
    return rows


def judge_survey(home: Household, survey: Survey, line: int, monitoring_line: int) -> list[str]:
    lacks, gaps = [], []
    for name in GUARANTEES:
        if survey.facts[name] is None:
            gaps.append(name.removesuffix("_guarantee"))
        if survey.facts[name] == NOT_MET:
            lacks.append(name.removesuffix("_guarantee"))
    gaps += [name for name in INCOMES if survey.facts[name] is None]
    incomes = [survey.facts[name] for name in INCOMES]
    persons, net = survey.persons, None
    if None not in incomes:
        net = sum(incomes[:4]) - incomes[4]
        if net < line * persons:
            lacks.append("income")
    kind = propose(
        home.state,
        lacks=bool(lacks),
        gaps=bool(gaps),
        above_line=net is not None and net > line * persons,
        at_risk=net is not None and net < monitoring_line * persons,
    )
    return [
        home.number,
        str(persons),
        "" if net is None else yuan(net),
        "" if net is None else yuan(round_half_away(Fraction(net, persons))),
        " ".join(sorted(lacks)),
        " ".join(sorted(gaps)),
        kind,
    ]


def propose(state: int, *, lacks: bool, gaps: bool, above_line: bool, at_risk: bool) -> str:
    """The first proposal that applies to the state."""
    if gaps:
        return "complete"
    if state == ORDINARY:
        return "identify" if lacks else "watch" if at_risk else "keep"
    if state == EXITED:
        return "reinclude" if lacks else "watch" if at_risk else "keep"
    return "exit" if above_line and not lacks else "keep"


def round_half_away(value: Fraction) -> int:
    """To whole fen; a half goes away from zero."""
    whole = int(abs(value) + Fraction(1, 2))
    return whole if value >= 0 else -whole


def yuan(fen: int) -> str:
    """Two places; zero is never signed."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02d}"
