"""How ready a year is: the page of a place, its counts, its officers and its phases."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from divisions.models import Division
from households.actions.freezing import freeze_year
from households.counting import provinces
from reviews import tasks
from reviews.actions.counting import count_year, years_to_count
from reviews.calendar import Phase, Standing
from reviews.models import ReviewState, VillageReadiness
from reviews.quality import DUE_COUNT, SURVEYED
from reviews.queries.readiness import readiness_of
from tests import factories as make
from tests.procedures import move_to
from tests.web.reviews.readiness import COUNT, FILE, HOUSEHOLDS, URL, at, missing, surveyed
from trail.dates import business_date
from workflow.actions import set_parameter
from workflow.parameters import FIELD_WORK

pytestmark = pytest.mark.django_db
PAGE_QUERIES = 22


def page(client, code=make.COUNTY, **more):
    return client.get(at(code, **more)).context["readiness"]


def test_a_county_adds_up_its_townships_and_they_their_villages(half_surveyed, cast, signed_in):
    client = signed_in(cast.county_clerk)
    whole = page(client)
    assert [(one.division.pk, one.due, one.missing, one.gaps) for one in whole.parts] == [
        (make.TOWNSHIP, "3", "1", "1"),
        (make.OTHER_TOWNSHIP, "2", "1", "1"),
    ]
    assert (whole.total.due, whole.total.surveyed, whole.total.missing) == ("5", "3", "2")
    assert (whole.total.percent, whole.total.gaps) == (60, "2")
    below = page(client, make.TOWNSHIP)
    assert below.total.due == "3"
    assert {one.division.pk: one.due for one in below.parts if one.due != "0"} == {
        make.VILLAGE: "2",
        make.NEXT_VILLAGE: "1",
    }


@pytest.mark.parametrize(
    ("order", "first"),
    [("", make.TOWNSHIP), ("missing", make.OTHER_TOWNSHIP), ("gaps", make.TOWNSHIP)],
)
def test_the_places_with_most_to_do_can_come_first(half_surveyed, cast, signed_in, order, first):
    missing(make.OTHER_TOWNSHIP_VILLAGE)
    surveyed(make.VILLAGE, water=None)
    client = signed_in(cast.county_clerk)
    assert page(client, order=order).parts[0].division.pk == first
    lines = client.get(at(url=FILE, order=order)).getvalue().decode().splitlines()
    assert f",{first}," in lines[1]


def test_an_order_does_not_tell_hidden_counts_apart(half_surveyed, cast, signed_in):
    missing(make.OTHER_TOWNSHIP_VILLAGE)
    found = page(signed_in(cast.city_reviewer), order="missing")
    assert [(one.division.pk, one.missing) for one in found.parts] == [
        (make.TOWNSHIP, "<5"),
        (make.OTHER_TOWNSHIP, "<5"),
    ]


@pytest.mark.parametrize("order", ["division", "counts", "x"])
def test_a_faulty_order_is_named_at_its_field(cast, signed_in, in_english, order):
    response = signed_in(cast.county_clerk).get(at(order=order))
    assert response.status_code == 400
    assert "Choose one of the orders." in response.text


def test_a_village_has_no_parts_and_its_sum_is_what_its_township_says(
    half_surveyed, cast, signed_in
):
    found = page(signed_in(cast.county_clerk), make.VILLAGE)
    assert (found.total.due, found.total.missing, found.parts) == ("2", "1", [])


def test_the_kinds_of_gap_stand_beside_each_place(half_surveyed, cast, signed_in):
    whole = page(signed_in(cast.county_clerk))
    assert dict(whole.total.by_gap)["gap_water"] == "2"
    assert dict(whole.parts[1].by_gap)["gap_wage_income"] == "1"
    assert dict(whole.parts[0].by_gap)["gap_wage_income"] == "0"


def test_what_the_standard_does_not_demand_is_not_shown(half_surveyed, cast, signed_in):
    make.make_standard(2019, guarantees=["food"])
    found = page(signed_in(cast.county_clerk))
    assert "gap_water" not in dict(found.total.by_gap)
    assert found.total.gaps == "1"


@pytest.mark.parametrize("code", [make.CITY, make.PROVINCE])
def test_above_the_county_the_summary_says_what_the_rows_say(half_surveyed, cast, code):
    count_year(make.PROVINCE, 2019)
    officer = cast.province_approver
    here = Division.objects.get(pk=code)
    whole = readiness_of(officer, here, 2019, today=business_date())
    assert whole.counted_at is not None
    counties = [
        readiness_of(officer, Division.objects.get(pk=one), 2019, today=business_date()).counts
        for one in (make.COUNTY, make.OTHER_COUNTY)
    ]
    for name, number in whole.counts.items():
        assert number == sum(one.get(name, 0) for one in counties), name
    assert whole.counts[DUE_COUNT] == 6


def test_a_place_never_counted_says_so_and_offers_to_count(
    half_surveyed, cast, signed_in, in_english
):
    response = signed_in(cast.province_officer).get(at(make.PROVINCE))
    assert response.context["readiness"].total is None
    assert "has not been counted" in response.text
    assert COUNT in response.text


def test_a_count_forgets_what_is_no_longer_so(half_surveyed):
    count_year(make.PROVINCE, 2019)
    VillageReadiness.everywhere.filter(village=make.VILLAGE).update(counts={DUE_COUNT: 99})
    make.make_review()
    count_year(make.COUNTY, 2019)
    row = VillageReadiness.everywhere.get(village=make.VILLAGE, year=2019)
    assert row.counts[DUE_COUNT] == 2
    assert row.counts[SURVEYED] == 1


def test_a_count_of_a_county_and_a_year_leaves_the_others_alone(half_surveyed):
    count_year(make.PROVINCE, 2019)
    count_year(make.PROVINCE, 2018)
    rows = VillageReadiness.everywhere.exclude(year=2019, village__in=[
        make.VILLAGE, make.NEXT_VILLAGE, make.OTHER_TOWNSHIP_VILLAGE
    ])  # fmt: skip
    before = dict(rows.values_list("pk", "counted_at"))
    count_year(make.COUNTY, 2019)
    assert dict(rows.values_list("pk", "counted_at")) == before


def test_a_year_that_was_counted_after_its_freeze_is_not_counted_again(cast, half_surveyed):
    today = date(2020, 3, 1)
    assert years_to_count(make.PROVINCE, today) == [2019, 2020]
    freeze_year(
        Division.objects.get(pk=make.PROVINCE), year=2019, reason="x", by=cast.province_approver
    )
    assert years_to_count(make.PROVINCE, today) == [2019, 2020]
    count_year(make.PROVINCE, 2019)
    assert years_to_count(make.PROVINCE, today) == [2020]


def test_the_hourly_task_counts_each_province(half_surveyed, monkeypatch):
    sent = []
    monkeypatch.setattr(tasks.count_place, "delay", lambda *ids: sent.append(ids))
    tasks.count_readiness()
    year = business_date().year
    assert set(sent) == {(code, one) for code in provinces() for one in (year - 1, year)}


def test_a_new_count_is_asked_for_once(half_surveyed, cast, signed_in, monkeypatch, in_english):
    sent = []
    monkeypatch.setattr(tasks.count_place, "delay", lambda *ids: sent.append(ids))
    client = signed_in(cast.province_officer)
    data = {"year": "2019", "division": make.PROVINCE}
    response = client.post(COUNT, data, follow=True)
    assert "It is being counted" in response.text
    count_year(make.PROVINCE, 2019)
    response = client.post(COUNT, data, follow=True)
    assert "It was counted a moment ago" in response.text
    assert sent == [(make.PROVINCE, 2019)]


def test_messages_that_come_twice_count_once(half_surveyed):
    tasks.count_place(make.PROVINCE, 2019)
    rows = VillageReadiness.everywhere.order_by("pk")
    before = list(rows.values_list("pk", flat=True))
    tasks.count_place(make.PROVINCE, 2019)
    assert list(rows.values_list("pk", flat=True)) == before
    rows.filter(village=make.VILLAGE).update(counted_at=timezone.now() - timedelta(minutes=2))
    tasks.count_place(make.PROVINCE, 2019)
    assert not set(rows.values_list("pk", flat=True)) & set(before)


@pytest.mark.parametrize("url", [URL, HOUSEHOLDS, FILE])
@pytest.mark.parametrize("code", [make.OTHER_COUNTY, make.CITY, "999999", "'"])
def test_a_place_outside_the_posting_is_not_found(cast, signed_in, url, code):
    assert signed_in(cast.county_clerk).get(at(code, url=url)).status_code == 404


def test_a_stranger_counts_nothing_here(cast, signed_in):
    response = signed_in(cast.stranger).post(COUNT, {"year": 2019, "division": make.COUNTY})
    assert response.status_code == 404


@pytest.mark.parametrize(
    ("part", "status"),
    [("village_official", 200), ("first_secretary", 200), ("township_reviewer", 200),
     ("county_clerk", 200), ("county_approver", 200), ("city_reviewer", 200),
     ("province_officer", 200), ("province_approver", 200), ("auditor", 200),
     ("helper", 403), ("reader", 403), ("account_admin", 403)],
)  # fmt: skip
def test_who_reads_readiness(half_surveyed, cast, signed_in, part, status):
    client = signed_in(getattr(cast, part))
    own = getattr(cast, part).acting_division
    assert client.get(URL).status_code == status
    assert client.get(at(own, url=HOUSEHOLDS)).status_code == status
    assert client.get(at(own, url=FILE)).status_code == status


def test_a_village_official_sees_his_village_alone(half_surveyed, cast, signed_in):
    response = signed_in(cast.village_official).get(URL)
    assert response.context["place"].pk == make.VILLAGE
    client = signed_in(cast.village_official)
    assert client.get(at(make.TOWNSHIP)).status_code == 404
    assert client.get(at(make.NEXT_VILLAGE)).status_code == 404


def test_a_role_without_names_is_told_no_count_below_five(
    half_surveyed, cast, signed_in, in_english
):
    count_year(make.PROVINCE, 2019)
    for _ in range(3):
        missing(make.VILLAGE)
    found = page(signed_in(cast.city_reviewer), make.COUNTY)
    village = page(signed_in(cast.city_reviewer), make.TOWNSHIP).parts[0]
    assert (found.total.due, found.total.missing, found.total.gaps) == ("8", "hidden", "<5")
    assert (found.total.surveyed, found.total.percent) == ("<5", None)
    assert (village.due, village.missing, village.surveyed) == ("hidden", "<5", "<5")
    assert dict(found.total.by_gap)["gap_water"] == "<5"


def test_the_officers_who_must_act_stand_beside_their_village(half_surveyed, cast, signed_in):
    response = signed_in(cast.township_reviewer).get(at(make.TOWNSHIP))
    people = {part.division.pk: postings for part, postings in response.context["parts"]}
    assert {one.officer for one in people[make.VILLAGE]} == {
        cast.village_official,
        cast.first_secretary,
    }
    assert people[make.NEXT_VILLAGE] == []
    assert cast.village_official.name in response.text


def test_an_officer_whose_posting_is_over_no_longer_stands_there(half_surveyed, cast, signed_in):
    cast.village_official.postings.update(ends_on=business_date() - timedelta(days=1))
    response = signed_in(cast.township_reviewer).get(at(make.TOWNSHIP))
    people = {part.division.pk: postings for part, postings in response.context["parts"]}
    assert [one.officer for one in people[make.VILLAGE]] == [cast.first_secretary]


def standings(client, code=make.COUNTY, year=2019):
    response = client.get(at(code, year))
    return {one.term.phase: one.term.standing for one in response.context["deadlines"]}


def test_the_phases_follow_the_facts(half_surveyed, cast, calendar, signed_in):
    client = signed_in(cast.county_clerk)
    move_to(date(2019, 11, 22))
    assert standings(client) == {
        Phase.FIELD_WORK: Standing.OVERDUE,
        Phase.ENTRY: Standing.OVERDUE,
        Phase.CLEANING: Standing.RUNNING,
        Phase.AUDIT: Standing.TO_COME,
        Phase.DECISION: Standing.TO_COME,
    }
    village = standings(client, make.NEXT_VILLAGE)
    assert village[Phase.FIELD_WORK] == village[Phase.ENTRY] == Standing.DONE
    assert village[Phase.CLEANING] == Standing.RUNNING


def test_a_finished_review_of_the_county_or_above_ends_the_audit(cast, signed_in, household):
    client = signed_in(cast.county_clerk)
    review = make.make_review(state=ReviewState.FINISHED)
    assert standings(client, make.VILLAGE)[Phase.AUDIT] == Standing.DONE
    review.state = ReviewState.CANCELLED
    review.save()
    assert standings(client, make.VILLAGE)[Phase.AUDIT] == Standing.OVERDUE
    make.make_review(make.VILLAGE, state=ReviewState.FINISHED)
    assert standings(client, make.COUNTY)[Phase.AUDIT] == Standing.OVERDUE
    make.make_review(make.PROVINCE, state=ReviewState.FINISHED)
    assert standings(client, make.COUNTY)[Phase.AUDIT] == Standing.DONE


def test_above_the_county_the_audit_ends_with_the_last_county(half_surveyed, cast, signed_in):
    count_year(make.PROVINCE, 2019)
    client = signed_in(cast.province_officer)
    make.make_review(state=ReviewState.FINISHED)
    assert standings(client, make.PROVINCE)[Phase.AUDIT] == Standing.OVERDUE
    make.make_review(make.OTHER_COUNTY, state=ReviewState.FINISHED)
    assert standings(client, make.PROVINCE)[Phase.AUDIT] == Standing.DONE


def test_the_countys_own_days_hold_in_its_villages(half_surveyed, cast, signed_in):
    set_parameter(
        make.COUNTY,
        FIELD_WORK,
        year=2019,
        value=["09-01", "09-15"],
        source="县",
        by=cast.county_approver,
    )
    response = signed_in(cast.village_official).get(at(make.VILLAGE))
    term = response.context["deadlines"][0].term
    assert (term.begin, term.end) == (date(2019, 9, 1), date(2019, 9, 15))


def test_the_page_opens_with_the_year_at_hand(cast, calendar, signed_in):
    surveyed(year=2019)
    client = signed_in(cast.county_clerk)
    for day, year in [
        (date(2020, 3, 1), 2019),
        (date(2020, 10, 1), 2020),
        (date(2022, 3, 1), 2022),
    ]:
        move_to(day)
        assert client.get(URL).context["year"] == year
    move_to(date(2020, 3, 1))
    freeze_year(
        Division.objects.get(pk=make.COUNTY), year=2019, reason="x", by=cast.county_approver
    )
    assert client.get(URL).context["year"] == 2020


@pytest.mark.parametrize("year", ["1900", "x", "2019'"])
@pytest.mark.parametrize("url", [URL, HOUSEHOLDS])
def test_a_faulty_year_is_named_at_its_field(cast, signed_in, in_english, url, year):
    response = signed_in(cast.county_clerk).get(at(year=year, url=url))
    assert response.status_code == 400
    assert "Choose one of the years." in response.text


def test_the_page_asks_no_more_queries_for_more_villages(
    cast, signed_in, django_assert_num_queries
):
    client = signed_in(cast.county_clerk)
    surveyed()
    with django_assert_num_queries(PAGE_QUERIES):
        client.get(at(make.TOWNSHIP))
    for village in (make.NEXT_VILLAGE, make.VILLAGE):
        surveyed(village, water=None)
        missing(village)
    with django_assert_num_queries(PAGE_QUERIES):
        client.get(at(make.TOWNSHIP))


def test_the_page_speaks_chinese(half_surveyed, cast, signed_in):
    text = signed_in(cast.county_clerk).get(at(), HTTP_ACCEPT_LANGUAGE="zh-hans").content.decode()
    assert "入户采集" in text
    assert "No survey yet" not in text


def test_the_form_that_proposes_a_review_opens_with_the_year_and_what_is_missing_of_it(
    half_surveyed, cast, calendar, signed_in, in_english
):
    move_to(date(2019, 11, 24))
    response = signed_in(cast.county_clerk).get("/reviews/propose/")
    assert response.context["form"]["year"].value() == 2019
    assert f"{URL}?year=2019&amp;division={make.COUNTY}" in response.text
    assert "<dt>No survey yet</dt><dd>2</dd>" in response.text


def test_beside_the_form_stands_the_year_that_was_chosen(
    half_surveyed, cast, signed_in, in_english
):
    data = {"year": "2018", "division": "nowhere"}
    response = signed_in(cast.county_clerk).post("/reviews/propose/", data)
    assert f"{URL}?year=2018&amp;division={make.COUNTY}" in response.text


def test_a_province_never_counted_still_leads_to_what_is_missing(cast, signed_in, in_english):
    response = signed_in(cast.province_officer).get("/reviews/propose/")
    assert "What is missing, and where" in response.text
    assert "<dt>No survey yet</dt>" not in response.text
