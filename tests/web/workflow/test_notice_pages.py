"""Notices on the pages: what hangs, what has come down, the poster, and what anybody may read."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from households.models import Household
from officers.rules import Role
from registry.pages.notices import visitors
from tests import factories as make
from tests.procedures import move_date
from tests.unguarded import unguarded
from trail.dates import business_date
from trail.errors import NotAllowed, Refused
from trail.models import Change
from workflow.actions import record_objection
from workflow.actions.notices import take_down
from workflow.errors import Incomplete
from workflow.models import Notice, NoticeLine

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendar", "in_english")]


@pytest.fixture
def notice(cast, household) -> Notice:
    """One line, posted today for seven days."""
    case = make.make_case(household, "identification", state="noticed")
    today = business_date()
    posted = Notice.everywhere.create(
        division_id=make.VILLAGE,
        kind="identification",
        step="post",
        place="村委会公示栏",
        posted_on=today,
        counted_from=today,
        days=7,
        last_day=today + timedelta(days=7),
        posted_by=cast.village_official,
    )
    NoticeLine.objects.create(
        notice=posted, case=case, serial=1, group="一组", householder="陈大山", people=2
    )
    return posted


def page(client, notice) -> str:
    return client.get(reverse("pages:notice", args=[notice.pk])).text


def test_the_list_says_how_far_the_days_are(cast, signed_in, notice):
    move_date(3)
    text = signed_in(cast.village_official).get(reverse("pages:notices")).text
    assert "3 / 7" in text


def test_a_notice_whose_days_have_passed_is_to_be_taken_down(cast, signed_in, notice):
    client = signed_in(cast.village_official)
    move_date(8)
    assert "to be taken down" in client.get(reverse("pages:notices")).text
    assert client.get(reverse("pages:notices") + "?stands=running").text.count("<tbody>") == 0


def test_the_list_asks_few_queries_whatever_its_length(
    cast, signed_in, notice, django_assert_max_num_queries
):
    client = signed_in(cast.village_official)
    client.get(reverse("pages:notices"))
    with django_assert_max_num_queries(13):
        client.get(reverse("pages:notices"))


def test_a_notice_is_not_taken_down_before_its_last_day_has_passed(cast, notice):
    move_date(7)
    with pytest.raises(Refused) as refused:
        take_down(notice.pk, on=business_date(), by=cast.village_official)
    assert refused.value.code == "still_posted"


def test_it_is_taken_down_on_the_day_after(cast, notice):
    move_date(8)
    down = take_down(notice.pk, on=business_date(), by=cast.village_official)
    assert (down.taken_down_on, down.taken_down_by) == (business_date(), cast.village_official)
    assert Change.objects.filter(action="take_down", subject_id=str(notice.pk)).exists()


def test_it_is_taken_down_once(cast, notice):
    move_date(8)
    take_down(notice.pk, on=business_date(), by=cast.village_official)
    with pytest.raises(Refused):
        take_down(notice.pk, on=business_date(), by=cast.village_official)


def test_an_empty_notice_may_come_down_at_once(cast, notice):
    notice.lines.update(removed_at=notice.lines.get().case.opened_at)
    assert take_down(notice.pk, on=business_date(), by=cast.village_official).taken_down_on


def test_a_day_in_the_future_is_refused(cast, notice):
    with pytest.raises(Incomplete):
        take_down(notice.pk, on=business_date() + timedelta(days=9), by=cast.village_official)


@pytest.mark.parametrize("part", ["reader", "county_approver", "stranger"])
def test_who_posts_nothing_takes_nothing_down(cast, notice, part):
    move_date(8)
    with pytest.raises(NotAllowed):
        take_down(notice.pk, on=business_date(), by=getattr(cast, part))


def test_on_the_page_a_day_too_early_is_told_at_the_field(cast, signed_in, notice):
    response = signed_in(cast.village_official).post(
        reverse("pages:notice_down", args=[notice.pk]), {"on": business_date().isoformat()}
    )
    assert response.status_code == 400
    assert 'id="id_on_error"' in response.text


def test_the_page_shows_lines_and_objections(cast, signed_in, notice):
    record_objection(
        notice.lines.get().case_id,
        by=cast.village_official,
        received_on=business_date(),
        text="有车",
    )
    text = page(signed_in(cast.township_reviewer), notice)
    assert "陈大山" in text
    assert "Resolve this objection" in text


def test_a_role_without_names_sees_none(cast, signed_in, notice):
    text = page(signed_in(cast.city_reviewer), notice)
    assert "陈大山" not in text


def test_the_poster_has_four_columns_and_nothing_else_of_anybody(
    cast, signed_in, notice, household
):
    response = signed_in(cast.village_official).get(
        reverse("pages:notice_poster", args=[notice.pk])
    )
    body = response.text[response.text.index('class="poster') :]
    assert re.findall(r'<th scope="col">(.*?)</th>', body) == [
        "Serial",
        "Group",
        "Householder",
        "People",
    ]
    assert household.number not in body
    assert "12317" in body


def test_the_check_word_of_the_poster_changes_with_its_lines(cast, signed_in, notice):
    client = signed_in(cast.village_official)
    address = reverse("pages:notice_poster", args=[notice.pk])
    word = re.compile("check word ([0-9a-f]{12})")
    before = word.search(client.get(address).text)[1]
    with unguarded():
        notice.lines.update(people=3)
    assert word.search(client.get(address).text)[1] != before


def test_anybody_reads_current_notices_from_the_nation_down(client, notice):
    for code in ("", make.PROVINCE, make.CITY, make.COUNTY):
        address = reverse("pages:public_notices_of", args=[code]) if code else "/public/notices/"
        assert "1 notice" in client.get(address).text
    text = client.get(reverse("pages:public_notices_of", args=[make.TOWNSHIP])).text
    assert "陈大山" in text


def test_a_notice_that_has_ended_is_public_no_more(client, notice):
    move_date(8)
    text = client.get(reverse("pages:public_notices_of", args=[make.TOWNSHIP])).text
    assert "陈大山" not in text


def test_the_public_page_tells_no_number_of_anybody(client, notice, household):
    text = client.get(reverse("pages:public_notices_of", args=[make.VILLAGE])).text
    assert household.number not in text
    assert not re.search(r"[0-9]{15,}|1[3-9][0-9]{9}", text.replace(make.VILLAGE, ""))


def test_the_public_page_sets_no_cookie_and_stays_out_of_search_engines(client, notice):
    response = client.get("/public/notices/")
    assert not response.cookies
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert "max-age=300" in response["Cache-Control"]
    assert "Disallow: /" in client.get("/robots.txt").text


def test_the_public_page_speaks_both_languages(client, notice):
    assert "公示" in client.get("/public/notices/?lang=zh-hans").text
    assert "Public notices" in client.get("/public/notices/?lang=en").text


def test_a_place_that_is_none_is_not_found(client, tree):
    assert client.get(reverse("pages:public_notices_of", args=["nowhere"])).status_code == 404


def test_a_visitor_who_asks_too_often_is_told_when_to_come_back(client, notice, monkeypatch):
    monkeypatch.setattr(visitors, "MOST_IN_A_MINUTE", 3)
    visitors.counter().flushdb()
    statuses = [client.get("/public/notices/").status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    assert int(client.get("/public/notices/")["Retry-After"]) <= 60


def test_a_stranger_finds_no_notice_of_another_county(signed_in, notice):
    client = signed_in(make.make_officer(Role.COUNTY_CLERK, make.OTHER_COUNTY))
    assert client.get(reverse("pages:notice", args=[notice.pk])).status_code == 404


def test_the_home_page_counts_what_is_to_be_taken_down(cast, signed_in, notice):
    move_date(8)
    text = signed_in(cast.village_official).get(reverse("pages:home")).text
    assert "Notices to take down" in text


def test_a_list_after_the_decision_is_an_announcement(cast, signed_in, notice):
    with unguarded():
        Notice.everywhere.update(step="announce")
    text = (
        signed_in(cast.village_official).get(reverse("pages:notice_poster", args=[notice.pk])).text
    )
    assert "Announcement" in text


def test_a_role_without_names_prints_no_poster(cast, signed_in, notice):
    client = signed_in(cast.city_reviewer)
    assert client.get(reverse("pages:notice_poster", args=[notice.pk])).status_code == 404


@pytest.mark.parametrize(
    ("step", "seal"),
    [
        ("post", "seal of the village committee"),
        ("review", "seal of the township government"),
        ("announce", "poverty alleviation office"),
    ],
)
def test_a_poster_bears_the_seal_of_who_posts_it(cast, signed_in, notice, step, seal):
    with unguarded():
        Notice.everywhere.update(step=step)
    address = reverse("pages:notice_poster", args=[notice.pk])
    assert seal in signed_in(cast.village_official).get(address).text


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("stage=identification.post", True),
        ("stage=exit.post", False),
        (f"village={make.VILLAGE}", True),
        ("village=nowhere", True),
    ],
)
def test_the_list_is_filtered_by_stage_and_village(cast, signed_in, notice, query, shown):
    text = signed_in(cast.township_reviewer).get(f"{reverse('pages:notices')}?{query}").text
    assert (reverse("pages:notice", args=[notice.pk]) in text) is shown


def test_notices_taken_down_come_last(cast, signed_in, notice):
    today = business_date()
    down = Notice.everywhere.create(
        division_id=make.VILLAGE,
        kind="identification",
        step="post",
        place="村口",
        posted_on=today - timedelta(days=20),
        counted_from=today - timedelta(days=20),
        days=7,
        last_day=today - timedelta(days=13),
        posted_by=cast.village_official,
        taken_down_on=today - timedelta(days=12),
        taken_down_by=cast.village_official,
    )
    text = signed_in(cast.village_official).get(reverse("pages:notices")).text
    first, last = (reverse("pages:notice", args=[one.pk]) for one in (notice, down))
    assert text.index(first) < text.index(last)


def test_the_chosen_language_stays_on_the_way_down(client, notice):
    text = client.get("/public/notices/?lang=zh-hans").text
    assert reverse("pages:public_notices_of", args=[make.PROVINCE]) + "?lang=zh-hans" in text


def test_nothing_but_the_four_columns_leaves_with_a_notice(cast, signed_in, client, notice):
    """A sweep: no ID number, phone, account or income of the household, whole or masked."""
    household = Household.everywhere.get(number=notice.lines.get().case.subject)
    survey = make.make_survey(household, 2018, wage_income=Decimal("23456.78"))
    number = make.make_id_number()
    make.make_member(household, id_number=number)
    poster = reverse("pages:notice_poster", args=[notice.pk])
    pages = [
        client.get(reverse("pages:public_notices_of", args=[make.VILLAGE])).text,
        signed_in(cast.village_official).get(poster).text.split("<main", 1)[1],
    ]
    for text in pages:
        bare = text.replace(make.VILLAGE, "").replace(make.TOWNSHIP, "")
        assert not re.search(r"[0-9]{15,18}|[0-9]{6}\*+|1[3-9][0-9]{9}|[0-9]{16,19}", bare)
        assert f"{survey.wage_income:,.2f}" not in text
        assert str(int(survey.wage_income)) not in bare
        assert number not in text
