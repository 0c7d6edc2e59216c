"""Made-up households: the right numbers, every hard case, nobody in the sample's villages."""

from collections import Counter
from datetime import date
from itertools import pairwise

import pytest
from django.db import transaction
from django.db.models import F, Sum

from divisions.models import Division
from households import codes
from households.identity import read_identity
from households.membership import member_digest
from households.models import Household, Member, StateChange, Survey
from households.models.members import HEAD, ID_FIELD, PERSON_FIELD
from households.rules import EXPENSE, INCOMES, State
from officers.models import Officer
from registry.demo import seeding
from registry.demo.facts import MEAN_YUAN
from registry.demo.hard_cases import CASES
from trail.models import Change
from trail.sealing import blind, unseal

HOUSEHOLDS = 2000
YEARS = tuple(range(2015, 2021))
REGISTERED = [State.POOR, State.EXITED, State.PLANNED_EXIT, State.RELAPSED]
LINE_2020, MONITORING_2020 = 4000, 5000

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def seeded(django_db_setup, django_db_blocker):
    """The demonstration's households, once for the module, taken back at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        plan = seeding.plan_of(households=HOUSEHOLDS, years=YEARS, seed=2020)
        made = seeding.seed(
            plan, by=Officer.objects.get(username="operator"), said=lambda line: None
        )
        seeding.refresh_statistics()
        yield made
        transaction.set_rollback(True)


def net():
    return F(INCOMES[0]) + F(INCOMES[1]) + F(INCOMES[2]) + F(INCOMES[3]) - F(EXPENSE)


def hard(what: str) -> Household:
    """The household that stands for one of the hard cases, in their order."""
    place = [case.what for case in CASES].index(what)
    return Household.everywhere.order_by("pk")[place]


def last_survey(what: str) -> Survey:
    return Survey.objects.filter(household=hard(what), year=2020).in_force().get()


def known_net(survey: Survey):
    return sum(getattr(survey, name) for name in INCOMES) - survey.business_expense


def test_as_many_households_as_asked_stand_in_25_to_40_villages_of_three_counties(seeded):
    villages = set(Household.everywhere.values_list("village_id", flat=True))
    assert Household.everywhere.count() == seeded.households == HOUSEHOLDS
    assert 25 <= len(villages) <= 40
    assert len({village[:6] for village in villages}) == 3


def test_the_samples_divisions_stand_and_hold_no_household():
    sample = ("970123", "970124", "970221")
    assert Division.objects.filter(code__in=sample, level=3).count() == 3
    assert Division.objects.filter(level=5, code__regex="^(970123|970124|970221)").count() == 20
    assert not Household.everywhere.filter(village_id__lt="9703").exists()


@pytest.mark.parametrize("year", YEARS)
def test_income_per_registered_person_follows_the_calibration(year):
    in_force = Survey.objects.filter(year=year, household__state__in=REGISTERED).in_force()
    surveys = Survey.objects.filter(pk__in=in_force.values("pk")).alias(net=net())
    sums = surveys.exclude(net=None).aggregate(total=Sum(net()), persons=Sum("persons"))
    assert float(sums["total"] / sums["persons"]) == pytest.approx(MEAN_YUAN[year], rel=0.03)


def test_wages_gain_and_transfers_lose_weight_over_the_years():
    def share(name: str, year: int) -> float:
        sums = Survey.objects.filter(year=year).aggregate(part=Sum(name), whole=Sum(net()))
        return float(sums["part"] / sums["whole"])

    assert share("wage_income", 2020) > share("wage_income", 2015) + 0.08
    assert share("transfer_income", 2020) < share("transfer_income", 2015) - 0.1


def test_every_state_occurs_and_most_have_exited():
    states = Counter(Household.everywhere.values_list("state", flat=True))
    assert set(states) == set(State)
    assert 0.7 < states[State.EXITED] / HOUSEHOLDS < 0.9


def test_states_are_loaded_history_without_a_change_by_a_case():
    assert not StateChange.objects.exists()
    loaded = Household.everywhere.filter(state_loaded=True)
    assert set(loaded.values_list("state", flat=True)) == set(State) - {State.ORDINARY}


def test_illness_is_the_cause_of_two_households_in_five():
    causes = Counter(
        Household.everywhere.exclude(main_cause="").values_list("main_cause", flat=True)
    )
    assert causes["01"] / causes.total() == pytest.approx(0.40, abs=0.04)


def test_a_household_has_three_members_on_average_and_sizes_spread():
    sizes = Counter(Member.objects.values_list("household_id", flat=True))
    spread = Counter(sizes.values())
    assert sizes.total() / HOUSEHOLDS == pytest.approx(2.95, abs=0.15)
    assert spread[1] / HOUSEHOLDS == pytest.approx(0.20, abs=0.04)
    assert max(spread) == 7


def test_every_id_number_is_valid_sealed_for_its_row_and_agrees_with_the_person():
    for member in Member.objects.exclude(id_sealed=None).iterator():
        number = unseal(member.id_sealed, field=ID_FIELD, row=member.uuid)
        identity = read_identity(number, today=date(2020, 12, 31))
        assert (identity.birth_date, identity.sex) == (member.birth_date, member.sex)
        assert number.startswith("97")
        assert member.id_blind == blind(identity.person, field=PERSON_FIELD)
        assert member.id_digest == blind(number, field=ID_FIELD)


def test_every_code_of_a_member_is_listed():
    for field in ("relation", "sex", "ethnicity", "education", "in_school", "health", "labour",
                  "work_place", "end_reason", "no_id_reason"):  # fmt: skip
        listed = set(codes.tables()[f"member_{field}" if field == "end_reason" else field]) | {""}
        assert set(Member.objects.values_list(field, flat=True)) <= listed


def test_every_household_that_still_stands_has_one_head():
    heads = Member.objects.active().filter(relation=HEAD).values("household_id")
    standing = Household.everywhere.exclude(state=State.CANCELLED)
    assert standing.filter(pk__in=heads).count() == standing.count() == heads.count()


def test_the_last_survey_counts_and_names_the_active_members():
    numbers: dict[int, list[str]] = {}
    for household, number in Member.objects.active().values_list("household_id", "person_number"):
        numbers.setdefault(household, []).append(number)
    for survey in Survey.objects.filter(year=2020):
        assert survey.persons == len(numbers[survey.household_id])
        assert survey.member_digest == member_digest(numbers[survey.household_id])


def test_a_survey_is_recorded_in_its_own_year():
    assert not Survey.objects.exclude(recorded_at__year=F("year")).exists()


def test_households_lie_in_shuffled_order():
    villages = Household.everywhere.order_by("pk").values_list("village_id", flat=True)
    later = sum(one > other for one, other in pairwise(villages))
    assert 0.4 < later / HOUSEHOLDS < 0.6


def test_the_run_leaves_its_trace():
    change = Change.objects.get(action="seed_demo")
    assert change.after == {"households": HOUSEHOLDS, "years": list(YEARS), "seed": 2020}


def test_hard_cases_of_names_keep_every_character():
    names = [
        Member.objects.get(household=hard(what), relation=HEAD).name
        for what in ("a name with a middle dot", "a rare character")
    ]
    assert names == ["娜仁\u00b7其木格", "\U00020bb7\U00023c97生"]


def test_hard_cases_of_identity():
    newborn = Member.objects.get(
        household=hard("a newborn without an ID number"), no_id_reason="1", id_sealed=None
    )
    assert newborn.birth_date.year == 2020
    holder = Member.objects.get(household=hard("a certificate of 22 characters"), relation=HEAD)
    assert len(unseal(holder.id_sealed, field=ID_FIELD, row=holder.uuid)) == 22


def test_hard_cases_of_lines_are_exact_to_the_fen():
    poor, above = last_survey("exactly on the line, poor"), last_survey("one fen above the line")
    below = last_survey("one fen below the monitoring line")
    assert known_net(poor) == LINE_2020 * poor.persons
    assert round((known_net(above) - LINE_2020 * above.persons) * 100) == 1
    assert round((known_net(below) - MONITORING_2020 * below.persons) * 100) == -1


def test_hard_cases_of_facts():
    unknown = last_survey("all incomes unknown")
    assert {getattr(unknown, name) for name in (*INCOMES, EXPENSE)} == {None}
    assert last_survey("schooling not applicable").education == 9
    assert known_net(last_survey("more spent than earned")) < 0
    assert hard("enough income, a house of grade D").housing_grade == "D"
    assert not Survey.objects.filter(
        household=hard("no survey of the last year"), year=2020
    ).exists()


def test_a_corrected_survey_names_the_one_it_corrects():
    surveys = Survey.objects.filter(household=hard("a corrected survey"), year=2020)
    first, second = surveys.order_by("recorded_at")
    assert second.corrects == first
    assert second.wage_income != first.wage_income
    assert second.reason


def test_hard_cases_of_ended_memberships():
    died = Member.objects.get(household=hard("a member who died"), end_reason="01")
    married = Member.objects.get(household=hard("a daughter married out"), end_reason="02")
    assert (died.end_date.year, married.end_date.year) == (2019, 2018)
