"""What holds of every recommendation, whoever it is for."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from assistance.rules.eligibility import all_hold
from assistance.rules.facts import HOUSEHOLD_FACTS, PERSON_FACTS, FactKind
from assistance.rules.measures import Unit
from assistance.rules.recommending import Held, among, judge, recommend
from tests.oracle.recommendation import (
    CATALOGUE,
    TABLE,
    TERMS,
    Has,
    expected,
    household_facts,
    person_facts,
)

NUMBERS = st.sampled_from([-1, 0, 1, 2, 6, 15, 16, 18, 40, 60, 65, 66, 69, 70, 5000])
VALUES = {FactKind.FLAG: st.integers(0, 1), FactKind.CODE: st.integers(0, 16)}
OWN = {
    Unit.HOUSEHOLD: sorted(c for c in TABLE.given if TERMS[c].unit is Unit.HOUSEHOLD),
    Unit.PERSON: sorted(c for c in TABLE.given if TERMS[c].unit is Unit.PERSON),
    Unit.VILLAGE: sorted(c for c in TABLE.given if TERMS[c].unit is Unit.VILLAGE),
}
RIVALS = {unit: sorted(c for c, t in TERMS.items() if t.group and t.unit is unit) for unit in Unit}
SAID = {
    names: st.fixed_dictionaries(
        {}, optional={one.name: VALUES.get(one.kind, NUMBERS) for one in facts.values()}
    )
    for names, facts in (("household", HOUSEHOLD_FACTS), ("person", PERSON_FACTS))
}


def codes(known: list[str]) -> st.SearchStrategy[set[str]]:
    return st.sets(st.sampled_from(known), max_size=2) if known else st.just(set())


@st.composite
def subjects(draw, unit: Unit) -> tuple[dict[str, int], Has]:
    """Somebody of that unit with what he has already."""
    facts = household_facts(**draw(SAID["household"]))
    if unit is Unit.PERSON:
        facts = person_facts(facts, **draw(SAID["person"]))
    own = codes(OWN[unit])
    return facts, Has(draw(own), draw(codes(RIVALS[unit])), draw(own))


def held(has: Has) -> Held:
    """The same as ints."""
    shuts: dict[str, dict[str, int]] = {}
    for code in has.shuts:
        shuts.setdefault(TERMS[code].group, {})[code] = 1
    return Held(dict.fromkeys(has.enjoyed, 1), shuts, dict.fromkeys(has.capped, 1))


ANYBODY = st.sampled_from(list(Unit)).flatmap(
    lambda unit: st.tuples(st.just(unit), st.lists(subjects(unit), min_size=1, max_size=6))
)


@given(ANYBODY)
def test_it_is_what_plain_python_finds(drawn):
    unit, people = drawn
    for facts, has in people:
        judged = judge(CATALOGUE, TABLE, facts, held(has), unit)
        found = {
            code: (
                one.recommended == 1,
                one.priority,
                [row.id for row in among(TABLE.rows, one.reasons)],
            )
            for code, one in judged.items()
            if one.priority
        }
        assert found == expected(facts, unit, has)


@given(ANYBODY)
def test_columns_say_what_is_said_of_each_alone(drawn):
    unit, people = drawn
    columns = {name: np.array([facts[name] for facts, _has in people]) for name in people[0][0]}
    apart = [judge(CATALOGUE, TABLE, facts, held(has), unit) for facts, has in people]
    together = judge(CATALOGUE, TABLE, columns, as_columns([has for _facts, has in people]), unit)
    for code, judged in together.items():
        for name in vars(judged):
            column = np.broadcast_to(getattr(judged, name), len(people)).tolist()
            assert column == [getattr(one[code], name) for one in apart], (code, name)


def as_columns(people: list[Has]) -> Held:
    def column(name: str, code: str):
        return np.array([int(code in getattr(has, name)) for has in people])

    shuts: dict[str, dict[str, np.ndarray]] = {}
    for code in {code for has in people for code in has.shuts}:
        shuts.setdefault(TERMS[code].group, {})[code] = column("shuts", code)
    return Held(
        {code: column("enjoyed", code) for has in people for code in has.enjoyed},
        shuts,
        {code: column("capped", code) for has in people for code in has.capped},
    )


@st.composite
def families(draw):
    own = household_facts(**draw(SAID["household"]))
    people = draw(st.lists(SAID["person"], max_size=4))
    persons = {key: person_facts(own, **said) for key, said in enumerate(people)}
    has = {
        key: held(Has(draw(codes(OWN[unit])), draw(codes(RIVALS[unit]))))
        for key, unit in [(None, Unit.HOUSEHOLD), *((key, Unit.PERSON) for key in persons)]
    }
    return (
        recommend(CATALOGUE, TABLE, household=own, persons=persons, held=has, village=Held()),
        own,
        persons,
        has,
    )


@given(families())
def test_a_recommendation_never_conflicts_with_itself_nor_with_what_is_held(family):
    choices, _own, _persons, has = family
    standing = [one for one in choices if not one.against]
    claims = [(TERMS[c.code].group, c.person) for c in standing if TERMS[c.code].group]
    assert len(claims) == len(set(claims))
    for one in standing:
        shut = has.get(one.person, Held()).shuts.get(TERMS[one.code].group, {})
        assert set(shut) <= {one.code}


@given(families())
def test_a_recommendation_never_names_a_measure_whose_eligibility_fails(family):
    choices, own, persons, _has = family
    for one in choices:
        facts = own if one.person is None else persons[one.person]
        if not one.against:
            assert all_hold(TERMS[one.code].conditions, facts)


@given(families())
def test_every_measure_that_a_row_gives_is_recommended_or_says_what_stands_against_it(family):
    choices, _own, _persons, _has = family
    assert len({(one.code, one.person) for one in choices}) == len(choices)
    assert all(one.reasons and one.priority in (1, 2, 3) for one in choices)
