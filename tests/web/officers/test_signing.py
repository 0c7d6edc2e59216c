"""Signing in and out, acting under another posting, choosing a password."""

from datetime import timedelta

import pytest
from django.test import Client

from households.models import Household
from officers.actions import issue_reset_link
from officers.models import Officer, Posting
from officers.rules import Role
from tests import factories as make
from trail.dates import business_date

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
NEW_PASSWORD = "Nine quiet rivers 9"


def sign_in(client: Client, username: str, password: str = make.PASSWORD, **extra: str):
    return client.post("/sign-in/", {"username": username, "password": password, **extra})


def test_an_anonymous_visitor_is_sent_to_the_sign_in(client, tree):
    response = client.get("/account/")
    assert response.status_code == 302
    assert response.url == "/sign-in/?next=/account/"


def test_name_and_password_open_the_home_page(client, cast):
    response = sign_in(client, cast.county_clerk.username)
    assert (response.status_code, response.url) == (302, "/")
    assert client.get("/account/").status_code == 200


def test_a_user_name_may_be_written_in_capitals_and_with_spaces(client, cast):
    assert sign_in(client, " County-Clerk ").status_code == 302


def test_the_session_gets_a_new_key(client, cast):
    client.get("/sign-in/")
    client.session.save()
    before = client.session.session_key
    sign_in(client, cast.county_clerk.username)
    assert client.session.session_key != before


@pytest.mark.parametrize("next_page", ["https://evil.example/", "//evil.example/", "javascript:x"])
def test_a_foreign_next_page_is_not_followed(client, cast, next_page):
    assert sign_in(client, cast.county_clerk.username, next=next_page).url == "/"


def test_an_own_next_page_is_followed(client, cast):
    assert sign_in(client, cast.county_clerk.username, next="/account/").url == "/account/"


def test_unknown_name_wrong_password_and_stopped_account_get_one_answer(client, cast):
    Officer.objects.filter(pk=cast.reader.pk).update(is_active=False)
    answers = {
        tuple(sign_in(client, name, password).context["form"].non_field_errors())
        for name, password in [
            ("no-such-officer", make.PASSWORD),
            (cast.county_clerk.username, "wrong"),
            (cast.reader.username, make.PASSWORD),
            ("operator", "!"),
        ]
    }
    assert len(answers) == 1


def test_five_failures_rest_the_sign_in_and_say_how_long(client, cast):
    for _ in range(4):
        assert sign_in(client, cast.county_clerk.username, "wrong").status_code == 400
    response = sign_in(client, cast.county_clerk.username, "wrong")
    assert response.status_code == 429
    assert "Wait 15 minutes" in response.content.decode()
    assert response["Retry-After"] == "900"
    assert sign_in(client, cast.county_clerk.username).status_code == 429


def test_other_spellings_of_the_name_do_not_escape_the_count(client, cast):
    for spelling in ["county-clerk", "County-Clerk", " county-clerk", "COUNTY-CLERK"]:
        sign_in(client, spelling, "wrong")
    assert sign_in(client, "county-Clerk", "wrong").status_code == 429


def test_a_resting_account_does_not_stop_its_colleagues_in_the_same_office(client, cast):
    for _ in range(6):
        sign_in(client, cast.county_clerk.username, "wrong")
    assert sign_in(client, cast.county_approver.username).status_code == 302


def test_a_one_time_link_ends_the_rest(client, cast):
    for _ in range(6):
        sign_in(client, cast.county_clerk.username, "wrong")
    issue_reset_link(cast.county_clerk, by=cast.account_admin)
    assert sign_in(client, cast.county_clerk.username).status_code == 302


def test_signing_out_is_a_post_and_clears_the_browser(cast, signed_in):
    client = signed_in(cast.county_clerk)
    assert client.get("/sign-out/").url == "/"
    assert client.get("/account/").status_code == 200
    response = client.post("/sign-out/")
    assert (response.status_code, response.url) == (302, "/sign-in/")
    assert response["Clear-Site-Data"] == '"cache", "storage"'
    assert client.get("/account/").status_code == 302


def test_a_stopped_account_is_out_at_the_next_request(cast, signed_in):
    client = signed_in(cast.county_clerk)
    Officer.objects.filter(pk=cast.county_clerk.pk).update(is_active=False)
    assert client.get("/account/").status_code == 302


def acting(client: Client) -> Posting | None:
    return client.get("/account/").context["user"].posting


def test_the_first_posting_in_force_counts_until_another_is_chosen(cast, signed_in):
    officer = cast.reader
    other = make.make_posting(officer, Role.READER, make.OTHER_COUNTY)
    client = signed_in(officer)
    assert acting(client).division_id == make.COUNTY
    response = client.post("/act-as/", {"posting": other.pk})
    assert response.url == "/"
    assert acting(client) == other


def test_acting_as_another_posting_changes_what_is_seen(cast, signed_in):
    make.make_household(make.VILLAGE)
    there = make.make_household(make.OTHER_COUNTY_VILLAGE)
    other = make.make_posting(cast.reader, Role.READER, make.OTHER_COUNTY)
    client = signed_in(cast.reader)
    client.post("/act-as/", {"posting": other.pk})
    officer = client.get("/account/").context["user"]
    assert [one.number for one in Household.objects.visible_to(officer)] == [there.number]


@pytest.mark.parametrize("posting", ["", "x", "99999999", "１２", "-1"])
def test_what_is_no_own_posting_is_not_found(cast, signed_in, posting):
    assert signed_in(cast.reader).post("/act-as/", {"posting": posting}).status_code == 404


def test_nobody_acts_under_the_posting_of_another(cast, signed_in):
    foreign = cast.county_approver.postings.get().pk
    assert signed_in(cast.reader).post("/act-as/", {"posting": foreign}).status_code == 404


def test_a_chosen_posting_that_ends_falls_back_to_the_first(cast, signed_in):
    other = make.make_posting(cast.reader, Role.READER, make.OTHER_COUNTY)
    client = signed_in(cast.reader)
    client.post("/act-as/", {"posting": other.pk})
    Posting.objects.filter(pk=other.pk).update(ends_on=business_date() - timedelta(days=1))
    assert acting(client).division_id == make.COUNTY


def test_without_a_posting_the_account_page_says_whom_to_ask(cast, signed_in):
    html = signed_in(cast.nobody).get("/account/").content.decode()
    assert "Ask your account administrator" in html


def change(client: Client, old: str, new: str, again: str | None = None):
    return client.post(
        "/account/password/",
        {"old_password": old, "new_password1": new, "new_password2": again or new},
    )


def test_a_changed_password_ends_the_other_sessions_and_keeps_this_one(cast, signed_in):
    here, elsewhere = signed_in(cast.county_clerk), signed_in(cast.county_clerk)
    assert change(here, make.PASSWORD, NEW_PASSWORD).status_code == 302
    assert here.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 302
    assert sign_in(Client(), cast.county_clerk.username, NEW_PASSWORD).status_code == 302


@pytest.mark.parametrize(
    ("old", "new", "again", "field"),
    [
        ("wrong", NEW_PASSWORD, None, "old_password"),
        (make.PASSWORD, "short", None, "new_password2"),
        (make.PASSWORD, NEW_PASSWORD, "other", "new_password2"),
        (make.PASSWORD, "county-clerk-1", None, "new_password2"),
    ],
)
def test_a_password_that_cannot_be_is_refused_at_its_field(cast, signed_in, old, new, again, field):
    response = change(signed_in(cast.county_clerk), old, new, again)
    assert response.status_code == 400
    assert field in response.context["form"].errors
    assert "<title>Error:" in response.content.decode()


def test_a_password_older_than_90_days_stands_in_the_way_in_mlps3(cast, signed_in, settings):
    settings.PASSWORD_PROFILE = "mlps3"
    client = signed_in(cast.county_clerk)
    assert client.get("/account/").url == "/account/password/"
    assert "older than 90 days" in client.get("/account/password/").content.decode()
    assert change(client, make.PASSWORD, NEW_PASSWORD).status_code == 302
    assert client.get("/account/").status_code == 200


def link_for(officer: Officer, by: Officer) -> str:
    link = issue_reset_link(officer, by=by)
    return f"/reset/{link.uidb64}/{link.token}/"


def choose(client: Client, link: str, password: str = NEW_PASSWORD):
    page = client.get(link, follow=True)
    if not page.context["validlink"]:
        return page
    path = page.request["PATH_INFO"]
    return client.post(path, {"new_password1": password, "new_password2": password})


def test_a_one_time_link_lets_the_officer_choose_a_password(client, cast):
    response = choose(client, link_for(cast.county_clerk, cast.account_admin))
    assert (response.status_code, response.url) == (302, "/sign-in/")
    assert sign_in(client, cast.county_clerk.username, NEW_PASSWORD).status_code == 302


def test_the_token_leaves_the_address_before_the_form_is_shown(client, cast):
    link = link_for(cast.county_clerk, cast.account_admin)
    assert client.get(link).url.endswith("/set-password/")


def test_a_link_works_once(client, cast):
    link = link_for(cast.county_clerk, cast.account_admin)
    choose(client, link)
    page = choose(Client(), link)
    assert not page.context["validlink"]
    assert "Ask your account administrator for a new one" in page.content.decode()


def test_a_link_dies_when_the_officer_signs_in(client, cast):
    link = link_for(cast.county_clerk, cast.account_admin)
    sign_in(client, cast.county_clerk.username)
    assert not choose(Client(), link).context["validlink"]


def test_a_link_dies_after_24_hours(client, cast, settings):
    link = link_for(cast.county_clerk, cast.account_admin)
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert not choose(client, link).context["validlink"]


def test_a_made_up_link_is_refused_like_an_old_one(client, cast):
    assert not choose(client, "/reset/MQ/abc-def/").context["validlink"]


def test_a_weak_password_does_not_use_the_link_up(client, cast):
    link = link_for(cast.county_clerk, cast.account_admin)
    assert choose(client, link, "short").status_code == 400
    assert choose(client, link).status_code == 302
