"""The work log: what is written, by whom, for whom it is to read, and a person's month."""

import uuid
from datetime import date, timedelta

import pytest
from django.urls import reverse

from officers.rules import Role
from teams.actions.worklog import Line, write_log
from teams.models import LogEntry, Topic
from teams.queries.visits import log_of
from teams.refusals import EntryRefused
from tests import factories as make
from tests.web.teams.visiting import WORDS, make_visit
from trail.dates import business_date
from trail.errors import NotAllowed
from trail.models import Change

pytestmark = pytest.mark.django_db
MEETING = "召开村民代表大会"


def before(day: date) -> date:
    """A day of the month before."""
    return day.replace(day=1) - timedelta(days=1)


def line(**fields) -> Line:
    defaults = {
        "key": uuid.uuid4(),
        "day": business_date(),
        "topics": (Topic.POLICY,),
        "text": MEETING,
    }
    return Line(**defaults | fields)


@pytest.mark.parametrize("part", ["village_official", "first_secretary"])
def test_the_village_and_its_team_write_the_log(cast, part):
    assert write_log(make.VILLAGE, line(), by=getattr(cast, part)).writer == getattr(cast, part)


@pytest.mark.parametrize("part", ["helper", "township_reviewer", "county_clerk", "reader"])
def test_nobody_else_writes_it(cast, signed_in, part):
    with pytest.raises(NotAllowed):
        write_log(make.VILLAGE, line(), by=getattr(cast, part))
    assert signed_in(getattr(cast, part)).get(reverse("teams:log_new")).status_code == 403


def test_the_team_of_the_next_village_writes_no_entry_here(cast):
    neighbour = make.make_officer(Role.TEAM_MEMBER, make.NEXT_VILLAGE)
    with pytest.raises(NotAllowed):
        write_log(make.VILLAGE, line(), by=neighbour)


def test_its_words_are_sealed_and_not_in_the_trace(cast):
    entry = write_log(make.VILLAGE, line(), by=cast.first_secretary)
    assert MEETING.encode() not in bytes(entry.text_sealed)
    assert MEETING not in str(vars(Change.objects.get(action="write_log")))


def test_the_same_form_sent_twice_is_one_entry(cast):
    said = line()
    assert {write_log(make.VILLAGE, said, by=cast.first_secretary).pk for _ in range(2)} == {
        LogEntry.everywhere.get().pk
    }


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"day": date.max}, "day"),
        ({"day": date(2014, 1, 1)}, "day"),
        ({"topics": ()}, "topics"),
        ({"text": " "}, "text"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(cast, wrong, field):
    with pytest.raises(EntryRefused) as refused:
        write_log(make.VILLAGE, line(**wrong), by=cast.first_secretary)
    assert [name for name, _text in refused.value.faults] == [field]


def test_a_month_of_one_person_holds_visits_and_entries_by_day(cast, household):
    today = business_date()
    first = today - timedelta(days=2)
    make_visit(household, today, cast.first_secretary)
    make_visit(household, today, cast.village_official)
    make_visit(household, first - timedelta(days=1), cast.first_secretary)
    write_log(make.VILLAGE, line(day=first), by=cast.first_secretary)
    found = log_of(cast.first_secretary.pk, first, today)
    assert [(one.day, one.household, one.text) for one in found] == [
        (first, "", MEETING),
        (today, household.number, WORDS),
    ]


def test_ones_own_month_is_shown_first_and_the_county_chooses_a_person(cast, signed_in, household):
    make_visit(household, business_date(), cast.first_secretary)
    own = signed_in(cast.first_secretary).get(reverse("teams:log"))
    assert WORDS in own.text
    client = signed_in(cast.county_clerk)
    people = client.get(reverse("teams:log")).context["workers"]
    assert [(one.officer, one.visits) for one in people] == [(cast.first_secretary, 1)]
    query = {"person": cast.first_secretary.pk}
    assert WORDS in client.get(reverse("teams:log"), query).text


def test_the_log_of_somebody_else_is_not_for_a_helper(cast, signed_in, household):
    make_visit(household, business_date(), cast.first_secretary)
    query = {"person": cast.first_secretary.pk}
    assert WORDS not in signed_in(cast.helper).get(reverse("teams:log"), query).text


def test_a_line_from_another_village_is_not_shown_to_this_one(cast, signed_in, household):
    today = business_date()
    make.make_posting(cast.first_secretary, Role.TEAM_MEMBER, make.NEXT_VILLAGE)
    beside = make.make_household(make.NEXT_VILLAGE)
    make_visit(household, today, cast.first_secretary)
    make_visit(beside, today, cast.first_secretary)
    query = {"person": cast.first_secretary.pk}
    lines = signed_in(cast.village_official).get(reverse("teams:log"), query).context["lines"]
    assert [one.household for one in lines] == [household.number]


@pytest.mark.parametrize("page", ["teams:visits", "teams:log"])
def test_whoever_is_chosen_stays_chosen_in_a_month_without_work_of_his(
    cast, signed_in, household, page
):
    make_visit(household, business_date(), cast.first_secretary)
    query = {"person": cast.first_secretary.pk, "month": f"{before(business_date()):%Y-%m}"}
    answer = signed_in(cast.county_clerk).get(reverse(page), query)
    assert answer.status_code == 200
    chosen = f'<option value="{cast.first_secretary.pk}" selected>'
    assert chosen in answer.text
    shown = answer.context["page"].rows if page == "teams:visits" else answer.context["lines"]
    assert not shown


@pytest.mark.parametrize("page", ["teams:visits", "teams:log"])
def test_nobody_is_chosen_whose_work_lies_elsewhere_or_who_did_none(
    cast, signed_in, household, page
):
    far = make.make_household(make.OTHER_COUNTY_VILLAGE)
    make_visit(far, business_date(), cast.first_secretary)
    client = signed_in(cast.county_clerk)
    for person in (cast.first_secretary.pk, cast.county_clerk.pk, "9" * 30, "x"):
        answer = client.get(reverse(page), {"person": person})
        assert answer.status_code == 400
        assert cast.first_secretary.name not in answer.text


@pytest.mark.parametrize("page", ["teams:visits", "teams:log"])
def test_whoever_visits_may_ask_for_his_own_before_he_has_any(cast, signed_in, page):
    for part in ("first_secretary", "village_official"):
        query = {"person": getattr(cast, part).pk}
        assert signed_in(getattr(cast, part)).get(reverse(page), query).status_code == 200


def test_a_helper_is_offered_nobody_elses_log(cast, signed_in, household):
    make_visit(household, business_date(), cast.helper)
    answer = signed_in(cast.helper).get(reverse("teams:log"), {"person": ""})
    assert WORDS in answer.text
    assert "person" not in answer.context["form"].fields


@pytest.mark.parametrize("part", ["reader", "city_reviewer"])
def test_readers_read_no_log(cast, signed_in, part):
    assert signed_in(getattr(cast, part)).get(reverse("teams:log")).status_code == 403
