"""The account administrator's pages about machine clients, and what their keys may and may not."""

import re

import pytest
from django.test import Client as Browser

from divisions.models import Division
from officers.actions import KeyTerms, create_client, keep_told, note_identities
from officers.client_forms import SCOPE_NAMES
from officers.models import ClientKey
from officers.rules import CONSOLE_SCOPES, Scope, may_come_from
from tests import factories as make
from tests.api.conftest import Door
from trail.models import Change

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
WANTED = {"username": "platform", "name": "省级平台", "division": make.COUNTY, "days": "30"}


@pytest.fixture
def admin(cast, signed_in) -> Browser:
    return signed_in(cast.account_admin)


def connect(admin: Browser, **values: object) -> str:
    """The text of the key that the page shows."""
    page = admin.post("/clients/new/", WANTED | {"scopes": ["households:read"]} | values)
    return re.search(r">(pr_[^<]+)<", page.content.decode())[1]


def key_with(*scopes: Scope, division: str = make.COUNTY) -> ClientKey:
    return create_client(
        username=f"system-{division}",
        name="外部系统",
        division=Division.objects.get(pk=division),
        terms=KeyTerms(scopes, 30),
        by=make.the_operator(),
    ).key


def test_a_connected_system_opens_the_door_with_the_key_that_the_page_shows(admin):
    door = Door(connect(admin))
    assert door.get("households/").status_code == 200
    assert door.post("households/", {}).body["code"] == "no_scope"


def test_the_key_stands_on_no_page_afterwards(admin):
    text = connect(admin)
    secret = text.split("_", 2)[2]
    pages = [
        admin.get(path) for path in ("/clients/", f"/clients/{ClientKey.objects.get().client_id}/")
    ]
    assert all(page.status_code == 200 for page in pages)
    assert not any(secret in page.content.decode() for page in pages)


@pytest.mark.parametrize("scope", sorted(CONSOLE_SCOPES))
def test_what_only_the_operator_hands_out_is_refused_on_the_page(admin, scope):
    page = admin.post("/clients/new/", WANTED | {"scopes": [scope]})
    assert page.status_code == 400
    assert not ClientKey.objects.exists()


def test_nobody_renews_a_key_on_the_page_that_opens_what_only_the_operator_hands_out(admin):
    key = key_with(Scope.READ, Scope.IDENTITY)
    page = admin.post(f"/clients/keys/{key.pk}/rotate/", {"days": "30", "overlap_days": "0"})
    assert page.status_code == 403
    assert ClientKey.objects.get().revoked_at is None


@pytest.mark.parametrize(("scope", "offered"), [(Scope.WRITE, True), (Scope.IDENTITY, False)])
def test_the_page_says_in_words_what_a_key_opens_and_offers_what_may_be_renewed_there(
    admin, scope, offered
):
    key = key_with(scope)
    page = admin.get(f"/clients/{key.client_id}/").content.decode()
    assert str(SCOPE_NAMES[scope]) in page
    assert (f"/clients/keys/{key.pk}/rotate/" in page) == offered
    assert f"/clients/keys/{key.pk}/revoke/" in page


def test_the_only_place_that_can_be_is_filled_in(admin):
    assert f'value="{make.COUNTY}"' in admin.get("/clients/new/").content.decode().replace(
        f'<option value="{make.COUNTY}"', ""
    )


def test_each_missing_field_is_told_in_words_of_its_own(admin):
    form = admin.post("/clients/new/", {}).context["form"]
    told = [str(error) for errors in form.errors.values() for error in errors]
    assert len({*told}) == len(told) == 5


def test_any_key_is_revoked_on_the_page(admin):
    key = key_with(Scope.READ, Scope.IDENTITY)
    admin.post(f"/clients/keys/{key.pk}/revoke/", {"reason": "泄露"})
    key.refresh_from_db()
    assert (key.revoked_at is not None, key.revoke_reason) == (True, "泄露")


def test_a_renewed_key_works_and_the_old_one_for_as_long_as_was_said(admin):
    old = connect(admin)
    key = ClientKey.objects.get()
    page = admin.post(f"/clients/keys/{key.pk}/rotate/", {"days": "30", "overlap_days": "0"})
    new = re.search(r">(pr_[^<]+)<", page.content.decode())[1]
    assert Door(new).get("households/").status_code == 200
    assert Door(old).get("households/").status_code == 401


def test_a_key_from_another_network_opens_nothing(admin):
    door = Door(connect(admin))
    at = f"/clients/{ClientKey.objects.get().client_id}/networks/"
    admin.post(at, {"networks": "203.0.113.0/24\n"})
    assert door.get("households/").body["code"] == "no_key"
    admin.post(at, {"networks": "203.0.113.0/24\n127.0.0.1"})
    assert door.get("households/").status_code == 200


def test_what_is_no_network_is_told_at_the_field_and_what_was_typed_stays(admin):
    connect(admin)
    at = f"/clients/{ClientKey.objects.get().client_id}/networks/"
    page = admin.post(at, {"networks": "10.0.0.0/8\nnowhere"})
    assert page.status_code == 400
    assert "“nowhere” is no network address" in page.content.decode()
    assert "10.0.0.0/8\nnowhere" in page.content.decode()


def test_a_client_of_another_county_is_not_found(admin):
    key = key_with(Scope.READ, division=make.OTHER_COUNTY)
    assert admin.get(f"/clients/{key.client_id}/").status_code == 404
    assert admin.post(f"/clients/keys/{key.pk}/revoke/", {"reason": "x"}).status_code == 404
    assert "外部系统" not in admin.get("/clients/").content.decode()


def test_nobody_else_opens_the_list(cast, signed_in):
    assert signed_in(cast.county_clerk).get("/clients/").status_code == 403


def test_the_trace_tells_who_let_a_system_in_and_from_where(admin, cast):
    connect(admin)
    admin.post(
        f"/clients/{ClientKey.objects.get().client_id}/networks/", {"networks": "10.0.0.0/8"}
    )
    acts = Change.objects.filter(actor_id=cast.account_admin.pk).values_list("action", flat=True)
    assert {"create_officer", "issue_key", "set_networks"} <= set(acts)


@pytest.mark.parametrize(
    ("address", "networks", "may"),
    [
        ("203.0.113.9", [], True),
        ("203.0.113.9", ["203.0.113.0/24"], True),
        ("203.0.114.9", ["203.0.113.0/24"], False),
        ("::ffff:203.0.113.9", ["203.0.113.0/24"], True),
        ("2001:db8::1", ["203.0.113.0/24", "2001:db8::/32"], True),
        ("", ["203.0.113.0/24"], False),
    ],
)
def test_where_a_request_may_come_from(address, networks, may):
    assert may_come_from(address, networks) is may


def test_the_account_of_a_system_tells_in_words_what_it_was_told(admin):
    key = key_with(Scope.IDENTITY)
    system = key.client.officer
    note_identities(key, resource="household", numbers=["1"], by=system)
    keep_told(key, ["P000000000001"], by=system)
    page = admin.get(f"/accounts/{system.pk}/").content.decode()
    assert "told in full" in page
    assert "told of persons outside of the posting" in page
    assert "P000000000001" not in page
