"""What the home page says is due now, for whom, and where it is done."""

from datetime import date

import pytest

from divisions.models import Division
from households.actions.freezing import freeze_year
from households.rules import State
from reviews.actions.counting import count_year
from reviews.calendar import Phase
from reviews.models import ReviewState
from reviews.queries.deadlines import reminders_of
from tests import factories as make
from tests.procedures import move_to
from trail.dates import business_date

pytestmark = pytest.mark.django_db
QUERIES = 42


@pytest.fixture
def missing(cast, calendar):
    """A village with one household surveyed for 2019 and two not, in the field work of 2019."""
    make.make_survey(make.make_household(state=State.POOR), 2019)
    made = [make.make_household(state=State.POOR) for _ in range(2)]
    move_to(date(2019, 10, 20))
    return made


def due(officer) -> list[tuple[int, Phase]]:
    found = reminders_of(officer, today=business_date())
    return [(one.state.year, one.term.phase) for one in found]


def home(client) -> str:
    return client.get("/", HTTP_ACCEPT_LANGUAGE="en").text


def freeze(officer, code=make.COUNTY) -> None:
    freeze_year(Division.objects.get(pk=code), year=2019, reason="核对无误", by=officer)


def test_those_in_the_village_are_told_how_many_surveys_are_missing(cast, missing, signed_in):
    for officer in (cast.village_official, cast.first_secretary):
        text = home(signed_in(officer))
        assert "11 days left" in text
        assert "2 households have no survey yet" in text
        assert f"/reviews/readiness/households/?year=2019&amp;division={make.VILLAGE}" in text


def test_the_last_day_and_the_days_after_it_are_said_in_words(cast, missing, signed_in):
    client = signed_in(cast.village_official)
    for day, words in [
        (date(2019, 10, 30), "1 day left"),
        (date(2019, 10, 31), "last day today"),
        (date(2019, 11, 1), "1 day overdue"),
        (date(2019, 11, 2), "2 days overdue"),
        (date(2020, 2, 1), "overdue since 2019-10-31"),
    ]:
        move_to(day)
        assert words in home(client), day


def test_nothing_is_due_before_the_field_work_begins(cast, missing):
    move_to(date(2019, 9, 30))
    assert due(cast.village_official) == []


def test_the_field_work_is_done_with_the_last_survey(cast, missing):
    assert due(cast.village_official) == [(2019, Phase.FIELD_WORK)]
    make.make_survey(missing[0], 2019)
    assert due(cast.village_official) == [(2019, Phase.FIELD_WORK)]
    make.make_survey(missing[1], 2019)
    assert due(cast.village_official) == []


def test_the_reviewer_of_the_township_has_its_own_villages_alone(cast, missing):
    move_to(date(2019, 11, 5))
    assert due(cast.township_reviewer) == [(2019, Phase.ENTRY)]
    for one in missing:
        make.make_survey(one, 2019)
    make.make_household(make.OTHER_TOWNSHIP_VILLAGE, state=State.POOR)
    assert due(cast.township_reviewer) == []


def test_the_cleaning_is_due_while_a_fact_is_unknown(cast, missing, signed_in):
    for one in missing:
        survey = make.make_survey(one, 2019, water=None)
    move_to(date(2019, 11, 22))
    assert due(cast.township_reviewer) == [(2019, Phase.CLEANING)]
    assert "2 households have facts to complete or to mend" in home(
        signed_in(cast.township_reviewer)
    )
    for one in missing:
        [survey] = one.surveys.all()
        make.make_survey(one, 2019, corrects=survey)
    assert due(cast.township_reviewer) == []


def test_the_clerk_is_led_to_the_review(cast, missing, signed_in):
    move_to(date(2019, 11, 24))
    client = signed_in(cast.county_clerk)
    text = home(client)
    assert "No review of the year has been proposed here." in text
    assert "/reviews/propose/" in text
    review = make.make_review(state=ReviewState.RUNNING, proposed_by=cast.county_clerk)
    text = home(client)
    assert "The review of the year is not finished." in text
    assert f"/reviews/{review.pk}/" in text
    review.state = ReviewState.FINISHED
    review.save()
    assert due(cast.county_clerk) == []


def test_a_dry_run_ends_nothing(cast, missing):
    move_to(date(2019, 11, 24))
    make.make_review(state=ReviewState.FINISHED, dry_run=True)
    assert due(cast.county_clerk) == [(2019, Phase.AUDIT)]


def test_the_approver_is_led_to_the_commitment_and_to_the_freeze(cast, missing, signed_in):
    move_to(date(2019, 12, 1))
    client = signed_in(cast.county_approver)
    review = make.make_review(state=ReviewState.FINISHED)
    text = home(client)
    assert "The review of the year is not committed." in text
    assert f"/freezes/new/?year=2019&amp;division={make.COUNTY}" in text
    review.state, review.committed_by = ReviewState.COMMITTED, cast.county_approver
    review.committed_at = review.created_at
    review.save()
    text = home(client)
    assert "The review of the year is not committed." not in text
    assert "The year is not frozen." in text
    freeze(cast.county_approver)
    assert due(cast.county_approver) == []


def test_a_county_is_told_what_the_last_count_found(cast, missing, signed_in):
    move_to(date(2019, 11, 24))
    client = signed_in(cast.county_clerk)
    assert "no survey yet" not in home(client)
    count_year(make.PROVINCE, 2019)
    assert "2 households have no survey yet" in home(client)


def test_last_year_is_due_until_it_is_frozen(cast, missing):
    move_to(date(2020, 3, 1))
    assert due(cast.village_official) == [(2019, Phase.FIELD_WORK)]
    assert due(cast.township_reviewer) == [(2019, Phase.ENTRY), (2019, Phase.CLEANING)]
    freeze(cast.province_approver, make.PROVINCE)
    assert due(cast.village_official) == due(cast.township_reviewer) == []


def test_who_begins_with_the_system_owes_nothing_for_the_year_before(cast, calendar):
    make.make_household(state=State.POOR)
    move_to(date(2020, 3, 1))
    assert due(cast.village_official) == []


@pytest.mark.parametrize(
    "part",
    ["city_reviewer", "province_officer", "province_approver", "reader", "auditor", "helper"],
)
def test_a_role_without_a_duty_is_reminded_of_nothing(cast, missing, part):
    move_to(date(2019, 12, 31))
    assert due(getattr(cast, part)) == []


@pytest.mark.parametrize(
    ("part", "leads"),
    [("village_official", True), ("county_clerk", True), ("auditor", True), ("helper", False),
     ("reader", False)],
)  # fmt: skip
def test_who_reads_readiness_finds_it_from_the_home_page(cast, signed_in, part, leads):
    assert ('href="/reviews/readiness/"' in home(signed_in(getattr(cast, part)))) is leads


def test_more_households_cost_the_home_page_no_more_queries(
    cast, missing, signed_in, django_assert_num_queries
):
    client = signed_in(cast.township_reviewer)
    client.get("/")
    with django_assert_num_queries(QUERIES):
        client.get("/")
    for _ in range(5):
        make.make_household(make.NEXT_VILLAGE, state=State.POOR)
    with django_assert_num_queries(QUERIES):
        client.get("/")
