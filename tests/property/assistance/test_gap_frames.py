"""A part of the register judged as frames, against each household judged by itself."""

from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from assistance.actions.gap_frames import judge
from assistance.queries.facts import Frames
from assistance.queries.gap_facts import (
    ELSEWHERE_COLUMNS,
    GIVEN_COLUMNS,
    PAID_COLUMNS,
    SHARED_COLUMNS,
    WATCHED_COLUMNS,
    Ground,
    standing_rules,
)
from assistance.rules.eligibility import all_hold, holds
from assistance.rules.facts import HOUSEHOLD, HOUSEHOLD_FACTS, PERSON_FACTS
from assistance.rules.gaps import names_in, plain, unknown_of
from assistance.rules.measures import Category, Repeats, Terms, Unit

YEAR = 2019
RULES = standing_rules()
TERMS = {
    1: Terms("EDU-YULU", Category.EDUCATION, Unit.PERSON, group="study_grant",
             conditions=({"fact": "household.supported", "is": 1},
                         {"fact": "in_school", "one_of": [10, 13]})),
    2: Terms("PUB-POST", Category.POST, Unit.PERSON, group="post",
             conditions=({"fact": "age", "least": 18, "most": 69}, {"fact": "student", "is": 0})),
    3: Terms("HEA-PREMIUM", Category.HEALTH, Unit.PERSON, repeats=Repeats.YEARLY),
    4: Terms("HOU-D", Category.HOUSING, Unit.HOUSEHOLD, group="house", repeats=Repeats.ONCE,
             conditions=({"fact": "supported", "is": 1},
                         {"fact": "housing_grade", "one_of": [4]})),
    5: Terms("LOAN-MICRO", Category.CREDIT, Unit.HOUSEHOLD, group="credit",
             conditions=({"fact": "attribute", "none_of": [6]}, {"fact": "workers", "least": 1})),
    6: Terms("IND-OWN", Category.INDUSTRY, Unit.HOUSEHOLD),
}  # fmt: skip
VARIED_HOUSEHOLD = {
    "supported": [0, 1], "watched": [0, 1], "attribute": [0, 1, 4, 6], "wants_REL": [0, 1],
    "housing_grade": [0, 2, 4], "forest_mu": [-1, 0, 3], "workers": [0, 1], "water_not_met": [0, 1],
    "housing_not_met": [0, 1], "registered": [0, 1],
}  # fmt: skip
VARIED_PERSON = {
    "age": [5, 6, 15, 16, 17, 69, 70], "student": [0, 1], "in_school": [0, 1, 3, 13],
    "health": [1, 4], "uninsured": [0, 1], "out_of_school_reason": [0, 1, 5],
}  # fmt: skip


@dataclass
class Home:
    """A generated household: its facts, its persons' facts by key, its measures."""

    facts: dict[str, int]
    persons: dict[int, dict[str, int]] = field(default_factory=dict)
    items: list[dict[str, int]] = field(default_factory=list)


def some(varied: dict[str, list[int]]) -> st.SearchStrategy[dict[str, int]]:
    return st.fixed_dictionaries({name: st.sampled_from(of) for name, of in varied.items()})


ITEM = st.fixed_dictionaries(
    {
        "measure": st.sampled_from(sorted(TERMS)),
        "live": st.integers(0, 1),
        "year": st.sampled_from([2018, 2019]),
        "first": st.sampled_from([20180301, 20190101, 20190701]),
        "last": st.sampled_from([20181231, 20190630, 20191231]),
        "place": st.integers(0, 2),
    }
)
HOME = st.tuples(
    some(VARIED_HOUSEHOLD),
    st.lists(some(VARIED_PERSON), min_size=1, max_size=3),
    st.lists(ITEM, max_size=5),
)


def homes_of(drawn: list[Any]) -> dict[int, Home]:
    """The households with keys that are no places in a frame."""
    homes, serial = {}, iter(range(1, 1000))
    for number, (facts, persons, items) in enumerate(drawn):
        home = Home(dict.fromkeys(HOUSEHOLD_FACTS, 0) | facts)
        key = 9000 - number
        for own in persons:
            home.persons[next(serial) * 7] = dict.fromkeys(PERSON_FACTS, 0) | own
        members = list(home.persons)
        for item in items:
            of_person = TERMS[item["measure"]].unit == Unit.PERSON
            member = members[item["place"] % len(members)] if of_person else 0
            home.items.append(
                {name: value for name, value in item.items() if name != "place"}
                | {"item": next(serial), "household": key, "member": member}
            )
        homes[key] = home
    return homes


def ground_of(homes: dict[int, Home]) -> Ground:
    households = [
        {"household": key, "number": str(key), "village": "1"} | home.facts
        for key, home in homes.items()
    ]
    persons = [
        {"person": person, "household": key} | facts | shared(home)
        for key, home in homes.items()
        for person, facts in home.persons.items()
    ]
    zero = dict.fromkeys(GIVEN_COLUMNS, 0)
    given_rows = sorted(
        (zero | item for home in homes.values() for item in home.items), key=lambda one: one["item"]
    )
    empty = {
        name: pd.DataFrame({one: pd.Series(dtype="int64") for one in columns})
        for name, columns in {
            "shared": SHARED_COLUMNS, "elsewhere": ELSEWHERE_COLUMNS, "paid": PAID_COLUMNS,
            "watched": WATCHED_COLUMNS,
        }.items()
    }  # fmt: skip
    return Ground(
        frames=Frames(pd.DataFrame(households), pd.DataFrame(persons)),
        given=pd.DataFrame(given_rows, columns=list(GIVEN_COLUMNS)).astype("int64"),
        measures=TERMS,
        **empty,
    )


def shared(home: Home) -> dict[str, int]:
    return {HOUSEHOLD + name: value for name, value in home.facts.items()}


Key = tuple[int, str, int, int]


def plainly(homes: dict[int, Home]) -> set[Key]:
    """(household, rule, member, item) of each gap, one household and one rule at a time."""
    found: set[Key] = set()
    for key, home in homes.items():
        found |= {(key, *one) for one in (*lacking(home), *wrong(home), *clashes(home))}
    return found


def lacking(home: Home) -> set[tuple[str, int, int]]:
    found = set()
    for rule in RULES.owed:
        everybody: dict[int, dict[str, int]] = {0: home.facts | NOT_WATCHED}
        if rule.unit == Unit.PERSON:
            everybody = {key: facts | shared(home) for key, facts in home.persons.items()}
        for member, facts in everybody.items():
            if not any(home.facts[one] for one in rule.whom):
                continue
            if not all_hold(rule.conditions, facts):
                continue
            if not any(gives(rule, one) for one in home.items if member in (0, one["member"])):
                found.add((rule.id, 0 if rule.gathered else member, 0))
    return found


NOT_WATCHED = {"watched_since": 0, "watched_over_a_month": 0}


def gives(rule: Any, item: dict[str, int]) -> bool:
    terms = TERMS[item["measure"]]
    if rule.helped_by and not {terms.code, terms.category.value} & set(rule.helped_by):
        return False
    in_year = item["year"] == YEAR or (item["first"] <= 20191231 and item["last"] >= 20190101)
    return rule.any_year or in_year


def wrong(home: Home) -> set[tuple[str, int, int]]:
    found = set()
    for item in home.items:
        if not item["live"]:
            continue
        terms, told = TERMS[item["measure"]], set()
        facts = home.facts
        if item["member"]:
            facts = home.persons[item["member"]] | shared(home)
        if terms.group == "post" and not 16 <= facts["age"] < 70:
            found.add(("post_age", item["member"], item["item"]))
            told.add("age")
        if terms.category is Category.CREDIT and facts["attribute"] == 6:
            found.add(("credit_extreme", item["member"], item["item"]))
            told.add("attribute")
        for condition in terms.conditions:
            names = list(names_in(condition))
            if holds(condition, facts) or any(facts[one] == unknown_of(one) for one in names):
                continue
            if {plain(one) for one in names} <= {"supported", "registered"}:
                found.add(("not_on_register", item["member"], item["item"]))
            elif not {plain(one) for one in names} & told and terms.code != "HOU-D":
                found.add(("conditions", item["member"], item["item"]))
    return found


def clashes(home: Home) -> set[tuple[str, int, int]]:
    rule_of = {"post": "double_post", "study_grant": "grant_twice", "house": "house_twice",
               "credit": "credit_twice"}  # fmt: skip
    found = set()
    own = [one for one in home.items if one["year"] == YEAR]
    for later in own:
        for earlier in own:
            same_holder = earlier["member"] == later["member"]
            if not same_holder or earlier["item"] >= later["item"]:
                continue
            one, other = TERMS[earlier["measure"]], TERMS[later["measure"]]
            meets = earlier["first"] <= later["last"] and later["first"] <= earlier["last"]
            if other.group and one.group == other.group and meets:
                found.add((rule_of[other.group], later["member"], later["item"]))
            if one.code == other.code == "HEA-PREMIUM":
                found.add(("same_twice", later["member"], later["item"]))
    return found


@settings(max_examples=25, deadline=None)
@given(st.lists(HOME, min_size=1, max_size=5))
def test_a_part_finds_what_each_household_shows_by_itself(drawn):
    homes = homes_of(drawn)
    found = judge(ground_of(homes), RULES, year=YEAR)
    keys = [(one.household, one.rule, one.member, one.item) for one in found]
    assert len(keys) == len(set(keys))
    assert set(keys) == plainly(homes)
