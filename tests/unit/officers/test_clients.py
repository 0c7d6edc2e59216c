"""Machine clients and their keys: who makes them, what is kept of them, when they end."""

from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.utils import timezone

from divisions.models import Division
from officers.actions import KeyTerms, create_client, revoke_key, rotate_key
from officers.models import ClientKey, Officer
from officers.queries import key_that_opens
from officers.rules import Role, Scope
from tests import factories as make
from trail.errors import NotAllowed, Refused
from trail.models import Change

pytestmark = pytest.mark.django_db
READ = KeyTerms([Scope.READ], 30)


def made(by: Officer | None = None, division: str = make.COUNTY, terms: KeyTerms = READ):
    return create_client(
        username=f"platform{next(make.serials)}",
        name="省级平台",
        division=Division.objects.get(pk=division),
        terms=terms,
        by=by or make.the_operator(),
    )


def opens(text: str) -> bool:
    return key_that_opens(text, at=timezone.now()) is not None


def test_a_client_is_an_account_without_password_posted_once(tree):
    officer = made().key.client.officer
    assert not officer.has_usable_password()
    assert [(one.role, one.division_id) for one in officer.postings.all()] == [
        (Role.MACHINE_CLIENT, make.COUNTY)
    ]


def test_a_key_signs_nobody_in_on_pages(tree, rf):
    issued = made()
    username = issued.key.client.officer.username
    request = rf.post("/sign-in/")
    assert authenticate(request, username=username, password=issued.text) is None


def test_of_a_key_only_prefix_and_digest_are_kept(tree):
    issued = made()
    _, prefix, secret = issued.text.split("_", 2)
    kept = ClientKey.objects.values().get()
    assert kept["prefix"] == prefix
    assert secret not in str(kept)
    assert secret not in str(list(Change.objects.values()))


def test_a_new_key_opens_and_another_secret_does_not(tree):
    text = made().text
    assert opens(text)
    wrong = "A" if text[-1] != "A" else "B"
    assert not opens(text[:-1] + wrong)
    assert not opens(text.replace("pr_", "pr_x", 1))


@pytest.mark.parametrize("text", ["", "pr", "pr_", "pr__", "_", "pr_0_", "\0", "钥匙"])
def test_what_is_no_key_opens_nothing(tree, text):
    made()
    assert not opens(text)


def test_a_key_opens_nothing_once_it_is_revoked(tree):
    issued = made()
    revoke_key(issued.key, reason="lost", by=make.the_operator())
    assert not opens(issued.text)


def test_a_key_opens_nothing_once_it_expired(tree):
    issued = made()
    ClientKey.objects.update(expires_at=timezone.now())
    assert not opens(issued.text)


def test_a_key_opens_nothing_once_the_posting_ended(tree):
    issued = made()
    yesterday = timezone.localdate() - timedelta(days=1)
    issued.key.client.officer.postings.update(starts_on=yesterday, ends_on=yesterday)
    assert not opens(issued.text)


def test_a_key_opens_nothing_once_the_account_is_stopped(tree):
    issued = made()
    Officer.objects.filter(pk=issued.key.client_id).update(is_active=False)
    assert not opens(issued.text)


def test_a_rotated_key_gives_way_at_once(tree):
    old = made(terms=KeyTerms([Scope.READ, Scope.IDENTITY], 30))
    new = rotate_key(old.key, days=30, overlap_days=0, by=make.the_operator())
    assert (opens(old.text), opens(new.text)) == (False, True)
    assert new.key.scopes == old.key.scopes


def test_a_rotated_key_may_overlap_for_some_days(tree):
    old = made()
    rotate_key(old.key, days=30, overlap_days=3, by=make.the_operator())
    assert opens(old.text)
    left = ClientKey.objects.get(pk=old.key.pk).expires_at - timezone.now()
    assert timedelta(days=2) < left <= timedelta(days=3)


def test_a_dead_key_is_neither_rotated_nor_revoked(tree):
    key = revoke_key(made().key, reason="lost", by=make.the_operator())
    with pytest.raises(Refused):
        rotate_key(key, days=30, overlap_days=0, by=make.the_operator())
    with pytest.raises(Refused):
        revoke_key(key, reason="again", by=make.the_operator())


def test_only_the_operator_and_the_administrators_of_the_place_make_clients(cast):
    elsewhere = make.make_officer(Role.ACCOUNT_ADMIN, make.OTHER_COUNTY)
    for officer in (elsewhere, cast.county_approver, cast.province_officer):
        with pytest.raises(NotAllowed):
            made(by=officer)


@pytest.mark.parametrize(
    ("terms", "field"),
    [(KeyTerms([], 30), "scopes"), (KeyTerms([Scope.READ], 0), "days")],
)
def test_a_key_without_scope_or_end_is_refused(tree, terms, field):
    with pytest.raises(ValidationError) as fault:
        made(terms=terms)
    assert field in fault.value.message_dict


@pytest.mark.parametrize("division", ["0", make.TOWNSHIP, make.VILLAGE])
def test_a_client_belongs_to_a_province_city_or_county(tree, division):
    with pytest.raises(ValidationError):
        made(division=division)


def test_each_act_on_a_key_leaves_a_trace(tree):
    issued = made()
    new = rotate_key(issued.key, days=30, overlap_days=2, by=make.the_operator())
    revoke_key(new.key, reason="lost", by=make.the_operator())
    acts = Change.objects.filter(subject_id=str(issued.key.client_id)).order_by("id")
    assert [one.action for one in acts] == [
        "create_officer", "issue_key", "issue_key", "shorten_key", "revoke_key",
    ]  # fmt: skip
    assert acts.last().reason == "lost"


def test_the_command_prints_the_key_once(tree):
    out = StringIO()
    call_command(
        "create_client", "County platform", "--division", "970123000000",
        "--scopes", "households:read,households:write", "identity", stdout=out,
    )  # fmt: skip
    text = out.getvalue().split()[-1]
    key = key_that_opens(text, at=timezone.now())
    assert key.scopes == ["households:read", "households:write", "identity"]
    assert key.client.officer.username == "county-platform"


@pytest.mark.parametrize(
    ("division", "scopes"), [("999999", "identity"), (make.COUNTY, "everything")]
)
def test_the_command_refuses_what_is_not_known(tree, division, scopes):
    with pytest.raises(CommandError):
        call_command("create_client", "x", "--division", division, "--scopes", scopes)
    assert not ClientKey.objects.exists()


def test_the_keys_are_listed_rotated_and_revoked_by_prefix(tree):
    issued, out = made(), StringIO()
    prefix = issued.key.prefix
    call_command("client_keys", "rotate", prefix, stdout=out)
    new = out.getvalue().split()[-1]
    assert (opens(issued.text), opens(new)) == (False, True)
    call_command("client_keys", "revoke", new.split("_")[1], "--reason", "lost", stdout=out)
    assert not opens(new)
    call_command("client_keys", "list", stdout=out)
    assert out.getvalue().count("revoked") == 3
    with pytest.raises(CommandError):
        call_command("client_keys", "rotate", prefix)
