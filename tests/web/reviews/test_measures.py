"""What SQL counts as missing or doubtful is what one finds by looking at each household."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from random import Random

import pytest
from django.utils import timezone

from households.models import Household, Survey
from households.models.members import HEAD
from households.rules import EXPENSE, GUARANTEES, INCOMES, MONEY, ON_REGISTER, State
from reviews.models import Answer, Review, ReviewState
from reviews.quality import ANY_GAP, ANY_ISSUE, GAP_KINDS, ISSUES, MISSING, demanded_gaps, kinds_for
from reviews.queries.readiness import counted_now
from reviews.queries.unready import unready_page
from tests import factories as make

pytestmark = pytest.mark.django_db
TODAY = date(2020, 3, 31)
ALL = tuple(GAP_KINDS)
AMOUNTS = [None, Decimal(0), Decimal("999.99"), Decimal(1000), Decimal(1500), Decimal(2000)]


def listed(cast, kind: str, year: int = 2020) -> set[int]:
    page = unready_page(
        cast.county_clerk, make.COUNTY, year, kind, today=TODAY, after=None, before=None
    )
    assert page.count == len(page.rows)
    return {one.household.pk for one in page.rows}


def in_force(household: Household, year: int) -> Survey | None:
    return household.surveys.filter(year=year).in_force().first()


def net(survey: Survey) -> Decimal | None:
    amounts = [getattr(survey, name) for name in (*INCOMES, EXPENSE)]
    return None if None in amounts else sum(amounts[:-1]) - amounts[-1]


def is_due(household: Household, now: Survey | None, last: Survey | None) -> bool:
    always = (*ON_REGISTER, State.EXITED)
    return bool(household.state in always or now or (household.state == State.ORDINARY and last))


def jumped(now: Survey | None, last: Survey | None) -> bool:
    if now is None or last is None or net(now) is None or net(last) is None or net(last) <= 0:
        return False
    before, after = net(last) / last.persons, net(now) / now.persons
    return abs(after - before) / before >= Decimal("0.5")


def copied(now: Survey | None, last: Survey | None) -> bool:
    if now is None or last is None:
        return False
    pairs = [(getattr(now, name), getattr(last, name)) for name in MONEY]
    return all(one is not None and one == other for one, other in pairs)


def kinds_of(household: Household) -> set[str]:
    """What a person would say of the household who looks at its rows one by one."""
    now, last = in_force(household, 2020), in_force(household, 2019)
    if household.withdrawn_at or not is_due(household, now, last):
        return set()
    members = list(household.members.active())
    found = {
        MISSING: now is None,
        "no_head": not any(one.relation == HEAD for one in members),
        "members_differ": now is not None and now.persons != len(members),
        "income_jump": jumped(now, last),
        "no_id": any(
            one.id_sealed is None and one.birth_date <= date(2019, 3, 31) for one in members
        ),
        "copied": copied(now, last),
        "sent_back": household.number.endswith("back"),
    }
    if now is not None:
        found |= {kind: getattr(now, name) is None for kind, name in GAP_KINDS.items()}
    kinds = {kind for kind, is_so in found.items() if is_so}
    kinds |= {ANY_GAP} if kinds & set(GAP_KINDS) else set()
    return kinds | ({ANY_ISSUE} if kinds & set(ISSUES) else set())


def random_facts(chance: Random) -> dict[str, object]:
    facts: dict[str, object] = {name: chance.choice(AMOUNTS) for name in MONEY}
    facts |= {name: chance.choice([None, 0, 1, 1, 1, 9]) for name in GUARANTEES}
    return facts | {"persons": chance.choice([1, 1, 2, 3])}


def random_household(chance: Random) -> Household:
    village = chance.choice([make.VILLAGE, make.NEXT_VILLAGE, make.OTHER_TOWNSHIP_VILLAGE])
    state = chance.choice(list(State))
    household = make.make_household(village, state=state, persons=chance.choice([1, 2, 3]))
    facts = random_facts(chance)
    if chance.random() < 0.8:
        make.make_survey(household, 2019, **facts)
    if chance.random() < 0.8:
        again = facts if chance.random() < 0.3 else random_facts(chance)
        first = make.make_survey(household, 2020, **again)
        if chance.random() < 0.3:
            make.make_survey(
                household, 2020, corrects=first, recorded_at=timezone.now(), **random_facts(chance)
            )
        elif chance.random() < 0.2:
            first.withdrawn_at = timezone.now()
            first.save()
    for member in household.members.all():
        if chance.random() < 0.2:
            member.id_sealed = member.id_blind = member.id_digest = None
            member.no_id_reason = "1"
            member.birth_date = chance.choice([date(2019, 3, 31), date(2019, 4, 1)])
        if chance.random() < 0.2:
            member.relation = chance.choice(["02", "03"])
        if chance.random() < 0.1:
            member.end_reason, member.end_date = "1", date(2019, 6, 1)
        member.save()
    return household


def sent_back(household: Household, by, **fields) -> None:
    review = make.make_review(year=2020, **fields)
    make.make_proposal(
        review, household, answer=Answer.SENT_BACK, answered_by=by,
        answered_at=timezone.now(), answer_reason="补充材料",
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(3))
def test_sql_finds_exactly_the_households_that_a_look_at_each_finds(cast, seed):
    chance = Random(seed)
    households = [random_household(chance) for _ in range(40)]
    answered = make.make_household(number=f"S{seed}back", state=State.POOR)
    sent_back(answered, cast.county_clerk)
    expected = {one.pk: kinds_of(one) for one in [*households, answered]}
    assert set().union(*expected.values()) == set(kinds_for(ALL))
    for kind in kinds_for(ALL):
        assert listed(cast, kind) == {pk for pk, kinds in expected.items() if kind in kinds}, kind
    counts = counted_now(make.COUNTY, 2020, digits=6, today=TODAY)[make.COUNTY]
    for kind in (ANY_GAP, ANY_ISSUE, *ALL, *ISSUES):
        assert counts[kind] == sum(kind in kinds for kinds in expected.values()), kind


def one_with(now: dict, last: dict | None = None, state=State.POOR) -> Household:
    household = make.make_household(state=state)
    if last is not None:
        make.make_survey(household, 2019, **last)
    make.make_survey(household, 2020, **now)
    return household


@pytest.mark.parametrize(
    ("now", "persons", "is_jump"),
    [("1499.99", 1, False), ("1500.00", 1, True), ("500.01", 1, False), ("500.00", 1, True),
     ("2000.00", 2, False), ("3000.00", 2, True), ("999.99", 2, True)],
)  # fmt: skip
def test_half_as_much_again_or_half_as_little_per_person_is_a_jump(cast, now, persons, is_jump):
    one_with({"wage_income": Decimal(now), "persons": persons}, {"wage_income": Decimal(1000)})
    assert bool(listed(cast, "income_jump")) is is_jump


def test_an_income_of_nothing_or_less_last_year_has_no_half(cast):
    one_with({"wage_income": Decimal(9000)}, {"wage_income": Decimal(0)})
    one_with({"wage_income": Decimal(9000)}, {"business_expense": Decimal(10)})
    assert listed(cast, "income_jump") == set()


def ids(households: Iterable[Household]) -> set[int]:
    return {one.pk for one in households}


def test_who_is_to_be_surveyed(cast):
    to_survey = [make.make_household(state=one) for one in (*ON_REGISTER, State.EXITED)]
    for state in (State.ORDINARY, State.CLEARED, State.CANCELLED):
        make.make_household(state=state)
    before = make.make_household(state=State.ORDINARY)
    cleared = make.make_household(state=State.CLEARED)
    for one in (before, cleared):
        make.make_survey(one, 2019)
    assert listed(cast, MISSING) == ids([*to_survey, before])


def test_a_withdrawn_household_is_not_to_be_surveyed(cast):
    make.make_household(state=State.POOR, withdrawn_at=timezone.now())
    assert listed(cast, MISSING) == set()


def test_a_withdrawn_survey_is_none(cast):
    household = one_with({"withdrawn_at": timezone.now()})
    assert listed(cast, MISSING) == {household.pk}


def test_the_correction_counts_and_not_what_it_corrects(cast):
    household = make.make_household(state=State.POOR)
    first = make.make_survey(household, 2020, water=None)
    assert listed(cast, "gap_water") == {household.pk}
    make.make_survey(household, 2020, corrects=first, recorded_at=timezone.now())
    assert listed(cast, "gap_water") == set()


@pytest.mark.parametrize("fields", [{"state": ReviewState.CANCELLED}, {"year": 2019}])
def test_sent_back_by_another_years_or_a_cancelled_review_is_no_issue(cast, fields):
    household = one_with({})
    review = make.make_review(**{"year": 2020} | fields)
    make.make_proposal(
        review, household, answer=Answer.SENT_BACK, answered_by=cast.county_clerk,
        answered_at=timezone.now(), answer_reason="补充材料",
    )  # fmt: skip
    assert listed(cast, "sent_back") == set()


def test_a_renewed_proposal_clears_what_was_sent_back(cast):
    household = one_with({})
    sent_back(household, cast.county_clerk)
    assert listed(cast, "sent_back") == {household.pk}
    household.refresh_from_db()
    review = Review.everywhere.get()
    review.proposals.update(superseded_at=timezone.now())
    assert listed(cast, "sent_back") == set()


def test_a_guarantee_that_the_standard_does_not_demand_is_no_gap(cast):
    make.make_standard(2020, guarantees=["food"])
    one_with({"water": None})
    household = one_with({"food": None})
    assert listed(cast, ANY_GAP) == {household.pk}
    counts = counted_now(make.COUNTY, 2020, digits=6, today=TODAY)[make.COUNTY]
    assert "gap_water" not in counts
    assert demanded_gaps(["food"])[-1] == "gap_food"
