"""The sign-in of today: whose, where, once, over an absence, with a position that only he sees."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from officers.rules import Role
from registry.pages.queries.home import tasks_of
from teams.actions.presence import sign_in
from teams.models import Presence
from teams.models.presence import POSITION_FIELD
from teams.queries.days import own_position
from teams.rules.presence import Source, Status
from tests import factories as make
from tests.web.teams.present import ahead, approved, on_record, serving
from trail.dates import business_date
from trail.errors import NotAllowed, Refused
from trail.models import Change
from trail.sealing import unseal

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def today():
    return business_date()


@pytest.fixture
def term(cast):
    return serving(cast.first_secretary)


@pytest.fixture
def member(cast, term, signed_in):
    return signed_in(cast.first_secretary)


def page(client, **more):
    return client.get(reverse("teams:presence"), **more)


def test_a_member_signs_in_with_one_button(member, term, today):
    assert "Sign in for today" in page(member).text
    answer = member.post(reverse("teams:presence"), follow=True)
    assert f"You are signed in for {today}." in answer.text
    row = Presence.everywhere.get()
    assert (row.cadre, row.day, row.status) == (term.cadre, today, Status.IN_VILLAGE)
    assert (row.source, row.village_id) == (Source.SELF, make.VILLAGE)
    assert "Today counts as a day in the village." in answer.text


def test_a_second_press_gets_the_same_answer_and_changes_nothing(member, today):
    answers = [member.post(reverse("teams:presence"), follow=True).text for _ in range(2)]
    assert all(f"You are signed in for {today}." in text for text in answers)
    assert Presence.everywhere.count() == 1
    assert Change.objects.filter(action="sign_in").count() == 1


def test_a_sign_in_takes_the_place_of_an_approved_absence(cast, member, today):
    approved(cast, ahead(0, 2))
    assert "On record for today: on leave (approved absence)." in page(member).text
    member.post(reverse("teams:presence"))
    rows = Presence.everywhere.order_by("day").values_list("status", "source")
    assert list(rows) == [
        (Status.IN_VILLAGE, Source.SELF),
        (Status.LEAVE, Source.ABSENCE),
    ]
    change = Change.objects.get(action="sign_in")
    assert (change.before["status"], change.after["status"]) == ("leave", "in_village")


def test_a_sign_in_does_not_undo_an_inspection(member, term, today):
    on_record(term, today, Status.ABSENT, Source.INSPECTION)
    answer = member.post(reverse("teams:presence"))
    assert "An inspection recorded today" in answer.text
    assert Presence.everywhere.get().status == Status.ABSENT


def test_an_account_without_a_person_is_told_who_links_it(cast, signed_in):
    client = signed_in(cast.first_secretary)
    text = page(client).text
    assert "not linked to a person on the roster. The county clerk links it" in text
    assert "Sign in for today</button>" not in text
    assert "not linked" in client.post(reverse("teams:presence")).text


def test_somebody_whose_term_is_over_is_told_who_keeps_terms(cast, signed_in, today):
    serving(cast.first_secretary, last_day=today - timedelta(days=1))
    assert "ask the county clerk to record the term" in page(signed_in(cast.first_secretary)).text


def test_somebody_who_serves_elsewhere_is_told_to_change_the_posting(cast, signed_in):
    serving(cast.first_secretary, make.NEXT_VILLAGE)
    text = page(signed_in(cast.first_secretary)).text
    assert "but you act for" in text
    with pytest.raises(Refused, match="Change the posting"):
        sign_in(by=cast.first_secretary)


def test_an_account_without_a_posting_is_told_who_gives_one(cast, signed_in):
    serving(cast.nobody)
    answer = page(signed_in(cast.nobody))
    assert answer.status_code == 403
    assert "Ask the account administrator of your county for one in your village." in answer.text


def test_only_members_sign_in(cast, signed_in):
    assert page(signed_in(cast.village_official)).status_code == 403
    with pytest.raises(NotAllowed):
        sign_in(by=cast.village_official)


def test_a_position_is_kept_sealed_to_two_decimals(cast, member, today):
    place = {"latitude": "26.64753", "longitude": "106.63019"}
    answer = member.post(reverse("teams:presence"), place, follow=True)
    row = Presence.everywhere.get()
    assert unseal(row.position_sealed, field=POSITION_FIELD, row=row.uuid) == "26.65,106.63"
    assert "26.65,106.63. Only you see it." in answer.text
    assert not Change.objects.filter(after__icontains="106.63").exists()


def test_only_he_himself_is_told_his_position(cast, term, signed_in):
    row = sign_in(by=cast.first_secretary, position=(Decimal("26.641"), Decimal("106.6")))
    assert own_position(cast.first_secretary, row) == "26.64,106.60"
    for part in ("village_official", "county_clerk", "auditor"):
        assert own_position(getattr(cast, part), row) == ""
        url = reverse("teams:presence_person", args=[term.cadre.number])
        assert "26.64" not in signed_in(getattr(cast, part)).get(url).text


def test_half_a_position_is_none(member):
    member.post(reverse("teams:presence"), {"latitude": "26.6"})
    assert Presence.everywhere.get().position_sealed is None


def test_a_position_off_the_globe_is_refused_in_words(member):
    answer = member.post(reverse("teams:presence"), {"latitude": "123", "longitude": "1"})
    assert answer.status_code == 400
    assert not Presence.everywhere.exists()


def test_only_the_sign_in_page_may_ask_for_the_position(member):
    policy = "geolocation=(self)"
    assert policy in page(member).headers["Permissions-Policy"]
    assert policy not in member.get("/").headers["Permissions-Policy"]


def test_the_page_counts_the_month_and_the_year(cast, member, term, today):
    member.post(reverse("teams:presence"))
    text = page(member).text
    assert "1 of 20 wanted days" in text
    assert "The year: 1 of 200 wanted days" in text


def test_the_page_shows_another_month(member, term, today):
    last = today.replace(day=1) - timedelta(days=1)
    on_record(term, last, Status.OFFICIAL, Source.VILLAGE)
    answer = page(member, data={"month": f"{last:%Y-%m}"})
    assert answer.context["month"].first == last.replace(day=1)
    assert "away on duty, recorded by the village" in answer.text


def test_home_begins_with_the_sign_in_and_says_that_it_is_missing(cast, member):
    assert f'href="{reverse("teams:presence")}">Sign in for today' in member.get("/").text
    assert not_signed_in(cast) == 1
    member.post(reverse("teams:presence"))
    assert not_signed_in(cast) == 0


def not_signed_in(cast) -> int:
    [task] = [one for one in tasks_of(cast.first_secretary) if one.route == "teams:presence"]
    return task.count


def test_home_tells_the_village_of_whom_nothing_is_on_record(cast, term):
    own = serving(cast.village_official)
    make.make_posting(cast.village_official, Role.TEAM_MEMBER, make.VILLAGE)
    [task] = [one for one in tasks_of(cast.village_official) if one.route == "teams:attendance"]
    assert task.count == 1
    assert own.cadre.account == cast.village_official
