"""The facts that help is judged by, read from the register for a few households and for a chunk."""

from datetime import date

import pytest

from assistance.queries.facts import chunks_in, facts_of, frames_of, moment_in
from assistance.rules.facts import HOUSEHOLD_FACTS, PERSON_FACTS
from households.models import LivingConditions
from households.rules import State
from tests import factories as make

pytestmark = pytest.mark.django_db
TODAY = date(2019, 7, 1)


@pytest.fixture(autouse=True)
def tree():
    make.plant_tree()


def facts(household):
    return facts_of([household], year=2019, today=TODAY)[household.pk]


def frames(code=make.COUNTY):
    moment = moment_in([code], year=2019, today=TODAY)
    return [frames_of(chunk, moment) for chunk in chunks_in(code, most=2)]


def certified(household, kind_and_grade: str, **fields):
    """A disabled member whose number is a disability certificate."""
    number = make.make_id_number() + kind_and_grade
    return make.make_member(household, id_number=number, health="04", **fields)


def of_members(household, **fields):
    """The facts of the household with one more member of these fields."""
    make.make_member(household, **fields)
    return facts(household).household


def rich_household():
    """A household in which most facts have something to say."""
    household = make.make_household(
        state=State.POOR, main_cause="01", other_causes=["08", "12"], needs=["IND", "REL"],
        attribute="04", housing_grade="C",
    )  # fmt: skip
    survey = make.make_survey(household, 2018, water=0, housing=0)
    LivingConditions.objects.create(survey=survey, forest_mu="0.50", arable_mu=3, road_km="6.25")
    certified(household, "62", labour="05")
    make.make_member(household, birth_date=date(2010, 7, 2), in_school="01")
    make.make_member(household, health="03", medical_insurance=False, labour="03")
    make.make_member(household, labour="01", work_months=0, birth_date=date(1980, 1, 1))
    make.make_member(household, in_school="13", labour="01")
    return household


def test_every_fact_is_read():
    known = facts(make.make_household(state=State.POOR))
    assert known.household.keys() == HOUSEHOLD_FACTS.keys()
    (person,) = known.persons.values()
    assert person.keys() == PERSON_FACTS.keys() | {f"household.{name}" for name in HOUSEHOLD_FACTS}


def test_a_household_says_what_stands_on_the_register():
    known = facts(rich_household()).household
    expected = {
        "registered": 1, "supported": 1, "state": 0, "attribute": 4, "cause_01": 1, "cause_08": 1,
        "cause_12": 1, "cause_02": 0, "wants_REL": 1, "wants_EDU": 0, "persons": 6, "workers": 1,
        "few_workers": 1, "weak_workers": 1, "idle_workers": 1, "credit_adults": 2, "ill": 1,
        "disabled": 1, "severely_disabled": 1, "pupils": 1, "dropouts": 1, "advanced_students": 1,
        "uninsured_members": 1, "housing_grade": 3, "water_not_met": 1, "housing_not_met": 1,
        "food_not_met": 0, "forest_mu": 1, "arable_mu": 3, "grassland_mu": -1, "road_metres": 6250,
        "overdue_loans": 0, "watched": 0,
    }  # fmt: skip
    assert {name: known[name] for name in expected} == expected


def test_a_chunk_says_the_same_of_every_household_and_person():
    households = [rich_household(), make.make_household(make.NEXT_VILLAGE, persons=2)]
    households.append(make.make_household(state=State.EXITED, exit_year=2018))
    apart = facts_of(households, year=2019, today=TODAY)
    seen, people = {}, {}
    for frame in frames():
        for row in frame.households.to_dict("records"):
            seen[row["household"]] = {name: row[name] for name in HOUSEHOLD_FACTS}
        for row in frame.persons.to_dict("records"):
            people[row["person"]] = {
                name: value for name, value in row.items() if name not in ("person", "household")
            }
    assert seen == {key: one.household for key, one in apart.items()}
    assert people == {key: row for one in apart.values() for key, row in one.persons.items()}


def test_chunks_hold_every_household_once_in_order():
    made = [make.make_household(village) for village in [make.NEXT_VILLAGE, make.VILLAGE] * 3]
    make.make_household(make.OTHER_COUNTY_VILLAGE)
    read = [row for frame in frames() for row in frame.households["household"]]
    assert read == [one.pk for one in sorted(made, key=lambda one: (one.village_id, one.pk))]


def test_a_certificate_is_read_by_kind_and_grade():
    household = make.make_household()
    member = certified(household, "71")
    person = facts(household).persons[member.pk]
    assert (person["cert_type"], person["cert_grade"]) == (7, 1)


def test_the_numbers_of_members_who_are_not_disabled_stay_sealed(monkeypatch):
    household = make.make_household(persons=3)
    certified(household, "44")
    opened = []
    monkeypatch.setattr(
        "assistance.queries.facts.unseal",
        lambda sealed, *, field, row: opened.append(row) or "1" * 18,
    )
    facts(household)
    assert len(opened) == 1


@pytest.mark.parametrize(("exit_year", "supported"), [(2013, 0), (2014, 1), (2018, 1)])
def test_support_lasts_five_years_after_an_exit(exit_year, supported):
    household = make.make_household(state=State.EXITED, exit_year=exit_year)
    assert facts(household).household["supported"] == supported


def test_whoever_was_never_registered_is_not_supported():
    assert facts(make.make_household()).household["supported"] == 0


@pytest.mark.parametrize(
    ("born", "age"),
    [(date(2003, 7, 1), 16), (date(2003, 7, 2), 15)],
)
def test_an_age_is_reached_on_the_birthday(born, age):
    household = make.make_household()
    member = make.make_member(household, birth_date=born)
    assert facts(household).persons[member.pk]["age"] == age


def test_a_blank_insurance_is_neither_insured_nor_uninsured():
    household = make.make_household()
    member = make.make_member(household, medical_insurance=None)
    person = facts(household).persons[member.pk]
    assert (person["insured"], person["uninsured"]) == (0, 0)


def test_a_student_is_not_able_to_work():
    assert of_members(make.make_household(), labour="01", in_school="07")["workers"] == 0


def test_a_child_taught_at_home_is_no_dropout():
    fields = {"birth_date": date(2009, 1, 1), "out_of_school_reason": "01"}
    assert of_members(make.make_household(), **fields)["dropouts"] == 0


def test_who_left_the_household_counts_no_more():
    household = make.make_household()
    make.make_member(household, health="03", end_reason="01", end_date=date(2019, 1, 1))
    assert facts(household).household["ill"] == 0


def test_the_latest_survey_up_to_the_year_speaks():
    household = make.make_household()
    make.make_survey(household, 2018, water=0)
    make.make_survey(household, 2020, water=0, housing=0)
    known = facts(household).household
    assert (known["water_not_met"], known["housing_not_met"]) == (1, 0)


def test_an_open_watch_is_seen():
    household = make.make_household()
    make.make_case(household, "watch", state="under_watch")
    assert facts(household).household["watched"] == 1


def test_a_cancelled_household_is_not_judged():
    household = make.make_household(state=State.CANCELLED)
    assert facts_of([household], year=2019, today=TODAY) == {}


def test_reading_takes_as_many_queries_however_many_households(django_assert_num_queries):
    households = [make.make_household(persons=3) for _ in range(3)]
    with django_assert_num_queries(4):
        facts_of(households, year=2019, today=TODAY)
