"""The account administrator's pages."""

from datetime import timedelta

import pytest
from django.test import Client

from households.models.batches import BatchState
from officers.models import Officer, Posting, PostingRequest
from officers.rules import Role
from tests import factories as make
from trail.dates import business_date

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def admin(cast, signed_in) -> Client:
    return signed_in(cast.account_admin)


@pytest.fixture
def second(cast, signed_in) -> Client:
    return signed_in(cast.second_account_admin)


def url(officer: Officer, page: str = "") -> str:
    return f"/accounts/{officer.pk}/{page}"


def listed(client: Client, **query: str) -> set[str]:
    page = client.get("/accounts/", query).context["page"]
    return {officer.username for officer in page.object_list}


def grant(client: Client, officer: Officer, role: Role, division: str, **fields: str):
    today = str(business_date())
    data = {"role": role.value, "division": division, "starts_on": today, "ends_on": ""}
    return client.post(url(officer, "grant/"), data | fields)


def test_the_list_shows_the_accounts_managed_at_the_county_and_below(cast, admin):
    names = listed(admin)
    assert {"county-clerk", "village-official", "nobody"} <= names
    assert not names & {"stranger", "city-reviewer", "province-officer", "operator"}


def test_the_list_is_narrowed_by_role_and_state(cast, admin):
    Officer.objects.filter(pk=cast.helper.pk).update(is_active=False)
    assert listed(admin, role="county_clerk") == {"county-clerk"}
    assert listed(admin, state="unposted") == {"nobody"}
    assert listed(admin, state="stopped") == {"helper"}


def test_the_list_costs_the_same_however_long_it_is(cast, admin, django_assert_max_num_queries):
    for _ in range(20):
        make.make_officer(Role.HELPER, make.VILLAGE)
    with django_assert_max_num_queries(12):
        admin.get("/accounts/")


def test_a_name_is_searched_by_post_and_stays_out_of_the_address(cast, admin):
    page = admin.post("/accounts/", {"term": cast.county_clerk.name[:4]})
    assert page.status_code == 200
    assert cast.county_clerk in page.context["page"].object_list
    page = admin.post("/accounts/", {"term": "COUNTY-CL"})
    assert [one.username for one in page.context["page"].object_list] == ["county-clerk"]
    assert admin.post("/accounts/", {"term": "x"}).context["form"].errors


@pytest.mark.parametrize("part", ["county_clerk", "county_approver", "reader", "auditor"])
def test_other_roles_have_no_business_here(cast, signed_in, part):
    client = signed_in(getattr(cast, part))
    assert client.get("/accounts/").status_code == 403
    assert client.get(url(cast.nobody)).status_code == 403
    assert client.post(url(cast.nobody, "reset-link/")).status_code == 403


def test_an_account_is_made_posted_and_given_a_link(cast, admin):
    data = {"username": "zhang.wei", "name": "张伟", "phone": "", "home": "青山县"}
    response = admin.post("/accounts/new/", data)
    officer = Officer.objects.get(username="zhang.wei")
    assert response.url == url(officer)
    assert grant(admin, officer, Role.VILLAGE_OFFICIAL, make.VILLAGE).url == url(officer)
    page = admin.post(url(officer, "reset-link/"))
    assert "http://testserver/reset/" in page.content.decode()
    assert "no-store" in page["Cache-Control"]


def test_a_faulty_account_keeps_what_was_typed_and_says_what_is_wrong(cast, admin):
    data = {"username": "Zhang Wei", "name": "张伟", "phone": "", "home": make.OTHER_COUNTY}
    response = admin.post("/accounts/new/", data)
    assert response.status_code == 400
    errors = response.context["form"].errors
    assert {"username", "home"} <= set(errors)
    assert "Zhang Wei" in response.content.decode()


def test_a_clash_is_shown_at_the_role_with_the_posting_in_the_way(cast, admin):
    response = grant(admin, cast.village_official, Role.TOWNSHIP_REVIEWER, make.TOWNSHIP)
    (sentence,) = response.context["form"].errors["role"]
    assert "东沟村" in sentence
    assert cast.village_official.postings.count() == 1


def test_a_division_outside_is_refused_like_one_that_does_not_exist(cast, admin):
    outside = grant(admin, cast.nobody, Role.COUNTY_CLERK, make.OTHER_COUNTY)
    unknown = grant(admin, cast.nobody, Role.COUNTY_CLERK, "999999")
    assert outside.context["form"].errors == unknown.context["form"].errors


@pytest.mark.parametrize("role", ["system_admin", "operator", "machine_client", "", "king"])
def test_roles_of_the_system_are_no_choice(cast, admin, role):
    data = {"role": role, "division": make.COUNTY, "starts_on": str(business_date())}
    response = admin.post(url(cast.nobody, "grant/"), data)
    assert "role" in response.context["form"].errors


def test_a_role_of_trust_waits_for_the_second_administrator(cast, admin, second):
    grant(admin, cast.nobody, Role.COUNTY_APPROVER, make.COUNTY)
    request = PostingRequest.objects.get()
    assert not cast.nobody.postings.exists()
    page = f"/posting-requests/{request.pk}/"
    assert request in second.get("/accounts/").context["requests"]
    assert "second account administrator decides" in admin.get(page).content.decode()
    assert admin.post(f"{page}confirm/").status_code == 403
    assert second.post(f"{page}confirm/").status_code == 302
    assert cast.nobody.postings.get().role == Role.COUNTY_APPROVER
    assert second.get(page).status_code == 404


def test_a_role_of_trust_is_refused_with_a_reason(cast, admin, second):
    grant(admin, cast.nobody, Role.AUDITOR, make.COUNTY)
    page = f"/posting-requests/{PostingRequest.objects.get().pk}/"
    assert second.post(page, {"reason": ""}).context["form"].errors
    assert second.post(page, {"reason": "证明不全"}).status_code == 302
    assert PostingRequest.objects.get().refusal == "证明不全"


def test_a_confirmation_that_clashes_is_told_on_the_page(cast, admin, second):
    grant(admin, cast.nobody, Role.COUNTY_APPROVER, make.COUNTY)
    grant(admin, cast.nobody, Role.COUNTY_CLERK, make.COUNTY)
    page = f"/posting-requests/{PostingRequest.objects.get().pk}/"
    assert "Nobody may hold that" in second.post(f"{page}confirm/", follow=True).content.decode()


def test_a_posting_is_ended(cast, admin, signed_in):
    posting = cast.county_clerk.postings.get()
    clerk = signed_in(cast.county_clerk)
    yesterday = str(business_date() - timedelta(days=1))
    response = admin.post(f"/postings/{posting.pk}/end/", {"last_day": yesterday, "reason": "调离"})
    assert response.url == url(cast.county_clerk)
    assert clerk.get("/account/").context["user"].posting is None


def test_an_end_that_cannot_be_is_refused_at_its_field(cast, admin):
    posting = cast.county_clerk.postings.get()
    response = admin.post(
        f"/postings/{posting.pk}/end/", {"last_day": "2015-01-01", "reason": "调离"}
    )
    assert "last_day" in response.context["form"].errors


def test_a_posting_is_handed_over_and_the_page_says_what_waits(cast, admin):
    posting = cast.county_clerk.postings.get()
    page = f"/postings/{posting.pk}/hand-over/"
    assert admin.get(page).context["waiting"] == []
    batch = {"state": BatchState.JUDGED, "imported_by": cast.county_clerk}
    make.make_batch(make.COUNTY, **batch)
    make.make_batch(make.OTHER_COUNTY, **batch)
    assert [one.figure for one in admin.get(page).context["waiting"]] == ["1"]
    today = business_date()
    data = {"to": cast.nobody.pk, "last_day": str(today), "reason": "轮岗"}
    assert admin.post(page, data).url == url(cast.nobody)
    assert Posting.objects.get(pk=posting.pk).ends_on == today
    assert cast.nobody.postings.get().starts_on == today + timedelta(days=1)


def test_a_posting_is_handed_over_only_to_accounts_that_one_manages(cast, admin):
    posting = cast.county_clerk.postings.get()
    data = {"to": cast.stranger.pk, "last_day": str(business_date()), "reason": "轮岗"}
    response = admin.post(f"/postings/{posting.pk}/hand-over/", data)
    assert "to" in response.context["form"].errors


def test_an_account_is_stopped_and_let_in_again(cast, admin, signed_in):
    clerk = signed_in(cast.county_clerk)
    assert (
        admin.post(url(cast.county_clerk, "deactivate/"), {"reason": "遗失手机"}).status_code == 302
    )
    assert clerk.get("/account/").status_code == 302
    assert admin.post(url(cast.county_clerk, "activate/"), {"reason": "找回"}).status_code == 302
    assert Officer.objects.get(pk=cast.county_clerk.pk).is_active


def test_the_page_of_an_account_shows_postings_and_what_was_done(cast, admin):
    admin.post(url(cast.county_clerk, "reset-link/"))
    html = admin.get(url(cast.county_clerk)).content.decode()
    assert "one-time link made" in html
    assert "青山县" in html


def test_ones_own_page_offers_no_act(cast, admin):
    html = admin.get(url(cast.account_admin)).content.decode()
    assert "/reset-link/" not in html
    assert "/grant/" not in html
    assert admin.post(url(cast.account_admin, "reset-link/")).status_code == 403
    assert grant(admin, cast.account_admin, Role.READER, make.COUNTY).status_code == 403


ROW_PAGES = ["", "grant/", "deactivate/", "activate/"]


@pytest.mark.parametrize("page", ROW_PAGES)
def test_an_administrator_of_another_county_finds_no_account_here(cast, signed_in, page):
    elsewhere = signed_in(make.make_officer(Role.ACCOUNT_ADMIN, make.OTHER_COUNTY))
    assert elsewhere.get(url(cast.county_clerk, page)).status_code == 404
    posting = cast.county_clerk.postings.get()
    assert elsewhere.get(f"/postings/{posting.pk}/end/").status_code == 404
    assert elsewhere.get(f"/postings/{posting.pk}/hand-over/").status_code == 404
