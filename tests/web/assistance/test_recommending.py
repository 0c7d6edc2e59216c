"""What is recommended to households of the register, with what they have already."""

from datetime import date
from decimal import Decimal

import pytest

from assistance.models import ItemStatus, Loan, Repayment
from assistance.models.plans import StopReason
from assistance.queries.facts import chunks_in, frames_of, moment_in
from assistance.queries.recommendation import (
    account_for,
    judged_frame,
    recommended_for,
    recommended_frame,
    table,
)
from assistance.rules.measures import CapBasis
from assistance.rules.recommending import Against, among
from households.rules import State
from tests import factories as make
from tests.web.assistance.catalogued import version

pytestmark = pytest.mark.django_db
TODAY = date(2019, 7, 1)
ENDED = date(2019, 6, 1)


@pytest.fixture(autouse=True)
def tree():
    make.plant_tree()


def poor(village=make.VILLAGE, **fields):
    return make.make_household(village, state=State.POOR, attribute="01", **fields)


def worker(household, **fields):
    born = {"birth_date": date(1980, 1, 1), "labour": "01", "health": "01", "work_months": 12}
    return make.make_member(household, **born | fields)


def found(household, year=2019):
    """Each measure that the table gives, by code, with the kinds of what stands against it."""
    choices = recommended_for(household, year=year, today=TODAY)
    return {one.measure.code: [against.kind for against in one.against] for one in choices}


def short_of_capital():
    household = poor(main_cause="09")
    worker(household)
    worker(household)
    return household


def test_a_household_of_the_register_gets_its_measures_with_member_and_reason():
    household = poor(main_cause="07")
    member = worker(household)
    choices = recommended_for(household, year=2019, today=TODAY)
    trained = next(one for one in choices if one.measure.code == "EMP-TRAIN" and not one.against)
    assert (trained.member, trained.priority, trained.reasons) == (member, 1, ("skill",))


def test_a_live_measure_is_enjoyed_in_every_year():
    household = short_of_capital()
    make.make_item(make.make_plan(household, 2018), "LOAN-MICRO")
    assert found(household)["LOAN-MICRO"] == [Against.ENJOYED]


def test_a_measure_that_comes_as_often_as_needed_comes_again_when_it_is_done():
    household = poor(main_cause="04")
    item = {"status": ItemStatus.DONE, "ended_on": ENDED, "delivered": 1000}
    make.make_item(make.make_plan(household), "SOC-RELIEF", **item)
    assert found(household)["SOC-RELIEF"] == []


@pytest.mark.parametrize(("year", "against"), [(2019, [Against.ENJOYED]), (2020, [])])
def test_a_yearly_measure_comes_again_in_the_next_year(year, against):
    household = poor(main_cause="04")
    item = {"status": ItemStatus.DONE, "ended_on": ENDED, "delivered": 1000}
    make.make_item(make.make_plan(household), "IND-INS", **item)
    assert found(household, year)["IND-INS"] == against


def test_a_house_that_was_mended_once_shuts_the_move_out_for_good():
    household = poor(housing_grade="D", needs=["REL"])
    item = {"status": ItemStatus.DONE, "ended_on": ENDED, "delivered": 1000}
    make.make_item(make.make_plan(household, 2016), "HOU-D", **item)
    assert found(household)["REL-MOVE"] == [Against.CONFLICT]


@pytest.mark.parametrize(("repaid", "against"), [(20_000, []), (19_999, [Against.CAP])])
def test_a_household_that_repaid_borrows_again(repaid, against):
    household = short_of_capital()
    version(make.COUNTY, "LOAN-MICRO", cap=1)
    state = ItemStatus.STOPPED if against else ItemStatus.DONE
    ended = {"status": state, "ended_on": ENDED, "delivered": 20_000, "planned": 20_000}
    if against:
        ended["stop_reason"] = StopReason.OTHER
    item = make.make_item(make.make_plan(household, 2018), "LOAN-MICRO", **ended)
    loan = Loan.objects.create(
        item=item, bank="农信社", principal=20_000, rate_percent=4, subsidised_percent=100,
        purpose="养牛", drawn_on=date(2018, 2, 1), due_on=date(2021, 2, 1),
    )  # fmt: skip
    Repayment.objects.create(loan=loan, day=ENDED, amount=repaid, recorded_by=make.the_operator())
    assert found(household)["LOAN-MICRO"] == against


@pytest.mark.parametrize(("year", "cap"), [(2020, 50_000), (2021, 100_000)])
def test_micro_credit_is_limited_by_what_is_owed_and_by_more_from_2021_on(year, cap):
    terms = make.catalogue_of(make.VILLAGE, year)["LOAN-MICRO"].terms
    assert (terms.cap, terms.cap_basis) == (cap, CapBasis.OWED)


def test_what_was_stopped_before_anything_came_is_no_help():
    household = short_of_capital()
    item = {"status": ItemStatus.STOPPED, "ended_on": ENDED, "stop_reason": StopReason.DECLINED}
    make.make_item(make.make_plan(household), "LOAN-MICRO", planned=50_000, **item)
    assert found(household)["LOAN-MICRO"] == []


def test_a_draft_is_no_help_yet():
    household = short_of_capital()
    draft = {"status": ItemStatus.DRAFT, "agreed_on": None}
    make.make_item(make.make_plan(household), "LOAN-MICRO", **draft)
    assert found(household)["LOAN-MICRO"] == []


@pytest.mark.parametrize(("delivered", "against"), [("20000", [Against.CAP]), ("19999.99", [])])
def test_a_cap_of_the_year_is_reached_by_what_was_delivered(delivered, against):
    household = poor(main_cause="04")
    amounts = {"planned": Decimal(20_000), "delivered": Decimal(delivered)}
    ended = {"status": ItemStatus.DONE, "ended_on": ENDED}
    make.make_item(make.make_plan(household), "SOC-RELIEF", **amounts, **ended)
    assert found(household)["SOC-RELIEF"] == against


def test_the_post_of_one_member_leaves_the_other_his():
    household = poor(main_cause="11")
    first, second = worker(household), worker(household)
    make.make_item(make.make_plan(household), "ECO-RANGER", first)
    posts = {
        one.member: [against.kind for against in one.against]
        for one in recommended_for(household, year=2019, today=TODAY)
        if one.measure.code == "PUB-POST" and one.member in (first, second)
    }
    assert posts == {first: [Against.CONFLICT], second: []}


def test_what_the_village_gets_is_not_recommended_by_its_households():
    household = poor(main_cause="10")
    assert found(household)["INF-ROAD"] == []
    make.make_item(make.make_plan(None, village_id=make.VILLAGE), "INF-ROAD")
    assert found(household)["INF-ROAD"] == [Against.ENJOYED]


def test_a_place_that_withdraws_a_measure_has_it_recommended_no_more():
    household = short_of_capital()
    version(make.COUNTY, "LOAN-MICRO", offered=False)
    assert "LOAN-MICRO" not in found(household)


def test_a_county_s_own_conditions_decide_there():
    household = poor(main_cause="11")
    worker(household)
    version(make.COUNTY, conditions=[{"fact": "age", "least": 50}])
    assert found(household)["PUB-POST"] == [Against.CONDITION]


def test_a_cancelled_household_gets_nothing():
    household = make.make_household(state=State.CANCELLED, main_cause="09")
    assert recommended_for(household, year=2019, today=TODAY) == []


def varied():
    """Households of two counties in which many rows speak, some with help already."""
    ill = poor(main_cause="01", other_causes=["07", "11"])
    make.make_member(ill, health="03", labour="03", medical_insurance=False)
    make.make_item(make.make_plan(ill), "PUB-POST", worker(ill, health="01"))
    studying = poor(make.NEXT_VILLAGE, main_cause="03", other_causes=["09"], needs=["REL"])
    make.make_member(studying, in_school="13", labour="01", birth_date=date(2000, 1, 1))
    worker(studying, work_months=0)
    elsewhere = poor(make.OTHER_COUNTY_VILLAGE, main_cause="04", housing_grade="D", needs=["REL"])
    amounts = {"planned": Decimal(20_000), "delivered": Decimal(20_000)}
    ended = {"status": ItemStatus.DONE, "ended_on": ENDED}
    make.make_item(make.make_plan(elsewhere), "SOC-RELIEF", **amounts, **ended)
    roads = poor(make.OTHER_COUNTY_VILLAGE, main_cause="10")
    make.make_item(make.make_plan(None, village_id=make.OTHER_COUNTY_VILLAGE), "INF-ROAD")
    version(make.OTHER_COUNTY, cap=1)
    return [ill, studying, elsewhere, roads, make.make_household()]


def frames_by(judge):
    moment = moment_in([make.PROVINCE], year=2019, today=TODAY)
    for chunk in chunks_in(make.PROVINCE, most=3):
        yield from judge(chunk, frames_of(chunk, moment), year=2019).to_dict("records")


def test_a_chunk_is_judged_as_each_of_its_households_alone():
    households = varied()
    apart, rows = [], table().rows
    for household in households:
        account = account_for(household, year=2019, today=TODAY)
        for one in account.choices:
            person = one.member.pk if one.member else 0
            kinds = {against.kind for against in one.against}
            apart.append((household.pk, person, one.measure.code, one.priority, one.reasons, kinds))
    together = []
    for row in frames_by(judged_frame):
        kinds = {kind for kind, name in NAMES.items() if row[name]}
        assert row["recommended"] == (not kinds)
        reasons = tuple(one.id for one in among(rows, row["reasons"]))
        subject = (row["household"], row["person"], row["code"])
        together.append((*subject, row["priority"], reasons, kinds))
    assert len(apart) > 20
    assert {kind for row in apart for kind in row[5]} == set(Against)
    assert sorted(together, key=str) == sorted(apart, key=str)


NAMES = {
    Against.CONDITION: "fails",
    Against.WITHHELD: "withheld",
    Against.ENJOYED: "enjoyed",
    Against.CAP: "capped",
    Against.CONFLICT: "rival",
}


def test_the_frame_of_recommendations_has_the_best_of_each_household_first():
    varied()
    found = [(row["household"], row["priority"]) for row in frames_by(recommended_frame)]
    assert len(found) > 5
    by_household = {key: [p for other, p in found if other == key] for key, _priority in found}
    assert all(priorities == sorted(priorities) for priorities in by_household.values())


def test_a_chunk_without_need_gives_an_empty_frame():
    make.make_household(main_cause="09", housing_grade="D")
    assert list(frames_by(recommended_frame)) == []


def test_a_recommendation_takes_as_many_queries_however_many_members(django_assert_num_queries):
    household = short_of_capital()
    for _ in range(4):
        worker(household)
    table()
    with django_assert_num_queries(8):
        recommended_for(household, year=2019, today=TODAY)
