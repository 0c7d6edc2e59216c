"""Soft rules on incomes and living conditions. Source: domain reference §3.6 and §14.3."""

from collections.abc import Callable
from decimal import Decimal

from households.quality.facts import HouseholdFacts
from households.quality.ruling import Rule, gettext_noop, of_household
from households.rules import EXPENSE, INCOMES, MONEY, State

YUAN = 100
SMALL_WAGE = 100 * YUAN
RICH = 15_000 * YUAN
ROUND = 1_000 * YUAN
HARDSHIP = "06"
MOST_ARABLE, MOST_FOREST, MOST_ROAD_KM, MOST_M2_EACH = 100, 200, 50, 100
ON_REGISTER = (State.POOR, State.PLANNED_EXIT, State.RELAPSED)
CHECK = gettext_noop("Check it at home; correct it, or explain it.")
ASK = gettext_noop("Ask the household and enter it.")
WAGE, TRANSFER = "wage_income", "transfer_income"


def _per_head(facts: HouseholdFacts) -> int | None:
    net = facts.net
    return None if net is None or not facts.size else net // facts.size


def _jumped(facts: HouseholdFacts) -> bool:
    now, before = facts.net, facts.net_before
    if now is None or before is None or before <= 0 or not (facts.size and facts.persons_before):
        return False
    each, was = now * facts.persons_before, before * facts.size
    return abs(each - was) * 2 >= was


def _copied(facts: HouseholdFacts) -> bool:
    known = [facts.money.get(name) for name in MONEY]
    return any(known) and all(facts.money.get(n) == facts.before.get(n) for n in MONEY)


def _hugs_line(facts: HouseholdFacts) -> bool:
    net, line = facts.net, facts.line_fen
    if net is None or not line or not facts.size:
        return False
    needed = line * facts.size
    return needed < net and (net - needed) * 50 <= needed


def _mostly_transfers(facts: HouseholdFacts) -> bool:
    gross = sum(facts.figure(name) for name in INCOMES)
    able = any(one.full_labour for one in facts.persons)
    return able and gross > 0 and facts.figure(TRANSFER) * 10 > gross * 7


def _all_round(facts: HouseholdFacts) -> bool:
    amounts = [value for value in facts.money.values() if value]
    return len(amounts) >= 2 and all(value % ROUND == 0 for value in amounts)


def _more_than(name: str, most: int) -> Callable[[HouseholdFacts], bool]:
    def test(facts: HouseholdFacts) -> bool:
        value = facts.condition(name)
        return isinstance(value, Decimal) and value > most

    return test


def _large_house(facts: HouseholdFacts) -> bool:
    area = facts.condition("housing_m2")
    return isinstance(area, Decimal) and area > MOST_M2_EACH * max(facts.size, 1)


def _empty(rule: str, name: str, sentence: str) -> Rule:
    """A living condition that a surveyed household should say."""
    return of_household(
        rule,
        3,
        f"living.{name}",
        sentence,
        ASK,
        lambda f: f.surveyed and f.condition(name) is None,
    )


RULES: tuple[Rule, ...] = (
    _empty("3_02_002", "water_source", gettext_noop("The source of drinking water is empty.")),
    _empty("3_02_003", "toilet", gettext_noop("Whether there is a sanitary toilet is empty.")),
    _empty("3_02_004", "arable_mu", gettext_noop("The arable land is empty.")),
    _empty("3_02_005", "forest_mu", gettext_noop("The forest land is empty.")),
    _empty("3_02_006", "grassland_mu", gettext_noop("The grassland is empty.")),
    _empty("3_02_007", "housing_m2", gettext_noop("The housing area is empty.")),
    _empty("3_02_013", "road_km", gettext_noop("The distance to the main road is empty.")),
    of_household(
        "3_02_008",
        3,
        "living.housing_grade",
        gettext_noop("The grade of the house is empty."),
        ASK,
        lambda f: f.surveyed and not f.housing_grade,
    ),
    of_household(
        "5_14_002",
        5,
        "living.forest_mu",
        gettext_noop("More than 200 mu of forest land."),
        CHECK,
        _more_than("forest_mu", MOST_FOREST),
    ),
    of_household(
        "5_14_008",
        5,
        "living.arable_mu",
        gettext_noop("More than 100 mu of arable land."),
        CHECK,
        _more_than("arable_mu", MOST_ARABLE),
    ),
    of_household(
        "own_far",
        5,
        "living.road_km",
        gettext_noop("More than 50 km to the village's main road."),
        CHECK,
        _more_than("road_km", MOST_ROAD_KM),
    ),
    of_household(
        "own_large_house",
        5,
        "living.housing_m2",
        gettext_noop("More than 100 square metres of housing for each person."),
        CHECK,
        _large_house,
    ),
    of_household(
        "own_wage_nobody",
        4,
        "incomes.wage_income",
        gettext_noop("A wage, yet nobody worked a month."),
        gettext_noop("Enter who worked and how long, or correct the wage."),
        lambda f: f.figure(WAGE) > 0 and not any(one.works for one in f.persons),
    ),
    of_household(
        "own_worked_no_wage",
        4,
        "incomes.wage_income",
        gettext_noop("Somebody worked a month or more, yet the wage is zero."),
        gettext_noop("Enter the wage, or correct the months worked."),
        lambda f: f.money.get(WAGE) == 0 and any(one.works for one in f.persons),
    ),
    of_household(
        "5_15_023",
        5,
        "incomes.wage_income",
        gettext_noop("A wage below 100 yuan in the whole year."),
        gettext_noop("Perhaps it was entered in thousands: check the unit."),
        lambda f: 0 < f.figure(WAGE) < SMALL_WAGE,
    ),
    of_household(
        "own_expense",
        4,
        "incomes.business_expense",
        gettext_noop("The business expense is larger than the gross business income."),
        CHECK,
        lambda f: f.figure(EXPENSE) > f.figure("business_income"),
    ),
    of_household(
        "5_16_005",
        5,
        "incomes.transfer_income",
        gettext_noop("Allowance money, yet nobody enjoys the subsistence allowance."),
        gettext_noop("Say who enjoys it, or correct the line."),
        lambda f: f.item("allowance") > 0 and not any(one.allowance for one in f.persons),
    ),
    of_household(
        "own_allowance_money",
        5,
        "incomes.transfer_income",
        gettext_noop("Somebody enjoys the subsistence allowance, yet no money of it is entered."),
        gettext_noop("Enter the allowance among the transfers."),
        lambda f: (
            bool(f.lines) and not f.item("allowance") and any(one.allowance for one in f.persons)
        ),
    ),
    of_household(
        "own_hardship_money",
        4,
        "incomes.transfer_income",
        gettext_noop("Extreme-hardship money, yet the household has another attribute."),
        gettext_noop("Correct the attribute or the line."),
        lambda f: f.item("hardship") > 0 and f.attribute != HARDSHIP,
    ),
    of_household(
        "own_pension_age",
        5,
        "incomes.transfer_income",
        gettext_noop("A pension, yet nobody is 60 or older."),
        CHECK,
        lambda f: f.item("pension") > 0 and not any(one.is_aged(60, 120) for one in f.persons),
    ),
    of_household(
        "own_income_jump",
        5,
        "incomes.reason_per_capita",
        gettext_noop("Net income per person is up or down by half or more against last year."),
        CHECK,
        _jumped,
    ),
    of_household(
        "own_income_copied",
        4,
        "incomes.wage_income",
        gettext_noop("All five figures are exactly last year's."),
        gettext_noop("Ask the household again: figures hardly ever stay the same."),
        _copied,
    ),
    of_household(
        "own_line",
        5,
        "incomes.wage_income",
        gettext_noop("Net income lies above the line by two percent or less."),
        gettext_noop("Have somebody else look at the figures."),
        _hugs_line,
    ),
    of_household(
        "own_transfers",
        5,
        "incomes.transfer_income",
        gettext_noop("More than 70 percent are transfers, yet somebody is able to work."),
        CHECK,
        _mostly_transfers,
    ),
    of_household(
        "own_round",
        5,
        "incomes.wage_income",
        gettext_noop("All figures are whole thousands."),
        gettext_noop("Write the lines of the account, not estimates."),
        _all_round,
    ),
    of_household(
        "own_rich",
        4,
        "incomes.wage_income",
        gettext_noop("On the register with 15,000 yuan or more for each person."),
        CHECK,
        lambda f: f.state in ON_REGISTER and (_per_head(f) or 0) >= RICH,
    ),
    of_household(
        "own_negative",
        4,
        "incomes.business_expense",
        gettext_noop("The net income is below zero."),
        CHECK,
        lambda f: (f.net or 0) < 0,
    ),
)
